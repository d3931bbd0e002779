package app

import (
	"context"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/tiles"
)

const (
	defaultCacheMB  = 512
	tileConnections = 4 // of each replica, beside the others
)

// mapTiles is the map as the environment has it; on one machine the operator's
// files and the cache lie in the data directory.
func (s service) mapTiles(pool *pgxpool.Pool) (*tiles.Server, error) {
	megabytes, err := strconv.Atoi(or(s.getenv("MUSTER_BASEMAP_CACHE_MB"), strconv.Itoa(defaultCacheMB)))
	if err != nil || megabytes < 0 {
		return nil, errs.New(errs.Fix, "basemap_cache", "MUSTER_BASEMAP_CACHE_MB 应是一个数（MB）")
	}
	return tiles.New(tiles.Options{Pool: pool, Clock: s.clock, Log: s.log, Dir: or(s.getenv("MUSTER_TILES_DIR"), s.within("tiles")),
		Basemap: tiles.Basemap{URL: s.getenv("MUSTER_BASEMAP_URL"), Key: s.getenv("MUSTER_BASEMAP_KEY"), Attribution: s.getenv("MUSTER_BASEMAP_ATTRIBUTION"),
			CacheDir: or(s.getenv("MUSTER_BASEMAP_CACHE"), s.within("tiles-cache")), CacheBytes: int64(megabytes) << 20}})
}

// within is a place in the data directory; "" where there is none.
func (s service) within(name string) string {
	if s.dataDir == "" {
		return ""
	}
	return filepath.Join(s.dataDir, name)
}

// keepTiles keeps the map's sums fresh: told by the database's bells, and looking
// by itself for what a bell did not reach.
func (s service) keepTiles(ctx context.Context, t *tiles.Server) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return t.Run(ctx) })
	g.Go(func() error {
		for {
			err := s.db.Listen(ctx, func(b postgres.Bell) {
				if b.Headcount != uuid.Nil {
					t.Moved(b.Headcount)
				} else {
					t.Written()
				}
			})
			if ctx.Err() != nil {
				return nil
			}
			s.log.Warn("bell of the tiles lost, counting anew", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
			t.Missed()
		}
	})
	return g.Wait()
}
