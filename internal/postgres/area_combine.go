package postgres

import (
	"context"

	"github.com/paulmach/orb"

	"muster/internal/errs"
)

// combining is the function of PostGIS for each way to combine two areas.
var combining = map[string]string{"union": "ST_Union", "subtract": "ST_Difference", "intersect": "ST_Intersection"}

// CombineAreas unites two valid areas, takes the second from the first, or keeps
// what they share: union, subtract, intersect. Nothing may be left.
func (db *DB) CombineAreas(ctx context.Context, op string, a, b orb.MultiPolygon) (orb.MultiPolygon, error) {
	f, known := combining[op]
	if !known {
		return nil, errs.New(errs.Fix, "combine_op", "不认识的操作：%q", op)
	}
	var left orb.MultiPolygon
	err := db.pool.QueryRow(ctx, "SELECT ST_Multi(ST_CollectionExtract("+f+"($1::geometry, $2::geometry), 3))", a, b).Scan(&left)
	return left, kindOf(err)
}

// UniteAreas is the union of pieces that overlap.
func (db *DB) UniteAreas(ctx context.Context, pieces []orb.Polygon) (orb.MultiPolygon, error) {
	var all orb.MultiPolygon
	err := db.pool.QueryRow(ctx, `
		SELECT ST_Multi(ST_CollectionExtract(ST_UnaryUnion(ST_Collect(d.geom)), 3)) FROM ST_Dump($1::geometry) d`,
		orb.MultiPolygon(pieces)).Scan(&all)
	return all, kindOf(err)
}
