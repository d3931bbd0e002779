package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/account"
	"muster/internal/errs"
)

// SitePin is a site as the map shows it: its representative point and the people
// who are there.
type SitePin struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	Kind     string    `json:"kind"`
	Sleeps   bool      `json:"sleeps"`
	AtRisk   bool      `json:"at_risk"`
	Lon      float64   `json:"lon"`
	Lat      float64   `json:"lat"`
	Certain  int       `json:"certain"`
	Possible int       `json:"possible"`
}

// pinSQL is the point that stands for a site s on the map. Most sites are points,
// and asking GEOS for a point on a point is not free.
const pinSQL = "CASE WHEN GeometryType(s.geom) = 'POINT' THEN s.geom ELSE ST_PointOnSurface(s.geom) END"

// SitePins reads all open sites of a scope with their headcounts at an instant.
func (db *DB) SitePins(ctx context.Context, scope account.Scope, at time.Time) ([]SitePin, error) {
	args := pgx.NamedArgs{"at": at}
	return collect[SitePin](ctx, db.pool, `
		SELECT s.id, s.name, s.kind, s.sleeps, s.at_risk,
		       ST_X(`+pinSQL+`) AS lon, ST_Y(`+pinSQL+`) AS lat,
		       coalesce(h.certain, 0) AS certain, coalesce(h.possible, 0) AS possible
		FROM   site s LEFT JOIN (`+countSQL+` GROUP BY site_id) h ON h.site_id = s.id
		WHERE  s.closed_at IS NULL AND `+scopeSQL(scope, "s", args)+` ORDER BY s.id`, args)
}

// countSQL counts who is inside at @at by the presence rows.
const countSQL = `
	SELECT site_id, count(*) FILTER (WHERE fresh_until > @at) AS certain,
	       count(*) FILTER (WHERE fresh_until <= @at) AS possible, max(device_time) AS last_evidence_at
	FROM   presence WHERE inside`

// SiteCount is the live headcount of one site, with where the site is, so that
// it can be handed to those who may see it.
type SiteCount struct {
	SiteID    uuid.UUID
	Region    string
	ProjectID uuid.UUID
	SectionID uuid.UUID
	Certain   int
	Possible  int
}

// Place is where the site is, as far as rights are concerned.
func (c SiteCount) Place() account.Place {
	return account.Place{Region: c.Region, Project: c.ProjectID, Section: c.SectionID, SiteID: c.SiteID}
}

// SiteCounts is the live headcount of the given sites of the scope.
func (db *DB) SiteCounts(ctx context.Context, scope account.Scope, sites []uuid.UUID, at time.Time) ([]SiteCount, error) {
	args := pgx.NamedArgs{"at": at, "sites": sites}
	return collect[SiteCount](ctx, db.pool, `
		SELECT s.id AS site_id, s.region, s.project_id, s.section_id, coalesce(h.certain, 0) AS certain, coalesce(h.possible, 0) AS possible
		FROM   site s LEFT JOIN (`+countSQL+` AND site_id = ANY(@sites) GROUP BY site_id) h ON h.site_id = s.id
		WHERE  s.closed_at IS NULL AND s.id = ANY(@sites) AND `+scopeSQL(scope, "s", args), args)
}

// sitesWithin keeps those of the sites that the scope holds.
func (db *DB) sitesWithin(ctx context.Context, scope account.Scope, sites []uuid.UUID) ([]siteSection, error) {
	args := pgx.NamedArgs{"sites": sites}
	return collect[siteSection](ctx, db.pool,
		"SELECT s.id AS site_id, s.section_id FROM site s WHERE s.id = ANY(@sites) AND "+scopeSQL(scope, "s", args), args)
}

// Site is a site with what its page shows.
type Site struct {
	ID          uuid.UUID
	Code        string
	Name        string
	Kind        string
	Sleeps      bool
	AtRisk      bool
	RiskReason  string
	Region      string
	RegionName  string
	ProjectID   uuid.UUID
	ProjectCode string
	ProjectName string
	SectionID   uuid.UUID
	SectionCode string
	SectionName string
	Company     string
	Datum       string
	Geom        orb.Geometry
	Signal      string
	MusterPoint string
	Beds        int
	Route       string
	ClosesGate  bool
	LowDanger   *time.Time // until when a report says 低风险
	ClosedAt    *time.Time
	Version     int
	ValidFrom   time.Time
}

const siteColumnsSQL = `
	SELECT s.id, s.code, s.name, s.kind, s.sleeps, s.at_risk, s.risk_reason, s.region, r.name AS region_name,
	       s.project_id, p.code AS project_code, p.name AS project_name, s.section_id, c.code AS section_code,
	       c.name AS section_name, f.name AS company, s.datum, s.geom, s.signal, s.muster_point, s.beds, s.route, s.closes_gate,
	       s.low_danger_until AS low_danger, s.closed_at, s.version, s.valid_from
	FROM   `

const siteJoinsSQL = ` s JOIN region r ON r.code = s.region JOIN project p ON p.id = s.project_id
	JOIN   section c ON c.id = s.section_id JOIN company f ON f.id = c.company_id
	`

const siteSQL = siteColumnsSQL + "site" + siteJoinsSQL + "WHERE "

// SiteByID reads one site of the scope.
func (db *DB) SiteByID(ctx context.Context, scope account.Scope, id uuid.UUID) (Site, error) {
	args := pgx.NamedArgs{"id": id}
	s, err := one[Site](ctx, db.pool, siteSQL+"s.id = @id AND "+scopeSQL(scope, "s", args), args)
	if errs.Is(err, errs.NotFound) {
		return s, notFound("点位")
	}
	return s, err
}

// DeviceRow is a gate or terminal at a site.
type DeviceRow struct {
	ID         uuid.UUID
	Serial     string
	Purpose    string
	Direction  string
	LastSeenAt *time.Time
}

// SiteDevices lists the devices of a site the caller has already been allowed to
// see. What stands for its check-in points is not a thing on a wall.
func (db *DB) SiteDevices(ctx context.Context, scope account.Scope, site uuid.UUID) ([]DeviceRow, error) {
	args := pgx.NamedArgs{"site": site}
	return collect[DeviceRow](ctx, db.pool, `
		SELECT d.id, d.serial, d.purpose, d.direction, d.last_seen_at FROM device d JOIN site s ON s.id = d.site_id
		WHERE  d.site_id = @site AND d.disabled_at IS NULL AND `+noCheckinSQL+`
		AND    `+scopeSQL(scope, "s", args)+" ORDER BY d.serial", args)
}

// SiteWarning is a warning in force at a site.
type SiteWarning struct {
	WarningID uuid.UUID
	Title     string
	Level     string
	Measure   string
	Mode      string
	State     string // active, expired
}

// SiteWarnings lists what is in force at a site, strictest measure first; an
// expired warning that nobody has lifted still is (到期未解除).
func (db *DB) SiteWarnings(ctx context.Context, scope account.Scope, site uuid.UUID) ([]SiteWarning, error) {
	args := pgx.NamedArgs{"site": site}
	return collect[SiteWarning](ctx, db.pool, `
		SELECT w.id AS warning_id, w.title, t.level, t.measure, w.mode, w.state
		FROM   target t JOIN warning w ON w.id = t.warning_id JOIN site s ON s.id = t.site_id
		WHERE  t.site_id = @site AND t.until_revision IS NULL AND w.state IN ('active', 'expired') AND `+scopeSQL(scope, "s", args)+`
		ORDER  BY array_position(ARRAY['evacuate', 'shelter', 'keep_out', 'stop', 'patrol', 'read'], t.measure), w.published_at`, args)
}
