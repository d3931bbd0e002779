package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// climbBatch is how many duties one transaction looks at: enough that a person
// with many sites gets one call for all of them.
const climbBatch = 2000

// ClimbDue looks at the duties whose time has come and does what their plans ask
// for: the next person, the next channel, 无应答. It gives how many it looked at; a
// full batch means that there may be more. It may run on every replica at once:
// the rows are locked, and notices have a key.
func (db *DB) ClimbDue(ctx context.Context, at time.Time) (int, error) {
	var n int
	err := db.inWideTx(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		due, err := collect[duty](ctx, tx, "SELECT "+dutyColumns+` FROM duty
			WHERE state = 'open' AND next_at <= $1 ORDER BY next_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`, at, climbBatch)
		if err != nil {
			return err
		}
		n = len(due)
		return climbAll(ctx, tx, due, at)
	})
	return n, err
}

// climbAll climbs warning by warning.
func climbAll(ctx context.Context, tx pgx.Tx, due []duty, at time.Time) error {
	of := map[uuid.UUID][]duty{}
	var order []uuid.UUID
	for _, d := range due {
		key := deref(d.WarningID)
		if key == uuid.Nil {
			key = d.SubjectID
		}
		if of[key] == nil {
			order = append(order, key)
		}
		of[key] = append(of[key], d)
	}
	for _, key := range order {
		if err := climbUnder(ctx, tx, of[key], at); err != nil {
			return err
		}
	}
	return nil
}

func climbUnder(ctx context.Context, tx pgx.Tx, duties []duty, at time.Time) error {
	var sites, offices, warnings []duty
	for _, d := range duties {
		switch d.SubjectKind {
		case "response":
			sites = append(sites, d)
		case "oversight":
			offices = append(offices, d)
		default:
			warnings = append(warnings, d)
		}
	}
	if err := climbSites(ctx, tx, sites, at); err != nil {
		return err
	}
	for _, d := range offices {
		if err := climbOffice(ctx, tx, d, at); err != nil {
			return err
		}
	}
	for _, d := range warnings {
		if err := climbWarning(ctx, tx, d, at); err != nil {
			return err
		}
	}
	return nil
}

// climbSites does what the clocks of sites ask for, together, so that a person is
// called once about all of them.
func climbSites(ctx context.Context, tx pgx.Tx, duties []duty, at time.Time) error {
	if len(duties) == 0 {
		return nil
	}
	threads, err := lockThreads(ctx, tx, column(duties, func(d duty) uuid.UUID { return d.SubjectID }))
	if err != nil {
		return err
	}
	byID := map[uuid.UUID]*thread{}
	for i := range threads {
		byID[threads[i].ID] = &threads[i]
	}
	b, err := briefFor(ctx, tx, threads[0], at)
	if err != nil {
		return err
	}
	nobody, err := withoutPeople(ctx, tx, threads, at)
	if err != nil {
		return err
	}
	var calls, skipped []call
	var over []ended
	for i := range duties {
		t := byID[duties[i].SubjectID]
		s := t.situation()
		s.Nobody = nobody[t.ID]
		plan := b.rules.Plan(duties[i].Kind, s, duties[i].OpenedAt)
		c := climbOne(plan, duties[i], at)
		calls = append(calls, duties[i].calls(t, plan, c.Run)...)
		skipped = append(skipped, duties[i].calls(t, plan, c.Skipped)...)
		if plan.Last(c.Done) && !plan.Last(duties[i].Step) {
			over = append(over, ended{t, duties[i]})
		}
		duties[i].Step, duties[i].NextAt, duties[i].DueAt = c.Done, nextLook(c, at), plan.Due
	}
	if err := wroteClimbs(ctx, tx, duties); err != nil {
		return err
	}
	found, err := ask(ctx, tx, b, calls, at)
	if err != nil {
		return err
	}
	if err := keepClimbs(ctx, tx, "climbed", calls, found.people, at); err != nil {
		return err
	}
	if err := keepClimbs(ctx, tx, "skipped", skipped, make([]int, len(skipped)), at); err != nil {
		return err
	}
	if err := exhaust(ctx, tx, found.empty, at); err != nil {
		return err
	}
	return endOfLadder(ctx, tx, over, at)
}

// calls are the steps of a clock that tell somebody.
func (d duty) calls(t *thread, plan response.Plan, steps []response.Step) []call {
	var list []call
	for _, step := range steps {
		c := call{thread: t, step: step, event: d.occasion(t)}
		if d.Kind != response.MustAcknowledge {
			c.due = plan.Due
		}
		if len(step.Channels) > 0 {
			list = append(list, c)
		}
	}
	return list
}

// climbOne: a rung whose every way is dead counts as unanswered at once.
func climbOne(p response.Plan, d duty, at time.Time) response.Climb {
	if d.Exhausted != nil {
		return p.Skip(d.Step, *d.Exhausted, d.OpenedAt, at)
	}
	return p.Climb(d.Step, d.OpenedAt, at)
}

// occasion keeps apart the notices of clocks that can run again under the same
// revision; the ladder itself has its rung and round.
func (d duty) occasion(t *thread) uuid.UUID {
	if d.Kind == response.MustAcknowledge && t.State != response.Reopened {
		return uuid.Nil
	}
	return d.ID
}

func briefFor(ctx context.Context, q querier, t thread, at time.Time) (brief, error) {
	if t.WarningID != nil {
		return briefOf(ctx, q, *t.WarningID)
	}
	return selfBrief(ctx, q, t, at)
}

// withoutPeople are the sites for which nobody is responsible now.
func withoutPeople(ctx context.Context, q querier, threads []thread, at time.Time) (map[uuid.UUID]bool, error) {
	var rows []siteSection
	for _, t := range threads {
		rows = append(rows, siteSection{t.SiteID, t.SectionID})
	}
	people, err := contacts(ctx, q, rows, at)
	nobody := map[uuid.UUID]bool{}
	for _, t := range threads {
		nobody[t.ID] = len(people[t.SiteID]) == 0
	}
	return nobody, err
}

func wroteClimbs(ctx context.Context, tx pgx.Tx, duties []duty) error {
	_, err := tx.Exec(ctx, `
		UPDATE duty SET step = d.step, next_at = d.next_at, due_at = d.due_at, exhausted = NULL
		FROM   unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[]) AS d (id, step, next_at, due_at) WHERE duty.id = d.id`,
		column(duties, func(d duty) uuid.UUID { return d.ID }), column(duties, func(d duty) int { return d.Step }),
		column(duties, func(d duty) time.Time { return d.NextAt }), column(duties, func(d duty) time.Time { return d.DueAt }))
	return err
}

// keepClimbs keeps each step of each clock with the site: who was called and why,
// and how many stood there, is read from here afterwards. A skipped step is one
// that a later one had overtaken.
func keepClimbs(ctx context.Context, tx pgx.Tx, event string, calls []call, people []int, at time.Time) error {
	if len(calls) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO response_event (id, response_id, mode, at, recorded_at, event, actor, detail)
		SELECT e.id, e.response, e.mode, $5, $5, $10, $6,
		       jsonb_build_object('rung', e.rung, 'round', e.round, 'party', e.party, 'kind', e.kind, 'people', e.people)
		FROM   unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $7::int[], $8::text[], $9::text[], $11::int[])
		       AS e (id, response, mode, rung, round, party, kind, people)`,
		column(calls, func(call) uuid.UUID { return newID() }), column(calls, func(c call) uuid.UUID { return c.thread.ID }),
		column(calls, func(c call) string { return c.thread.Mode }), column(calls, func(c call) int { return c.step.Rung }), at, machine.Name,
		column(calls, func(c call) int { return c.step.Round }), column(calls, func(c call) string { return string(c.step.Party) }),
		column(calls, func(c call) string { return string(c.step.Kind) }), event, people)
	return err
}

// ended is a thread whose clock came to its end.
type ended struct {
	thread *thread
	duty   duty
}

// endOfLadder: the last rung had its time. Nobody answered, or a promised second
// look was not taken: the state says so, and the duty goes on. A missed round of a
// patrol changes no state; the next round has a clock of its own.
func endOfLadder(ctx context.Context, tx pgx.Tx, over []ended, at time.Time) error {
	for _, o := range over {
		event := response.GiveUp
		if o.duty.Kind == response.MustRecheck {
			event = response.Recheck
		}
		was := o.thread.State
		if err := happen(ctx, tx, o.thread, event, stepTo{EventID: newID(), At: at, Actor: machine}, at); err != nil {
			return err
		}
		if event != response.Recheck || o.thread.State != was {
			continue
		}
		if err := endDuties(ctx, tx, []uuid.UUID{o.thread.ID}, response.DutyDropped, "missed", at, response.MustRecheck); err != nil {
			return err
		}
		if err := o.thread.nextClock(ctx, tx, at); err != nil {
			return err
		}
	}
	return nil
}
