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

// reportSQL are the threads of a warning that a scope holds: the base of every
// section of the after-action report.
func reportSQL(scope account.Scope, args pgx.NamedArgs) string {
	return `WITH held AS MATERIALIZED (SELECT r.* FROM response r WHERE r.warning_id = @warning AND ` +
		scopeColumns(scope, args, "r.region", "r.project_id", "r.section_id", "r.site_id") + ")\n"
}

// ReportSite is what one site went through, by our own clock: when each state was
// recorded, not when the site says that it was.
type ReportSite struct {
	ThreadID      uuid.UUID
	SiteName      string
	RegionName    string
	ProjectName   string
	SectionID     uuid.UUID
	SectionName   string
	Measure       warning.Measure
	Level         warning.Level
	State         response.State
	OpenedAt      time.Time
	EndedAt       time.Time // of the thread, of the warning, or the moment of the report
	DeliveredAt   *time.Time
	AckedAt       *time.Time
	ActedAt       *time.Time
	ReportedAt    *time.Time
	ConfirmedAt   *time.Time
	VerifiedAt    *time.Time
	AckDue        *time.Time
	ActDue        *time.Time
	ReportDue     *time.Time
	ConfirmDue    *time.Time
	VerifyDue     *time.Time
	PeopleSafe    *int
	PeopleMissing *int
	Refused       int // how often a report was sent back
	Reopened      int // how often somebody went back in
	Doubts        []string
	Drawn         bool
}

// Course is the site's way for the figures. What must be acknowledged must have
// been delivered by then.
func (s ReportSite) Course() response.Course {
	at := func(t *time.Time) time.Time {
		if t == nil {
			return time.Time{}
		}
		return *t
	}
	return response.Course{Unit: s.SectionID.String(), Published: s.OpenedAt, Ended: s.EndedAt,
		Reached: response.Milestones{Delivered: at(s.DeliveredAt), Acknowledged: at(s.AckedAt), Acted: at(s.ActedAt), Reported: at(s.ReportedAt),
			Confirmed: at(s.ConfirmedAt), Verified: at(s.VerifiedAt)},
		Due: response.Milestones{Delivered: at(s.AckDue), Acknowledged: at(s.AckDue), Acted: at(s.ActDue), Reported: at(s.ReportDue),
			Confirmed: at(s.ConfirmDue), Verified: at(s.VerifyDue)}}
}

// ReportSites reads what each site of the scope went through under a warning
// since it was asked the last time.
func (db *DB) ReportSites(ctx context.Context, scope account.Scope, warningID uuid.UUID, at time.Time) ([]ReportSite, error) {
	args := pgx.NamedArgs{"warning": warningID, "at": at}
	return collect[ReportSite](ctx, db.pool, reportSQL(scope, args)+`, reached AS (
		    SELECT e.response_id, min(e.recorded_at) FILTER (WHERE e.to_state = 'delivered') AS delivered_at,
		           min(e.recorded_at) FILTER (WHERE e.to_state = 'acknowledged') AS acked_at,
		           min(e.recorded_at) FILTER (WHERE e.to_state IN ('moving', 'carried_out')) AS acted_at,
		           min(e.recorded_at) FILTER (WHERE e.to_state = 'reported') AS reported_at,
		           min(e.recorded_at) FILTER (WHERE e.to_state = 'confirmed') AS confirmed_at,
		           min(e.recorded_at) FILTER (WHERE e.to_state = 'verified') AS verified_at,
		           count(*) FILTER (WHERE e.to_state = 'refused') AS refused, count(*) FILTER (WHERE e.to_state = 'reopened') AS reopened
		    FROM   held h JOIN response_event e ON e.response_id = h.id AND e.recorded_at >= h.opened_at
		    GROUP  BY e.response_id
		), due AS (
		    SELECT d.subject_id, min(d.due_at) FILTER (WHERE d.kind = 'acknowledge') AS ack_due, min(d.due_at) FILTER (WHERE d.kind = 'act') AS act_due,
		           min(d.due_at) FILTER (WHERE d.kind = 'report') AS report_due, min(d.due_at) FILTER (WHERE d.kind = 'confirm') AS confirm_due,
		           min(d.due_at) FILTER (WHERE d.kind = 'verify') AS verify_due
		    FROM   held h JOIN duty d ON d.subject_id = h.id AND d.opened_at >= h.opened_at
		    GROUP  BY d.subject_id
		)
		SELECT h.id AS thread_id, h.site_name, g.name AS region_name, p.name AS project_name, h.section_id, c.name AS section_name, h.measure, h.level,
		       h.state, h.opened_at, least(coalesce(h.ended_at, @at), coalesce(w.closed_at, @at)) AS ended_at,
		       x.delivered_at, x.acked_at, x.acted_at, x.reported_at, x.confirmed_at, x.verified_at,
		       due.ack_due, due.act_due, due.report_due, due.confirm_due, due.verify_due,
		       h.people_safe, h.people_missing, coalesce(x.refused, 0) AS refused, coalesce(x.reopened, 0) AS reopened, h.doubts, h.drawn
		FROM   held h JOIN warning w ON w.id = h.warning_id JOIN region g ON g.code = h.region JOIN project p ON p.id = h.project_id
		JOIN   section c ON c.id = h.section_id
		LEFT   JOIN reached x ON x.response_id = h.id LEFT JOIN due ON due.subject_id = h.id
		ORDER  BY p.name, c.name, h.site_name, h.id`, args)
}

// Minute is how often something happened in one minute of the time line.
type Minute struct {
	At      time.Time
	Event   string
	Channel *response.Channel
	Sites   int
}

// TimeLine counts what happened under a warning, minute by minute.
func (db *DB) TimeLine(ctx context.Context, scope account.Scope, warningID uuid.UUID) ([]Minute, error) {
	args := pgx.NamedArgs{"warning": warningID}
	return collect[Minute](ctx, db.pool, reportSQL(scope, args)+`
		SELECT date_trunc('minute', e.recorded_at) AS at, e.event, e.channel, count(DISTINCT e.response_id) AS sites
		FROM   held h JOIN response_event e ON e.response_id = h.id
		WHERE  e.to_state IS NOT NULL OR e.event IN ('called', 'climbed', 'inspected')
		GROUP  BY 1, 2, 3 ORDER BY 1, 2, 3`, args)
}

// ReportCalls is how often one person was tried under a warning.
type ReportCalls struct {
	PersonID  uuid.UUID
	Name      string
	Region    string // of a site that he was asked about, for rights
	ProjectID uuid.UUID
	SectionID uuid.UUID
	SiteID    uuid.UUID
	Sites     int
	Voice     int // attempts
	SMS       int
	Other     int
	Hand      int // calls by hand
	Answered  bool
	Wrong     bool // 不是本人
}

// CallsPerPerson reads who was tried how often, the most first.
func (db *DB) CallsPerPerson(ctx context.Context, scope account.Scope, warningID uuid.UUID) ([]ReportCalls, error) {
	args := pgx.NamedArgs{"warning": warningID}
	return collect[ReportCalls](ctx, db.pool, reportSQL(scope, args)+`, asked AS (
		    SELECT s.id, s.person_id, bool_or(s.wrong_contact) AS wrong, count(*) AS sites, (array_agg(h.id ORDER BY t.rung DESC, h.id))[1] AS thread
		    FROM   held h JOIN summons_target t ON t.response_id = h.id JOIN summons s ON s.id = t.summons_id
		    GROUP  BY s.id
		), tried AS (
		    SELECT n.summons_id, count(a.*) FILTER (WHERE n.channel = 'voice') AS voice, count(a.*) FILTER (WHERE n.channel = 'sms') AS sms,
		           count(a.*) FILTER (WHERE n.channel NOT IN ('voice', 'sms')) AS other, bool_or(n.state = 'answered') AS answered
		    FROM   asked JOIN notice n ON n.summons_id = asked.id LEFT JOIN notice_attempt a ON a.notice_id = n.id
		    GROUP  BY n.summons_id
		), dialled AS (
		    SELECT e.person_id, count(DISTINCT (e.at, e.actor)) AS n FROM held h JOIN response_event e ON e.response_id = h.id AND e.event = 'called'
		    GROUP  BY e.person_id
		)
		SELECT asked.person_id, p.name, h.region, h.project_id, h.section_id, h.site_id, asked.sites, coalesce(tried.voice, 0) AS voice,
		       coalesce(tried.sms, 0) AS sms, coalesce(tried.other, 0) AS other, coalesce(dialled.n, 0) AS hand,
		       coalesce(tried.answered, false) AS answered, asked.wrong
		FROM   asked JOIN person p ON p.id = asked.person_id JOIN held h ON h.id = asked.thread
		LEFT   JOIN tried ON tried.summons_id = asked.id LEFT JOIN dialled ON dialled.person_id = asked.person_id
		ORDER  BY coalesce(tried.voice, 0) + coalesce(tried.sms, 0) + coalesce(tried.other, 0) + coalesce(dialled.n, 0) DESC, asked.person_id`, args)
}

// ReportFailure is a reason for which notices did not arrive.
type ReportFailure struct {
	Channel response.Channel
	State   response.NoticeState
	Code    string
	Reason  string
	Notices int
}

// Failures counts what did not arrive under a warning, by reason.
func (db *DB) Failures(ctx context.Context, scope account.Scope, warningID uuid.UUID) ([]ReportFailure, error) {
	args := pgx.NamedArgs{"warning": warningID}
	return collect[ReportFailure](ctx, db.pool, reportSQL(scope, args)+`
		SELECT n.channel, n.state, n.reason_code AS code, max(n.reason) AS reason, count(*) AS notices
		FROM   notice n
		WHERE  n.state IN ('failed', 'not_sent', 'failed_now')
		AND    n.summons_id IN (SELECT t.summons_id FROM held JOIN summons_target t ON t.response_id = held.id)
		GROUP  BY n.channel, n.state, n.reason_code ORDER BY count(*) DESC, n.channel, n.reason_code`, args)
}
