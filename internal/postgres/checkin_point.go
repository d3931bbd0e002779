package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// CheckinPoint is a place where codes are scanned (扫码点).
type CheckinPoint struct {
	ID           uuid.UUID
	SiteID       uuid.UUID
	SiteName     string
	DeviceID     uuid.UUID
	Code         string // of the address, public
	Title        string
	Kind         string // screen, printed
	Purpose      string // entry, muster
	Direction    string // in, out, both
	RadiusM      int
	SecretSealed string
	RecordedAt   time.Time
}

const checkinPointSQL = `
SELECT p.id, p.site_id, s.name AS site_name, p.device_id, p.code, p.title, p.kind, p.purpose, p.direction, p.radius_m, p.secret_sealed, p.recorded_at
FROM   checkin_point p JOIN site s ON s.id = p.site_id
WHERE  p.disabled_at IS NULL AND s.closed_at IS NULL AND `

// CheckinPointByCode finds the point of a scanned address.
func (db *DB) CheckinPointByCode(ctx context.Context, code string) (CheckinPoint, error) {
	p, err := one[CheckinPoint](ctx, db.pool, checkinPointSQL+"p.code = $1", code)
	return p, notFoundAs(err, "扫码点")
}

// CheckinPointByScreen finds the point of a screen's address.
func (db *DB) CheckinPointByScreen(ctx context.Context, token string) (CheckinPoint, error) {
	p, err := one[CheckinPoint](ctx, db.pool, checkinPointSQL+"p.screen_hash = $1", account.KeyHash(token))
	return p, notFoundAs(err, "扫码点")
}

// CheckinPointByID finds a point of the scope.
func (db *DB) CheckinPointByID(ctx context.Context, scope account.Scope, id uuid.UUID) (CheckinPoint, error) {
	args := pgx.NamedArgs{"id": id}
	p, err := one[CheckinPoint](ctx, db.pool, checkinPointSQL+"p.id = @id AND "+scopeSQL(scope, "s", args), args)
	return p, notFoundAs(err, "扫码点")
}

// CheckinPoints are the points of a site of the scope.
func (db *DB) CheckinPoints(ctx context.Context, scope account.Scope, site uuid.UUID) ([]CheckinPoint, error) {
	args := pgx.NamedArgs{"site": site}
	return collect[CheckinPoint](ctx, db.pool, checkinPointSQL+"p.site_id = @site AND "+scopeSQL(scope, "s", args)+" ORDER BY p.recorded_at, p.id", args)
}

// noCheckinSQL leaves out a device d that only stands for the scanning at its site: it
// is no gate, and its silence means nothing.
const noCheckinSQL = "NOT EXISTS (SELECT FROM checkin_point cp WHERE cp.site_id = d.site_id AND cp.device_id = d.id)"

// checkinDevices is the space of the ids of the devices that stand for scanning.
var checkinDevices = uuid.MustParse("6f0b6c1e-5a0f-5f55-9c0b-6a2f6b6f7d10")

// AddCheckinPoint adds a point to a site of the scope. All points of a site report
// as one device, whose key nobody has. screenToken is "" for a printed one.
func (db *DB) AddCheckinPoint(ctx context.Context, scope account.Scope, p CheckinPoint, screenToken string, by Actor, o Once, at time.Time) (id uuid.UUID, fresh bool, err error) {
	var screen []byte
	if screenToken != "" {
		screen = account.KeyHash(screenToken)
	}
	device := uuid.NewSHA1(checkinDevices, p.SiteID[:])
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		fresh = false
		args := pgx.NamedArgs{"site": p.SiteID}
		var site uuid.UUID
		err := tx.QueryRow(ctx, "SELECT s.id FROM site s WHERE s.id = @site AND s.closed_at IS NULL AND "+scopeSQL(scope, "s", args), args).Scan(&site)
		if err != nil {
			return notFoundAs(kindOf(err), "点位")
		}
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			fresh = true
			if _, err := tx.Exec(ctx, `
				INSERT INTO device (id, serial, site_id, purpose, direction, key_hash, recorded_at) VALUES ($1, $2, $3, 'presence', 'both', $4, $5) ON CONFLICT DO NOTHING`,
				device, "QR-"+p.Code, p.SiteID, account.KeyHash(account.NewKey("nobody")), at); err != nil {
				return p.ID, err
			}
			if _, err := tx.Exec(ctx, `
				INSERT INTO checkin_point (id, site_id, device_id, code, title, kind, purpose, direction, radius_m, secret_sealed, screen_hash, recorded_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
				p.ID, p.SiteID, device, p.Code, p.Title, p.Kind, p.Purpose, p.Direction, p.RadiusM, p.SecretSealed, screen, at); err != nil {
				return p.ID, err
			}
			return p.ID, audit(ctx, tx, by, "add_checkin_point", "site", p.SiteID.String(), map[string]any{"point": p.ID, "kind": p.Kind, "purpose": p.Purpose}, at)
		})
		return err
	})
	return id, fresh, err
}

// CloseCheckinPoint takes a point out of use.
func (db *DB) CloseCheckinPoint(ctx context.Context, point uuid.UUID, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE checkin_point SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL", point, at); err != nil {
			return err
		}
		return audit(ctx, tx, by, "close_checkin_point", "checkin_point", point.String(), nil, at)
	})
}
