package postgres

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/response"
	"muster/internal/warning"
)

// PublicationPlan is what publishing a content now would do: who is told how and
// when if nobody answers, what stands in the way, in which words. It is made of
// the same pure plans as publishing, and writes nothing.
type PublicationPlan struct {
	AsOf        time.Time
	Level       warning.Level
	Mode        string
	Preview     Preview
	Asked       int // sites that would be asked: all, or of a revision those that are new or asked anew
	Released    int // of a revision: sites that would be let go
	People      int
	Waves       []Wave
	Channels    []ChannelPlan
	Authorities []OfficePlan
	Limits      []LimitPlan
	Few         []ReachPlan // fewer than two people with a number at site and section
	Nobody      []ReachPlan // nobody is responsible
	NoContact   []ContactPlan
	Texts       []TextPlan
}

// Wave is what leaves at one moment after publishing.
type Wave struct {
	After    time.Duration
	Channels []ChannelPlan
	Parties  []PartyPlan
}

// ChannelPlan is how many people or groups a channel reaches.
type ChannelPlan struct {
	Channel response.Channel
	People  int // of a group's channel: groups
	Notices int
	First   time.Duration
}

// PartyPlan is how many people of a rung are called.
type PartyPlan struct {
	Party  response.Party
	People int
}

// planned is the work on a plan.
type planned struct {
	brief
	pre     Preview
	threads []*thread
	people  map[response.Party]map[uuid.UUID][]party // by thread
	waves   []waveWork
	out     *PublicationPlan

	watchers []watcher             // authorities with sites under the content
	duty     map[uuid.UUID][]party // who is on duty there tonight
}

type waveWork struct {
	after   time.Duration
	calls   []call
	people  [][]party
	errands []errand
}

// lookAhead is how far a plan looks ahead: until 签收 must be there, an hour at most.
const lookAhead = time.Hour

// PlanWarning plans the publication of a draft, as far as the asker may look.
func (db *DB) PlanWarning(ctx context.Context, scope account.Scope, id uuid.UUID, at time.Time) (PublicationPlan, error) {
	if _, err := db.WarningByID(ctx, scope, id); err != nil {
		return PublicationPlan{}, err
	}
	var out PublicationPlan
	err := db.inWideTx(ctx, pgx.RepeatableRead, func(tx pgx.Tx) error {
		c, err := contentOf(ctx, tx, id)
		if err != nil {
			return err
		}
		out, err = planContent(ctx, tx, id, c, at)
		return err
	})
	return out, err
}

// PlanRevision plans a change of a warning in force that is stored nowhere yet.
func (db *DB) PlanRevision(ctx context.Context, scope account.Scope, id uuid.UUID, c Content, at time.Time) (PublicationPlan, error) {
	if _, err := db.WarningByID(ctx, scope, id); err != nil {
		return PublicationPlan{}, err
	}
	var out PublicationPlan
	err := db.inWideTx(ctx, pgx.RepeatableRead, func(tx pgx.Tx) error {
		var err error
		out, err = planContent(ctx, tx, id, c, at)
		return err
	})
	return out, err
}

// planContent plans a content of a draft or, for a warning in force, a change.
func planContent(ctx context.Context, tx pgx.Tx, id uuid.UUID, c Content, at time.Time) (PublicationPlan, error) {
	w, err := one[locked](ctx, tx, "SELECT id, mode, state, version, revision, authority_id, follows_id, intent, level FROM warning WHERE id = $1", id)
	if err != nil {
		return PublicationPlan{}, err
	}
	self := id
	if w.FollowsID != nil {
		self = *w.FollowsID
	}
	b, err := draftBrief(ctx, tx, id, w.AuthorityID, at)
	if err != nil {
		return PublicationPlan{}, err
	}
	b.Hazard, b.Level, b.Note, b.Expires, b.PublishedAt, b.Mode = c.Hazard, c.Level, c.Note, &c.Expires, &at, w.Mode
	scope, err := authorityScope(ctx, tx, w.AuthorityID, at)
	if err != nil {
		return PublicationPlan{}, err
	}
	c.Mode = w.Mode
	pre, err := preview(ctx, tx, scope, w.AuthorityID, &self, c, at)
	if err != nil {
		return PublicationPlan{}, err
	}
	p := planned{brief: b, pre: pre, out: &PublicationPlan{AsOf: at, Level: c.Level, Mode: w.Mode, Preview: pre}}
	if err := p.ask(ctx, tx, w, self, at); err != nil {
		return PublicationPlan{}, err
	}
	for _, step := range []func(context.Context, pgx.Tx, time.Time) error{p.watch, p.call, p.oversee, p.limit, p.reach, p.words} {
		if err := step(ctx, tx, at); err != nil {
			return PublicationPlan{}, err
		}
	}
	return *p.out, nil
}

// ask finds the sites that would be asked: all of a draft's; of a revision those
// that are new, and those of which more or something else is asked.
func (p *planned) ask(ctx context.Context, tx pgx.Tx, w locked, self uuid.UUID, at time.Time) error {
	standing, order, err := standings(ctx, tx, self)
	if err != nil {
		return err
	}
	p.out.Released = len(compare(standing, order, p.pre.Targets).Released)
	for i := range p.pre.Targets {
		t := &p.pre.Targets[i]
		next := threadOf(newID(), w, p.brief, t, at)
		if was, stood := standing[t.SiteID]; stood {
			higher := next.Level.Rank() > was.Level.Rank()
			if !higher && was.Measure == t.Measure {
				continue
			}
			next.Upgrade = higher || t.Measure.Strictness() > was.Measure.Strictness()
		}
		p.threads = append(p.threads, &next)
	}
	p.out.Asked = len(p.threads)
	return nil
}

// call follows the ladder of every site and finds who stands on its rungs.
func (p *planned) call(ctx context.Context, tx pgx.Tx, at time.Time) error {
	nobody := map[uuid.UUID]bool{}
	for _, t := range p.pre.Targets {
		nobody[t.SiteID] = len(t.Responsible) == 0
	}
	plans := newPlans(p.rules, response.MustAcknowledge, at)
	foreseen := map[response.Situation][]response.Step{}
	byTime := map[time.Duration][]call{}
	for _, t := range p.threads {
		s := t.situation()
		s.Nobody = nobody[t.SiteID]
		steps, there := foreseen[s]
		if !there {
			plan := plans.plan(s)
			steps = plan.Foresee(foresight(plan, at))
			foreseen[s] = steps
		}
		for _, step := range steps {
			if len(step.Channels) > 0 {
				byTime[step.After] = append(byTime[step.After], call{thread: t, step: step})
			}
		}
	}
	p.people = map[response.Party]map[uuid.UUID][]party{}
	for _, after := range slices.Sorted(maps.Keys(byTime)) {
		wave := waveWork{after: after, calls: byTime[after]}
		for _, c := range wave.calls {
			if _, there := p.people[c.step.Party]; there {
				continue
			}
			found, err := p.parties(ctx, tx, c.step.Party, p.threads, at)
			if err != nil {
				return err
			}
			p.people[c.step.Party] = found
		}
		wave.people = column(wave.calls, func(c call) []party { return p.people[c.step.Party][c.thread.ID] })
		units, err := unitErrands(ctx, tx, p.Mode, wave.calls)
		if err != nil {
			return err
		}
		wave.errands = append(group(wave.calls, wave.people), units...)
		p.waves = append(p.waves, wave)
	}
	p.count()
	return nil
}

// foresight: what waits for the morning is foreseen as well.
func foresight(plan response.Plan, at time.Time) time.Duration {
	within := min(lookAhead, max(0, plan.Due.Sub(at)))
	if len(plan.Steps) > 0 {
		within = max(within, plan.Steps[0].After)
	}
	return within
}

// count sums the waves up.
func (p *planned) count() {
	everybody := map[uuid.UUID]bool{}
	reached := map[response.Channel]map[uuid.UUID]bool{}
	totals := map[response.Channel]*ChannelPlan{}
	for _, w := range p.waves {
		here := map[response.Channel]*ChannelPlan{}
		for _, e := range w.errands {
			who := receiver(e)
			if e.person != nil {
				everybody[who] = true
			}
			if here[e.channel] == nil {
				here[e.channel] = &ChannelPlan{Channel: e.channel, First: w.after}
			}
			here[e.channel].People++ // one errand per receiver and channel
			here[e.channel].Notices++
			if reached[e.channel] == nil {
				reached[e.channel], totals[e.channel] = map[uuid.UUID]bool{}, &ChannelPlan{Channel: e.channel, First: w.after}
			}
			reached[e.channel][who] = true
			totals[e.channel].Notices++
		}
		p.out.Waves = append(p.out.Waves, Wave{w.after, inOrderOf(here), w.parties()})
	}
	for c, total := range totals {
		total.People = len(reached[c])
	}
	p.out.Channels, p.out.People = inOrderOf(totals), len(everybody)
}

func receiver(e errand) uuid.UUID {
	if e.person != nil {
		return e.person.PersonID
	}
	return e.account.ID
}

func inOrderOf(by map[response.Channel]*ChannelPlan) []ChannelPlan {
	var list []ChannelPlan
	for _, c := range response.Channels() {
		if by[c] != nil {
			list = append(list, *by[c])
		}
	}
	return list
}

func (w waveWork) parties() []PartyPlan {
	seen := map[response.Party]map[uuid.UUID]bool{}
	var order []response.Party
	for i, c := range w.calls {
		if seen[c.step.Party] == nil {
			seen[c.step.Party] = map[uuid.UUID]bool{}
			order = append(order, c.step.Party)
		}
		for _, person := range w.people[i] {
			seen[c.step.Party][person.PersonID] = true
		}
	}
	return column(order, func(p response.Party) PartyPlan { return PartyPlan{p, len(seen[p])} })
}
