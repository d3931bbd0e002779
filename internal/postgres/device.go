package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
)

// Device is a gate or terminal as its passes need it.
type Device struct {
	ID        uuid.UUID
	Serial    string
	SiteID    uuid.UUID
	Purpose   string // presence, attendance: an attendance punch never moves anybody
	Direction string // in, out, both
}

// DeviceByKey finds the device that a key belongs to; errs.SignIn when none does.
func (db *DB) DeviceByKey(ctx context.Context, key string) (Device, error) {
	d, err := one[Device](ctx, db.pool,
		"SELECT id, serial, site_id, purpose, direction FROM device WHERE key_hash = $1 AND disabled_at IS NULL", account.KeyHash(key))
	if errs.Is(err, errs.NotFound) {
		return d, errs.New(errs.SignIn, "device_key", "设备密钥不对，或设备已停用")
	}
	return d, err
}

// DeviceByID reads a device as its passes need it.
func (db *DB) DeviceByID(ctx context.Context, id uuid.UUID) (Device, error) {
	return one[Device](ctx, db.pool, "SELECT id, serial, site_id, purpose, direction FROM device WHERE id = $1", id)
}

// PersonRef is how a device names a person: by our id, by ID number, or by the
// number under which another system knows them.
type PersonRef struct {
	ID       uuid.UUID
	IDNumber string
	System   string
	Code     string
}

// ResolvePeople turns references into person ids; the zero id where nobody is
// known. ID numbers are compared by keyed hash, under every key of the ring.
func (db *DB) ResolvePeople(ctx context.Context, s *account.Sealer, refs []PersonRef) ([]uuid.UUID, error) {
	n := len(refs)
	own, systems, codes := make([]*uuid.UUID, n), make([]string, n), make([]string, n)
	hashes := make([]string, 0, n)
	ordinals := make([]int32, 0, n)
	for i, r := range refs {
		own[i], systems[i], codes[i] = nilID(r.ID), r.System, r.Code
		if r.IDNumber != "" {
			for _, h := range s.Hashes("id_number", r.IDNumber) {
				hashes, ordinals = append(hashes, h), append(ordinals, int32(i+1))
			}
		}
	}
	type found struct {
		Ord int64
		ID  uuid.UUID
	}
	rows, err := collect[found](ctx, db.pool, `
		SELECT r.ord, p.id FROM unnest($1::uuid[]) WITH ORDINALITY r(id, ord) JOIN person p ON p.id = r.id
		UNION
		SELECT r.ord, x.noun_id FROM unnest($2::text[], $3::text[]) WITH ORDINALITY r(system, code, ord)
		JOIN external_id x ON x.noun = 'person' AND x.system = r.system AND x.code = r.code
		UNION
		SELECT h.ord, p.id FROM unnest($4::text[], $5::int[]) h(hash, ord) JOIN person p ON p.id_hash = h.hash`,
		own, systems, codes, hashes, ordinals)
	if err != nil {
		return nil, err
	}
	people := make([]uuid.UUID, n)
	for _, f := range rows {
		people[f.Ord-1] = f.ID
	}
	return people, nil
}

// touchDevice keeps when a device was last heard.
func touchDevice(ctx context.Context, q querier, id uuid.UUID, at time.Time) error {
	_, err := q.Exec(ctx, "UPDATE device SET last_seen_at = greatest(last_seen_at, $2) WHERE id = $1", id, at)
	return err
}
