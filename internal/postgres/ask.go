package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// call is one step of a clock at one site.
type call struct {
	thread *thread
	step   response.Step
	event  uuid.UUID // what caused it, when it can happen again; zero for a clock
	reason string    // of a refusal, of a self-started evacuation
	due    time.Time // by when it is asked for; zero: by the clock of 签收
}

// errand is one notice to be written: to one receiver by one channel, about one
// or more sites.
type errand struct {
	kind    response.NoticeKind
	person  *party
	account *unitAccount
	channel response.Channel
	rung    int
	round   int
	event   uuid.UUID
	threads []*thread // worst first
	numbers *overdue  // of a digest
	reason  string
	due     time.Time
	code    string // opens a page of its own; else the summons' code
}

// asked is what came of asking.
type asked struct {
	empty  map[uuid.UUID]int // the rung at which nobody can be reached, by site
	people []int             // how many stand on the rung of each call
}

// ask writes the notices of calls under one warning (or about one self-started
// evacuation): it finds who stands on each rung, makes one notice per receiver
// and channel however many sites it is about, and keeps who was asked about what.
func ask(ctx context.Context, tx pgx.Tx, b brief, calls []call, at time.Time) (asked, error) {
	people, err := standing(ctx, tx, b, calls, at)
	if err != nil {
		return asked{}, err
	}
	found := asked{emptyRungs(calls, people), column(people, func(list []party) int { return len(list) })}
	errands := group(calls, people)
	units, err := unitErrands(ctx, tx, b.Mode, calls)
	if err != nil {
		return found, err
	}
	errands = append(errands, units...)
	summons, err := summon(ctx, tx, b, calls, people, at)
	if err != nil {
		return found, err
	}
	return found, writeNotices(ctx, tx, b, errands, summons, at)
}

// emptyRungs are the sites where the highest rung that was called just now is
// one on which nobody can be reached: no person, or none with a number. That is
// unanswered at once. Above the owner there is no rung to go on to.
func emptyRungs(calls []call, people [][]party) map[uuid.UUID]int {
	called, reached := map[uuid.UUID]int{}, map[uuid.UUID]int{}
	for i, c := range calls {
		id, rung := c.thread.ID, c.step.Rung+1
		if rung <= 0 || c.step.Party == response.AtCounty || len(c.step.Channels) == 0 {
			continue
		}
		called[id] = max(called[id], rung)
		if reachable(people[i], c.step.Channels) {
			reached[id] = max(reached[id], rung)
		}
	}
	empty := map[uuid.UUID]int{}
	for id, rung := range called {
		if reached[id] < rung {
			empty[id] = rung - 1
		}
	}
	return empty
}

func reachable(people []party, channels []response.Channel) bool {
	byNumber := slices.Contains(channels, response.Voice) || slices.Contains(channels, response.SMS)
	return slices.ContainsFunc(people, func(p party) bool { return p.PhoneHash != nil || !byNumber })
}

// standing finds the people of each call, reading each party once.
func standing(ctx context.Context, q querier, b brief, calls []call, at time.Time) ([][]party, error) {
	byParty := map[response.Party][]*thread{}
	for _, c := range calls {
		byParty[c.step.Party] = append(byParty[c.step.Party], c.thread)
	}
	found := map[response.Party]map[uuid.UUID][]party{}
	for p, threads := range byParty {
		var err error
		if found[p], err = b.parties(ctx, q, p, threads, at); err != nil {
			return nil, err
		}
	}
	people := make([][]party, len(calls))
	for i, c := range calls {
		people[i] = found[c.step.Party][c.thread.ID]
	}
	return people, nil
}

// group makes one errand per person and channel: who holds five roles or answers
// for forty sites gets one call. Its kind and rung are those of the worst site.
func group(calls []call, people [][]party) []errand {
	type way struct {
		person  uuid.UUID
		channel response.Channel
	}
	index := map[way]int{}
	var list []errand
	for _, i := range worstFirst(calls) {
		c := calls[i]
		for _, p := range people[i] {
			for _, ch := range c.step.Channels {
				if ch.ToUnit() {
					continue
				}
				k, there := index[way{p.PersonID, ch}]
				if !there {
					k = len(list)
					index[way{p.PersonID, ch}] = k
					list = append(list, errand{kind: c.step.Kind, person: &p, channel: ch, rung: c.step.Rung, round: c.step.Round, event: c.event,
						reason: c.reason, due: c.due})
				}
				list[k].threads = append(list[k].threads, c.thread)
			}
		}
	}
	return list
}

// worstFirst orders calls: the stricter measure, then the higher level, then the
// lower rung; the rest as they came.
func worstFirst(calls []call) []int {
	order := make([]int, len(calls))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := calls[a], calls[b]
		if d := y.thread.Measure.Strictness() - x.thread.Measure.Strictness(); d != 0 {
			return d
		}
		if d := y.thread.Level.Rank() - x.thread.Level.Rank(); d != 0 {
			return d
		}
		return x.step.Rung - y.step.Rung
	})
	return order
}

// unitAccount is a group's robot, a horn or another system.
type unitAccount struct {
	ID      uuid.UUID
	UnitID  uuid.UUID
	Channel response.Channel
}

// unitErrands are the cards for groups, horns and systems: one per account.
func unitErrands(ctx context.Context, q querier, mode string, calls []call) ([]errand, error) {
	if !slices.ContainsFunc(calls, func(c call) bool { return slices.ContainsFunc(c.step.Channels, response.Channel.ToUnit) }) {
		return nil, nil
	}
	units := make([]uuid.UUID, 0, 3*len(calls))
	for _, c := range calls {
		units = append(units, c.thread.SiteID, c.thread.SectionID, c.thread.ProjectID)
	}
	slices.SortFunc(units, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	accounts, err := collect[unitAccount](ctx, q, `
		SELECT id, unit_id, channel FROM channel_account
		WHERE  unit_id = ANY($1) AND mode = $2 AND disabled_at IS NULL ORDER BY id`, slices.Compact(units), mode)
	if err != nil || len(accounts) == 0 {
		return nil, err
	}
	of := map[uuid.UUID][]*unitAccount{}
	for i := range accounts {
		of[accounts[i].UnitID] = append(of[accounts[i].UnitID], &accounts[i])
	}
	index := map[uuid.UUID]int{}
	var list []errand
	for _, i := range worstFirst(calls) {
		c := calls[i]
		for _, a := range unitWays(c, of) {
			k, there := index[a.ID]
			if !there {
				k = len(list)
				index[a.ID] = k
				list = append(list, errand{kind: c.step.Kind, account: a, channel: a.Channel, rung: c.step.Rung, round: c.step.Round, event: c.event})
			}
			list[k].threads = append(list[k].threads, c.thread)
		}
	}
	return list, nil
}

func unitWays(c call, of map[uuid.UUID][]*unitAccount) []*unitAccount {
	var ways []*unitAccount
	for _, unit := range []uuid.UUID{c.thread.SiteID, c.thread.SectionID, c.thread.ProjectID} {
		for _, a := range of[unit] {
			if slices.Contains(c.step.Channels, a.Channel) {
				ways = append(ways, a)
			}
		}
	}
	return ways
}
