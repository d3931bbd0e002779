package postgres_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
)

// The matcher reads a table of sites that stands alone: what a site belongs to
// does not matter to it.
const siteTables = `
	CREATE SCHEMA alone;
	CREATE TABLE alone.site (LIKE public.site INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
	CREATE TABLE alone.site_cell (LIKE public.site_cell INCLUDING ALL);
	CREATE INDEX ON alone.site (h3_7) INCLUDE (id) WHERE closed_at IS NULL;
	CREATE INDEX ON alone.site (id);
	CREATE INDEX ON alone.site USING gist (geom);
	SET search_path = alone, public`

// field is a square degree of the mountains, full of sites.
type field struct {
	t     *testing.T
	rng   *rand.Rand
	conn  *pgx.Conn
	sites []orb.Geometry
}

const fieldWest, fieldSouth = 102.0, 30.0

func newField(t *testing.T, sites int) *field {
	db, err := postgres.Open(t.Context(), pgtest.Clone(t).OwnerDSN, 1)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Pool().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Release(); db.Close() })
	f := &field{t: t, rng: rand.New(rand.NewPCG(7, 7)), conn: conn.Conn()}
	f.exec(siteTables)
	for i := range sites {
		f.add(f.site(), i%97 == 0)
	}
	f.exec("ANALYZE site; ANALYZE site_cell")
	return f
}

func (f *field) exec(sql string, args ...any) {
	f.t.Helper()
	if len(args) == 0 {
		args = []any{pgx.QueryExecModeSimpleProtocol}
	}
	if _, err := f.conn.Exec(f.t.Context(), sql, args...); err != nil {
		f.t.Fatal(err)
	}
}

// add stores a site as the importer does.
func (f *field) add(g orb.Geometry, closed bool) {
	f.t.Helper()
	id, first := uuid.New(), firstVertex(g)
	var closedAt *time.Time
	if closed {
		closedAt = new(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	}
	home := geo.CellAt(first, 7)
	f.exec(`INSERT INTO site (id, project_id, section_id, code, name, kind, sleeps, region, datum, geom, h3_5, h3_7, h3_9, closed_at, valid_from, recorded_at)
		VALUES ($1::uuid, $1, $1, '', '', 'tunnel', true, '510000000000', 'wgs84', $2::geometry, $3, $4, $5, $6, '2026-01-01', '2026-01-01')`,
		id, g, geo.CellAt(first, 5), home, geo.CellAt(first, 9), closedAt)
	if _, point := g.(orb.Point); !point {
		cells, err := geo.CellsOfGeometry(g, 7)
		if err != nil {
			f.t.Fatal(err)
		}
		f.exec("INSERT INTO site_cell (h3_7, site_id, home) SELECT c, $2, $3 FROM unnest($1::bigint[]) c WHERE c <> $3", cells, id, home)
	}
	f.sites = append(f.sites, g)
}

func firstVertex(g orb.Geometry) geo.LonLat {
	switch g := g.(type) {
	case orb.LineString:
		return geo.FromPoint(g[0])
	case orb.Polygon:
		return geo.FromPoint(g[0][0])
	}
	return geo.FromPoint(g.(orb.Point))
}

func (f *field) place() orb.Point {
	return orb.Point{fieldWest + f.rng.Float64(), fieldSouth + f.rng.Float64()}
}

// onGrid is a place on a coarse grid, so that things meet exactly.
func (f *field) onGrid() orb.Point {
	return orb.Point{fieldWest + float64(f.rng.IntN(65))/64, fieldSouth + float64(f.rng.IntN(65))/64}
}

func (f *field) site() orb.Geometry {
	at := f.place()
	if f.rng.IntN(3) == 0 {
		at = f.onGrid()
	}
	switch f.rng.IntN(8) {
	case 0, 1: // up to some 20 km, so that it passes through whole areas
		line := orb.LineString{at}
		for range 1 + f.rng.IntN(4) {
			at = orb.Point{at[0] + 0.05*f.rng.NormFloat64(), at[1] + 0.05*f.rng.NormFloat64()}
			line = append(line, at)
		}
		return line
	case 2: // some of them around whole areas
		return orb.Polygon{f.star(at, 0.1*math.Pow(f.rng.Float64(), 4)+1e-4, 12)}
	default:
		return at
	}
}

// star is a ragged ring.
func (f *field) star(at orb.Point, size float64, n int) orb.Ring {
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		a, d := 2*math.Pi*float64(i)/float64(n), size*(0.5+0.5*f.rng.Float64())
		ring = append(ring, orb.Point{at[0] + d*math.Cos(a), at[1] + d*math.Sin(a)})
	}
	return append(ring, ring[0])
}

// areas are the ways to make trouble.
var areas = map[string]func(f *field) orb.MultiPolygon{
	"ragged": func(f *field) orb.MultiPolygon {
		return orb.MultiPolygon{{f.star(f.place(), 0.3*f.rng.Float64()+1e-4, 3+f.rng.IntN(200))}}
	},
	"with a hole and an exclave": func(f *field) orb.MultiPolygon {
		at, size := f.place(), 0.3*f.rng.Float64()+1e-3
		return orb.MultiPolygon{
			{f.star(at, size, 40), f.star(at, size/3, 20)},
			{f.star(orb.Point{at[0] + 3*size, at[1]}, size, 15)},
			{f.star(at, size/8, 9)},
		}
	},
	"circle": func(f *field) orb.MultiPolygon {
		area, err := geo.Circle(geo.FromPoint(f.place()), math.Pow(10, 4.5*f.rng.Float64()))
		if err != nil {
			f.t.Fatal(err)
		}
		return area
	},
	"sliver": func(f *field) orb.MultiPolygon {
		at, w := f.place(), math.Pow(10, -3-8*f.rng.Float64())
		return orb.MultiPolygon{{{at, {at[0] + 0.4, at[1] + 0.2}, {at[0] + 0.4, at[1] + 0.2 + w}, at}}}
	},
	"border through sites": func(f *field) orb.MultiPolygon {
		a, b := f.onGrid(), f.onGrid()
		w, s, e, n := min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0])+1.0/64, max(a[1], b[1])+1.0/64
		return orb.MultiPolygon{{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}}
	},
	"corners at sites": func(f *field) orb.MultiPolygon {
		ring := orb.Ring{}
		for range 3 {
			ring = append(ring, firstVertex(f.sites[f.rng.IntN(len(f.sites))]).Point())
		}
		return orb.MultiPolygon{{append(ring, ring[0])}}
	},
	"made of cells": func(f *field) orb.MultiPolygon {
		at := f.place()
		center, _ := h3.LatLngToCell(h3.LatLng{Lat: at[1], Lng: at[0]}, 5+f.rng.IntN(4))
		cells, _ := center.GridDisk(f.rng.IntN(4))
		polygons, err := h3.CellsToMultiPolygon(cells)
		if err != nil {
			f.t.Fatal(err)
		}
		ring := orb.Ring{}
		for _, p := range polygons[0].GeoLoop {
			ring = append(ring, orb.Point{p.Lng, p.Lat})
		}
		return orb.MultiPolygon{{append(ring, ring[0])}}
	},
	"everything": func(*field) orb.MultiPolygon {
		return orb.MultiPolygon{{{{97, 26}, {109, 26}, {109, 34}, {97, 34}, {97, 26}}}}
	},
	"elsewhere": func(*field) orb.MultiPolygon {
		return orb.MultiPolygon{{{{120, 40}, {121, 40}, {121, 41}, {120, 40}}}}
	},
}

func TestMatchingIsExactlyST_Intersects(t *testing.T) {
	f := newField(t, 3000)
	for name, draw := range areas {
		t.Run(name, func(t *testing.T) {
			times, matched := 250, 0
			if name == "everything" || name == "elsewhere" {
				times = 2
			}
			for range times {
				area := draw(f)
				for len(geo.Defects(area)) > 0 {
					area = draw(f)
				}
				matched += f.compare(t, area)
			}
			if matched == 0 && name != "elsewhere" {
				t.Error("nothing was ever matched")
			}
		})
	}
	t.Run("20,000 vertices", func(t *testing.T) {
		centre := orb.Point{fieldWest + 0.5, fieldSouth + 0.5}
		ring := make(orb.Ring, 0, 20_001)
		for i := range 20_000 {
			a := 2 * math.Pi * float64(i) / 20_000
			d := 0.4 + 0.05*math.Sin(40*a) + 0.0002*f.rng.Float64()
			ring = append(ring, orb.Point{centre[0] + d*math.Cos(a), centre[1] + d*math.Sin(a)})
		}
		f.compare(t, orb.MultiPolygon{{append(ring, ring[0])}})
	})
}

// compare matches one area twice and returns how many sites there were.
func (f *field) compare(t *testing.T, area orb.MultiPolygon) int {
	t.Helper()
	var got, want []uuid.UUID
	err := pgx.BeginFunc(t.Context(), f.conn, func(tx pgx.Tx) (err error) {
		got, err = postgres.SitesIn(t.Context(), tx, area)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	row := f.conn.QueryRow(t.Context(), `
		WITH a AS MATERIALIZED (SELECT $1::geometry AS geom)
		SELECT coalesce(array_agg(id), '{}') FROM site, a WHERE ST_Intersects(site.geom, a.geom) AND closed_at IS NULL`, area)
	if err := row.Scan(&want); err != nil {
		t.Fatal(err)
	}
	byBytes := func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) }
	slices.SortFunc(got, byBytes)
	slices.SortFunc(want, byBytes)
	if !slices.Equal(got, want) {
		t.Fatalf("%s\n%s", cmp.Diff(want, got), geo.MarshalArea(area))
	}
	return len(want)
}

// What we call valid is what PostGIS calls valid.
func TestDefectsAreWhatST_IsValidFinds(t *testing.T) {
	f := newField(t, 10)
	valid, broken := 0, 0
	for range 1500 {
		area := f.doodle()
		var ok bool
		var reason string
		if err := f.conn.QueryRow(t.Context(), "SELECT ST_IsValid(g), ST_IsValidReason(g) FROM (SELECT $1::geometry AS g) x", area).Scan(&ok, &reason); err != nil {
			t.Fatal(err)
		}
		if d := geo.Defects(area); (len(d) == 0) != ok {
			t.Fatalf("PostGIS: %s; we: %v\n%s", reason, d, geo.MarshalArea(area))
		}
		if ok {
			valid++
		} else {
			broken++
		}
	}
	if valid < 100 || broken < 100 {
		t.Errorf("%d valid, %d broken: too few of one", valid, broken)
	}
}

// doodle is some rings on a small grid, where they often touch and cross.
func (f *field) doodle() orb.MultiPolygon {
	var area orb.MultiPolygon
	for range 1 + f.rng.IntN(2) {
		polygon := orb.Polygon{f.loop(0, 8)}
		for range f.rng.IntN(3) {
			polygon = append(polygon, f.loop(1, 6))
		}
		area = append(area, polygon)
	}
	return area
}

// loop is mostly a rectangle or triangle with whole corners.
func (f *field) loop(from, size int) orb.Ring {
	at := func() orb.Point {
		return orb.Point{100 + float64(from+f.rng.IntN(size+1)), 30 + float64(from+f.rng.IntN(size+1))}
	}
	for {
		a, b, c := at(), at(), at()
		ring := orb.Ring{a, b, c, a}
		if f.rng.IntN(2) == 0 {
			ring = orb.Ring{a, {b[0], a[1]}, b, {a[0], b[1]}, a}
		}
		if (b[0]-a[0])*(b[1]-a[1]) != 0 && (b[0]-a[0])*(c[1]-a[1]) != (b[1]-a[1])*(c[0]-a[0]) {
			return ring
		}
	}
}

func TestMatchingStopsWhenNobodyWaits(t *testing.T) {
	f := newField(t, 10)
	ctx, cancel := context.WithCancel(t.Context())
	tx, err := f.conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := postgres.SitesIn(ctx, tx, areas["everything"](f)); err == nil {
		t.Error("matched for nobody")
	}
}
