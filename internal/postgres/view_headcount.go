package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// SiteNumbers is what is independently known of the people at a site, with who
// counted in the evening.
type SiteNumbers struct {
	roster.Numbers
	Headcount Headcount
	Of        ExpectedOf
	Late      *LateEvidence // nil: nobody asked, or nothing was late
	EveningBy string        // the title of the account
	place     account.Place
}

// Place is where the site lies, for rights.
func (n SiteNumbers) Place() account.Place { return n.place }

// NumbersNow are the numbers of the present moment, with the health of the gates.
func (db *DB) NumbersNow(ctx context.Context, scope account.Scope, site uuid.UUID, at time.Time) (SiteNumbers, error) {
	h, err := countPeople[countedOf](ctx, db, scope, presentNowSQL, expectedOfSQL, pgx.NamedArgs{"site": site, "at": at})
	if err != nil {
		return SiteNumbers{}, err
	}
	n, err := db.numbers(ctx, scope, site, h, at, at)
	if err != nil {
		return n, err
	}
	var g roster.Gates
	var heard *time.Time
	err = db.pool.QueryRow(ctx, `
		SELECT count(*), max(greatest(d.last_seen_at, g.beat_at)), EXISTS (SELECT FROM checkin_point c WHERE c.site_id = $1 AND c.disabled_at IS NULL)
		FROM   device d LEFT JOIN gate g ON g.device_id = d.id
		WHERE  d.site_id = $1 AND d.purpose = 'presence' AND d.disabled_at IS NULL AND `+noCheckinSQL, site).Scan(&g.Count, &heard, &g.Scanned)
	if err != nil {
		return n, kindOf(err)
	}
	if heard != nil {
		g.HeardAt = *heard
	}
	n.Gates = &g
	n.ManySites, err = db.manySites(ctx, site, at)
	return n, err
}

// manySites counts who is present at a site and has come in at many within a day.
func (db *DB) manySites(ctx context.Context, site uuid.UUID, at time.Time) (people int, err error) {
	err = db.pool.QueryRow(ctx, `
		SELECT count(*) FROM presence p
		WHERE  p.site_id = $1 AND p.inside
		AND   (SELECT count(DISTINCT x.site_id) FROM pass x
		       WHERE x.person_id = p.person_id AND x.device_time > $2 AND x.device_time <= $3 AND x.direction <> 'out') >= $4`,
		site, at.Add(-24*time.Hour), at, roster.ManySites).Scan(&people)
	return people, kindOf(err)
}

// countedOf is a headcount with what its expected number is made of.
type countedOf struct {
	Headcount
	ExpectedOf
}

// NumbersAt are the numbers of any instant, as they were known at another. How the
// gates were then is not kept.
func (db *DB) NumbersAt(ctx context.Context, scope account.Scope, site uuid.UUID, at, known time.Time) (SiteNumbers, error) {
	h, err := countPeople[countedOf](ctx, db, scope, presentAtSQL, expectedOfSQL, argsAt(site, at, known))
	if err != nil {
		return SiteNumbers{}, err
	}
	return db.numbers(ctx, scope, site, h, at, known)
}

// numbers puts the evening count beside a headcount.
func (db *DB) numbers(ctx context.Context, scope account.Scope, site uuid.UUID, h countedOf, at, known time.Time) (SiteNumbers, error) {
	n := SiteNumbers{Headcount: h.Headcount, Of: h.ExpectedOf, Numbers: roster.Numbers{At: at, Certain: h.Certain, Possible: h.Possible, Expected: h.Expected, OnLeave: h.OnLeave}}
	where, err := siteWhere(ctx, db.pool, scope, site)
	if err != nil {
		return n, err
	}
	n.place = account.Place{Region: where.region, Project: where.project, Section: where.section, SiteID: site}
	list, err := collect[struct {
		People, Away, Visitors int
		CountedAt              time.Time
		Title                  string
	}](ctx, db.pool, `
		SELECT e.people, e.away, e.visitors, e.counted_at, u.title FROM evening_count e JOIN app_user u ON u.id = e.counted_by
		WHERE  e.site_id = $1 AND e.counted_at <= $2 AND e.recorded_at <= $3 ORDER BY e.day DESC, e.recorded_at DESC, e.id DESC LIMIT 1`, site, at, known)
	for _, e := range list {
		n.Evening, n.EveningBy = &roster.EveningNumber{People: e.People, Away: e.Away, Visitors: e.Visitors, At: e.CountedAt}, e.Title
	}
	return n, err
}

// LateEvidence is why a headcount was another as it was known then: of so many
// people the last pass before it came in only afterwards.
type LateEvidence struct {
	People     int
	ReceivedAt *time.Time // of the last of them
}

// LateAt finds whose last pass before an instant was not known at another yet.
// What it is about has been looked up in the caller's scope.
func (db *DB) LateAt(ctx context.Context, site uuid.UUID, at, known time.Time) (*LateEvidence, error) {
	late, err := one[LateEvidence](ctx, db.pool, "SELECT count(*) AS people, max(l.received_at) AS received_at "+
		lastPassesSQL("@at::timestamptz", "'infinity'::timestamptz")+" WHERE l.received_at > @known", argsAt(site, at, known))
	if err != nil || late.People == 0 {
		return nil, err
	}
	return &late, nil
}
