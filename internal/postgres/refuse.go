package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// tellRefused sends a report back: the site is told why and by when it must
// report again. A suspected false report rings the authority that supervises.
func (a Answer) tellRefused(ctx context.Context, tx pgx.Tx, t thread, at time.Time) error {
	b, err := briefFor(ctx, tx, t, at)
	if err != nil {
		return err
	}
	why := told{kind: response.NoticeRefused, event: a.eventID(&t), reason: response.Refusal(a.Reason).Label()}
	if kind, opens := b.rules.NextDuty(t.State, t.Measure, t.Level, t.AtRisk); opens {
		why.due = b.rules.Plan(kind, t.situation(), at).Due
	}
	if err := tellParties(ctx, tx, b, why, []thread{t}, at); err != nil || !response.Refusal(a.Reason).RingsSupervision() {
		return err
	}
	return ringSupervision(ctx, tx, b, why, t, at)
}

// ringSupervision calls tonight's officers of the authorities that supervise the
// project of a site; where none does, the county's.
func ringSupervision(ctx context.Context, tx pgx.Tx, b brief, why told, t thread, at time.Time) error {
	offices, err := ids(ctx, tx, `
		SELECT authority_id FROM supervision WHERE project_id = $1 AND from_at <= $2 AND (until_at IS NULL OR until_at > $2) ORDER BY authority_id`,
		t.ProjectID, at)
	if err != nil {
		return err
	}
	on, err := onDuty(ctx, tx, offices, at)
	if err != nil {
		return err
	}
	var people []party
	for _, id := range offices {
		people = append(people, on[id]...)
	}
	if len(people) == 0 {
		county, err := authorityParties(ctx, tx, response.AtCounty, []*thread{&t}, at)
		if err != nil {
			return err
		}
		people = county[t.ID]
	}
	calls := []call{{thread: &t, event: why.event, reason: why.reason, due: why.due,
		step: response.Step{Rung: response.CopyRung, Round: 1, Party: response.AtCounty, Kind: why.kind, Channels: b.rules.Direct}}}
	return tellThese(ctx, tx, b, calls, [][]party{people}, at)
}

// tellThese writes notices to people who are known already.
func tellThese(ctx context.Context, tx pgx.Tx, b brief, calls []call, people [][]party, at time.Time) error {
	summons, err := summon(ctx, tx, b, calls, people, at)
	if err != nil {
		return err
	}
	return writeNotices(ctx, tx, b, group(calls, people), summons, at)
}
