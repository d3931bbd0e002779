package response

import (
	"slices"
	"time"

	"muster/internal/warning"
)

// Plan is the clock of a duty about one site that was opened at an instant. A
// duty that the rule book gives no clock has neither steps nor a due time. For
// MustOversee see Oversee.
func (r *Rules) Plan(k DutyKind, s Situation, opened time.Time) Plan {
	row := r.clockFor(s.Measure, s.Level)
	switch k {
	case MustAcknowledge:
		return r.acknowledge(s, opened)
	case MustAct:
		return r.clock(row.Act, s, opened).late(AtSection, row.Rings).late(AtOwner, row.Rings).plan()
	case MustReport:
		return r.clock(row.Report, s, opened).late(AtOwner, row.Rings).late(AtCounty, []Channel{App}).plan()
	case MustConfirm:
		return r.clock(row.Confirm, s, opened).first(AtSupervisor, NoticeConfirm, row.Rings).
			late(AtChief, row.Rings).lateBy(minutes(r.Late.County), AtCounty, []Channel{App}).plan()
	case MustVerify:
		return r.clock(row.Verify, s, opened).first(AtPublisher, NoticeVerify, []Channel{App}).
			late(AtCity, []Channel{App}).plan()
	case MustRecheck:
		return r.recheck(row, s, opened)
	case MustInspect:
		return r.clock(row.Inspect, s, opened).late(AtOwner, row.Rings).plan()
	case MustLift:
		return r.lift(opened)
	}
	return Plan{}
}

// recheck: a look that was promised and not taken undoes what it was to renew;
// the end of the climb stands for that (Event Recheck). A missed round of a
// patrol is the section's to hear of.
func (r *Rules) recheck(row *ClockRow, s Situation, opened time.Time) Plan {
	c := r.clock(row.Recheck, s, opened)
	if c.due.IsZero() {
		return Plan{}
	}
	remind := max(0, c.after-minutes(r.Late.Remind))
	c.add(Step{After: remind, Party: AtSite, Kind: NoticeRecheck, Channels: r.Late.Reminder})
	if s.Measure == warning.Patrol {
		c.late(AtSection, row.Rings)
	}
	return c.over(c.after).plan()
}

func (r *Rules) lift(opened time.Time) Plan {
	leader := minutes(r.Late.Leader)
	c := timeline{due: opened.Add(leader), after: leader}
	c.first(AtPublisher, NoticeLiftDue, r.Late.Expired)
	c.add(Step{After: leader, Party: AtPublisherLeader, Kind: NoticeLiftDue, Channels: r.Late.Expired})
	return c.plan()
}

// Tell is who is told at once of what has no clock: somebody needs support, a
// site began by itself, a lift. An empty party is everybody who was told of the
// warning, or the one person it is about (NoticeArrival).
func (r *Rules) Tell(k NoticeKind) []Step {
	var steps []Step
	for _, who := range r.Tells[k] {
		steps = append(steps, Step{Rung: rungOf(who.Party), Round: 1, Party: who.Party, Kind: k, Channels: who.Channels})
	}
	return steps
}

// NextDuty is the duty that a state opens at a site; false when it opens none
// by itself. Where only a sample is verified, MustVerify is opened by the draw
// or by a doubt, not here; 到期未解除 is a duty of the warning's publisher, once
// (MustLift).
func (r *Rules) NextDuty(state State, m warning.Measure, l warning.Level, atRisk bool) (DutyKind, bool) {
	row := r.clockFor(m, l)
	switch {
	case state.Silent():
		return MustAcknowledge, true
	case state == Moving, state == Refused && m == warning.Evacuate:
		return MustReport, row.Report.Some()
	case state == Acknowledged, state == Refused:
		return MustAct, row.Act.Some()
	case (state == CarriedOut || state == Reported) && row.Confirm.Some():
		return MustConfirm, true
	case state == CarriedOut:
		return MustRecheck, m == warning.Patrol && row.Recheck.Some()
	case state == Confirmed:
		return MustVerify, r.EvidenceFor(m, l, atRisk).Verify == VerifyEvery
	case state == Verified:
		return MustRecheck, row.Recheck.Some()
	case state == Inspecting:
		return MustInspect, row.Inspect.Some()
	}
	return "", false
}

// timeline gathers the steps of a plan.
type timeline struct {
	due   time.Time
	after time.Duration // of due
	every time.Duration
	steps []orderedStep
}

// orderedStep is a step and the rung it is sorted by.
type orderedStep struct {
	Step
	with int
}

func (r *Rules) clock(span Span, s Situation, opened time.Time) *timeline {
	if !span.Some() {
		return &timeline{}
	}
	due := r.due(span, s, opened)
	return &timeline{due: due, after: due.Sub(opened)}
}

// add sets rung and round by what is there already.
func (t *timeline) add(s Step) *timeline {
	s.Rung, s.Round = rungOf(s.Party), 1
	for _, earlier := range t.steps {
		if earlier.Party == s.Party && earlier.Kind == s.Kind {
			s.Round++
		}
	}
	t.steps = append(t.steps, orderedStep{s, s.Rung})
	return t
}

// copies adds a step that has no clock of its own and follows a rung.
func (t *timeline) copies(rung int, s Step) {
	s.Rung, s.Round = CopyRung, 1
	t.steps = append(t.steps, orderedStep{s, rung})
}

func (t *timeline) first(p Party, k NoticeKind, c []Channel) *timeline {
	return t.add(Step{Party: p, Kind: k, Channels: c})
}

func (t *timeline) late(p Party, c []Channel) *timeline { return t.lateBy(0, p, c) }

func (t *timeline) lateBy(d time.Duration, p Party, c []Channel) *timeline {
	return t.add(Step{After: t.after + d, Party: p, Kind: NoticeLate, Channels: c})
}

// over ends the climb: a step of a rung above all that were tried, that tells
// nobody.
func (t *timeline) over(after time.Duration) *timeline {
	return t.add(Step{After: after, Party: AtCounty, Kind: NoticeLate})
}

// plan is empty when the clock does not exist.
func (t *timeline) plan() Plan {
	if t.due.IsZero() {
		return Plan{}
	}
	slices.SortStableFunc(t.steps, func(a, b orderedStep) int {
		if a.After != b.After {
			return int(a.After - b.After)
		}
		return a.with - b.with
	})
	p := Plan{Due: t.due, Every: t.every, Steps: make([]Step, len(t.steps))}
	for i, s := range t.steps {
		p.Steps[i] = s.Step
	}
	return p
}

// rungOf is where a party stands in a duty of its own: each climbs to a higher
// one.
func rungOf(p Party) int {
	switch p {
	case AtSite:
		return 0
	case AtSection, AtSupervisor:
		return 1
	case AtOwner, AtChief:
		return 2
	case AtCounty, AtPublisher:
		return 3
	case AtCity, AtPublisherLeader:
		return 4
	case AtProvince:
		return 5
	}
	return CopyRung
}
