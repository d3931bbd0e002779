package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"muster/internal/errs"
)

// MatchOptions say what Match works on.
type MatchOptions struct {
	Sites int    // how many synthetic sites
	Seed  uint64 // another seed, other sites and areas
}

// stormConnections is how many connections share a storm of warnings.
const stormConnections = 2

// Match measures finding the sites in 200 areas never seen before: 120 circles
// and convex polygons, 75 ragged counties, five half provinces of 20,000
// vertices. Each area is given to Muster and to its peers in turn, on the same
// table, from the area in memory to the ids in memory.
//
// The pool must belong to the owner of a migrated database; Match makes a
// schema "bench" in it and drops it when done. Differing answers are an error
// (errs.Internal) beside the report; a missed goal is not.
func Match(ctx context.Context, pool *pgxpool.Pool, opt MatchOptions, progress io.Writer) (Report, error) {
	m := matchBench{progress: progress}
	areas, err := newAreas(rand.New(rand.NewPCG(opt.Seed, 2)))
	if err != nil {
		return Report{}, err
	}
	defer m.close(context.WithoutCancel(ctx))
	if err := m.prepare(ctx, pool, opt); err != nil {
		return Report{}, err
	}
	if err := m.warm(ctx, opt.Seed); err != nil {
		return Report{}, err
	}
	if err := m.one(ctx, areas); err != nil {
		return Report{}, err
	}
	if err := m.storm(ctx, areas); err != nil {
		return Report{}, err
	}
	r := Report{Bench: "match", Machine: machine(), Figures: m.figures(opt.Sites)}
	if m.differing > 0 {
		return r, errs.New(errs.Internal, "bench_answers_differ", "%d 个范围的结果不一致", m.differing)
	}
	return r, nil
}

// matchBench is the state of one run.
type matchBench struct {
	progress  io.Writer
	conns     []*pgxpool.Conn
	times     map[shape][][]time.Duration // by engine
	storms    []time.Duration             // by engine
	answers   []answer                    // by area
	matched   map[shape]int
	differing int
}

func (m *matchBench) say(format string, args ...any) {
	fmt.Fprintf(m.progress, format+"\n", args...)
}

func (m *matchBench) prepare(ctx context.Context, pool *pgxpool.Pool, opt MatchOptions) error {
	m.say("making %d sites", opt.Sites)
	sites, err := newSites(opt.Seed, opt.Sites)
	if err != nil {
		return err
	}
	m.say("loading them, in H3 order")
	for range stormConnections {
		conn, err := pool.Acquire(ctx)
		if err != nil {
			return err
		}
		m.conns = append(m.conns, conn)
	}
	if err := load(ctx, m.conns[0].Conn(), sites, time.Now()); err != nil {
		return err
	}
	for _, conn := range m.conns {
		if _, err := conn.Exec(ctx, "SET search_path = bench, public; SET jit = off; SET max_parallel_workers_per_gather = 0;"+peerTables); err != nil {
			return err
		}
	}
	return nil
}

// close drops what the run made and closes its connections, whose settings
// nobody else should inherit.
func (m *matchBench) close(ctx context.Context) {
	for i, conn := range m.conns {
		if i == 0 {
			if _, err := conn.Exec(ctx, "DROP SCHEMA IF EXISTS bench CASCADE"); err != nil {
				m.say("the schema bench is still there: %v", err)
			}
		}
		_ = conn.Hijack().Close(ctx)
	}
}

// warm gives other areas to all engines on all connections, so that none is
// measured while it reads the table for the first time or plans a statement.
func (m *matchBench) warm(ctx context.Context, seed uint64) error {
	m.say("warming up, with other areas")
	areas, err := newAreas(rand.New(rand.NewPCG(seed, 3)))
	if err != nil {
		return err
	}
	for i, a := range areas {
		for e := range engines {
			if _, _, err := m.find(ctx, m.conns[i%len(m.conns)], e, a); err != nil {
				return err
			}
		}
	}
	return nil
}

// find runs one engine on one area in a transaction of its own.
func (m *matchBench) find(ctx context.Context, conn *pgxpool.Conn, engine int, a area) (answer, time.Duration, error) {
	start := time.Now()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return answer{}, 0, err
	}
	ids, err := engines[engine].find(ctx, tx, a.geom)
	if err != nil {
		return answer{}, 0, fmt.Errorf("%s: %w", engines[engine].name, errorsWithRollback(ctx, tx, err))
	}
	if err := tx.Commit(ctx); err != nil {
		return answer{}, 0, err
	}
	took := time.Since(start)
	return answerOf(ids), took, nil
}

func errorsWithRollback(ctx context.Context, tx pgx.Tx, err error) error {
	_ = tx.Rollback(context.WithoutCancel(ctx))
	return err
}

// one gives each area to each engine, one after the other.
func (m *matchBench) one(ctx context.Context, areas []area) error {
	m.times, m.matched = map[shape][][]time.Duration{}, map[shape]int{}
	for _, s := range []shape{small, county, province} {
		m.times[s] = make([][]time.Duration, len(engines))
	}
	for i, a := range areas {
		if i%50 == 0 {
			m.say("area %d of %d", i+1, len(areas))
		}
		var first answer
		for turn := range engines {
			e := (i + turn) % len(engines) // nobody always goes first
			got, took, err := m.find(ctx, m.conns[0], e, a)
			if err != nil {
				return err
			}
			m.times[a.shape][e] = append(m.times[a.shape][e], took)
			if turn == 0 {
				first = got
			} else if got != first {
				m.differing++
				m.say("area %d (%s): %s finds %d sites, %s %d", i+1, a.shape, engines[e].name, got.count, engines[i%len(engines)].name, first.count)
			}
		}
		m.answers = append(m.answers, first)
		m.matched[a.shape] += first.count
	}
	return nil
}

// storm gives all areas at once to each engine.
func (m *matchBench) storm(ctx context.Context, areas []area) error {
	for e := range engines {
		m.say("storm of %d areas: %s", len(areas), engines[e].name)
		queue := make(chan int, len(areas))
		for i := range areas {
			queue <- i
		}
		close(queue)
		wrong := make([]int, len(m.conns))
		start := time.Now()
		group, ctx := errgroup.WithContext(ctx)
		for c, conn := range m.conns {
			group.Go(func() error {
				for i := range queue {
					got, _, err := m.find(ctx, conn, e, areas[i])
					if err != nil {
						return err
					}
					if got != m.answers[i] {
						wrong[c]++
					}
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		m.storms = append(m.storms, time.Since(start))
		for _, n := range wrong {
			m.differing += n
		}
	}
	return nil
}
