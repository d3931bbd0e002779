package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// happen lets one event happen to a locked thread: the machine says where it
// leads, the event is kept, what is no longer needed stops on every channel, and
// the next clock starts. An event that was taken before does nothing.
func happen(ctx context.Context, tx pgx.Tx, t *thread, e response.Event, s stepTo, at time.Time) error {
	from := t.State
	to, changed, err := response.Next(from, e, t.Measure)
	if err != nil {
		return err
	}
	s.Event, s.To, s.Changed = e, to, changed
	fresh, err := t.write(ctx, tx, s, at)
	if err != nil || !fresh || !changed {
		return err
	}
	if from.Silent() && !to.Silent() {
		if err := supersede(ctx, tx, []uuid.UUID{t.ID}, at); err != nil {
			return err
		}
	}
	return t.nextClock(ctx, tx, at)
}

// nextClock ends the duties that the new state makes done and opens the one that
// it asks for, with what that one does at once.
func (t *thread) nextClock(ctx context.Context, tx pgx.Tx, at time.Time) error {
	b, err := briefFor(ctx, tx, *t, at)
	if err != nil {
		return err
	}
	kind, opens := b.rules.NextDuty(t.State, t.Measure, t.Level, t.AtRisk)
	if !opens && t.Drawn && (t.State == response.Confirmed || t.State == response.Reported || t.State == response.CarriedOut) {
		kind, opens = response.MustVerify, true
	}
	if err := t.endOthers(ctx, tx, kind, at); err != nil || !opens {
		return err
	}
	plan := b.rules.Plan(kind, t.situation(), at)
	if len(plan.Steps) == 0 && plan.Due.IsZero() {
		return nil
	}
	c := plan.Climb(0, at, at)
	d := newDuty(kind, *t, plan, c, at)
	if err := openDuties(ctx, tx, []duty{d}); err != nil {
		return err
	}
	var calls []call
	for _, step := range c.Run {
		calls = append(calls, call{thread: *t, step: step, event: d.occasion(*t)})
	}
	if err := keepClimbs(ctx, tx, calls, at); err != nil {
		return err
	}
	found, err := ask(ctx, tx, b, calls, at)
	if err != nil {
		return err
	}
	return exhaust(ctx, tx, found.empty, at)
}

// endOthers closes every open duty but the one of a kind.
func (t *thread) endOthers(ctx context.Context, tx pgx.Tx, but response.DutyKind, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE duty SET state = 'done', ended_at = $2, ended_by = $3, next_at = NULL
		WHERE  subject_id = $1 AND state = 'open' AND kind <> $4`, t.ID, at, string(t.State), but)
	return err
}

// announceThreads ends a transaction that moved threads.
func announceThreads(ctx context.Context, tx pgx.Tx, threads []thread, at time.Time) error {
	for _, t := range threads {
		if err := announce(ctx, tx, "response", t.ID, place{t.Region, t.ProjectID, t.SectionID}, at); err != nil {
			return err
		}
	}
	return nil
}
