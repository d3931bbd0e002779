package postgres

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"muster/internal/account"
	"muster/internal/errs"
)

// Adoption is how a device that knocked is taken in (认领).
type Adoption struct {
	Unknown   uuid.UUID
	Serial    string // the one that it named, when empty
	SiteID    uuid.UUID
	Purpose   string
	Direction string
	Bare      bool // it comes without a token: by its serial, from the address it knocked at
	Key       string
}

// AdoptGate registers a device that nobody had registered, at a site of the scope;
// an authority still has to agree. fresh is false when the same request was
// answered before: then the key is not that of the device.
func (db *DB) AdoptGate(ctx context.Context, scope account.Scope, a Adoption, by Actor, o Once, at time.Time) (device uuid.UUID, fresh bool, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		fresh = false
		device, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			fresh = true
			return adopt(ctx, tx, scope, a, by, at)
		})
		return err
	})
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.ConstraintName == "device_serial_key" {
		err = errs.New(errs.Conflict, "serial_taken", "这个序列号已登记在另一台设备上，请核对；两台设备同号时改一个")
	}
	return device, fresh, err
}

func adopt(ctx context.Context, tx pgx.Tx, scope account.Scope, a Adoption, by Actor, at time.Time) (uuid.UUID, error) {
	args := pgx.NamedArgs{"site": a.SiteID}
	var site uuid.UUID
	err := tx.QueryRow(ctx, "SELECT s.id FROM site s WHERE s.id = @site AND s.closed_at IS NULL AND "+scopeSQL(scope, "s", args), args).Scan(&site)
	if err != nil {
		return uuid.Nil, notFoundAs(kindOf(err), "点位")
	}
	u, err := one[UnknownGate](ctx, tx, "DELETE FROM gate_unknown WHERE id = $1 RETURNING id, protocol, serial, address, model, first_at, last_at, times", a.Unknown)
	if err != nil {
		return uuid.Nil, notFoundAs(err, "待认领的设备")
	}
	if a.Serial == "" {
		a.Serial = u.Serial
	}
	if a.Serial == "" {
		return uuid.Nil, errs.New(errs.Fix, "serial_missing", "这台设备没有报序列号，请按铭牌填写").With(errs.Detail{Where: "body.serial", Text: "没有序列号", Mend: "铭牌上的序列号"})
	}
	id, bare, addresses := newID(), "", []string{}
	if a.Bare {
		bare, addresses = a.Serial, []string{hostPrefix(u.Address)}
	}
	if _, err := tx.Exec(ctx, "INSERT INTO device (id, serial, site_id, purpose, direction, key_hash, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		id, a.Serial, a.SiteID, a.Purpose, a.Direction, account.KeyHash(a.Key), at); err != nil {
		return id, err
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO gate (device_id, protocol, bare_serial, addresses, model, applied_at, applied_by, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $6)`,
		id, u.Protocol, bare, addresses, u.Model, at, by.Name); err != nil {
		return id, err
	}
	return id, audit(ctx, tx, by, "adopt_gate", "device", id.String(), map[string]any{"protocol": u.Protocol, "site": a.SiteID, "bare": a.Bare}, at)
}

// GateKey gives a device a new token; the old one is worthless at once.
func (db *DB) GateKey(ctx context.Context, device uuid.UUID, key string, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE device SET key_hash = $2 WHERE id = $1", device, account.KeyHash(key)); err != nil {
			return err
		}
		return audit(ctx, tx, by, "new_gate_token", "device", device.String(), nil, at)
	})
}

// hostPrefix is an address as a list of one.
func hostPrefix(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address // not stored by us: compared with nothing
	}
	return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()).String()
}
