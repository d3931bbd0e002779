// Package postgres is the SQL. One file per noun (columns, row, helpers that
// take a transaction), one per act that spans nouns (receive.go, publish.go,
// pass_flush.go), read models in view_*.go.
//
// Every method that a user's request reaches takes an account.Scope first, and
// every method that needs the time takes an instant; SQL never asks for now().
package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"muster/internal/errs"
)

// DB is the pool of connections of the application role.
type DB struct {
	pool *pgxpool.Pool

	passes            [passShards]groupCommit[*passPart]
	raws              groupCommit[GateRaw]
	bells             groupCommit[[]uuid.UUID] // nobody waits for them
	passDays, rawDays partitions
	heard             sync.Map // of device id to time.Time: when it was last written down
}

// Open makes the pool. Connections know the geometry types and have the
// settings that short spatial queries need, whatever the server's defaults are.
func Open(ctx context.Context, dsn string, size int32) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, errs.New(errs.Fix, "dsn", "数据库地址不对").Because(err)
	}
	cfg.MaxConns = size
	for name, value := range map[string]string{"jit": "off", "max_parallel_workers_per_gather": "0", "timezone": "UTC",
		"application_name": "muster", "idle_in_transaction_session_timeout": "60000"} {
		cfg.ConnConfig.RuntimeParams[name] = value
	}
	cfg.AfterConnect = registerTypes
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	db := &DB{pool: pool, passDays: partitions{ensure: ensurePassDays}, rawDays: partitions{ensure: ensureRawDays}}
	if err := db.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// Close gives all connections back.
func (db *DB) Close() { db.pool.Close() }

// Pool is the bare pool, for the session store and the bench.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.pool.Ping(ctx); err != nil {
		return errs.New(errs.Down, "database_down", "数据库没有应答").Because(err)
	}
	return nil
}

// ClockSkew is how far the database's clock is from at, the caller's.
func (db *DB) ClockSkew(ctx context.Context, at time.Time) (time.Duration, error) {
	var theirs time.Time
	if err := db.pool.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&theirs); err != nil {
		return 0, errs.New(errs.Down, "database_down", "数据库没有应答").Because(err)
	}
	return theirs.Sub(at), nil
}

// inTx runs f in one transaction at READ COMMITTED.
func (db *DB) inTx(ctx context.Context, f func(pgx.Tx) error) error {
	return db.inTxAt(ctx, pgx.ReadCommitted, f)
}

// inWideTx is inTxAt for acts on one site or on a hundred thousand. A plan that
// serves every list is made for ten members and compares a large one member by
// member; here each statement is planned for the lists that it gets.
func (db *DB) inWideTx(ctx context.Context, level pgx.TxIsoLevel, f func(pgx.Tx) error) error {
	return db.inTxAt(ctx, level, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL plan_cache_mode = force_custom_plan"); err != nil {
			return err
		}
		return f(tx)
	})
}

// retries is how often a transaction that lost a race for a snapshot is run
// again before the caller hears of it.
const retries = 4

// inTxAt runs f in one transaction, again when PostgreSQL says that another one
// came between (serialization failure, deadlock). f must therefore have no
// effect but its SQL.
func (db *DB) inTxAt(ctx context.Context, level pgx.TxIsoLevel, f func(pgx.Tx) error) error {
	var err error
	for range retries {
		err = pgx.BeginTxFunc(ctx, db.pool, pgx.TxOptions{IsoLevel: level}, f)
		if !lostRace(err) {
			return kindOf(err)
		}
	}
	return errs.New(errs.Again, "busy", "同时修改的人太多，请再试一次").Because(err)
}

func lostRace(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return sameRequest(err) || sameCode(err) || ok && (pg.Code == "40001" || pg.Code == "40P01")
}

// kindOf gives the errors of the driver a kind; our own pass through.
func kindOf(err error) error {
	if err == nil || errs.KindOf(err) != errs.Internal {
		return err
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return errs.New(errs.NotFound, "not_found", "没有找到，或不在您的管辖范围").Because(err)
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code[:2] {
		case "23":
			return errs.New(errs.Conflict, "constraint", "与已有的数据冲突，请重新打开后再试").Because(err)
		case "08", "57", "53":
			return errs.New(errs.Down, "database_down", "数据库暂不可用").Because(err)
		}
	}
	if pgconn.SafeToRetry(err) || errors.Is(err, context.DeadlineExceeded) {
		return errs.New(errs.Down, "database_down", "数据库暂不可用").Because(err)
	}
	return err
}

// collect runs a query and reads its rows into structs by column name.
func collect[T any](ctx context.Context, q querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, kindOf(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, kindOf(fmt.Errorf("read rows: %w", err))
	}
	return list, nil
}

// one is collect for exactly one row; errs.NotFound when there is none.
func one[T any](ctx context.Context, q querier, sql string, args ...any) (T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		var zero T
		return zero, kindOf(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	return v, kindOf(err)
}

// querier is what a pool and a transaction have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}
