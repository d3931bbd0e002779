package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// heardEvery is how exactly it is kept when a device was last heard. A gate sends
// every few seconds; writing that down each time would cost as much as the pass.
const heardEvery = 20 * time.Second

// keepAside keeps what cannot be taken as a pass. A device that sends nothing else
// is heard all the same.
func (db *DB) keepAside(ctx context.Context, b PassBatch) error {
	if len(b.Quarantine) == 0 {
		return nil
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := quarantine(ctx, tx, b); err != nil {
			return err
		}
		return touchDevice(ctx, tx, b.Device.ID, b.At)
	})
}

// hearing are the devices of a group that were not heard just now, with when they
// are heard.
func (db *DB) hearing(group []*passPart) map[uuid.UUID]time.Time {
	heard := map[uuid.UUID]time.Time{}
	for _, p := range group {
		last, known := db.heard.Load(p.device.ID)
		if known && p.at.Sub(last.(time.Time)) < heardEvery {
			continue
		}
		if p.at.After(heard[p.device.ID]) {
			heard[p.device.ID] = p.at
		}
	}
	return heard
}

// touchDevices keeps when devices were last heard, in the order of their ids: two
// groups that hear the same ones wait for each other.
func touchDevices(ctx context.Context, tx pgx.Tx, heard map[uuid.UUID]time.Time) error {
	if len(heard) == 0 {
		return nil
	}
	ids := slices.SortedFunc(maps.Keys(heard), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	_, err := tx.Exec(ctx, `
		UPDATE device d SET last_seen_at = greatest(d.last_seen_at, x.at)
		FROM  (SELECT d.id, x.at FROM unnest($1::uuid[], $2::timestamptz[]) x(id, at) JOIN device d USING (id) ORDER BY d.id FOR UPDATE OF d) x
		WHERE  d.id = x.id`, ids, column(ids, func(id uuid.UUID) time.Time { return heard[id] }))
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
