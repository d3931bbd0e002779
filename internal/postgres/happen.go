package postgres

import (
	"context"
	"slices"
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
	if err != nil || !fresh {
		return err
	}
	if !changed {
		return t.renew(ctx, tx, e, at)
	}
	if from.Silent() && !to.Silent() {
		if err := supersede(ctx, tx, []uuid.UUID{t.ID}); err != nil {
			return err
		}
	}
	return t.nextClock(ctx, tx, at)
}

// renew: whoever looked again in time has the next look before him, from now.
func (t *thread) renew(ctx context.Context, tx pgx.Tx, e response.Event, at time.Time) error {
	if !response.Renews(t.State, e) {
		return nil
	}
	if err := endDuties(ctx, tx, []uuid.UUID{t.ID}, response.DutyDone, string(e), at, response.MustRecheck); err != nil {
		return err
	}
	return t.nextClock(ctx, tx, at)
}

// nextClock ends the duties that the new state makes done and opens those that it
// asks for, with what they do at once.
func (t *thread) nextClock(ctx context.Context, tx pgx.Tx, at time.Time) error {
	b, err := briefFor(ctx, tx, *t, at)
	if err != nil {
		return err
	}
	kinds := t.nextDuties(b)
	if err := t.endOthers(ctx, tx, kinds, at); err != nil {
		return err
	}
	for _, kind := range kinds {
		if err := t.openClock(ctx, tx, b, kind, at); err != nil {
			return err
		}
	}
	return nil
}

// nextDuties: what was drawn or doubted is verified even where the state alone
// asks for no such thing.
func (t *thread) nextDuties(b brief) []response.DutyKind {
	var kinds []response.DutyKind
	if next, opens := b.rules.NextDuty(t.State, t.Measure, t.Level, t.AtRisk); opens {
		kinds = append(kinds, next)
	}
	waits := t.State == response.Confirmed || t.State == response.Reported || t.State == response.CarriedOut
	if t.Drawn && waits && !slices.Contains(kinds, response.MustConfirm) && !slices.Contains(kinds, response.MustVerify) {
		kinds = append(kinds, response.MustVerify)
	}
	return kinds
}

// openClock starts a clock unless it runs already.
func (t *thread) openClock(ctx context.Context, tx pgx.Tx, b brief, kind response.DutyKind, at time.Time) error {
	var runs bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM duty WHERE subject_id = $1 AND kind = $2 AND state = 'open')", t.ID, kind).
		Scan(&runs); err != nil || runs {
		return err
	}
	plan := b.rules.Plan(kind, t.situation(), at)
	if len(plan.Steps) == 0 && plan.Due.IsZero() {
		return nil
	}
	c := plan.Climb(0, at, at)
	d := newDuty(kind, t, plan, c, at)
	if err := openDuties(ctx, tx, []duty{d}); err != nil {
		return err
	}
	calls := d.calls(t, plan, c.Run)
	found, err := ask(ctx, tx, b, calls, at)
	if err != nil {
		return err
	}
	if err := keepClimbs(ctx, tx, "climbed", calls, found.people, at); err != nil {
		return err
	}
	return exhaust(ctx, tx, found.empty, at)
}

// endOthers closes every open duty but those of some kinds.
func (t *thread) endOthers(ctx context.Context, tx pgx.Tx, but []response.DutyKind, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE duty SET state = 'done', ended_at = $2, ended_by = $3, next_at = NULL
		WHERE  subject_id = $1 AND state = 'open' AND NOT kind = ANY($4::text[])`, t.ID, at, string(t.State),
		column(but, func(k response.DutyKind) string { return string(k) }))
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
