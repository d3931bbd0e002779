package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// GateRaw is a request of a device as it came, without faces, its body sealed.
type GateRaw struct {
	ID          uuid.UUID
	DeviceID    uuid.UUID
	Protocol    string
	At          time.Time
	Path, Query string
	ContentType string
	BodySealed  string
	Dropped     int
	SHA256      []byte
}

// KeepRaw keeps a request before it is read. The same request on the same day is
// the same row (primary key of gate_raw).
func (db *DB) KeepRaw(ctx context.Context, r GateRaw) error {
	return db.raws.submit(ctx, r, 1, db.writeRaws).wait(ctx)
}

func (db *DB) writeRaws(ctx context.Context, list []GateRaw) error {
	ctx, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	if err := db.rawDays.have(ctx, db.pool, daysOf(list, func(r GateRaw) time.Time { return r.At })); err != nil {
		return err
	}
	_, err := db.pool.Exec(ctx, `
		INSERT INTO gate_raw (id, device_id, protocol, received_at, day, path, query, content_type, body_sealed, dropped, sha256)
		SELECT id, device, protocol, at, (at AT TIME ZONE 'UTC')::date, path, query, type, body, dropped, sha
		FROM   unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::bytea[])
		       x(id, device, protocol, at, path, query, type, body, dropped, sha)
		ON CONFLICT DO NOTHING`,
		column(list, func(r GateRaw) uuid.UUID { return r.ID }), column(list, func(r GateRaw) uuid.UUID { return r.DeviceID }),
		column(list, func(r GateRaw) string { return r.Protocol }), column(list, func(r GateRaw) time.Time { return r.At }),
		column(list, func(r GateRaw) string { return r.Path }), column(list, func(r GateRaw) string { return r.Query }),
		column(list, func(r GateRaw) string { return r.ContentType }), column(list, func(r GateRaw) string { return r.BodySealed }),
		column(list, func(r GateRaw) int { return r.Dropped }), column(list, func(r GateRaw) []byte { return r.SHA256 }))
	return kindOf(err)
}
