package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// Headcount (在场人数) is computed for an instant, never stored: certain people
// (fresh evidence), possible ones (stale, or direction unknown), and beside them
// the expected ones (beds ∪ shift − leave, ∪ present). They are never added up.
type Headcount struct {
	Certain        int
	Possible       int
	Expected       int
	OnLeave        int // certain or possible, though on leave
	LastEvidenceAt *time.Time
}

// Candidate is a site that an area touches, with what a proposal and a person
// need to know about it. The measure is not decided here.
type Candidate struct {
	SiteID          uuid.UUID
	Name            string
	Kind            string
	Sleeps          bool
	AtRisk          bool
	RiskReason      string
	LowDanger       bool
	Signal          string
	MusterPoint     string
	Lon, Lat        float64
	Region          string
	RegionName      string
	ProjectID       uuid.UUID
	ProjectName     string
	SectionID       uuid.UUID
	SectionCode     string
	SectionName     string
	SectionStatus   string
	Company         string
	Level           string   // the highest among the areas that touch it
	MatchCertain    bool     // some area touches it for certain
	MatchedBy       []string // byArea and the like
	OtherHazards    []string // of other warnings in force at this site
	PeopleCertain   int
	PeoplePossible  int
	PeopleExpected  int
	LastEvidenceAt  *time.Time
	OfficialOutline bool // its county has an official footprint, so position can contradict code
}

// candidatesSQL reads what matchSites found, inside a scope. The people of each
// site come from covering indexes alone.
var candidatesSQL = `
WITH hit AS MATERIALIZED (
    SELECT h.site_id, bool_or(h.certain) AS certain, array_agg(DISTINCT h.matched_by ORDER BY h.matched_by) AS matched_by,
           (array_agg(a.level ORDER BY array_position(ARRAY['red', 'orange', 'unknown', 'yellow', 'blue'], a.level)))[1] AS level
    FROM   match_hit h JOIN match_area a USING (seq)
    GROUP  BY h.site_id
), here AS MATERIALIZED (
    -- By id first: the planner would rather read every site of the scope.
    SELECT s.*, ` + pinSQL + ` AS pin FROM hit JOIN site s ON s.id = hit.site_id
), inside AS MATERIALIZED (
    SELECT p.site_id, p.person_id, p.fresh_until, p.device_time FROM hit JOIN presence p USING (site_id) WHERE p.inside
), present AS (
    SELECT site_id, count(*) FILTER (WHERE fresh_until > @at) AS certain, count(*) FILTER (WHERE fresh_until <= @at) AS possible,
           max(device_time) AS last
    FROM   inside GROUP BY site_id
), planned AS (
    SELECT b.site_id, b.person_id FROM hit JOIN bed b USING (site_id) WHERE ` + holdsSQL("b") + `
    UNION ALL
    SELECT w.site_id, w.person_id FROM hit JOIN shift w USING (site_id) WHERE w.valid_from <= @at AND w.valid_until > @at
), expected AS (
    SELECT site_id, count(*) AS people
    FROM  (SELECT x.site_id, x.person_id FROM planned x WHERE NOT ` + onLeaveSQL("x") + `
           UNION
           SELECT site_id, person_id FROM inside) anyone
    GROUP  BY site_id
), others AS (
    SELECT t.site_id, array_agg(DISTINCT w.hazard) AS hazards
    FROM   hit JOIN target t USING (site_id) JOIN warning w ON w.id = t.warning_id
    WHERE  t.until_revision IS NULL AND w.state = 'active' AND w.mode = @mode AND w.id IS DISTINCT FROM @self
    GROUP  BY t.site_id
)
SELECT s.id AS site_id, s.name, s.kind, s.sleeps, s.at_risk, s.risk_reason,
       coalesce(s.low_danger_until >= (@at AT TIME ZONE 'Asia/Shanghai')::date, false) AS low_danger, s.signal, s.muster_point,
       ST_X(s.pin) AS lon, ST_Y(s.pin) AS lat,
       s.region, r.name AS region_name,
       s.project_id, p.name AS project_name, s.section_id, c.code AS section_code, c.name AS section_name,
       c.status AS section_status, f.name AS company,
       hit.level, hit.certain AS match_certain, hit.matched_by,
       coalesce(others.hazards, '{}') AS other_hazards,
       coalesce(present.certain, 0) AS people_certain, coalesce(present.possible, 0) AS people_possible,
       coalesce(expected.people, 0) AS people_expected, present.last AS last_evidence_at,
       coalesce(NOT (SELECT ra.approximate FROM region_area ra WHERE ra.region = left(s.region, 6) || '000000'), false) AS official_outline
FROM   here s
JOIN   hit ON hit.site_id = s.id
JOIN   region r ON r.code = s.region
JOIN   project p ON p.id = s.project_id
JOIN   section c ON c.id = s.section_id
JOIN   company f ON f.id = c.company_id
LEFT   JOIN present ON present.site_id = s.id
LEFT   JOIN expected ON expected.site_id = s.id
LEFT   JOIN others ON others.site_id = s.id
WHERE  `

// candidates reads the matched sites of a scope. self is the warning that is
// being decided about, so that it does not count as another one.
func candidates(ctx context.Context, tx pgx.Tx, scope account.Scope, mode string, self *uuid.UUID, at time.Time) ([]Candidate, error) {
	args := pgx.NamedArgs{"at": at, "mode": mode, "self": self}
	return collect[Candidate](ctx, tx, candidatesSQL+scopeSQL(scope, "s", args)+" ORDER BY s.id", args)
}

// addSites puts single sites into match_hit, as an officer named them.
func addSites(ctx context.Context, tx pgx.Tx, ids []uuid.UUID) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO match_hit (seq, site_id, matched_by, certain)
		SELECT (SELECT min(seq) FROM match_area), id, $2, true FROM site WHERE id = ANY($1) AND closed_at IS NULL`, ids, byOfficer)
	return err
}

// byOfficer marks a site that an officer added by hand.
const byOfficer = "added"
