package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"
)

// AsideReason is how many records of a device are kept aside for one reason.
type AsideReason struct {
	Reason  string
	Count   int
	FirstAt time.Time
	LastAt  time.Time
}

// AsideReasons counts what a device sent since an instant and is kept aside.
func (db *DB) AsideReasons(ctx context.Context, device uuid.UUID, since time.Time) ([]AsideReason, error) {
	return collect[AsideReason](ctx, db.pool, `
		SELECT reason, count(*) AS count, min(received_at) AS first_at, max(received_at) AS last_at
		FROM   pass_quarantine WHERE device_id = $1 AND received_at >= $2 GROUP BY reason ORDER BY count(*) DESC, reason`, device, since)
}

// AsideExample is a record that is kept aside, sealed or (of the first interface)
// with hashes in place of numbers.
type AsideExample struct {
	Reason     string
	ReceivedAt time.Time
	Body       json.RawMessage
}

// AsideExamples are the latest few records for each reason.
func (db *DB) AsideExamples(ctx context.Context, device uuid.UUID, since time.Time, each int) ([]AsideExample, error) {
	return collect[AsideExample](ctx, db.pool, `
		SELECT reason, received_at, body FROM (
		    SELECT reason, received_at, body, row_number() OVER (PARTITION BY reason ORDER BY received_at DESC, id DESC) AS nth
		    FROM   pass_quarantine WHERE device_id = $1 AND received_at >= $2) x
		WHERE  nth <= $3 ORDER BY reason, received_at DESC`, device, since, each)
}
