package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"muster/internal/roster"
)

// SomePasses reads passes in the order of their time of day, for the
// demonstration to play again.
func (db *DB) SomePasses(ctx context.Context, limit int) ([]roster.Pass, error) {
	rows, err := db.pool.Query(ctx, `
		SELECT device_id, device_time, event_key, person_id, site_id, direction, received_at FROM pass
		WHERE  event_key NOT LIKE 'replay-%' ORDER BY md5(event_key) LIMIT $1`, limit)
	if err != nil {
		return nil, kindOf(err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByNameLax[roster.Pass]) // without what the device sent
}
