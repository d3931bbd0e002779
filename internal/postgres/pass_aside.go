package postgres

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/jackc/pgx/v5"
)

// heardEvery is how exactly it is kept when a device was last heard. A gate sends
// every few seconds; writing that down each time would cost as much as the pass.
const heardEvery = 20 * time.Second

// keepAside keeps what cannot be taken as a pass, and when the device was heard.
func (db *DB) keepAside(ctx context.Context, b PassBatch) error {
	heard, known := db.heard.Load(b.Device.ID)
	recently := known && b.At.Sub(heard.(time.Time)).Abs() < heardEvery
	if recently && len(b.Quarantine) == 0 {
		return nil
	}
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		if err := quarantine(ctx, tx, b); err != nil {
			return err
		}
		return touchDevice(ctx, tx, b.Device.ID, b.At)
	})
	if err == nil {
		db.heard.Store(b.Device.ID, b.At)
	}
	return err
}

func quarantine(ctx context.Context, tx pgx.Tx, b PassBatch) error {
	for _, q := range b.Quarantine {
		digest := q.Digest
		if digest == nil {
			sum := sha256.Sum256(q.Body)
			digest = sum[:]
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO pass_quarantine (id, device_id, received_at, reason, body, body_hash) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (device_id, body_hash, reason) DO NOTHING`, newID(), b.Device.ID, b.At, q.Reason, q.Body, digest)
		if err != nil {
			return err
		}
	}
	return nil
}
