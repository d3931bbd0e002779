package bench

import (
	"context"
	"encoding/binary"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/postgres"
)

// engine is one way to find the sites in an area, preparation included.
type engine struct {
	name string
	find func(ctx context.Context, tx pgx.Tx, area orb.MultiPolygon) ([]uuid.UUID, error)
}

// ours comes first; the others are its peers, which read the area from a table
// row as ours does. (Read from a parameter they are several times slower.)
var engines = []engine{
	{"muster", postgres.SitesIn},
	{"ST_Intersects", peer(`
		SELECT coalesce(array_agg(s.id), '{}')
		FROM   bench_area a JOIN site s ON ST_Intersects(s.geom, a.geom)
		WHERE  s.closed_at IS NULL`, "")},
	{"ST_Subdivide", peer(`
		SELECT coalesce(array_agg(DISTINCT s.id), '{}')
		FROM   bench_piece a JOIN site s ON ST_Intersects(s.geom, a.geom)
		WHERE  s.closed_at IS NULL`, "INSERT INTO bench_piece SELECT ST_Subdivide(geom, 128) FROM bench_area")},
}

const peerTables = `
	CREATE TEMP TABLE IF NOT EXISTS bench_area (geom geometry(MultiPolygon, 4326)) ON COMMIT DELETE ROWS;
	CREATE TEMP TABLE IF NOT EXISTS bench_piece (geom geometry(Geometry, 4326)) ON COMMIT DELETE ROWS`

func peer(query, prepare string) func(context.Context, pgx.Tx, orb.MultiPolygon) ([]uuid.UUID, error) {
	return func(ctx context.Context, tx pgx.Tx, area orb.MultiPolygon) ([]uuid.UUID, error) {
		if _, err := tx.Exec(ctx, "INSERT INTO bench_area VALUES ($1::geometry)", area); err != nil {
			return nil, err
		}
		if prepare != "" {
			if _, err := tx.Exec(ctx, prepare); err != nil {
				return nil, err
			}
		}
		var ids []uuid.UUID
		err := tx.QueryRow(ctx, query).Scan(&ids)
		return ids, err
	}
}

// answer is a set of ids, made small: their number and two sums, which do not
// depend on the order. An id that comes twice changes it.
type answer struct {
	count    int
	sum, mix uint64
}

func answerOf(ids []uuid.UUID) answer {
	a := answer{count: len(ids)}
	for _, id := range ids {
		hi, lo := binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
		a.sum += hi ^ lo
		a.mix += (hi + 1) * (lo | 1)
	}
	return a
}
