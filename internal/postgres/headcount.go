package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// presentNowSQL reads who is at the site @site at the present moment, from the
// presence rows. A pass from a clock that is a little ahead is evidence already:
// waiting until its time has come would have the person nowhere.
const presentNowSQL = "SELECT person_id, fresh_until > @at AS certain, device_time FROM presence WHERE site_id = @site AND inside"

// HeadcountNow counts the people of a site of the scope at the present moment.
func (db *DB) HeadcountNow(ctx context.Context, scope account.Scope, site uuid.UUID, at time.Time) (Headcount, error) {
	return countPeople[Headcount](ctx, db, scope, presentNowSQL, "", pgx.NamedArgs{"site": site, "at": at})
}

// HeadcountAt counts the people of a site at any instant, from the passes
// themselves, as they were known at another: passes received later than known
// are left out, and so are punches of attendance devices. It is the fold of
// roster.Fold in SQL: the greatest (time, device, key) of a person wins.
func (db *DB) HeadcountAt(ctx context.Context, scope account.Scope, site uuid.UUID, at, known time.Time) (Headcount, error) {
	return countPeople[Headcount](ctx, db, scope, presentAtSQL, "", argsAt(site, at, known))
}

// presentAtSQL reads who was at the site @site at @at, as it was known at @known.
var presentAtSQL = foldSQL("@at::timestamptz", "@known::timestamptz")

func argsAt(site uuid.UUID, at, known time.Time) pgx.NamedArgs {
	return pgx.NamedArgs{"site": site, "at": at, "known": known, "fresh": roster.Fresh, "horizon": horizon, "oldest": at.Add(-horizon)}
}

// foldSQL reads who was at the site @site at an instant, as it was known at
// another; both are SQL.
func foldSQL(at, known string) string {
	return "SELECT l.person_id, l.direction = 'in' AND l.device_time > " + at + " - @fresh::interval AS certain, l.device_time " +
		lastPassesSQL(at, known) + " WHERE l.site_id = @site AND l.direction <> 'out'"
}

// lastPassesSQL is the last pass l, wherever that was, of each who had passed at
// the site @site. @oldest is the horizon of the earliest instant that is asked for: a
// plain value, so that the planner need not look at the days before it.
func lastPassesSQL(at, known string) string {
	const apart = "device_id NOT IN (SELECT id FROM device WHERE purpose = 'attendance')"
	within := "device_time <= " + at + " AND device_time > " + at + " - @horizon::interval AND device_time > @oldest AND received_at <= " + known + " AND " + apart
	return `
		FROM  (SELECT DISTINCT person_id FROM pass WHERE site_id = @site AND ` + within + `) seen
		CROSS  JOIN LATERAL (
		       SELECT p.person_id, p.site_id, p.direction, p.device_time, p.received_at FROM pass p WHERE p.person_id = seen.person_id AND ` + within + `
		       ORDER  BY p.device_time DESC, p.device_id DESC, p.event_key COLLATE "C" DESC LIMIT 1) l`
}

// horizon is how far back a past headcount looks for somebody's last pass: as
// old as a pass may be when it is taken.
const horizon = 30 * 24 * time.Hour

// countPeople counts whom present reads at a site of the scope, and who is
// expected beside them; more are further columns.
func countPeople[T any](ctx context.Context, db *DB, scope account.Scope, present, more string, args pgx.NamedArgs) (T, error) {
	h, err := one[T](ctx, db.pool, `
		WITH present AS (`+present+`)
		SELECT (SELECT count(*) FROM present WHERE certain) AS certain,
		       (SELECT count(*) FROM present WHERE NOT certain) AS possible,
		       (SELECT count(*) FROM (SELECT person_id FROM present UNION
		            SELECT b.person_id FROM bed b WHERE b.site_id = @site AND `+sleepsSQL("b")+` UNION
		            SELECT w.person_id FROM shift w WHERE w.site_id = @site AND `+worksSQL("w")+`) e) AS expected,
		       (SELECT count(*) FROM (SELECT person_id, @site::uuid AS site_id FROM present) p WHERE `+onLeaveSQL("p")+`) AS on_leave,
		       (SELECT max(device_time) FROM present) AS last_evidence_at`+more+`
		FROM   site s WHERE s.id = @site AND `+scopeSQL(scope, "s", args), args)
	if err != nil {
		return h, notFoundAs(err, "点位")
	}
	return h, nil
}
