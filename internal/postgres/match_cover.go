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
	lo, hi             []int64 // both, ascending
	none               bool    // too large or too complex to cover: ask the spatial index
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
		c.lo, c.hi = append(c.lo, r.Lo), append(c.hi, r.Hi)
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
//   - a site whose key is inside the cover has its first vertex in the area: it
//     needs no judging, whatever its shape, nor a look at its row;
//   - a site whose key is at the border of the cover is judged;
//   - a line or polygon whose key is elsewhere begins outside. When it intersects
//     the area all the same, it crosses the border (it is connected), so another
//     one of its cells is at the border of the cover: those are judged.
//
// OFFSET 0 is a fence: without it the planner drives with the spatial index and
// looks at the ranges last. width_bucket is a binary search in the ranges. The
// area is read from its row in match_area, where PostGIS recognises it from call
// to call and keeps it prepared; a parameter would be compared byte by byte for
// each site. There is one call of ST_Intersects, so it is prepared once.
//
// $1 is the area's seq, $2–$3 the ranges inside, $4–$5 those at the border,
// $6–$7 all of them in ascending order.
const coverSQL = `
	SELECT s.id
	FROM   unnest($2::bigint[], $3::bigint[]) r (lo, hi),
	       LATERAL (SELECT id FROM site WHERE h3_7 BETWEEN r.lo AND r.hi AND closed_at IS NULL OFFSET 0) s
	UNION ALL
	SELECT s.id
	FROM   match_area a,
	      (SELECT s.id, s.geom
	       FROM   unnest($4::bigint[], $5::bigint[]) r (lo, hi),
	              LATERAL (SELECT id, geom FROM site WHERE h3_7 BETWEEN r.lo AND r.hi AND closed_at IS NULL OFFSET 0) s
	       UNION ALL
	       SELECT s.id, s.geom
	       FROM  (SELECT DISTINCT c.site_id
	              FROM   unnest($4::bigint[], $5::bigint[]) r (lo, hi),
	                     LATERAL (SELECT site_id, home FROM site_cell WHERE h3_7 BETWEEN r.lo AND r.hi OFFSET 0) c
	              WHERE  coalesce(c.home > ($7::bigint[])[width_bucket(c.home, $6::bigint[])], true)
	              OFFSET 0) k,
	              LATERAL (SELECT id, geom FROM site WHERE id = k.site_id AND closed_at IS NULL OFFSET 0) s
	       OFFSET 0) s
	WHERE  a.seq = $1 AND ST_Intersects(s.geom, a.geom)`

// plainSQL is coverSQL without a cover. It names the parameters it does not
// need, so that both are called alike.
const plainSQL = `
	SELECT s.id
	FROM   match_area a JOIN site s ON ST_Intersects(s.geom, a.geom)
	WHERE  a.seq = $1 AND s.closed_at IS NULL
	AND    ($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) IS NOT NULL`

func (c areaCover) sql() string {
	if c.none {
		return plainSQL
	}
	return coverSQL
}

// args are the parameters of coverSQL.
func (c areaCover) args(seq int) []any {
	return []any{seq, some(c.insideLo), some(c.insideHi), some(c.borderLo), some(c.borderHi), some(c.lo), some(c.hi)}
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
	covers, err := putAreas(ctx, tx, []matchArea{{Seq: 1, Geometry: area}})
	if err != nil {
		return nil, err
	}
	c := covers[0]
	return ReadIDs(ctx, tx, "SELECT array_agg(id) FROM ("+c.sql()+") hit", c.args(1)...)
}

// ReadIDs runs a query whose one value is a uuid[] (or NULL) and reads that
// without the driver's general machinery, which takes a third of the time when
// there are a hundred thousand.
func ReadIDs(ctx context.Context, tx pgx.Tx, sql string, args ...any) ([]uuid.UUID, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []uuid.UUID
	for rows.Next() {
		if ids, err = uuidArray(rows.RawValues()[0]); err != nil {
			return nil, err
		}
	}
	return ids, rows.Err()
}

// uuidArray reads the binary form of a one-dimensional uuid[] without NULLs: 20
// bytes of heading, then each element with four bytes of length.
func uuidArray(raw []byte) ([]uuid.UUID, error) {
	const heading, element = 20, 4 + 16
	if len(raw) <= heading {
		return nil, nil // NULL or {}
	}
	if len(raw)%element != 0 {
		return nil, errs.New(errs.Internal, "uuid_array", "数据库返回的编号数组长度不对：%d", len(raw))
	}
	ids := make([]uuid.UUID, (len(raw)-heading)/element)
	for i := range ids {
		ids[i] = uuid.UUID(raw[heading+i*element+4:])
	}
	return ids, nil
}
