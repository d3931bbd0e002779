package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// endThreads is what a lift means for those who answer: clocks and calls stop,
// who was told is told, and who left or stopped work must inspect before anybody
// returns.
func endThreads(ctx context.Context, tx pgx.Tx, warningID uuid.UUID, at time.Time) error {
	b, err := briefOf(ctx, tx, warningID)
	if err != nil {
		return err
	}
	was, err := moveAll(ctx, tx, warningID, nil, response.Lift, at)
	if err != nil {
		return err
	}
	if err := endWarningDuties(ctx, tx, warningID, "lifted", at); err != nil {
		return err
	}
	if err := openInspections(ctx, tx, b, was, at); err != nil {
		return err
	}
	if err := silence(ctx, tx, warningID); err != nil {
		return err
	}
	if err := tellTold(ctx, tx, b, response.NoticeLifted, was, uuid.Nil, at); err != nil {
		return err
	}
	if err := tellArrivals(ctx, tx, b, at); err != nil {
		return err
	}
	dead := at.Add(time.Duration(b.rules.Codes.AfterEnd) * time.Minute)
	_, err = tx.Exec(ctx, "UPDATE summons SET dead_at = $2 WHERE warning_id = $1 AND dead_at IS NULL", warningID, dead)
	return err
}

// openInspections starts the clock of 雨后排查 at every site that must be looked
// at before anybody returns.
func openInspections(ctx context.Context, tx pgx.Tx, b brief, threads []thread, at time.Time) error {
	plans := newPlans(b.rules, response.MustInspect, at)
	var duties []duty
	for _, t := range threads {
		to, _, err := response.Next(t.State, response.Lift, t.Measure)
		if err != nil {
			return err
		}
		if kind, opens := b.rules.NextDuty(to, t.Measure, t.Level, t.AtRisk); !opens || kind != response.MustInspect {
			continue
		}
		plan := plans.plan(t.situation())
		duties = append(duties, newDuty(response.MustInspect, &t, plan, plan.Climb(0, at, at), at))
	}
	return openDuties(ctx, tx, duties)
}

// expireThreads is what the end of the window without a lift means: nobody may
// return, who was told is told that, and the publisher is rung.
func expireThreads(ctx context.Context, tx pgx.Tx, warningID uuid.UUID, at time.Time) error {
	b, err := briefOf(ctx, tx, warningID)
	if err != nil {
		return err
	}
	was, err := moveAll(ctx, tx, warningID, nil, response.Expire, at)
	if err != nil {
		return err
	}
	if err := endWarningDuties(ctx, tx, warningID, "expired", at); err != nil {
		return err
	}
	if err := silence(ctx, tx, warningID); err != nil {
		return err
	}
	if err := tellTold(ctx, tx, b, response.NoticeExpired, was, uuid.Nil, at); err != nil {
		return err
	}
	plan := b.rules.Plan(response.MustLift, response.Situation{Level: b.Level}, at)
	return openDuties(ctx, tx, []duty{{ID: newID(), Mode: b.Mode, Kind: response.MustLift, SubjectKind: "warning", SubjectID: warningID,
		WarningID: &warningID, OpenedAt: at, DueAt: plan.Due, NextAt: at}})
}

// silence stops everything that asks for something under a warning and has not
// left: also cards, copies and digests.
func silence(ctx context.Context, tx pgx.Tx, warningID uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		UPDATE notice SET state = 'superseded', reason_code = 'over', reason = '在发出之前预警已结束'
		WHERE  warning_id = $1 AND state IN ('queued', 'failed_now') AND kind NOT IN ('narrowed', 'return', 'arrival')`, warningID)
	return err
}

func endWarningDuties(ctx context.Context, tx pgx.Tx, warningID uuid.UUID, why string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE duty SET state = 'dropped', ended_at = $2, ended_by = $3, next_at = NULL
		WHERE  warning_id = $1 AND state = 'open' AND subject_kind IN ('oversight', 'warning')`, warningID, at, why)
	return err
}

// replaceExpired lets the sites of the authority's older, expired warnings of the
// same hazard go that a new one covers: daily bulletins do not pile up.
func replaceExpired(ctx context.Context, tx pgx.Tx, b brief, at time.Time) error {
	older, err := ids(ctx, tx, `
		SELECT DISTINCT w.id FROM warning w JOIN response r ON r.warning_id = w.id
		WHERE  w.state = 'expired' AND w.authority_id = $2 AND w.hazard = $3 AND w.mode = $4 AND r.state = 'expired_open'
		AND    EXISTS (SELECT FROM response n WHERE n.warning_id = $1 AND n.site_id = r.site_id AND n.ended_at IS NULL)
		ORDER  BY w.id`, b.WarningID, b.AuthorityID, b.Hazard, b.Mode)
	if err != nil {
		return err
	}
	for _, id := range older {
		sites, err := ids(ctx, tx, `
			SELECT r.site_id FROM response r JOIN response n ON n.site_id = r.site_id AND n.warning_id = $2 AND n.ended_at IS NULL
			WHERE  r.warning_id = $1 AND r.state = 'expired_open'`, id, b.WarningID)
		if err != nil {
			return err
		}
		if _, err := moveAll(ctx, tx, id, sites, response.Release, at); err != nil {
			return err
		}
		if err := silence(ctx, tx, id); err != nil {
			return err
		}
		// Nobody is left to wait for its lift.
		if _, err := tx.Exec(ctx, `
			UPDATE duty SET state = 'dropped', ended_at = $2, ended_by = 'replaced', next_at = NULL
			WHERE  subject_id = $1 AND state = 'open'
			AND    NOT EXISTS (SELECT FROM response WHERE warning_id = $1 AND ended_at IS NULL)`, id, at); err != nil {
			return err
		}
	}
	return nil
}
