package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/roster"
)

// RegisterDevice stores a new device at a site of the scope. fresh is false when
// the request had been answered before: then the key is not that of the device.
func (db *DB) RegisterDevice(ctx context.Context, scope account.Scope, d roster.Device, key string, by Actor, o Once, at time.Time) (id uuid.UUID, fresh bool, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		fresh = false
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			fresh = true
			where, _, err := placeOfSite(ctx, tx, scope, d.SiteID)
			if err != nil {
				return uuid.Nil, err
			}
			if other, err := exists(ctx, tx, "SELECT FROM device WHERE serial = $1", d.Serial); err != nil || other {
				return uuid.Nil, firstOf(err, taken("serial", "这个序列号已经登记过"))
			}
			d.ID = newID()
			_, err = tx.Exec(ctx, "INSERT INTO device (id, serial, site_id, purpose, direction, key_hash, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
				d.ID, d.Serial, d.SiteID, d.Purpose, d.Direction, account.KeyHash(key), at)
			return d.ID, firstOf(err, audit(ctx, tx, by, "register_device", "device", d.ID.String(), map[string]any{"serial": d.Serial, "site": d.SiteID}, at),
				announce(ctx, tx, "device", d.ID, where, at))
		})
		return err
	})
	return id, fresh, err
}

// UpdateDevice moves a device of the scope to a site of the scope, changes what
// it is for, takes it out of use or back into it.
func (db *DB) UpdateDevice(ctx context.Context, scope account.Scope, version int, d roster.Device, disabled bool, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if err := lockDevice(ctx, tx, scope, d.ID, version); err != nil {
			return err
		}
		where, _, err := placeOfSite(ctx, tx, scope, d.SiteID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE device SET site_id = $2, purpose = $3, direction = $4, disabled_at = CASE WHEN $5 THEN coalesce(disabled_at, $6) END WHERE id = $1`,
			d.ID, d.SiteID, d.Purpose, d.Direction, disabled, at)
		return firstOf(err, audit(ctx, tx, by, "change_device", "device", d.ID.String(), map[string]any{"site": d.SiteID, "purpose": d.Purpose, "disabled": disabled}, at),
			announce(ctx, tx, "device", d.ID, where, at))
	})
}

// RekeyDevice gives a device of the scope another key; the old one is void.
func (db *DB) RekeyDevice(ctx context.Context, scope account.Scope, id uuid.UUID, version int, key string, by Actor, o Once, at time.Time) (fresh bool, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		fresh = false
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) {
			fresh = true
			if err := lockDevice(ctx, tx, scope, id, version); err != nil {
				return id, err
			}
			_, err := tx.Exec(ctx, "UPDATE device SET key_hash = $2 WHERE id = $1", id, account.KeyHash(key))
			return id, firstOf(err, audit(ctx, tx, by, "rekey_device", "device", id.String(), nil, at))
		})
		return err
	})
	return fresh, err
}

func lockDevice(ctx context.Context, tx pgx.Tx, scope account.Scope, id uuid.UUID, version int) error {
	args := pgx.NamedArgs{"id": id}
	var have int
	err := tx.QueryRow(ctx, "SELECT d.version FROM device d JOIN site s ON s.id = d.site_id WHERE d.id = @id AND "+scopeSQL(scope, "s", args)+" FOR UPDATE OF d", args).Scan(&have)
	if errs.Is(kindOf(err), errs.NotFound) {
		return notFound("设备")
	}
	return firstOf(kindOf(err), changed(have, version))
}
