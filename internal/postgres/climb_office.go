package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// climbOffice writes an authority's digest, while anything there is overdue.
func climbOffice(ctx context.Context, tx pgx.Tx, d duty, at time.Time) error {
	b, err := briefOf(ctx, tx, *d.WarningID)
	if err != nil {
		return err
	}
	var office watcher
	if err := tx.QueryRow(ctx, "SELECT a.id, a.level FROM oversight o JOIN authority a ON a.id = o.authority_id WHERE o.id = $1", d.SubjectID).
		Scan(&office.AuthorityID, &office.Level); err != nil {
		return err
	}
	numbers, err := overdueOf(ctx, tx, *d.WarningID, office.AuthorityID, at)
	if err != nil {
		return err
	}
	s, err := strictestThread(ctx, tx, *d.WarningID)
	if err != nil {
		return err
	}
	plan := b.rules.Oversee(partyOfLevel[office.Level], s, d.OpenedAt)
	c := plan.Climb(d.Step, d.OpenedAt, at)
	if numbers.any() {
		if err := digest(ctx, tx, b, office, numbers, c.Run, at); err != nil {
			return err
		}
	}
	d.Step, d.NextAt, d.DueAt = c.Done, nextLook(c, at), plan.Due
	return wroteClimbs(ctx, tx, []duty{d})
}

func strictestThread(ctx context.Context, q querier, warningID uuid.UUID) (response.Situation, error) {
	var s response.Situation
	err := q.QueryRow(ctx, `
		SELECT measure, level FROM response WHERE warning_id = $1
		ORDER  BY array_position(ARRAY['evacuate', 'shelter', 'keep_out', 'stop', 'patrol', 'read'], measure),
		          array_position(ARRAY['red', 'orange', 'unknown', 'yellow', 'blue'], level) LIMIT 1`, warningID).Scan(&s.Measure, &s.Level)
	return s, kindOf(err)
}

func digest(ctx context.Context, tx pgx.Tx, b brief, office watcher, numbers overdue, steps []response.Step, at time.Time) error {
	people, err := rosterOf(ctx, tx, []uuid.UUID{office.AuthorityID}, "duty_officer", at)
	if err != nil {
		return err
	}
	var list []errand
	for _, step := range steps {
		for _, p := range people[office.AuthorityID] {
			for _, ch := range step.Channels {
				if !ch.ToUnit() {
					list = append(list, errand{kind: step.Kind, person: &p, channel: ch, rung: step.Rung, round: step.Round, numbers: &numbers})
				}
			}
		}
	}
	return writeNotices(ctx, tx, b, list, nil, at)
}

// climbWarning rings the publisher of a warning that is over time and not lifted.
func climbWarning(ctx context.Context, tx pgx.Tx, d duty, at time.Time) error {
	b, err := briefOf(ctx, tx, d.SubjectID)
	if err != nil {
		return err
	}
	plan := b.rules.Plan(d.Kind, response.Situation{Level: b.Level}, d.OpenedAt)
	c := plan.Climb(d.Step, d.OpenedAt, at)
	for _, step := range c.Run {
		role := "duty_officer"
		if step.Party == response.AtPublisherLeader {
			role = "duty_leader"
		}
		people, err := rosterOf(ctx, tx, []uuid.UUID{deref(b.AuthorityID)}, role, at)
		if err != nil {
			return err
		}
		var list []errand
		for _, p := range people[deref(b.AuthorityID)] {
			for _, ch := range step.Channels {
				list = append(list, errand{kind: step.Kind, person: &p, channel: ch, rung: step.Rung, round: step.Round, event: d.ID})
			}
		}
		if err := writeNotices(ctx, tx, b, list, nil, at); err != nil {
			return err
		}
	}
	d.Step, d.NextAt, d.DueAt = c.Done, nextLook(c, at), plan.Due
	return wroteClimbs(ctx, tx, []duty{d})
}
