package app

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5/pgxpool"

	"muster/internal/app/bench"
	"muster/internal/postgres"
	"muster/internal/postgres/cluster"
)

type benchCommand struct {
	Match   benchMatch   `cmd:"" help:"一百万点位上的区域匹配"`
	Preview benchPreview `cmd:"" help:"三万点位、五十万人上的发布预览"`
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

// Run measures matching.
func (c *benchMatch) Run(ctx context.Context, sh shell) error {
	return withBenchDatabase(ctx, sh, c.JSON, func(p *pgxpool.Pool) (bench.Report, error) {
		return bench.Match(ctx, p, bench.MatchOptions{Sites: c.Sites, Seed: c.Seed}, sh.stderr)
	})
}

// Run measures previewing.
func (c *benchPreview) Run(ctx context.Context, sh shell) error {
	return withBenchDB(ctx, sh, c.JSON, func(db *postgres.DB) (bench.Report, error) {
		return bench.Preview(ctx, db, bench.PreviewOptions{Sites: c.Sites, People: c.People, At: sh.clock.Now()}, sh.stderr)
	})
}

func withBenchDatabase(ctx context.Context, sh shell, asJSON bool, run func(*pgxpool.Pool) (bench.Report, error)) error {
	return withBenchDB(ctx, sh, asJSON, func(db *postgres.DB) (bench.Report, error) { return run(db.Pool()) })
}

// withBenchDB runs a bench on a migrated database: the configured one, or a
// private cluster that is gone afterwards.
func withBenchDB(ctx context.Context, sh shell, asJSON bool, run func(*postgres.DB) (bench.Report, error)) error {
	dsn := sh.getenv("MUSTER_BENCH_DATABASE")
	if dsn == "" {
		private, done, err := privateDatabase(ctx)
		if err != nil {
			return err
		}
		defer done()
		dsn = private
	}
	db, err := postgres.Open(ctx, dsn, 8)
	if err != nil {
		return err
	}
	defer db.Close()
	report, err := run(db)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(sh.stdout).Encode(report)
	}
	return report.WriteTable(sh.stdout)
}

func privateDatabase(ctx context.Context) (string, func(), error) {
	dir, err := os.MkdirTemp("", "muster-bench-")
	if err != nil {
		return "", nil, err
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", nil, err
	}
	c, err := cluster.Start(ctx, cluster.Options{Dir: filepath.Join(dir, "pg"), Settings: []string{"shared_buffers=1GB"}})
	if err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, err
	}
	done := func() {
		_ = c.Stop()
		_ = os.RemoveAll(dir)
	}
	if err := c.CreateDatabase(ctx, database); err != nil {
		done()
		return "", nil, err
	}
	if _, err := postgres.Migrate(ctx, c.DSN(cluster.Owner, database)); err != nil {
		done()
		return "", nil, err
	}
	return c.DSN(cluster.App, database), done, nil
}
