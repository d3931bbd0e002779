package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/warning"
)

// SelfStart is an evacuation that no warning asks for: 三个紧急撤离, where "I
// cannot judge" is reason enough.
type SelfStart struct {
	SiteID uuid.UUID
	Mode   string
	Cause  string // site_lead, section_lead, supervisor, report, sensor
	Reason string
	By     Actor
	Once   Once
}

type startingSite struct {
	ID, ProjectID, SectionID uuid.UUID
	Name, Region, Signal     string
	Sleeps, AtRisk           bool
	MusterPoint              string
}

// StartEvacuation begins to move the people of a site by its own decision. It is
// under way from this moment; section, owner and county are told at once. One
// that is under way already is not begun twice (index response_self).
func (db *DB) StartEvacuation(ctx context.Context, scope account.Scope, s SelfStart, at time.Time) (uuid.UUID, error) {
	if s.Reason == "" {
		return uuid.Nil, errs.New(errs.Fix, "reason_missing", "请说明为什么撤离；看不准也是理由")
	}
	var id uuid.UUID
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		id, err = once(ctx, tx, s.Once, at, func() (uuid.UUID, error) { return startEvacuation(ctx, tx, scope, s, at) })
		return err
	})
	return id, err
}

func startEvacuation(ctx context.Context, tx pgx.Tx, scope account.Scope, s SelfStart, at time.Time) (uuid.UUID, error) {
	site, err := one[startingSite](ctx, tx, `
		SELECT id, project_id, section_id, name, region, signal, sleeps, at_risk, muster_point FROM site WHERE id = $1 AND closed_at IS NULL FOR SHARE`, s.SiteID)
	if err != nil {
		return uuid.Nil, notFoundAs(err, "点位")
	}
	if !scope.Holds(account.Place{Region: site.Region, Project: site.ProjectID, Section: site.SectionID, SiteID: site.ID}) {
		return uuid.Nil, notFound("点位")
	}
	var running uuid.UUID
	if err := tx.QueryRow(ctx, "SELECT id FROM response WHERE site_id = $1 AND mode = $2 AND warning_id IS NULL AND ended_at IS NULL", site.ID, s.Mode).
		Scan(&running); err == nil {
		return running, nil
	}
	t := thread{ID: newID(), Mode: s.Mode, SiteID: site.ID, SiteName: site.Name, Region: site.Region, ProjectID: site.ProjectID,
		SectionID: site.SectionID, Measure: warning.Evacuate, Level: warning.Red, Sleeps: site.Sleeps, NoSignal: site.Signal == "none",
		AtRisk: site.AtRisk, Cause: s.Cause, State: response.Acknowledged, Since: at, OpenedAt: at, MusterPoint: site.MusterPoint}
	_, err = tx.Exec(ctx, `
		INSERT INTO response (id, mode, site_id, site_name, region, project_id, section_id, measure, level, sleeps, no_signal, at_risk, cause, state,
		                      since, opened_at, acknowledged_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, $15)`,
		t.ID, t.Mode, t.SiteID, t.SiteName, t.Region, t.ProjectID, t.SectionID, t.Measure, t.Level, t.Sleeps, t.NoSignal, t.AtRisk, t.Cause, t.State, at)
	if err != nil {
		return uuid.Nil, err
	}
	if err := happen(ctx, tx, &t, response.Move, stepTo{EventID: newID(), At: at, Actor: s.By, Words: s.Reason,
		Detail: map[string]any{"cause": s.Cause}}, at); err != nil {
		return uuid.Nil, err
	}
	if err := beginMuster(ctx, tx, t, at); err != nil {
		return uuid.Nil, err
	}
	b, err := selfBrief(ctx, tx, t, at)
	if err != nil {
		return uuid.Nil, err
	}
	if err := tellParties(ctx, tx, b, told{kind: response.NoticeStarted, reason: s.Reason}, []thread{t}, at); err != nil {
		return uuid.Nil, err
	}
	if err := decide(ctx, tx, "site", site.ID, "evacuate", []Reason{{s.Cause, s.Reason}}, s.By.Name, at); err != nil {
		return uuid.Nil, err
	}
	if err := audit(ctx, tx, s.By, "start_evacuation", "response", t.ID.String(), map[string]any{"cause": s.Cause}, at); err != nil {
		return uuid.Nil, err
	}
	return t.ID, announceThreads(ctx, tx, []thread{t}, at)
}
