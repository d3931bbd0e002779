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
		SELECT array_agg(s.id)
		FROM   bench_area a JOIN site s ON ST_Intersects(s.geom, a.geom)
		WHERE  s.closed_at IS NULL`, "")},
	{"ST_Subdivide", peer(`
		SELECT array_agg(DISTINCT s.id)
		FROM   bench_piece a JOIN site s ON ST_Intersects(s.geom, a.geom)
		WHERE  s.closed_at IS NULL`, "INSERT INTO bench_piece SELECT ST_Subdivide(geom, 128) FROM bench_area")},
}

// peerTables are as ours: emptied by deleting, without compression.
const peerTables = `
	CREATE TEMP TABLE bench_area (geom geometry(MultiPolygon, 4326));
	ALTER TABLE bench_area ALTER geom SET STORAGE EXTERNAL;
	CREATE TEMP TABLE bench_piece (geom geometry(Geometry, 4326))`

func peer(query, prepare string) func(context.Context, pgx.Tx, orb.MultiPolygon) ([]uuid.UUID, error) {
	return func(ctx context.Context, tx pgx.Tx, area orb.MultiPolygon) ([]uuid.UUID, error) {
		batch := &pgx.Batch{}
		batch.Queue("DELETE FROM bench_area")
		batch.Queue("INSERT INTO bench_area VALUES ($1::geometry)", area)
		if prepare != "" {
			batch.Queue("TRUNCATE bench_piece") // dead pieces would be read again
			batch.Queue(prepare)
		}
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return nil, err
		}
		return postgres.ReadIDs(ctx, tx, query)
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
