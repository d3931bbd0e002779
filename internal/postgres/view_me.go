package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/response"
	"muster/internal/warning"
)

// MyThreads reads a page of the threads of somebody's own places that are not
// over, under whatever warning, worst first. The scope is that of his posts.
func (db *DB) MyThreads(ctx context.Context, scope account.Scope, f BoardFilter, at time.Time) ([]BoardRow, error) {
	args := pgx.NamedArgs{}
	own := "r.ended_at IS NULL AND " + scopeColumns(scope, args, "r.region", "r.project_id", "r.section_id", "r.site_id")
	late := `SELECT DISTINCT d.subject_id FROM duty d JOIN response r ON r.id = d.subject_id
		WHERE d.state = 'open' AND d.due_at <= @as_of AND ` + own
	return db.board(ctx, own, late, f, args, at)
}

// Headlines gives each thread the first line of its page (response.Headline), by
// the id of the thread.
func (db *DB) Headlines(ctx context.Context, rows []BoardRow, at time.Time) (map[uuid.UUID]string, error) {
	lines := map[uuid.UUID]string{}
	for _, r := range rows {
		rules, err := db.rulesOf(ctx, r.RulesID, at)
		if err != nil {
			return nil, err
		}
		f := response.Facts{Warning: "现场险情", Level: r.Level, Sites: []string{r.SiteName}, Exercise: r.Mode == "exercise", By: at}
		if r.Hazard != nil {
			f.Warning = response.ShortName(*r.Hazard, r.Level)
		}
		if r.DutyDueAt != nil {
			f.By = *r.DutyDueAt
		}
		lines[r.ID] = rules.Headline(r.Measure, f, at)
	}
	return lines, nil
}

// ReportProof gives each thread what a report of it must be proved with, of each
// group one, by the id of the thread: the site is told before it reports, not when
// it is refused.
func (db *DB) ReportProof(ctx context.Context, rows []BoardRow, at time.Time) (map[uuid.UUID][][]response.Evidence, error) {
	list, err := collect[struct {
		ID     uuid.UUID
		AtRisk bool
	}](ctx, db.pool, `SELECT id, at_risk FROM response WHERE id = ANY($1)`, column(rows, func(r BoardRow) uuid.UUID { return r.ID }))
	if err != nil {
		return nil, err
	}
	risky := map[uuid.UUID]bool{}
	for _, r := range list {
		risky[r.ID] = r.AtRisk
	}
	proof := map[uuid.UUID][][]response.Evidence{}
	for _, r := range rows {
		rules, err := db.rulesOf(ctx, r.RulesID, at)
		if err != nil {
			return nil, err
		}
		proof[r.ID] = rules.EvidenceFor(r.Measure, r.Level, risky[r.ID]).Report
	}
	return proof, nil
}

// GateWarning is what a gate shows of a live thread at its site.
type GateWarning struct {
	Title      string
	Level      warning.Level
	Measure    warning.Measure
	Sentence   string
	Exercise   bool
	ClosedArea bool
	ClosesGate bool
}

// Refuses says whether the gate should let nobody in: the area is closed, the
// site has chosen so, and it is not a drill.
func (g GateWarning) Refuses() bool {
	return g.ClosesGate && !g.Exercise && (g.Measure == warning.KeepOut || g.ClosedArea)
}

// AtGate reads the live threads of a site, strictest first.
func (db *DB) AtGate(ctx context.Context, site uuid.UUID) ([]GateWarning, error) {
	return collect[GateWarning](ctx, db.pool, `
		SELECT coalesce(w.title, '现场险情') AS title, r.level, r.measure, coalesce(g.reasons->>'sentence', '') AS sentence,
		       r.mode = 'exercise' AS exercise, coalesce(g.closed_area, false) AS closed_area, s.closes_gate
		FROM   response r JOIN site s ON s.id = r.site_id LEFT JOIN warning w ON w.id = r.warning_id LEFT JOIN target g ON g.id = r.target_id
		WHERE  r.site_id = $1 AND r.ended_at IS NULL AND r.state NOT IN ('expired_open', 'inspecting')
		ORDER  BY r.mode, array_position(ARRAY['evacuate', 'shelter', 'keep_out', 'stop', 'patrol', 'read'], r.measure), r.opened_at, r.id`, site)
}
