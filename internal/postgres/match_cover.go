package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/errs"
	"muster/internal/geo"
)

// keyResolution is the H3 resolution of the columns site.h3_7 and site_cell.h3_7.
const keyResolution = 7

// areaCover is where an area can have sites: ranges of H3 keys in which every
// site lies inside, and ranges in which each has to be judged.
type areaCover struct {
	insideLo, insideHi []int64
	borderLo, borderHi []int64
	none               bool // too large or too complex to cover: ask the spatial index
}

func coverOf(ctx context.Context, area orb.MultiPolygon) (areaCover, error) {
	cover, err := geo.CoverArea(ctx, area, keyResolution)
	if errs.Is(err, errs.Limit) || errs.Is(err, errs.Fix) {
		return areaCover{none: true}, nil
	}
	if err != nil {
		return areaCover{}, err
	}
	var c areaCover
	for _, r := range cover.Ranges {
		if r.Inside {
			c.insideLo, c.insideHi = append(c.insideLo, r.Lo), append(c.insideHi, r.Hi)
		} else {
			c.borderLo, c.borderHi = append(c.borderLo, r.Lo), append(c.borderHi, r.Hi)
		}
	}
	return c, nil
}

// coverSQL finds the ids of all open sites that intersect an area, each once,
// exactly as ST_Intersects says, but asks it only where it must:
//
//   - points by their key: taken whole where the cover is inside, judged at its
//     border;
//   - lines and polygons by the keys of all cells they overlap: one cell inside
//     is enough, else they are judged.
//
// OFFSET 0 is a fence: without it the planner drives with the spatial index and
// looks at the ranges last. The area is read from its row in match_area, where
// PostGIS recognises it from call to call and keeps it prepared; a parameter
// would be compared byte by byte for each site.
//
// $1 is the area's seq, $2–$3 the ranges inside, $4–$5 those at the border,
// $6 whether each of ($2 || $4) is inside.
const coverSQL = `
	SELECT s.id
	FROM   unnest($2::bigint[], $3::bigint[]) r (lo, hi),
	       LATERAL (SELECT id FROM site WHERE h3_7 BETWEEN r.lo AND r.hi AND closed_at IS NULL OFFSET 0) s
	UNION ALL
	SELECT s.id
	FROM   match_area a, unnest($4::bigint[], $5::bigint[]) r (lo, hi),
	       LATERAL (SELECT id, geom FROM site WHERE h3_7 BETWEEN r.lo AND r.hi AND closed_at IS NULL OFFSET 0) s
	WHERE  a.seq = $1 AND ST_Intersects(s.geom, a.geom)
	UNION ALL
	SELECT s.id
	FROM   match_area a,
	       (SELECT c.site_id, bool_or(r.inside) AS inside
	        FROM   unnest($2::bigint[] || $4::bigint[], $3::bigint[] || $5::bigint[], $6::boolean[]) r (lo, hi, inside),
	               LATERAL (SELECT site_id FROM site_cell WHERE h3_7 BETWEEN r.lo AND r.hi OFFSET 0) c
	        GROUP  BY c.site_id OFFSET 0) k,
	       LATERAL (SELECT id, geom FROM site WHERE id = k.site_id AND closed_at IS NULL OFFSET 0) s
	WHERE  a.seq = $1 AND (k.inside OR ST_Intersects(s.geom, a.geom))`

// plainSQL is coverSQL without a cover. It names the parameters it does not
// need, so that both are called alike.
const plainSQL = `
	SELECT s.id
	FROM   match_area a JOIN site s ON ST_Intersects(s.geom, a.geom)
	WHERE  a.seq = $1 AND s.closed_at IS NULL
	AND    ($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::boolean[]) IS NOT NULL`

func (c areaCover) sql() string {
	if c.none {
		return plainSQL
	}
	return coverSQL
}

// args are the parameters of coverSQL.
func (c areaCover) args(seq int) []any {
	inside := make([]bool, len(c.insideLo)+len(c.borderLo))
	for i := range c.insideLo {
		inside[i] = true
	}
	return []any{seq, some(c.insideLo), some(c.insideHi), some(c.borderLo), some(c.borderHi), inside}
}

// some is an empty array instead of NULL.
func some(list []int64) []int64 {
	if list == nil {
		return []int64{}
	}
	return list
}

// SitesIn are all open sites that intersect an area, by the same SQL that
// preview and publication use. For the bench and for cross-checks: a request of
// a user needs a scope.
func SitesIn(ctx context.Context, tx pgx.Tx, area orb.MultiPolygon) ([]uuid.UUID, error) {
	if _, err := tx.Exec(ctx, matchTables, pgx.QueryExecModeSimpleProtocol); err != nil {
		return nil, err
	}
	c, err := coverOf(ctx, area)
	if err != nil {
		return nil, err
	}
	if err := putArea(ctx, tx, matchArea{Seq: 1, Geometry: area}); err != nil {
		return nil, err
	}
	var ids []uuid.UUID
	err = tx.QueryRow(ctx, "SELECT coalesce(array_agg(id), '{}') FROM ("+c.sql()+") hit", c.args(1)...).Scan(&ids)
	return ids, err
}
