package bench

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// peers measures the same number of notices row by row, and as many jobs of River.
func (b *dispatchBench) peers(ctx context.Context) ([]Figure, error) {
	n := b.opt.Notices / 10
	took, err := b.rowByRow(ctx, n)
	if err != nil {
		return nil, err
	}
	rows := perSecond(fmt.Sprintf("peer: the same ledger row by row, 8 workers, %d notices", n), n, took)
	took, err = b.river(ctx, b.opt.Notices)
	if err != nil {
		return nil, err
	}
	river := perSecond(fmt.Sprintf("peer: River, %d jobs", b.opt.Notices), b.opt.Notices, took)
	for _, peer := range []*Figure{&rows, &river} {
		peer.Peer, peer.Ratio = "ours / this peer", b.rate/peer.Value
	}
	return []Figure{rows, river}, nil
}

// riverSchema holds River's tables while it is measured.
const riverSchema = "bench_river"

type riverArgs struct {
	Notice string `json:"notice"`
}

func (riverArgs) Kind() string { return "notice" }

// riverWorker does nothing with a job. When nothing is left it says so.
type riverWorker struct {
	river.WorkerDefaults[riverArgs]
	left atomic.Int64
	over chan struct{}
}

func (w *riverWorker) Work(context.Context, *river.Job[riverArgs]) error {
	if w.left.Add(-1) == 0 {
		close(w.over)
	}
	return nil
}

// river works off n jobs with the settings of River's own benchmark.
func (b *dispatchBench) river(ctx context.Context, n int) (time.Duration, error) {
	b.say("River with %d jobs", n)
	driver := riverpgxv5.New(b.opt.Owner)
	if _, err := b.opt.Owner.Exec(ctx, "DROP SCHEMA IF EXISTS "+riverSchema+" CASCADE; CREATE SCHEMA "+riverSchema, pgx.QueryExecModeSimpleProtocol); err != nil {
		return 0, err
	}
	defer func() {
		_, _ = b.opt.Owner.Exec(context.WithoutCancel(ctx), "DROP SCHEMA "+riverSchema+" CASCADE")
	}()
	quiet := slog.New(slog.DiscardHandler)
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Schema: riverSchema, Logger: quiet})
	if err != nil {
		return 0, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return 0, err
	}
	worker := &riverWorker{over: make(chan struct{})}
	worker.left.Store(int64(n))
	workers := river.NewWorkers()
	river.AddWorker(workers, worker)
	client, err := river.NewClient(driver, &river.Config{Schema: riverSchema, Logger: quiet, Workers: workers, JobTimeout: -1,
		FetchCooldown: 5 * time.Millisecond, FetchPollInterval: 20 * time.Millisecond,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2000}}})
	if err != nil {
		return 0, err
	}
	if err := insertJobs(ctx, client, n); err != nil {
		return 0, err
	}
	if _, err := b.opt.Owner.Exec(ctx, "VACUUM (ANALYZE) "+riverSchema+".river_job"); err != nil {
		return 0, err
	}
	return timed(func() error {
		if err := client.Start(ctx); err != nil {
			return err
		}
		select {
		case <-worker.over:
		case <-ctx.Done():
		}
		return client.Stop(context.WithoutCancel(ctx)) // returns when all is written down
	})
}

func timed(do func() error) (time.Duration, error) {
	began := time.Now()
	err := do()
	return time.Since(began), err
}

func insertJobs(ctx context.Context, client *river.Client[pgx.Tx], n int) error {
	const batch = 10_000
	for i := 0; i < n; i += batch {
		jobs := make([]river.InsertManyParams, min(batch, n-i))
		for k := range jobs {
			jobs[k].Args = riverArgs{Notice: fmt.Sprintf("notice %d", i+k)}
		}
		if _, err := client.InsertManyFast(ctx, jobs); err != nil {
			return err
		}
	}
	return nil
}
