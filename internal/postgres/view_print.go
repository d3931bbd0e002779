package postgres

import (
	"context"
	"time"

	"github.com/paulmach/orb"
)

// OutlineRow is a region as a printed map draws it.
type OutlineRow struct {
	Code        string
	Name        string
	Lon, Lat    *float64 // of its representative point
	Approximate bool
	Geom        orb.MultiPolygon
}

// Outlines are the counties that reach into a window (WGS 84), cut off at its
// edge and simplified to a thousandth of its width.
func (db *DB) Outlines(ctx context.Context, window orb.Bound) ([]OutlineRow, error) {
	return collect[OutlineRow](ctx, db.pool, `
		SELECT r.code, r.name, r.lon, r.lat, a.approximate,
		       ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_ClipByBox2D(ST_SimplifyPreserveTopology(a.geom, ($3::float8 - $1::float8) / 1000), w.box)), 3)) AS geom
		FROM   region_area a JOIN region r ON r.code = a.region, (SELECT ST_MakeEnvelope($1, $2, $3, $4, 4326) AS box) w
		WHERE  r.level = 'county' AND a.geom && w.box ORDER BY r.code`, window.Min[0], window.Min[1], window.Max[0], window.Max[1])
}

// RegionShapes are the outlines in force of some regions, as one area, simplified
// for drawing.
func (db *DB) RegionShapes(ctx context.Context, codes []string) (orb.MultiPolygon, error) {
	var area orb.MultiPolygon
	err := db.pool.QueryRow(ctx, `
		SELECT ST_Multi(ST_CollectionExtract(ST_UnaryUnion(ST_Collect(ST_MakeValid(ST_SimplifyPreserveTopology(geom, 0.002)))), 3))
		FROM   region_area WHERE region = ANY($1)`, codes).Scan(&area)
	return area, kindOf(err)
}

// AuditSince reads the trail backwards from a mark to an instant.
func (db *DB) AuditSince(ctx context.Context, since time.Time, from Mark, limit int) ([]Audit, error) {
	return collect[Audit](ctx, db.pool, `
		SELECT id, at, actor_id, actor, act, noun, noun_id, detail FROM audit
		WHERE (at, id) < ($1, $2) AND at >= $3 ORDER BY at DESC, id DESC LIMIT $4`, from.At, from.ID, since, limit)
}
