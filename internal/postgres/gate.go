package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"muster/internal/errs"
)

// Gate is a device that speaks a protocol of its own, as its requests need it.
type Gate struct {
	Device
	Protocol     string
	KeyID        *string
	SecretSealed *string
	BareSerial   string
	Readers      map[string]string
	SaysIn       bool
	System       string
	Zone         string
	Addresses    []string
	PerMinute    int
	ApprovedAt   *time.Time
	DisabledAt   *time.Time
	ClockOffset  *int64 // milliseconds ahead of ours
}

const gateSQL = `
SELECT d.id, d.serial, d.site_id, d.purpose, d.direction, d.disabled_at, g.protocol, g.key_id, g.secret_sealed, g.bare_serial, g.readers, g.says_in,
       g.system, g.zone, g.addresses, g.per_minute, g.approved_at, g.clock_offset_ms AS clock_offset
FROM   gate g JOIN device d ON d.id = g.device_id `

// GateByToken finds the device whose address has a token; tokenHash is its hash.
func (db *DB) GateByToken(ctx context.Context, protocol string, tokenHash []byte) (Gate, error) {
	return one[Gate](ctx, db.pool, gateSQL+"WHERE d.key_hash = $2 AND g.protocol = $1", protocol, tokenHash)
}

// GateByKeyID finds the device that signs with a key.
func (db *DB) GateByKeyID(ctx context.Context, protocol, keyID string) (Gate, error) {
	return one[Gate](ctx, db.pool, gateSQL+"WHERE g.key_id = $2 AND g.protocol = $1", protocol, keyID)
}

// BareGates are the devices that may come without a token and bear a serial.
// There may be several: their addresses tell them apart.
func (db *DB) BareGates(ctx context.Context, protocol, serial string) ([]Gate, error) {
	return collect[Gate](ctx, db.pool, gateSQL+"WHERE g.bare_serial = $2 AND g.bare_serial <> '' AND g.protocol = $1 ORDER BY d.id", protocol, serial)
}

// GateBeat is a sign of life.
type GateBeat struct {
	Device          uuid.UUID
	At              time.Time
	Ahead           *time.Duration // of our clock
	Serial          string
	Model, Firmware string
	Address         string
	Backlog         *int
	Twin            bool
}

// BeatGate keeps how a device is. A device that was registered without a serial
// gets the one that it names.
func (db *DB) BeatGate(ctx context.Context, b GateBeat) error {
	var ahead *int64
	if b.Ahead != nil {
		ms := b.Ahead.Milliseconds()
		ahead = &ms
	}
	_, err := db.pool.Exec(ctx, `
		WITH beat AS (
		    UPDATE gate SET beat_at = greatest(beat_at, $2), clock_offset_ms = coalesce($3, clock_offset_ms), model = coalesce(nullif($4, ''), model),
		           firmware = coalesce(nullif($5, ''), firmware), address = coalesce(nullif($6, ''), address), backlog = coalesce($7, backlog),
		           twin_at = CASE WHEN $8 THEN $2 ELSE twin_at END, said_serial = coalesce(nullif($9, ''), said_serial)
		    WHERE  device_id = $1)
		UPDATE device SET last_seen_at = greatest(last_seen_at, $2) WHERE id = $1`,
		b.Device, b.At, ahead, b.Model, b.Firmware, b.Address, b.Backlog, b.Twin, b.Serial)
	return kindOf(err)
}

// GateOnce says whether a nonce is new for a device, and remembers it (primary
// key of gate_nonce). Those that have run out are forgotten on the way.
func (db *DB) GateOnce(ctx context.Context, device uuid.UUID, nonce string, until, at time.Time) (fresh bool, err error) {
	tag, err := db.pool.Exec(ctx, `
		WITH gone AS (DELETE FROM gate_nonce WHERE device_id = $1 AND until < $4)
		INSERT INTO gate_nonce (device_id, nonce, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, device, nonce, until, at)
	return tag.RowsAffected() == 1, kindOf(err)
}

// GateOrder is one thing that a device shall do.
type GateOrder struct {
	ID     int64
	Kind   string
	FromAt *time.Time
	ToAt   *time.Time
	Door   int
}

// GateOrders are the orders of a device that it has not said done.
func (db *DB) GateOrders(ctx context.Context, device uuid.UUID) ([]GateOrder, error) {
	return collect[GateOrder](ctx, db.pool, "SELECT id, kind, from_at, to_at, door FROM gate_order WHERE device_id = $1 AND done_at IS NULL ORDER BY id LIMIT 10", device)
}

// GateOrderDone keeps a device's word about an order.
func (db *DB) GateOrderDone(ctx context.Context, device uuid.UUID, order int64, code int, at time.Time) error {
	_, err := db.pool.Exec(ctx, "UPDATE gate_order SET done_at = $3, code = $4 WHERE device_id = $1 AND id = $2 AND done_at IS NULL", device, order, at, code)
	return kindOf(err)
}

// UnknownGate is a device that nobody registered.
type UnknownGate struct {
	ID       uuid.UUID
	Protocol string
	Serial   string
	Address  string
	Model    string
	FirstAt  time.Time
	LastAt   time.Time
	Times    int
}

// strangers is how many unregistered devices are remembered. Anybody can knock.
const strangers = 2000

// KnockedGate puts a device into the adoption queue (待认领); the same device again
// is the same row.
func (db *DB) KnockedGate(ctx context.Context, u UnknownGate) error {
	_, err := db.pool.Exec(ctx, `
		INSERT INTO gate_unknown AS u (id, protocol, serial, address, model, first_at, last_at)
		SELECT $1, $2, $3, $4, $5, $6, $6 WHERE (SELECT count(*) FROM gate_unknown) < $7
		ON CONFLICT (protocol, serial, address) DO UPDATE SET last_at = excluded.last_at, times = u.times + 1, model = coalesce(nullif(excluded.model, ''), u.model)`,
		newID(), u.Protocol, u.Serial, u.Address, u.Model, u.LastAt, strangers)
	return kindOf(err)
}

// UnknownGates are the devices that wait to be adopted, the latest first.
func (db *DB) UnknownGates(ctx context.Context) ([]UnknownGate, error) {
	return collect[UnknownGate](ctx, db.pool, `
		SELECT id, protocol, serial, address, model, first_at, last_at, times FROM gate_unknown ORDER BY last_at DESC LIMIT 200`)
}

// GateConfig is how a device is to be spoken to.
type GateConfig struct {
	Protocol     string
	KeyID        string
	SecretSealed string
	BareSerial   string
	Readers      map[string]string
	SaysIn       bool
	System       string
	Zone         string
	Addresses    []string
	PerMinute    int
	SilentAfter  time.Duration // 0: the default
}

// PutGate writes how a device is spoken to. It was applied for by whoever writes
// it; until an authority agrees (ApproveGate) its records are refused.
func (db *DB) PutGate(ctx context.Context, device uuid.UUID, c GateConfig, by Actor, at time.Time) error {
	readers := c.Readers
	if readers == nil {
		readers = map[string]string{}
	}
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO gate (device_id, protocol, key_id, secret_sealed, bare_serial, readers, says_in, system, zone, addresses, per_minute, applied_at, applied_by, recorded_at, silent_after)
			VALUES ($1, $2, nullif($3, ''), nullif($4, ''), $5, $6, $7, $8, $9, $10, $11, $12, $13, $12, nullif($14, interval '0'))
			ON CONFLICT (device_id) DO UPDATE SET protocol = excluded.protocol, key_id = excluded.key_id,
			    secret_sealed = coalesce(excluded.secret_sealed, gate.secret_sealed), bare_serial = excluded.bare_serial, readers = excluded.readers,
			    says_in = excluded.says_in, system = excluded.system, zone = excluded.zone, addresses = excluded.addresses,
			    per_minute = excluded.per_minute, recorded_at = excluded.recorded_at, silent_after = excluded.silent_after`,
			device, c.Protocol, c.KeyID, c.SecretSealed, c.BareSerial, readers, c.SaysIn, c.System, c.Zone, orNothing(c.Addresses), c.PerMinute, at, by.Name, c.SilentAfter)
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "put_gate", "device", device.String(), map[string]any{"protocol": c.Protocol}, at)
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.ConstraintName == "gate_key" {
		return errs.New(errs.Conflict, "gate_key", "这个密钥编号已用在另一台设备上")
	}
	return err
}

func orNothing(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
