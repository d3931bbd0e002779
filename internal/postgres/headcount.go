package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// HeadcountNow counts the people of a site of the scope at the present moment,
// from the presence rows. A pass from a clock that is a little ahead is evidence
// already: waiting until its time has come would have the person nowhere.
func (db *DB) HeadcountNow(ctx context.Context, scope account.Scope, site uuid.UUID, at time.Time) (Headcount, error) {
	return db.headcount(ctx, scope, site, at, `
		SELECT person_id, fresh_until > @at AS certain, device_time
		FROM   presence WHERE site_id = @site AND inside`, pgx.NamedArgs{})
}

// HeadcountAt counts the people of a site at any instant, from the passes
// themselves, as they were known at another: passes received later than known
// are left out, and so are punches of attendance devices. It is the fold of
// roster.Fold in SQL: the greatest (time, device, key) of a person wins.
func (db *DB) HeadcountAt(ctx context.Context, scope account.Scope, site uuid.UUID, at, known time.Time) (Headcount, error) {
	return db.headcount(ctx, scope, site, at, foldSQL("@at::timestamptz", "@known::timestamptz"),
		pgx.NamedArgs{"fresh": roster.Fresh, "horizon": horizon, "known": known})
}

// foldSQL reads who was at the site @site at an instant, as it was known at
// another; both are SQL.
func foldSQL(at, known string) string {
	const apart = "device_id NOT IN (SELECT id FROM device WHERE purpose = 'attendance')"
	within := "device_time <= " + at + " AND device_time > " + at + " - @horizon::interval AND received_at <= " + known + " AND " + apart
	return `
		SELECT l.person_id, l.direction = 'in' AND l.device_time > ` + at + ` - @fresh::interval AS certain, l.device_time
		FROM  (SELECT DISTINCT person_id FROM pass WHERE site_id = @site AND ` + within + `) seen
		CROSS  JOIN LATERAL (
		       SELECT p.person_id, p.site_id, p.direction, p.device_time FROM pass p WHERE p.person_id = seen.person_id AND ` + within + `
		       ORDER  BY p.device_time DESC, p.device_id DESC, p.event_key COLLATE "C" DESC LIMIT 1) l
		WHERE  l.site_id = @site AND l.direction <> 'out'`
}

// horizon is how far back a past headcount looks for somebody's last pass: as
// old as a pass may be when it is taken.
const horizon = 30 * 24 * time.Hour

func (db *DB) headcount(ctx context.Context, scope account.Scope, site uuid.UUID, at time.Time, present string, args pgx.NamedArgs) (Headcount, error) {
	args["site"], args["at"] = site, at
	h, err := one[Headcount](ctx, db.pool, `
		WITH present AS (`+present+`)
		SELECT (SELECT count(*) FROM present WHERE certain) AS certain,
		       (SELECT count(*) FROM present WHERE NOT certain) AS possible,
		       (SELECT count(*) FROM (SELECT person_id FROM present UNION
		            SELECT b.person_id FROM bed b WHERE b.site_id = @site AND `+sleepsSQL("b")+` UNION
		            SELECT w.person_id FROM shift w WHERE w.site_id = @site AND `+worksSQL("w")+`) e) AS expected,
		       (SELECT count(*) FROM (SELECT person_id, @site::uuid AS site_id FROM present) p WHERE `+onLeaveSQL("p")+`) AS on_leave,
		       (SELECT max(device_time) FROM present) AS last_evidence_at
		FROM   site s WHERE s.id = @site AND `+scopeSQL(scope, "s", args), args)
	if err != nil {
		return h, notFoundAs(err, "点位")
	}
	return h, nil
}
