package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// CurvePoint is the people of a site at an instant.
type CurvePoint struct {
	At       time.Time
	Certain  int
	Possible int
}

// Stay is a time for which somebody was taken to be at a site: from a pass until
// the next one of the same person, wherever that is.
type Stay struct {
	From  time.Time
	Until *time.Time
	Sure  bool // the pass said in, not just that somebody passed
}

// Curve counts the people of a site of the scope every step from an instant to
// another, from the passes known now: at each of them what HeadcountAt says.
func (db *DB) Curve(ctx context.Context, scope account.Scope, site uuid.UUID, from, to time.Time, step time.Duration) ([]CurvePoint, error) {
	if _, err := db.SiteByID(ctx, scope, site); err != nil {
		return nil, err
	}
	stays, err := collect[Stay](ctx, db.pool, `
		WITH seen AS MATERIALIZED (SELECT DISTINCT person_id FROM pass WHERE site_id = @site AND device_time > @oldest AND device_time <= @to),
		one AS (
		    SELECT p.site_id, p.direction, p.device_time AS "from",
		           lead(p.device_time) OVER (PARTITION BY p.person_id ORDER BY p.device_time, p.device_id, p.event_key COLLATE "C") AS until
		    FROM   pass p JOIN seen USING (person_id)
		    WHERE  p.device_time > @oldest AND p.device_time <= @to
		    AND    p.device_id NOT IN (SELECT id FROM device WHERE purpose = 'attendance'))
		SELECT "from", until, direction = 'in' AS sure FROM one WHERE site_id = @site AND direction <> 'out' AND (until IS NULL OR until > @begin)`,
		pgx.NamedArgs{"site": site, "oldest": from.Add(-horizon), "begin": from, "to": to})
	return CurveOf(stays, from, to, step), err
}

// CurveOf adds stays up: certain while a known entry is fresh, possible after
// that, and as long as only an unknown direction was seen.
func CurveOf(stays []Stay, from, to time.Time, step time.Duration) []CurvePoint {
	n := int(to.Sub(from)/step) + 1
	points := make([]CurvePoint, n)
	for i := range points {
		points[i].At = from.Add(time.Duration(i) * step)
	}
	certain, possible := make([]int, n+1), make([]int, n+1)
	// The points in [a, b) are those from the first not before a to the first not before b.
	index := func(t time.Time) int { return min(n, max(0, int((t.Sub(from)+step-1)/step))) }
	during := func(sum []int, a, b time.Time) {
		if i, j := index(a), index(b); i < j {
			sum[i]++
			sum[j]--
		}
	}
	for _, s := range stays {
		end := s.From.Add(horizon)
		if s.Until != nil && s.Until.Before(end) {
			end = *s.Until
		}
		fresh := s.From
		if s.Sure {
			fresh = s.From.Add(roster.Fresh)
		}
		if fresh.After(end) {
			fresh = end
		}
		during(certain, s.From, fresh)
		during(possible, fresh, end)
	}
	for i := range points {
		if i > 0 {
			certain[i] += certain[i-1]
			possible[i] += possible[i-1]
		}
		points[i].Certain, points[i].Possible = certain[i], possible[i]
	}
	return points
}

// PastWarning is a warning that was in force at a site from–until.
type PastWarning struct {
	WarningID uuid.UUID
	Title     string
	Mode      string
	State     string
	Level     string
	Measure   string
	From      time.Time
	Until     *time.Time
}

// WarningsBetween lists what was in force at a site of the scope in a window, by
// when each measure began.
func (db *DB) WarningsBetween(ctx context.Context, scope account.Scope, site uuid.UUID, from, to time.Time) ([]PastWarning, error) {
	args := pgx.NamedArgs{"site": site, "from": from, "to": to}
	return collect[PastWarning](ctx, db.pool, `
		SELECT w.id AS warning_id, w.title, w.mode, w.state, t.level, t.measure, b.at AS "from",
		       coalesce(e.at, CASE WHEN w.state = 'lifted' THEN w.closed_at END) AS until
		FROM   target t JOIN warning w ON w.id = t.warning_id JOIN site s ON s.id = t.site_id
		JOIN   revision b ON b.warning_id = t.warning_id AND b.number = t.from_revision
		LEFT   JOIN revision e ON e.warning_id = t.warning_id AND e.number = t.until_revision
		WHERE  t.site_id = @site AND b.at <= @to AND coalesce(e.at, CASE WHEN w.state = 'lifted' THEN w.closed_at END, 'infinity') > @from
		AND    `+scopeSQL(scope, "s", args)+` ORDER BY b.at, w.id`, args)
}
