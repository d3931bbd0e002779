package postgres

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// NearSite is a site just outside of an area, with people.
type NearSite struct {
	SiteID         uuid.UUID
	Name           string
	Kind           string
	Lon, Lat       float64
	RegionName     string
	SectionID      uuid.UUID
	SectionCode    string
	SectionName    string
	ProjectID      uuid.UUID
	ProjectName    string
	DistanceM      float64
	PeopleCertain  int
	PeoplePossible int
	PeopleExpected int
	AllSites       int // of all that are near, not only of those in the list
	AllCertain     int
	AllPossible    int
	AllExpected    int
}

// maxNear is how many sites are listed; the others are counted.
const maxNear = 50

// nearSQL looks for sites whose distance to the drawn shapes is small and that no
// area touches. A degree of longitude is shortened by the cosine of the latitude,
// which is right to a few metres over so short a way. A shape of very many
// vertices is smoothed by 50 m: this list is a hint, never a judgement.
const nearSQL = `
WITH drawn AS MATERIALIZED (
    SELECT CASE WHEN ST_NPoints(geom) > 1000 THEN ST_Simplify(geom, 0.0005, true) ELSE geom END AS geom,
           cos(radians((ST_YMin(geom) + ST_YMax(geom)) / 2)) AS k
    FROM   match_area WHERE geom IS NOT NULL
), scaled AS MATERIALIZED (
    SELECT ST_Scale(geom, k, 1) AS geom, k, ST_Expand(ST_Envelope(geom), @degrees / k, @degrees) AS around FROM drawn
), near AS MATERIALIZED (
    SELECT s.id AS site_id, min(ST_Distance(ST_Scale(s.geom, a.k, 1), a.geom)) * @metres_per_degree AS distance
    FROM   scaled a JOIN site s ON s.geom && a.around
    WHERE  s.closed_at IS NULL AND NOT EXISTS (SELECT FROM match_hit h WHERE h.site_id = s.id) AND %s
    GROUP  BY s.id
), close AS MATERIALIZED (
    SELECT * FROM near WHERE distance <= @metres
), counted AS (
    SELECT c.*, here.certain, here.possible, e.people AS expected
    FROM   close c, LATERAL (SELECT count(*) FILTER (WHERE p.fresh_until > @at) AS certain, count(*) FILTER (WHERE p.fresh_until <= @at) AS possible
                             FROM presence p WHERE p.site_id = c.site_id AND p.inside) here,
           LATERAL (SELECT count(*) AS people FROM (
               SELECT b.person_id FROM bed b WHERE b.site_id = c.site_id AND b.valid_from <= @at AND (b.valid_until IS NULL OR b.valid_until > @at)
               UNION
               SELECT w.person_id FROM shift w WHERE w.site_id = c.site_id AND w.valid_from <= @at AND w.valid_until > @at
               UNION
               SELECT p.person_id FROM presence p WHERE p.site_id = c.site_id AND p.inside) anyone) e
), listed AS (
    SELECT *, count(*) OVER () AS all_sites, sum(certain) OVER () AS all_certain, sum(possible) OVER () AS all_possible,
           sum(expected) OVER () AS all_expected
    FROM   counted WHERE certain + possible + expected > 0 ORDER BY distance, site_id LIMIT @n
)
SELECT s.id AS site_id, s.name, s.kind, ST_X(` + pinSQL + `) AS lon, ST_Y(` + pinSQL + `) AS lat, r.name AS region_name, s.section_id, c.code AS section_code,
       c.name AS section_name, s.project_id, p.name AS project_name, l.distance AS distance_m, l.certain AS people_certain,
       l.possible AS people_possible, l.expected AS people_expected, l.all_sites, l.all_certain, l.all_possible, l.all_expected
FROM   listed l JOIN site s ON s.id = l.site_id JOIN region r ON r.code = s.region JOIN section c ON c.id = s.section_id JOIN project p ON p.id = s.project_id
ORDER  BY l.distance, l.site_id`

const metresPerDegree = math.Pi / 180 * 6371008.8

// PreviewAround matches areas and proposes measures, writing nothing, and finds the
// people just outside of the drawn shapes: within km kilometres, nearest first; 0
// asks for none. scope is where the asker may look, authority whose rule book
// applies.
func (db *DB) PreviewAround(ctx context.Context, scope account.Scope, authority uuid.UUID, c Content, km float64, at time.Time) (Preview, []NearSite, error) {
	var p Preview
	var near []NearSite
	err := db.inWideTx(ctx, pgx.RepeatableRead, func(tx pgx.Tx) error {
		var err error
		if p, err = preview(ctx, tx, scope, authority, nil, c, at); err != nil || km <= 0 {
			return err
		}
		near, err = nearSites(ctx, tx, scope, km, at)
		return err
	})
	return p, near, err
}

// nearSites looks around the areas that were matched last in this transaction.
func nearSites(ctx context.Context, tx pgx.Tx, scope account.Scope, km float64, at time.Time) ([]NearSite, error) {
	args := pgx.NamedArgs{"at": at, "metres": km * 1000, "degrees": km * 1000 / metresPerDegree, "metres_per_degree": metresPerDegree, "n": maxNear}
	return collect[NearSite](ctx, tx, fmt.Sprintf(nearSQL, scopeSQL(scope, "s", args)), args)
}
