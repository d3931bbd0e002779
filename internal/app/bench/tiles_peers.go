package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/mvt"

	"muster/tiles"
)

// rawPeer is ST_AsMVT over one row per site, as one writes it by the book.
type rawPeer struct{ name, sql string }

var rawPeers = []rawPeer{
	{"ST_AsMVT, stored 3857", `
		SELECT ST_AsMVT(f, 'site', 4096, 'geom') FROM (
		    SELECT ST_AsMVTGeom(p.mercator, ST_TileEnvelope($1, $2, $3), 4096, 0) AS geom, p.id::text AS id, p.kind, p.certain, p.possible
		    FROM   raw_point p
		    WHERE  p.mercator && ST_TileEnvelope($1, $2, $3) AND p.region COLLATE "C" >= '510000000000' AND p.region COLLATE "C" < '520000000000') f`},
	{"ST_AsMVT, ST_Transform", `
		SELECT ST_AsMVT(f, 'site', 4096, 'geom') FROM (
		    SELECT ST_AsMVTGeom(ST_Transform(p.geom, 3857), ST_TileEnvelope($1, $2, $3), 4096, 0) AS geom, p.id::text AS id, p.kind, p.certain, p.possible
		    FROM   raw_point p
		    WHERE  p.geom && ST_Transform(ST_TileEnvelope($1, $2, $3), 4326)
		    AND    p.region COLLATE "C" >= '510000000000' AND p.region COLLATE "C" < '520000000000') f`},
}

// loadPeers gives the peers a table of points in H3 order with the same people,
// and reads what the tiles are picked and checked by.
func (b *tilesBench) loadPeers(ctx context.Context) error {
	b.say("loading the peers' table")
	_, err := b.pool.Exec(ctx, `
		CREATE TABLE bench.raw_point AS
		SELECT s.id, s.kind, s.region, t.certain, t.possible, p.pin AS geom, ST_Transform(p.pin, 3857) AS mercator
		FROM   bench.site s JOIN bench.tile_site t ON t.site_id = s.id,
		       LATERAL (SELECT CASE WHEN GeometryType(s.geom) = 'POINT' THEN s.geom ELSE ST_PointOnSurface(s.geom) END AS pin) p
		ORDER  BY s.h3_7, s.h3_9;
		CREATE INDEX ON bench.raw_point USING gist (geom);
		CREATE INDEX ON bench.raw_point USING gist (mercator)`)
	if err != nil {
		return err
	}
	if _, err := b.pool.Exec(ctx, "VACUUM (ANALYZE) bench.raw_point, bench.tile_site, bench.tile_cell"); err != nil {
		return err
	}
	err = b.pool.QueryRow(ctx, "SELECT count(*), sum(certain), sum(possible) FROM raw_point").Scan(&b.all.Sites, &b.all.Certain, &b.all.Possible)
	if err != nil {
		return err
	}
	rows, err := b.pool.Query(ctx, "SELECT x, y FROM tile_site WHERE feature % 50 = 0 ORDER BY site_id")
	if err != nil {
		return err
	}
	var x, y int64
	_, err = pgx.ForEachRow(rows, []any{&x, &y}, func() error {
		b.places = append(b.places, [2]int64{x, y})
		return nil
	})
	return err
}

// pick is the densest tile of a zoom, more of the densest, and tiles in which a
// site picked by chance stands.
func (b *tilesBench) pick(ctx context.Context, z int) ([]tiles.Tile, error) {
	rows, err := b.pool.Query(ctx, "SELECT x >> $1, y >> $1 FROM tile_site GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT $2", 28-z, tilesPerZoom/2)
	if err != nil {
		return nil, err
	}
	var list []tiles.Tile
	seen := map[tiles.Tile]bool{}
	add := func(x, y int) {
		if t := (tiles.Tile{Z: z, X: x, Y: y}); !seen[t] {
			seen[t] = true
			list = append(list, t)
		}
	}
	var x, y int
	if _, err := pgx.ForEachRow(rows, []any{&x, &y}, func() error { add(x, y); return nil }); err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(uint64(z), 7))
	for range tilesPerZoom / 2 {
		p := b.places[rng.IntN(len(b.places))]
		add(int(p[0]>>(28-z)), int(p[1]>>(28-z)))
	}
	return list, nil
}

// covering is every tile of a zoom around all places.
func (b *tilesBench) covering(z int) (list []tiles.Tile) {
	lo, hi := b.places[0], b.places[0]
	for _, p := range b.places {
		for i := range p {
			lo[i], hi[i] = min(lo[i], p[i]), max(hi[i], p[i])
		}
	}
	shift := 28 - z
	// One more on each side: not every place was read.
	for x := int(lo[0]>>shift) - 1; x <= int(hi[0]>>shift)+1; x++ {
		for y := int(lo[1]>>shift) - 1; y <= int(hi[1]>>shift)+1; y++ {
			list = append(list, tiles.Tile{Z: z, X: x, Y: y})
		}
	}
	return list
}

// rawRounds is how often a peer makes a tile: the raw ones take long.
const rawRounds = 3

func (b *tilesBench) raw(ctx context.Context, p rawPeer, t tiles.Tile, into *samples) (all, onBorder tally, err error) {
	var body []byte
	for range rawRounds {
		began := time.Now()
		if err := b.pool.QueryRow(ctx, p.sql, t.Z, t.X, t.Y).Scan(&body); err != nil {
			return all, onBorder, err
		}
		into.add(time.Since(began), len(body))
	}
	return decode(body, "site")
}

// tally is what a tile says.
type tally struct{ Sites, Certain, Possible int }

func (t *tally) add(o tally) {
	t.Sites += o.Sites
	t.Certain += o.Certain
	t.Possible += o.Possible
}

func (t tally) atMost(o tally) bool {
	return t.Sites <= o.Sites && t.Certain <= o.Certain && t.Possible <= o.Possible
}

// agrees says whether what a peer has is what we have. A point within half a unit
// of the border is rounded onto it by the peers, from either side: those may be
// ours or the neighbour's.
func (t tally) agrees(peer, onBorder tally) bool {
	inner := tally{peer.Sites - onBorder.Sites, peer.Certain - onBorder.Certain, peer.Possible - onBorder.Possible}
	return inner.atMost(t) && t.atMost(peer)
}

// decode adds up the features of a tile, the cells or the single sites, and those
// on its border once more.
func decode(body []byte, sourceLayer string) (all, onBorder tally, err error) {
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		return all, onBorder, fmt.Errorf("a tile that cannot be read: %w", err)
	}
	for _, l := range layers {
		if l.Name != sourceLayer {
			continue
		}
		for _, f := range l.Features {
			n, summed := f.Properties["sites"].(float64)
			if !summed {
				n = 1
			}
			one := tally{int(n), int(f.Properties["certain"].(float64)), int(f.Properties["possible"].(float64))}
			all.add(one)
			if p := f.Geometry.Bound().Min; p[0] <= 0 || p[1] <= 0 || p[0] >= mvt.DefaultExtent || p[1] >= mvt.DefaultExtent {
				onBorder.add(one)
			}
		}
	}
	return all, onBorder, nil
}
