package bench

import (
	"context"
	"log/slog"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"muster/internal/clock"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/tiles"
)

// tileTables are the product's tables in the bench's schema, with its triggers.
const tileTables = `
	CREATE TABLE bench.presence (LIKE public.presence INCLUDING ALL);
	CREATE TABLE bench.tile_site (LIKE public.tile_site INCLUDING ALL);
	CREATE TABLE bench.tile_cell (LIKE public.tile_cell INCLUDING ALL);
	CREATE TABLE bench.tile_dirty (LIKE public.tile_dirty INCLUDING ALL);
	CREATE TABLE bench.tile_state (LIKE public.tile_state INCLUDING ALL);
	INSERT INTO bench.tile_state DEFAULT VALUES;
	CREATE TRIGGER tile_sum_new AFTER INSERT ON bench.tile_site REFERENCING NEW TABLE AS new_rows
	    FOR EACH STATEMENT EXECUTE FUNCTION tile_sum();
	CREATE TRIGGER tile_sum_changed AFTER UPDATE ON bench.tile_site REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	    FOR EACH STATEMENT EXECUTE FUNCTION tile_sum();
	INSERT INTO bench.tile_dirty SELECT id FROM bench.site`

// somePeople is one person at every other site, a tenth of them long ago.
const somePeople = `
	INSERT INTO bench.presence (person_id, site_id, inside, device_time, device_id, event_key, fresh_until)
	SELECT gen_random_uuid(), id, true, $1::timestamptz, project_id, 'bench',
	       CASE WHEN hashtext(id::text) % 20 = 0 THEN $1::timestamptz ELSE $1::timestamptz + interval '14 hours' END
	FROM   bench.site WHERE hashtext(id::text) % 2 = 0`

func (b *tilesBench) prepare(ctx context.Context, ownerDSN string, opt TilesOptions) error {
	cfg, err := pgxpool.ParseConfig(ownerDSN)
	if err != nil {
		return err
	}
	cfg.ConnConfig.RuntimeParams["search_path"] = "bench, public"
	if b.pool, err = tiles.Connect(ctx, cfg, 4); err != nil {
		return err
	}
	if err := b.loadSites(ctx, ownerDSN, opt); err != nil {
		b.close(context.WithoutCancel(ctx))
		return err
	}
	b.tiles, err = tiles.New(tiles.Options{Pool: b.pool, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	b.say("summing")
	began := time.Now()
	if err := b.tiles.Recount(ctx, opt.At); err != nil {
		return err
	}
	b.add(Figure{Name: "first filling of the sums", Value: time.Since(began).Seconds(), Unit: "s", Holds: true})
	return b.loadPeers(ctx)
}

func (b *tilesBench) loadSites(ctx context.Context, ownerDSN string, opt TilesOptions) error {
	b.say("making %d sites", opt.Sites)
	sites, err := newSites(opt.Seed, opt.Sites)
	if err != nil {
		return err
	}
	seen := map[uuid.UUID]bool{}
	for _, s := range sites {
		if !seen[s.project] {
			seen[s.project] = true
			b.projects = append(b.projects, s.project)
		}
	}
	b.say("loading them")
	db, err := postgres.Open(ctx, ownerDSN, 2)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.SeedRegions(ctx, opt.At); err != nil {
		return err
	}
	conn, err := db.Pool().Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := load(ctx, conn.Conn(), sites, opt.At); err != nil {
		return err
	}
	if err := putIntoCounties(ctx, conn.Conn(), sites); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, tileTables); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, somePeople, opt.At); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "VACUUM (ANALYZE) bench.site, bench.presence")
	return err
}

// putIntoCounties gives each site the county whose point is nearest.
func putIntoCounties(ctx context.Context, conn *pgx.Conn, sites []site) error {
	var counties []geo.RegionInfo
	for _, r := range geo.BuiltinRegions() {
		if r.Level == geo.County {
			counties = append(counties, r)
		}
	}
	of := map[int64]geo.Region{}
	var cells []int64
	for _, s := range sites {
		if cell := s.h3[1]; of[cell] == "" {
			of[cell] = nearest(counties, s.geom.Bound().Center())
			cells = append(cells, cell)
		}
	}
	if _, err := conn.Exec(ctx, "CREATE TABLE bench.county (h3_7 bigint PRIMARY KEY, code text NOT NULL)"); err != nil {
		return err
	}
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"bench", "county"}, []string{"h3_7", "code"},
		pgx.CopyFromSlice(len(cells), func(i int) ([]any, error) { return []any{cells[i], string(of[cells[i]])}, nil }))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "UPDATE bench.site s SET region = c.code FROM bench.county c WHERE c.h3_7 = s.h3_7")
	return err
}

func nearest(counties []geo.RegionInfo, p orb.Point) geo.Region {
	best, at := math.Inf(1), geo.Region("")
	for _, c := range counties {
		if d := math.Hypot(c.Position.Lon-p[0], c.Position.Lat-p[1]); d < best {
			best, at = d, c.Code
		}
	}
	return at
}

func collectIDs(rows pgx.Rows) ([]uuid.UUID, error) {
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}
