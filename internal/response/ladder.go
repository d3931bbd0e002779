package response

import (
	"slices"
	"time"

	"muster/internal/warning"
)

// acknowledge is the ladder of one site: R0 in its rounds, R1 with the
// supervisor, R2 with the parent company, and the end, from which on nobody has
// answered (无应答). The authorities' rungs are digests (Oversee); about one site
// the county is rung only when nobody else is there to be, or when somebody went
// back in.
func (r *Rules) acknowledge(s Situation, opened time.Time) Plan {
	row := r.ladderFor(s.Measure, s.Level)
	t := &timeline{due: opened.Add(minutes(row.Ack))}
	if row.Ack == 0 {
		t.due = windowEnd(s, opened)
	}
	r.site(t, row, s, opened)
	r.section(t, row, s)
	r.owner(t, row, s)
	if row.Section != nil && (s.Nobody || s.Reopened) {
		t.add(Step{Party: AtCounty, Kind: countyKind(s), Channels: r.Direct})
	}
	if row.Over > 0 {
		t.over(minutes(row.Over))
	}
	return t.plan()
}

// site: horn, group and screen are there even where no person is.
func (r *Rules) site(t *timeline, row *LadderRow, s Situation, opened time.Time) {
	wait := r.nightWait(s.Measure, opened)
	for i, g := range row.Site {
		channels := g.channels(s)
		if i == 0 && s.NoSignal && row.Section != nil {
			channels = with(channels, Horn)
		}
		if i == 0 && s.Reopened {
			channels = with(channels, Voice)
		}
		if s.Nobody {
			channels = slices.DeleteFunc(slices.Clone(channels), func(c Channel) bool { return !c.ToUnit() })
		}
		if len(channels) > 0 {
			t.add(Step{After: wait + minutes(g.At), Party: AtSite, Kind: firstKind(s), Channels: channels})
		}
	}
	if s.NoSignal && row.Section != nil {
		t.copies(0, Step{Party: AtNeighbour, Kind: NoticeTakeover, Channels: r.Direct})
	}
}

// section is rung at once where the site cannot be, or where somebody is in
// danger.
func (r *Rules) section(t *timeline, row *LadderRow, s Situation) {
	if row.Section == nil {
		return
	}
	step := Step{After: minutes(row.Section.At), Party: AtSection, Kind: NoticeTakeover, Channels: row.Section.channels(s)}
	if s.NoSignal || s.Reopened || s.Nobody {
		step.After, step.Kind = 0, firstKind(s)
	}
	if s.Reopened {
		step.Channels = with(step.Channels, Voice)
	}
	if !s.Nobody {
		t.add(step)
	}
	r.copiesOf(t, step)
}

func (r *Rules) owner(t *timeline, row *LadderRow, s Situation) {
	if row.Owner == nil {
		return
	}
	step := Step{After: minutes(row.Owner.At), Party: AtOwner, Kind: NoticeTakeover, Channels: row.Owner.channels(s)}
	if s.Nobody {
		step.After, step.Kind = 0, firstKind(s)
	}
	t.add(step)
	r.copiesOf(t, step)
}

func (r *Rules) copiesOf(t *timeline, of Step) {
	for _, c := range r.Copies {
		if c.With == of.Party {
			t.copies(rungOf(of.Party), Step{After: of.After, Party: c.Party, Kind: NoticeCopy, Channels: c.Channels})
		}
	}
}

// Oversee is the clock of an authority (AtCounty, AtCity, AtProvince) under one
// warning: a digest of what is overdue, told again while anything is. s is the
// strictest of the authority's sites. No steps: this authority is not on the
// ladder.
func (r *Rules) Oversee(p Party, s Situation, opened time.Time) Plan {
	d := r.ladderFor(s.Measure, s.Level).digest(p)
	if d == nil {
		return Plan{}
	}
	first := opened.Add(minutes(d.At))
	if d.Morning {
		first = r.Day.List.after(opened)
	}
	t := &timeline{due: first, every: minutes(d.Every)}
	t.add(Step{After: first.Sub(opened), Party: p, Kind: NoticeDigest, Channels: slices.Concat(d.Once, d.Channels)})
	if d.Every > 0 && len(d.Once) > 0 {
		t.add(Step{After: first.Sub(opened) + t.every, Party: p, Kind: NoticeDigest, Channels: d.Channels})
	}
	return t.plan()
}

func (row *LadderRow) digest(p Party) *Digest {
	switch p {
	case AtCounty:
		return row.County
	case AtCity:
		return row.City
	case AtProvince:
		return row.Province
	}
	return nil
}

func (g Rung) channels(s Situation) []Channel {
	if s.Sleeps {
		return slices.Concat(g.Channels, g.IfSleeping)
	}
	return g.Channels
}

// nightWait: only 阅知 waits for the morning.
func (r *Rules) nightWait(m warning.Measure, opened time.Time) time.Duration {
	if m != warning.Read || !within(opened, r.Night.From, r.Night.Until) {
		return 0
	}
	return r.Night.Waits.after(opened).Sub(opened)
}

func firstKind(s Situation) NoticeKind {
	switch {
	case s.Reopened:
		return NoticeReentry
	case s.Upgrade:
		return NoticeUpgrade
	}
	return NoticeAlert
}

func countyKind(s Situation) NoticeKind {
	if s.Reopened {
		return NoticeReentry
	}
	return NoticeTakeover
}

// windowEnd is the end of the warning; a day where there is no warning.
func windowEnd(s Situation, opened time.Time) time.Time {
	if s.WindowEnd.IsZero() {
		return opened.AddDate(0, 0, 1)
	}
	return later(opened, s.WindowEnd)
}

func with(list []Channel, c Channel) []Channel {
	if slices.Contains(list, c) {
		return list
	}
	return append(slices.Clone(list), c)
}
