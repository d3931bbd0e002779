package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// duty is a row of duty: who must do what by when is its kind and subject, when
// the clock looks again is next_at.
type duty struct {
	ID          uuid.UUID
	Mode        string
	Kind        response.DutyKind
	SubjectKind string
	SubjectID   uuid.UUID
	WarningID   *uuid.UUID
	OpenedAt    time.Time
	DueAt       time.Time
	Step        int
	Exhausted   *int
	NextAt      time.Time
}

const dutyColumns = "id, mode, kind, subject_kind, subject_id, warning_id, opened_at, due_at, step, exhausted, next_at"

// idleLook is when a duty whose plan has nothing more to do is looked at again:
// an open duty always has a next time.
const idleLook = time.Hour

// newDuty opens a duty with what its plan does at once already taken as done.
func newDuty(kind response.DutyKind, t *thread, plan response.Plan, c response.Climb, at time.Time) duty {
	return duty{ID: newID(), Mode: t.Mode, Kind: kind, SubjectKind: "response", SubjectID: t.ID, WarningID: t.WarningID, OpenedAt: at,
		DueAt: plan.Due, Step: c.Done, NextAt: nextLook(c, at)}
}

func nextLook(c response.Climb, at time.Time) time.Time {
	if c.Next.IsZero() {
		return at.Add(idleLook)
	}
	return c.Next
}

// openDuties writes duties; one that is open already for the same subject and
// kind stays as it is (unique index duty_one).
func openDuties(ctx context.Context, tx pgx.Tx, list []duty) error {
	if len(list) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO duty (id, mode, kind, subject_kind, subject_id, warning_id, opened_at, due_at, step, next_at)
		SELECT * FROM unnest(@id::uuid[], @mode::text[], @kind::text[], @subject_kind::text[], @subject_id::uuid[], @warning_id::uuid[],
		                     @opened_at::timestamptz[], @due_at::timestamptz[], @step::int[], @next_at::timestamptz[])
		ON CONFLICT (subject_id, kind) WHERE state = 'open' DO NOTHING`, pgx.NamedArgs{
		"id": column(list, func(d duty) uuid.UUID { return d.ID }), "mode": column(list, func(d duty) string { return d.Mode }),
		"kind":         column(list, func(d duty) string { return string(d.Kind) }),
		"subject_kind": column(list, func(d duty) string { return d.SubjectKind }),
		"subject_id":   column(list, func(d duty) uuid.UUID { return d.SubjectID }),
		"warning_id":   column(list, func(d duty) *uuid.UUID { return d.WarningID }),
		"opened_at":    column(list, func(d duty) time.Time { return d.OpenedAt }),
		"due_at":       column(list, func(d duty) time.Time { return d.DueAt }),
		"step":         column(list, func(d duty) int { return d.Step }),
		"next_at":      column(list, func(d duty) time.Time { return d.NextAt })})
	return err
}

// endDuties closes the open duties of subjects: all of them, or those of some
// kinds.
func endDuties(ctx context.Context, tx pgx.Tx, subjects []uuid.UUID, state response.DutyState, by string, at time.Time, kinds ...response.DutyKind) error {
	var only []string
	for _, k := range kinds {
		only = append(only, string(k))
	}
	_, err := tx.Exec(ctx, `
		UPDATE duty SET state = $2, ended_at = $3, ended_by = $4, next_at = NULL
		WHERE  subject_id = ANY($1) AND state = 'open' AND ($5::text[] IS NULL OR kind = ANY($5))`, subjects, state, at, by, only)
	return err
}
