package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"muster/internal/account"
	"muster/internal/app/bench"
	"muster/internal/postgres"
	"muster/internal/postgres/cluster"
)

type benchCommand struct {
	Match   benchMatch   `cmd:"" help:"一百万点位上的区域匹配"`
	Preview benchPreview `cmd:"" help:"三万点位、五十万人上的发布预览"`
	Tiles   benchTiles   `cmd:"" help:"一百万点位上的地图瓦片，与 ST_AsMVT 对比"`

	Dispatch benchDispatch `cmd:"" help:"发布、通知台账、首次呼叫，与 River 对比"`
	Passes   benchPasses   `cmd:"" help:"打卡入库与在场，与逐条事务对比"`
}

type benchMatch struct {
	Sites int    `help:"点位数" default:"1000000"`
	Seed  uint64 `help:"随机种子" default:"1"`
	JSON  bool   `help:"输出 JSON" name:"json"`
}

type benchPreview struct {
	Sites  int  `help:"点位数" default:"30000"`
	People int  `help:"人数" default:"500000"`
	JSON   bool `help:"输出 JSON" name:"json"`
}

type benchDispatch struct {
	Small bool `help:"只用一万点位，几秒钟看个大概"`
	JSON  bool `help:"输出 JSON" name:"json"`
}

type benchPasses struct {
	Callers int  `help:"同时推送的闸机数" default:"256"`
	History int  `help:"事先已有的打卡数" default:"1000000"`
	Seconds int  `help:"每种方式测多少秒" default:"6"`
	JSON    bool `help:"输出 JSON" name:"json"`
}

// Run measures taking passes.
func (c *benchPasses) Run(ctx context.Context, sh shell) error {
	return onBenchDatabase(ctx, sh, c.JSON, func(b opened) (bench.Report, error) {
		owner, err := pgxpool.New(ctx, b.owner)
		if err != nil {
			return bench.Report{}, err
		}
		defer owner.Close()
		keys, err := account.NewSealer(account.NewKeyRing("bench"))
		if err != nil {
			return bench.Report{}, err
		}
		gates := (&service{opened: opened{db: b.db, sealer: keys}, clock: sh.clock, log: slog.New(slog.DiscardHandler)}).gates()
		return bench.Passes(ctx, b.db, bench.PassesOptions{Sites: 30_000, People: 500_000, Callers: c.Callers, History: c.History,
			Lasts: time.Duration(c.Seconds) * time.Second, Owner: owner, Tidy: b.tidy, Gates: gates, Sealer: keys}, sh.stderr)
	})
}

// Run measures the way from publishing to the carrier.
func (c *benchDispatch) Run(ctx context.Context, sh shell) error {
	return onBenchDatabase(ctx, sh, c.JSON, func(b opened) (bench.Report, error) {
		owner, err := pgxpool.New(ctx, b.owner)
		if err != nil {
			return bench.Report{}, err
		}
		defer owner.Close()
		opt := bench.DispatchOptions{Sites: 100_000, Near: 2_000, Notices: 100_000, Owner: owner, Tidy: b.tidy}
		if c.Small {
			opt.Sites, opt.Near, opt.Notices = 10_000, 500, 10_000
		}
		return bench.Dispatch(ctx, b.db, opt, sh.stderr)
	})
}

// Run measures matching, as the owner: it makes a schema of its own.
func (c *benchMatch) Run(ctx context.Context, sh shell) error {
	return onBenchDatabase(ctx, sh, c.JSON, func(b opened) (bench.Report, error) {
		db, err := postgres.Open(ctx, b.owner, 4)
		if err != nil {
			return bench.Report{}, err
		}
		defer db.Close()
		return bench.Match(ctx, db.Pool(), bench.MatchOptions{Sites: c.Sites, Seed: c.Seed}, sh.stderr)
	})
}

// Run measures previewing.
func (c *benchPreview) Run(ctx context.Context, sh shell) error {
	return onBenchDatabase(ctx, sh, c.JSON, func(b opened) (bench.Report, error) {
		return bench.Preview(ctx, b.db, bench.PreviewOptions{Sites: c.Sites, People: c.People, At: sh.clock.Now(), Tidy: b.tidy}, sh.stderr)
	})
}

// onBenchDatabase runs a bench on a migrated, empty database: the one that
// MUSTER_BENCH_DATABASE and MUSTER_BENCH_OWNER name, or a private cluster that
// is gone afterwards.
func onBenchDatabase(ctx context.Context, sh shell, asJSON bool, run func(opened) (bench.Report, error)) error {
	dsn, owner := sh.getenv("MUSTER_BENCH_DATABASE"), sh.getenv("MUSTER_BENCH_OWNER")
	if dsn == "" {
		c, done, err := privateCluster(ctx)
		if err != nil {
			return err
		}
		defer done()
		dsn, owner = c.DSN(cluster.App, database), c.DSN(cluster.Owner, database)
	}
	db, err := postgres.Open(ctx, dsn, 8)
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := run(opened{db: db, owner: owner})
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(sh.stdout).Encode(report)
	}
	return report.WriteTable(sh.stdout)
}

func privateCluster(ctx context.Context) (*cluster.Cluster, func(), error) {
	dir, err := os.MkdirTemp("", "muster-bench-")
	if err != nil {
		return nil, nil, err
	}
	// The server's user passes here; its own directory below is closed.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, nil, err
	}
	c, err := cluster.Start(ctx, cluster.Options{Dir: filepath.Join(dir, "pg"), Settings: []string{"shared_buffers=1GB"}})
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, nil, err
	}
	done := func() {
		_ = c.Stop()
		_ = os.RemoveAll(dir)
	}
	if err := c.CreateDatabase(ctx, database); err != nil {
		done()
		return nil, nil, err
	}
	if _, err := postgres.Migrate(ctx, c.DSN(cluster.Owner, database)); err != nil {
		done()
		return nil, nil, err
	}
	return c, done, nil
}
