package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/warning"
)

type standingRow struct {
	SiteID     uuid.UUID
	Level      warning.Level
	Measure    warning.Measure
	ClosedArea bool
	Certain    bool
}

func standings(ctx context.Context, q querier, id uuid.UUID) (map[uuid.UUID]warning.Standing, []uuid.UUID, error) {
	rows, err := collect[standingRow](ctx, q, `
		SELECT site_id, level, measure, closed_area, certain FROM target
		WHERE  warning_id = $1 AND until_revision IS NULL ORDER BY site_id`, id)
	if err != nil {
		return nil, nil, err
	}
	by := make(map[uuid.UUID]warning.Standing, len(rows))
	var order []uuid.UUID
	for _, r := range rows {
		by[r.SiteID] = warning.Standing{Level: r.Level, Measure: r.Measure, ClosedArea: r.ClosedArea, Certain: r.Certain}
		order = append(order, r.SiteID)
	}
	return by, order, nil
}

// compare works out what a proposal changes against what stands.
func compare(standing map[uuid.UUID]warning.Standing, order []uuid.UUID, targets []Target) warning.Difference[uuid.UUID] {
	after := make(map[uuid.UUID]warning.Standing, len(targets))
	all := make([]uuid.UUID, len(targets), len(targets)+len(order))
	for i := range targets {
		t := &targets[i]
		after[t.SiteID] = t.standing()
		all[i] = t.SiteID
	}
	for _, id := range order {
		if _, stays := after[id]; !stays {
			all = append(all, id)
		}
	}
	return warning.Diff(standing, after, all)
}

// writeTargets ends the targets that are released or changed and begins the
// added and changed ones. Those that stay are not touched: their clocks run on.
func writeTargets(ctx context.Context, tx pgx.Tx, w locked, pre Preview, at time.Time) (warning.Difference[uuid.UUID], error) {
	standing, order, err := standings(ctx, tx, w.ID)
	if err != nil {
		return warning.Difference[uuid.UUID]{}, err
	}
	d := compare(standing, order, pre.Targets)
	ended := append(append([]uuid.UUID(nil), d.Changed...), d.Released...)
	if _, err := tx.Exec(ctx, `
		UPDATE target SET until_revision = $2 WHERE warning_id = $1 AND until_revision IS NULL AND site_id = ANY($3)`,
		w.ID, w.Revision, ended); err != nil {
		return d, err
	}
	begins := map[uuid.UUID]bool{}
	for _, id := range append(append([]uuid.UUID(nil), d.Added...), d.Changed...) {
		begins[id] = true
	}
	fresh := make([]*Target, 0, len(begins))
	for i := range pre.Targets {
		if t := &pre.Targets[i]; begins[t.SiteID] {
			t.ID = newID()
			fresh = append(fresh, t)
		}
	}
	return d, copyTargets(ctx, tx, w, fresh, at)
}

func copyTargets(ctx context.Context, tx pgx.Tx, w locked, targets []*Target, at time.Time) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"target"}, []string{"id", "warning_id", "mode", "site_id", "from_revision", "level",
		"measure", "closed_area", "certain", "matched_by", "reasons", "site_name", "region", "project_id", "section_id",
		"people_certain", "people_possible", "people_expected", "counted_at", "responsible"},
		pgx.CopyFromSlice(len(targets), func(i int) ([]any, error) {
			t := targets[i]
			people := column(t.Responsible, func(c Contact) uuid.UUID { return c.PersonID })
			return []any{t.ID, w.ID, w.Mode, t.SiteID, w.Revision, t.Level, string(t.Measure), t.ClosedArea, t.MatchCertain,
				t.MatchedBy, frozenReasons{t.Sentence, t.Why}, t.Name, t.Region, t.ProjectID, t.SectionID,
				t.PeopleCertain, t.PeoplePossible, t.PeopleExpected, at, people}, nil
		}))
	return err
}

type frozenReasons struct {
	Sentence string   `json:"sentence"`
	Why      []string `json:"why"`
}

// TargetRow is a target as it was frozen, with the people who are there now.
type TargetRow struct {
	ID              uuid.UUID
	SiteID          uuid.UUID
	Name            string
	Kind            string
	Lon, Lat        float64
	Region          string
	RegionName      string
	ProjectID       uuid.UUID
	ProjectName     string
	SectionID       uuid.UUID
	SectionCode     string
	SectionName     string
	Company         string
	FromRevision    int
	UntilRevision   *int
	Level           warning.Level
	Measure         warning.Measure
	ClosedArea      bool
	MatchCertain    bool
	MatchedBy       []string
	Reasons         frozenReasons
	FrozenCertain   int
	FrozenPossible  int
	FrozenExpected  int
	CountedAt       time.Time
	PeopleCertain   int
	PeoplePossible  int
	LastEvidenceAt  *time.Time
	ResponsiblePost []uuid.UUID
}

// Targets reads the targets of a warning that lie in the scope: the live ones
// (revision 0), or those that stood in a revision.
func (db *DB) Targets(ctx context.Context, scope account.Scope, id uuid.UUID, revision int, at time.Time) ([]TargetRow, error) {
	args := pgx.NamedArgs{"id": id, "revision": revision, "at": at}
	where := "t.until_revision IS NULL"
	if revision > 0 {
		where = "t.from_revision <= @revision AND (t.until_revision IS NULL OR t.until_revision > @revision)"
	}
	return collect[TargetRow](ctx, db.pool, `
		WITH mine AS MATERIALIZED (
		    SELECT t.* FROM target t WHERE t.warning_id = @id AND `+where+" AND "+
		scopeColumns(scope, args, "t.region", "t.project_id", "t.section_id", "t.site_id")+`
		), present AS (
		    SELECT p.site_id, count(*) FILTER (WHERE p.fresh_until > @at) AS certain,
		           count(*) FILTER (WHERE p.fresh_until <= @at) AS possible, max(p.device_time) AS last
		    FROM   mine JOIN presence p USING (site_id) WHERE p.inside GROUP BY p.site_id
		)
		SELECT t.id, t.site_id, t.site_name AS name, s.kind, ST_X(`+pinSQL+`) AS lon, ST_Y(`+pinSQL+`) AS lat,
		       t.region, r.name AS region_name, t.project_id, p.name AS project_name, t.section_id, c.code AS section_code,
		       c.name AS section_name, f.name AS company, t.from_revision, t.until_revision, t.level, t.measure, t.closed_area,
		       t.certain AS match_certain, t.matched_by, t.reasons, t.people_certain AS frozen_certain,
		       t.people_possible AS frozen_possible, t.people_expected AS frozen_expected, t.counted_at,
		       coalesce(n.certain, 0) AS people_certain, coalesce(n.possible, 0) AS people_possible, n.last AS last_evidence_at,
		       t.responsible AS responsible_post
		FROM   mine t JOIN site s ON s.id = t.site_id JOIN region r ON r.code = t.region JOIN project p ON p.id = t.project_id
		JOIN   section c ON c.id = t.section_id JOIN company f ON f.id = c.company_id LEFT JOIN present n ON n.site_id = t.site_id
		ORDER  BY array_position(ARRAY['evacuate', 'shelter', 'keep_out', 'stop', 'patrol', 'read'], t.measure),
		          coalesce(n.certain, 0) DESC, t.site_name`, args)
}

// Revising is the difference that a new content would make, written nowhere.
type Revising struct {
	Preview    Preview
	Difference warning.Difference[uuid.UUID]
}

// PreviewRevision works out what revising a warning of the office would change.
func (db *DB) PreviewRevision(ctx context.Context, office uuid.UUID, id uuid.UUID, c Content, at time.Time) (Revising, error) {
	var out Revising
	err := db.inWideTx(ctx, pgx.RepeatableRead, func(tx pgx.Tx) error {
		scope, err := authorityScope(ctx, tx, office, at)
		if err != nil {
			return err
		}
		if out.Preview, err = preview(ctx, tx, scope, office, &id, c, at); err != nil {
			return err
		}
		standing, order, err := standings(ctx, tx, id)
		if err != nil {
			return err
		}
		out.Difference = compare(standing, order, out.Preview.Targets)
		return nil
	})
	return out, err
}

// PreviewWarning previews a warning as publishing it would settle it, as far as
// the asker may look: a county sees its own part of a province's warning.
func (db *DB) PreviewWarning(ctx context.Context, scope account.Scope, id uuid.UUID, at time.Time) (Preview, error) {
	w, err := db.WarningByID(ctx, scope, id)
	if err != nil {
		return Preview{}, err
	}
	var p Preview
	err = db.inWideTx(ctx, pgx.RepeatableRead, func(tx pgx.Tx) error {
		c, err := contentOf(ctx, tx, id)
		if err != nil {
			return err
		}
		territory, err := authorityScope(ctx, tx, w.AuthorityID, at)
		if err != nil {
			return err
		}
		p, err = preview(ctx, tx, territory, w.AuthorityID, &id, c, at)
		return err
	})
	outside := func(t Target) bool { return !scope.Holds(t.place()) }
	p.Targets, p.Dropped = slices.DeleteFunc(p.Targets, outside), slices.DeleteFunc(p.Dropped, outside)
	return p, err
}
