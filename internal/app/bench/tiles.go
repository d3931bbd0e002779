package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/tiles"
)

// TilesOptions say what Tiles works on.
type TilesOptions struct {
	Sites int    // how many synthetic sites
	Seed  uint64 // another seed, other sites
	At    time.Time
}

const (
	firstZoom, lastZoom = 6, 13
	pointsFrom          = 12 // the zoom from which sites are single
	tilesPerZoom        = 16
	ourRounds           = 7
)

// Tiles measures cutting the live layer of sites for a whole province, from the
// address to the bytes in memory, beside ST_AsMVT over raw points on the same
// sites. Everything measured is decoded: from zoom 12 on each tile must hold the
// sites and people that the peers' holds; below, where ours are sums, all tiles of
// the zoom together must hold all of them.
//
// The DSN must be of the owner of a migrated database; Tiles makes a schema
// "bench" in it and drops it when done. Differing answers are an error
// (errs.Internal) beside the report; a missed goal is not.
func Tiles(ctx context.Context, ownerDSN string, opt TilesOptions, progress io.Writer) (Report, error) {
	b := tilesBench{progress: progress, report: Report{Bench: "tiles", Machine: machine()}}
	if err := b.prepare(ctx, ownerDSN, opt); err != nil {
		return b.report, err
	}
	defer b.close(context.WithoutCancel(ctx))
	for z := firstZoom; z <= lastZoom; z++ {
		b.say("zoom %d", z)
		if err := b.zoom(ctx, z); err != nil {
			return b.report, err
		}
		if err := b.whole(ctx, z); err != nil {
			return b.report, err
		}
	}
	if err := b.otherScopes(ctx); err != nil {
		return b.report, err
	}
	if err := b.refreshing(ctx, opt.At); err != nil {
		return b.report, err
	}
	if b.differing > 0 {
		return b.report, errs.New(errs.Internal, "bench_answers_differ", "%d 处瓦片内容不一致", b.differing)
	}
	return b.report, nil
}

// tilesBench is the state of one run.
type tilesBench struct {
	progress  io.Writer
	report    Report
	pool      *pgxpool.Pool // looks into the schema bench first
	tiles     *tiles.Server
	all       tally      // everything, counted by the database
	places    [][2]int64 // steps of every 50th site, for picking tiles
	projects  []uuid.UUID
	differing int
}

func (b *tilesBench) say(format string, args ...any) { fmt.Fprintf(b.progress, format+"\n", args...) }

func (b *tilesBench) close(ctx context.Context) {
	if _, err := b.pool.Exec(ctx, "DROP SCHEMA IF EXISTS bench CASCADE"); err != nil {
		b.say("the schema bench is still there: %v", err)
	}
	b.pool.Close()
}

// provinceScope is the scope of the figures: one range of codes, as an office has it.
var provinceScope = account.Scope{Ranges: []account.CodeRange{{Lo: "510000000000", Hi: "520000000000"}}}

// zoom measures the densest tiles of a zoom and some where sites stand.
func (b *tilesBench) zoom(ctx context.Context, z int) error {
	list, err := b.pick(ctx, z)
	if err != nil {
		return err
	}
	ours, peers := newSamples(), make([]*samples, len(rawPeers))
	for i := range peers {
		peers[i] = newSamples()
	}
	for i, t := range list {
		mine, err := b.cut(ctx, t, provinceScope, ours, ourRounds)
		if err != nil {
			return err
		}
		for p, peer := range rawPeers {
			theirs, onBorder, err := b.raw(ctx, peer, t, peers[p])
			if err != nil {
				return err
			}
			if z >= pointsFrom && !mine.agrees(theirs, onBorder) {
				b.differ("tile %v: %+v, %s has %+v, %+v of it on the border", t, mine, peer.name, theirs, onBorder)
			}
		}
		if i == 0 {
			b.densest(z, mine, ours, peers)
		}
	}
	b.spread(z, len(list), ours, peers)
	return nil
}

func (b *tilesBench) differ(format string, args ...any) {
	b.differing++
	b.say(format, args...)
}

// cut makes a tile several times and says what is in it.
func (b *tilesBench) cut(ctx context.Context, t tiles.Tile, s account.Scope, into *samples, rounds int) (tally, error) {
	var body []byte
	for range rounds {
		began := time.Now()
		var err error
		if body, err = b.tiles.Cut(ctx, "sites", t, s, uuid.Nil); err != nil {
			return tally{}, err
		}
		into.add(time.Since(began), len(body))
	}
	layer := "cell"
	if t.Z >= pointsFrom {
		layer = "site"
	}
	all, _, err := decode(body, layer)
	return all, err
}

// whole walks all tiles of a zoom where sums are drawn: none may be lost at an
// edge, none drawn twice.
func (b *tilesBench) whole(ctx context.Context, z int) error {
	if z >= pointsFrom {
		return nil
	}
	var sum tally
	for _, t := range b.covering(z) {
		got, err := b.cut(ctx, t, provinceScope, newSamples(), 1)
		if err != nil {
			return err
		}
		sum.add(got)
	}
	if sum != b.all {
		b.differ("all tiles of zoom %d: %+v, the table has %+v", z, sum, b.all)
	}
	return nil
}

// otherScopes measures who has more than a territory, or something else.
func (b *tilesBench) otherScopes(ctx context.Context) error {
	city := account.Scope{Ranges: []account.CodeRange{{Lo: "510100000000", Hi: "510200000000"}}, Projects: b.projects[:200]}
	for _, c := range []struct {
		name  string
		scope account.Scope
	}{
		{"a city and 200 projects anywhere", city},
		{"a province that supervises all projects", account.Scope{Ranges: provinceScope.Ranges, Projects: b.projects[:min(3000, len(b.projects))]}},
		{"a company of 40 projects", account.Scope{Projects: b.projects[:40]}},
	} {
		for _, z := range []int{6, 9, 12} {
			list, err := b.pick(ctx, z)
			if err != nil {
				return err
			}
			s := newSamples()
			if _, err := b.cut(ctx, list[0], c.scope, s, 2*ourRounds); err != nil {
				return err
			}
			b.add(Figure{Name: fmt.Sprintf("z%d densest tile, %s, median", z, c.name), Value: s.quantile(0.5), Unit: "ms", Holds: true})
		}
	}
	return nil
}

// refreshing measures keeping the sums fresh.
func (b *tilesBench) refreshing(ctx context.Context, at time.Time) error {
	rows, err := b.pool.Query(ctx, "SELECT site_id FROM tile_site ORDER BY site_id LIMIT 1000")
	if err != nil {
		return err
	}
	moved, err := collectIDs(rows)
	if err != nil {
		return err
	}
	if _, err := b.pool.Exec(ctx, "UPDATE presence SET inside = NOT inside WHERE site_id = ANY($1)", moved); err != nil {
		return err
	}
	began := time.Now()
	if err := b.tiles.Refresh(ctx, moved, at); err != nil {
		return err
	}
	b.add(Figure{Name: "refresh, 1,000 sites whose people moved", Value: milliseconds(time.Since(began)), Unit: "ms", Holds: true})
	began = time.Now()
	if err := b.tiles.Recount(ctx, at); err != nil {
		return err
	}
	b.add(Figure{Name: "recount of all, every five minutes", Value: milliseconds(time.Since(began)), Unit: "ms", Holds: true})
	return nil
}

func (b *tilesBench) add(f Figure) { b.report.Figures = append(b.report.Figures, f) }

// samples are the times and sizes of one engine.
type samples struct {
	ms    []float64
	bytes int // the largest
}

func newSamples() *samples { return &samples{} }

func (s *samples) add(d time.Duration, size int) {
	s.ms = append(s.ms, milliseconds(d))
	s.bytes = max(s.bytes, size)
}

func (s *samples) quantile(q float64) float64 {
	sorted := slices.Sorted(slices.Values(s.ms))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}
