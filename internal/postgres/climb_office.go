package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
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
	s, some, err := strictestThread(ctx, tx, *d.WarningID, office.AuthorityID, at)
	if err != nil {
		return err
	}
	if !some { // all its sites were let go: nothing to tell until one comes back
		d.NextAt = at.Add(idleLook)
		return wroteClimbs(ctx, tx, []duty{d})
	}
	plan := b.rules.Oversee(partyOfLevel[office.Level], s, d.OpenedAt)
	c := plan.Climb(d.Step, d.OpenedAt, at)
	d.NextAt, d.DueAt = nextLook(c, at), plan.Due
	if numbers.any() { // else the steps stay, so that the first digest that is told is the first
		d.Step = c.Done
		if err := digest(ctx, tx, b, office, numbers, c.Run, at); err != nil {
			return err
		}
	}
	return wroteClimbs(ctx, tx, []duty{d})
}

// strictestThread is the strictest of an authority's sites that are still under a
// warning.
func strictestThread(ctx context.Context, q querier, warningID, authority uuid.UUID, at time.Time) (s response.Situation, some bool, err error) {
	err = kindOf(q.QueryRow(ctx, `
		SELECT r.measure, r.level FROM response r WHERE r.warning_id = $1 AND r.ended_at IS NULL AND `+heldBySQL+strictestFirst+` LIMIT 1`,
		warningID, authority, at).Scan(&s.Measure, &s.Level))
	if errs.Is(err, errs.NotFound) {
		return s, false, nil
	}
	return s, err == nil, err
}

// digest writes to tonight's duty officer of an authority, or to his leader when
// the post is empty. That both are empty is kept, for people to see.
func digest(ctx context.Context, tx pgx.Tx, b brief, office watcher, numbers overdue, steps []response.Step, at time.Time) error {
	people, err := onDuty(ctx, tx, []uuid.UUID{office.AuthorityID}, at)
	if err != nil {
		return err
	}
	if len(people[office.AuthorityID]) == 0 && len(steps) > 0 {
		return decide(ctx, tx, "warning", *b.WarningID, "not_told", []Reason{{"nobody_on_duty:" + office.AuthorityID.String(), "值班表为空，处置简报无人可发"}}, machine.Name, at)
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
		people, err := b.publisherOnDuty(ctx, tx, role, at)
		if err != nil {
			return err
		}
		var list []errand
		for _, p := range people {
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
