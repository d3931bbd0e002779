package postgres

import (
	"context"

	"muster/internal/roster"
)

// SomePasses reads passes in the order of their time of day, for the
// demonstration to play again.
func (db *DB) SomePasses(ctx context.Context, limit int) ([]roster.Pass, error) {
	return collect[roster.Pass](ctx, db.pool, `
		SELECT device_id, device_time, event_key, person_id, site_id, direction, received_at, '' AS content FROM pass
		WHERE  event_key NOT LIKE 'replay-%' ORDER BY md5(event_key) LIMIT $1`, limit)
}
