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

// BoardRow is one thread as the boards show it: where the site stands, who is
// there now, whose clock runs, how far asking has come.
type BoardRow struct {
	ID             uuid.UUID
	Mode           string
	WarningID      *uuid.UUID
	Cause          string
	SiteID         uuid.UUID
	SiteName       string
	Kind           string
	Sleeps         bool
	MusterPoint    string
	Lon, Lat       float64
	Region         string
	RegionName     string
	ProjectID      uuid.UUID
	ProjectName    string
	SectionID      uuid.UUID
	SectionName    string
	Measure        warning.Measure
	Level          warning.Level
	Sentence       string
	State          response.State
	Since          time.Time
	OpenedAt       time.Time
	Version        int
	AcknowledgedAt *time.Time
	ActedAt        *time.Time
	ReportedAt     *time.Time
	ConfirmedAt    *time.Time
	VerifiedAt     *time.Time
	EndedAt        *time.Time
	PeopleSafe     *int
	PeopleMissing  *int
	Evidence       []string
	Doubts         []string
	Drawn          bool
	Flags          []string

	Certain        int
	Possible       int
	Expected       int
	LastEvidenceAt *time.Time

	DutyKind      *response.DutyKind // the open duty that is due first
	DutyOpenedAt  *time.Time
	DutyDueAt     *time.Time
	DutyNextAt    *time.Time
	DutyStep      *int
	DutyExhausted *int

	Asked    int // people on a rung, copies apart
	Told     int // a carrier took it, or the page was fetched
	Answered int
	Failed   int // no waking way to them is left

	AtRisk    bool
	NoSignal  bool
	Hazard    *warning.Hazard
	WindowEnd *time.Time
	RulesID   *uuid.UUID
	Class     int // of the order: worst first
	Total     int // rows of the whole list

	Next *NextStep `db:"-"`
}

// Place is where the row's site lies, for rights.
func (r BoardRow) Place() account.Place {
	return account.Place{Region: r.Region, Project: r.ProjectID, Section: r.SectionID, SiteID: r.SiteID}
}

// Overdue says whether the clock of the open duty has run out.
func (r BoardRow) Overdue(at time.Time) bool { return r.DutyDueAt != nil && !r.DutyDueAt.After(at) }

// BoardMark is where a page of a board ended. The clock by which the first page
// was put in order stays with it: else what becomes overdue in between would be
// shown twice or never.
type BoardMark struct {
	AsOf  time.Time
	Class int
	Since time.Time
	ID    uuid.UUID
}

// BoardFilter is which part of a board is asked for.
type BoardFilter struct {
	States []string  // codes of states, or "overdue"; none: all
	Unit   uuid.UUID // a section or a project; zero: all
	Text   string    // part of a site's name
	After  BoardMark // AsOf is needed also for the first page
	Limit  int
}

// worstFirst is the order class of a thread: nobody answers or somebody is in
// danger, a clock ran out, under way, done, over.
const worstFirstSQL = `CASE WHEN r.state IN ('unanswered', 'refused', 'reopened') THEN 0 WHEN late.subject_id IS NOT NULL THEN 1
	WHEN r.state IN ('carried_out', 'reported', 'confirmed', 'verified') THEN 3 WHEN r.ended_at IS NOT NULL THEN 4 ELSE 2 END`

// boardSQL reads one page of the threads that where holds; late gives the
// subjects whose clock ran out. What is dear (people, asking, the duty) is read
// for the page alone.
func boardSQL(where, late string) string {
	return `
WITH late AS (` + late + `), held AS MATERIALIZED (
    SELECT r.id, r.since, ` + worstFirstSQL + ` AS class
    FROM   response r LEFT JOIN late ON late.subject_id = r.id
    WHERE  ` + where + `
    AND   (@states::text[] IS NULL OR r.state = ANY(@states) OR late.subject_id IS NOT NULL AND 'overdue' = ANY(@states))
    AND   (@unit::uuid IS NULL OR r.section_id = @unit OR r.project_id = @unit)
    AND    position(lower(@text) IN lower(r.site_name)) > 0
), page AS MATERIALIZED (
    SELECT h.id, h.class, r.site_id FROM held h JOIN response r ON r.id = h.id
    WHERE  (h.class, h.since, h.id) > (@class, @since::timestamptz, @id)
    ORDER  BY h.class, h.since, h.id LIMIT @limit
)` + boardColumnsSQL
}

var boardColumnsSQL = `, present AS (
    SELECT p.site_id, count(*) FILTER (WHERE p.fresh_until > @at) AS certain,
           count(*) FILTER (WHERE p.fresh_until <= @at) AS possible, max(p.device_time) AS last
    FROM   presence p WHERE p.inside AND p.site_id IN (SELECT site_id FROM page)
    GROUP  BY p.site_id
), expected AS (
    SELECT site_id, count(DISTINCT person_id) AS people FROM (
        SELECT b.site_id, b.person_id FROM bed b
        WHERE  b.site_id IN (SELECT site_id FROM page) AND ` + sleepsSQL("b") + `
        UNION ALL
        SELECT w.site_id, w.person_id FROM shift w
        WHERE  w.site_id IN (SELECT site_id FROM page) AND ` + worksSQL("w") + `
        UNION ALL
        SELECT p.site_id, p.person_id FROM presence p WHERE p.inside AND p.site_id IN (SELECT site_id FROM page)) anyone
    GROUP  BY site_id
), told AS (
    SELECT n.summons_id, bool_or(n.state IN ('delivered', 'read', 'answered') OR n.state = 'sent' AND n.channel <> 'app') AS told,
           bool_or(n.state = 'answered') AS answered,
           bool_and(n.state IN ('failed', 'not_sent')) FILTER (WHERE n.channel IN ('voice', 'sms')) AS failed
    FROM   notice n
    WHERE  n.summons_id IN (SELECT t.summons_id FROM summons_target t JOIN page ON page.id = t.response_id)
    GROUP  BY n.summons_id
), asked AS (
    SELECT t.response_id, count(*) AS people, count(*) FILTER (WHERE told.told) AS told, count(*) FILTER (WHERE told.answered) AS answered,
           count(*) FILTER (WHERE told.failed) AS failed
    FROM   page JOIN summons_target t ON t.response_id = page.id AND t.rung >= 0 LEFT JOIN told ON told.summons_id = t.summons_id
    GROUP  BY t.response_id
)
SELECT r.id, r.mode, r.warning_id, r.cause, r.site_id, r.site_name, s.kind, r.sleeps, s.muster_point,
       ST_X(` + pinSQL + `) AS lon, ST_Y(` + pinSQL + `) AS lat, r.region, g.name AS region_name, r.project_id, p.name AS project_name,
       r.section_id, c.name AS section_name, r.measure, r.level, coalesce(t.reasons->>'sentence', '') AS sentence, r.state, r.since, r.opened_at,
       r.version, r.acknowledged_at, r.acted_at, r.reported_at, r.confirmed_at, r.verified_at, r.ended_at, r.people_safe, r.people_missing,
       r.evidence, r.doubts, r.drawn, r.flags,
       coalesce(present.certain, 0) AS certain, coalesce(present.possible, 0) AS possible, coalesce(expected.people, 0) AS expected,
       present.last AS last_evidence_at,
       d.kind AS duty_kind, d.opened_at AS duty_opened_at, d.due_at AS duty_due_at, d.next_at AS duty_next_at, d.step AS duty_step,
       d.exhausted AS duty_exhausted,
       coalesce(asked.people, 0) AS asked, coalesce(asked.told, 0) AS told, coalesce(asked.answered, 0) AS answered,
       coalesce(asked.failed, 0) AS failed,
       r.at_risk, r.no_signal, w.hazard, w.expires AS window_end, v.rules_id, page.class, (SELECT count(*) FROM held) AS total
FROM   page
JOIN   response r ON r.id = page.id
JOIN   site s ON s.id = r.site_id
JOIN   region g ON g.code = r.region
JOIN   project p ON p.id = r.project_id
JOIN   section c ON c.id = r.section_id
LEFT   JOIN target t ON t.id = r.target_id
LEFT   JOIN warning w ON w.id = r.warning_id
LEFT   JOIN revision v ON v.warning_id = w.id AND v.number = w.revision
LEFT   JOIN LATERAL (SELECT * FROM duty o WHERE o.subject_id = r.id AND o.state = 'open' ORDER BY o.due_at LIMIT 1) d ON true
LEFT   JOIN present ON present.site_id = r.site_id
LEFT   JOIN expected ON expected.site_id = r.site_id
LEFT   JOIN asked ON asked.response_id = r.id
ORDER  BY page.class, r.since, r.id`

// Board reads a page of the threads of a warning that lie in the scope, worst
// first. It is one row longer than asked for when there is another page.
func (db *DB) Board(ctx context.Context, scope account.Scope, warningID uuid.UUID, f BoardFilter, at time.Time) ([]BoardRow, error) {
	args := pgx.NamedArgs{"warning": warningID}
	where := "r.warning_id = @warning AND " + scopeColumns(scope, args, "r.region", "r.project_id", "r.section_id", "r.site_id")
	late := "SELECT DISTINCT subject_id FROM duty WHERE warning_id = @warning AND subject_kind = 'response' AND state = 'open' AND due_at <= @as_of"
	return db.board(ctx, where, late, f, args, at)
}

func (db *DB) board(ctx context.Context, where, late string, f BoardFilter, args pgx.NamedArgs, at time.Time) ([]BoardRow, error) {
	args["at"], args["as_of"], args["states"], args["unit"], args["text"] = at, f.After.AsOf, f.States, nilID(f.Unit), f.Text
	args["class"], args["since"], args["id"], args["limit"] = f.After.Class, f.After.Since, f.After.ID, f.Limit+1
	if f.After.ID == uuid.Nil {
		args["class"], args["since"] = -1, time.Time{}
	}
	list, err := collect[BoardRow](ctx, db.pool, boardSQL(where, late), args)
	if err != nil {
		return nil, err
	}
	return list, db.addNext(ctx, list, at)
}
