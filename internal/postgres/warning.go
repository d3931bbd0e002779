package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/account"
	"muster/internal/warning"
)

// Content is what a person or a feed decides about a warning; the rest follows.
type Content struct {
	Kind     string // relay, auto_relay, instruction
	Mode     string // actual, exercise
	Hazard   warning.Hazard
	Level    warning.Level
	Title    string
	Issuer   string     // of a relay: who published the original
	IssuedAt *time.Time // of a relay: when
	Basis    string     // of an instruction: on what grounds
	Note     string
	Onset    *time.Time
	Expires  time.Time
	Areas    []Area
	Choices  []Choice
}

// Area is one area of a warning: codes of regions, or a shape, or both.
type Area struct {
	Level    warning.Level
	Basis    warning.Basis
	Certain  bool
	Regions  []string
	Geometry orb.MultiPolygon
	Said     string // the source's own words
}

// Choice is what an officer decided about a single site, with the reason.
type Choice struct {
	SiteID  uuid.UUID
	Act     string // add, drop, measure
	Measure warning.Measure
	Reason  string
}

// Warning is a row of the warning table with its authority and totals.
type Warning struct {
	ID              uuid.UUID
	Mode            string
	State           string
	Version         int
	Revision        int
	Kind            string
	AuthorityID     uuid.UUID
	AuthorityName   string
	AuthorityRegion string
	EpisodeID       *uuid.UUID
	MessageID       *uuid.UUID
	FollowsID       *uuid.UUID
	Intent          string
	Hazard          warning.Hazard
	Level           warning.Level
	Title           string
	Issuer          string
	IssuedAt        *time.Time
	Basis           string
	Note            string
	Onset           *time.Time
	Expires         time.Time
	CreatedAt       time.Time
	PublishedAt     *time.Time
	ClosedAt        *time.Time
	ClosedReason    string
	Flags           []string // of the message it came from
	Sites           int      // live targets in the scope; 0 for a draft, whose sites are not frozen
	Certain         int
	Possible        int
}

// warningSQL reads warnings; the totals are of the part that the scope holds.
func warningSQL(scope account.Scope, args pgx.NamedArgs) string {
	return `
	SELECT w.id, w.mode, w.state, w.version, w.revision, w.kind, w.authority_id, a.name AS authority_name, a.region AS authority_region,
	       w.episode_id, w.message_id, w.follows_id, w.intent, w.hazard, w.level, w.title, w.issuer, w.issued_at, w.basis, w.note,
	       w.onset, w.expires, w.created_at, w.published_at, w.closed_at, w.closed_reason,
	       coalesce(m.flags, '{}') AS flags, coalesce(t.sites, 0) AS sites, coalesce(t.certain, 0) AS certain, coalesce(t.possible, 0) AS possible
	FROM   warning w JOIN authority a ON a.id = w.authority_id LEFT JOIN message m ON m.id = w.message_id
	LEFT   JOIN LATERAL (SELECT count(*) AS sites, sum(people_certain) AS certain, sum(people_possible) AS possible
	                     FROM target t WHERE t.warning_id = w.id AND t.until_revision IS NULL AND ` +
		scopeColumns(scope, args, "t.region", "t.project_id", "t.section_id", "t.site_id") + `) t ON true
	WHERE  `
}

// visibleSQL: an authority sees the warnings of the authorities in its
// territory; everybody else sees what touches a site of theirs. A draft is seen
// by authorities only.
func visibleSQL(scope account.Scope, args pgx.NamedArgs) string {
	return "(" + scopeColumns(account.Scope{Ranges: scope.Ranges}, args, "a.region", "", "", "") + `
		OR w.state <> 'draft' AND w.state <> 'discarded' AND EXISTS (SELECT FROM target v WHERE v.warning_id = w.id AND ` +
		scopeColumns(scope, args, "v.region", "v.project_id", "v.section_id", "v.site_id") + "))"
}

// WarningByID reads one warning of the scope.
func (db *DB) WarningByID(ctx context.Context, scope account.Scope, id uuid.UUID) (Warning, error) {
	args := pgx.NamedArgs{"id": id}
	w, err := one[Warning](ctx, db.pool, warningSQL(scope, args)+"w.id = @id AND "+visibleSQL(scope, args), args)
	return w, notFoundAs(err, "预警")
}

// Warnings lists those of the scope that are in one of the states, newest first.
func (db *DB) Warnings(ctx context.Context, scope account.Scope, states []string, from Mark, limit int) ([]Warning, error) {
	args := pgx.NamedArgs{"states": states, "at": from.At, "id": from.ID, "limit": limit}
	return collect[Warning](ctx, db.pool, warningSQL(scope, args)+"w.state = ANY(@states) AND (w.created_at, w.id) < (@at, @id) AND "+
		visibleSQL(scope, args)+" ORDER BY w.created_at DESC, w.id DESC LIMIT @limit", args)
}

// SeesWarning says whether a warning is inside the scope.
func (db *DB) SeesWarning(ctx context.Context, scope account.Scope, id uuid.UUID) (bool, error) {
	args := pgx.NamedArgs{"id": id}
	var sees bool
	err := db.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM warning w JOIN authority a ON a.id = w.authority_id WHERE w.id = @id AND "+
		visibleSQL(scope, args)+")", args).Scan(&sees)
	return sees, kindOf(err)
}

// AreaRow is an area of a revision; revision 0 is the draft's.
type AreaRow struct {
	Revision int
	Seq      int
	Level    warning.Level
	Basis    warning.Basis
	Certain  bool
	Regions  []string
	Geom     orb.MultiPolygon
	Said     string
}

func (a AreaRow) area() Area {
	return Area{Level: a.Level, Basis: a.Basis, Certain: a.Certain, Regions: a.Regions, Geometry: a.Geom, Said: a.Said}
}

// WarningAreas reads the areas of a revision of a warning of the scope.
func (db *DB) WarningAreas(ctx context.Context, scope account.Scope, id uuid.UUID, revision int) ([]AreaRow, error) {
	if _, err := db.WarningByID(ctx, scope, id); err != nil {
		return nil, err
	}
	return areasOf(ctx, db.pool, id, revision)
}

func areasOf(ctx context.Context, q querier, id uuid.UUID, revision int) ([]AreaRow, error) {
	return collect[AreaRow](ctx, q, `
		SELECT revision, seq, level, basis, certain, regions, geom, said FROM warning_area
		WHERE  warning_id = $1 AND revision = $2 ORDER BY seq`, id, revision)
}

// ChoiceRow is a decision about one site with the site's name.
type ChoiceRow struct {
	SiteID  uuid.UUID
	Act     string
	Measure *string
	Reason  string
}

func choicesOf(ctx context.Context, q querier, id uuid.UUID) ([]Choice, error) {
	rows, err := collect[ChoiceRow](ctx, q, "SELECT site_id, act, measure, reason FROM warning_choice WHERE warning_id = $1 ORDER BY site_id", id)
	if err != nil {
		return nil, err
	}
	var list []Choice
	for _, r := range rows {
		c := Choice{SiteID: r.SiteID, Act: r.Act, Reason: r.Reason}
		if r.Measure != nil {
			c.Measure = warning.Measure(*r.Measure)
		}
		list = append(list, c)
	}
	return list, nil
}

// WarningChoices reads the single decisions of a warning of the scope.
func (db *DB) WarningChoices(ctx context.Context, scope account.Scope, id uuid.UUID) ([]Choice, error) {
	if _, err := db.WarningByID(ctx, scope, id); err != nil {
		return nil, err
	}
	return choicesOf(ctx, db.pool, id)
}

// RevisionRow is one published version of a warning.
type RevisionRow struct {
	Number      int
	At          time.Time
	PublishedBy *uuid.UUID
	Level       warning.Level
	Title       string
	Note        string
	Expires     time.Time
}

// Revisions lists the published versions of a warning of the scope.
func (db *DB) Revisions(ctx context.Context, scope account.Scope, id uuid.UUID) ([]RevisionRow, error) {
	if _, err := db.WarningByID(ctx, scope, id); err != nil {
		return nil, err
	}
	return collect[RevisionRow](ctx, db.pool,
		"SELECT number, at, published_by, level, title, note, expires FROM revision WHERE warning_id = $1 ORDER BY number", id)
}
