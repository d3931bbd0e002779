package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/response"
)

// GiveOnce is Give for a request that may come again: the answer that was given
// the first time is given again, and nothing is done.
func (db *DB) GiveOnce(ctx context.Context, scope account.Scope, a Answer, o Once, at time.Time) ([]response.Standing, error) {
	var list []response.Standing
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		list, err = onceAs(ctx, tx, o, at, func() ([]response.Standing, error) {
			threads, err := lockThreads(ctx, tx, a.Threads)
			if err == nil {
				err = allWithin(scope, a.Threads, threads)
			}
			if err != nil {
				return nil, err
			}
			return give(ctx, tx, a, threads, at)
		})
		return err
	})
	return list, err
}

// Happened says whether an event was taken: the act that it stands for is done
// and need not be done again.
func (db *DB) Happened(ctx context.Context, event uuid.UUID) (bool, error) {
	var there bool
	err := db.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM response_event WHERE id = $1)", event).Scan(&there)
	return there, kindOf(err)
}

// Standings is where threads of the scope stand now.
func (db *DB) Standings(ctx context.Context, scope account.Scope, threads []uuid.UUID) ([]response.Standing, error) {
	args := pgx.NamedArgs{"ids": threads}
	return collect[response.Standing](ctx, db.pool, `
		SELECT r.id AS thread_id, r.site_id, r.site_name, r.state, false AS changed, '' AS why FROM response r
		WHERE  r.id = ANY(@ids) AND `+scopeColumns(scope, args, "r.region", "r.project_id", "r.section_id", "r.site_id")+" ORDER BY r.id", args)
}
