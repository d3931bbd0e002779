package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"muster/internal/errs"
	"muster/migrations"
)

// Migrate brings the schema up to date as the owner. Several processes may do
// so at once: one works, the others wait and find nothing to do. It returns how
// many migrations were applied.
func Migrate(ctx context.Context, ownerDSN string) (int, error) {
	cfg, err := pgx.ParseConfig(ownerDSN)
	if err != nil {
		return 0, errs.New(errs.Fix, "dsn", "数据库地址不对").Because(err)
	}
	db := stdlib.OpenDB(*cfg)
	defer db.Close()
	if err := checkRole(ctx, db); err != nil {
		return 0, err
	}
	provider, err := newProvider(db)
	if err != nil {
		return 0, err
	}
	applied, err := provider.Up(ctx)
	if err != nil {
		return len(applied), fmt.Errorf("migrate: %w", err)
	}
	return len(applied), nil
}

func newProvider(db *sql.DB) (*goose.Provider, error) {
	// goose polls for its lock instead of waiting in it: a waiting statement
	// would hold a snapshot that CREATE INDEX CONCURRENTLY waits for.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, migrations.FS,
		goose.WithSessionLocker(locker), goose.WithSlog(slog.New(slog.DiscardHandler)))
}

func checkRole(ctx context.Context, db *sql.DB) error {
	var there bool
	if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'muster_app')").Scan(&there); err != nil {
		return errs.New(errs.Down, "database_down", "数据库没有应答").Because(err)
	}
	if !there {
		return errs.New(errs.Fix, "no_app_role", "数据库里没有应用角色：请先以超级用户执行 CREATE ROLE muster_app LOGIN")
	}
	return nil
}

// CheckSchema refuses a database whose schema this program does not know: too
// old (migrate first) or too new (a newer program migrated it).
func (db *DB) CheckSchema(ctx context.Context) error {
	var have int64
	err := db.pool.QueryRow(ctx, "SELECT max(version_id) FROM goose_db_version WHERE is_applied").Scan(&have)
	if err != nil {
		return errs.New(errs.Fix, "schema_missing", "数据库还没有建表：请先运行 muster migrate").Because(err)
	}
	want, err := newestMigration()
	if err != nil {
		return err
	}
	if have != want {
		return errs.New(errs.Fix, "schema_version", "数据库结构是第 %d 版，本程序要第 %d 版：请运行对应版本的 muster migrate", have, want)
	}
	return nil
}

func newestMigration() (int64, error) {
	files, err := migrations.FS.ReadDir(".")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, f := range files {
		v, err := goose.NumericComponent(f.Name())
		if err != nil {
			return 0, err
		}
		newest = max(newest, v)
	}
	return newest, nil
}

// VacuumAnalyze brings the planner's statistics and the visibility map up to
// date as the owner, after a large load. The server does so by itself in time.
func VacuumAnalyze(ctx context.Context, ownerDSN string) error {
	conn, err := pgx.Connect(ctx, ownerDSN)
	if err != nil {
		return errs.New(errs.Down, "database_down", "数据库没有应答").Because(err)
	}
	defer conn.Close(ctx)
	for _, table := range []string{"site", "site_cell", "section", "project", "person", "post", "bed", "shift", "presence", "pass", "tile_site", "tile_cell"} {
		if _, err := conn.Exec(ctx, "VACUUM (ANALYZE) "+table); err != nil {
			return err
		}
	}
	return nil
}
