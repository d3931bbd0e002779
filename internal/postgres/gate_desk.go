package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// GateState is how a registered gate stands.
type GateState string

// The states of a gate.
const (
	GateWaiting GateState = "waiting" // 待同意: applied for, the authority has not agreed
	GateRefused GateState = "refused" // 不同意: the authority has refused the application
	GateActive  GateState = "active"  // 正常
	GateSilent  GateState = "silent"  // 静默: not heard for too long, or never
)

// GateRow is a gate as its keeper looks at it.
type GateRow struct {
	ID            uuid.UUID
	Serial        string
	Purpose       string
	Direction     string
	SiteID        uuid.UUID
	SiteCode      string
	SiteName      string
	SectionCode   string
	ProjectCode   string
	Protocol      string
	KeyID         *string
	HasSecret     bool
	BareSerial    string
	Readers       map[string]string
	SaysIn        bool
	System        string
	Zone          string
	Addresses     []string
	PerMinute     int
	SilentAfter   *time.Duration
	AppliedAt     *time.Time
	AppliedBy     string
	ApprovedAt    *time.Time
	ApprovedBy    string
	RefusedAt     *time.Time
	RefusedBy     string
	RefusedReason string
	LastSeenAt    *time.Time
	BeatAt        *time.Time
	ClockOffsetMs *int64
	Model         string
	Firmware      string
	Address       string
	Backlog       *int
	TwinAt        *time.Time
	SaidSerial    string
	Unmapped      int            // places that a labour system names and nobody has mapped
	Errors        map[string]int // of today, by reason of quarantine
}

// State is how the gate stands at an instant.
func (g GateRow) State(at time.Time) GateState {
	switch {
	case g.RefusedAt != nil:
		return GateRefused
	case g.ApprovedAt == nil:
		return GateWaiting
	case g.LastSeenAt == nil || g.Silence(at).TooLong():
		return GateSilent
	}
	return GateActive
}

// Silence is how long the gate has been silent; it must have been heard.
func (g GateRow) Silence(at time.Time) roster.Silence {
	var allowed time.Duration
	if g.SilentAfter != nil {
		allowed = *g.SilentAfter
	}
	return roster.SilentFor(*g.LastSeenAt, at, allowed, g.BeatAt != nil)
}

const gateRowSQL = `
SELECT d.id, d.serial, d.purpose, d.direction, d.site_id, s.code AS site_code, s.name AS site_name, c.code AS section_code, p.code AS project_code,
       g.protocol, g.key_id, g.secret_sealed IS NOT NULL AS has_secret, g.bare_serial, g.readers, g.says_in, g.system, g.zone, g.addresses, g.per_minute,
       g.silent_after, g.applied_at, coalesce(y.title, g.applied_by) AS applied_by, g.approved_at, coalesce(z.title, g.approved_by) AS approved_by, g.refused_at,
       coalesce(x.title, g.refused_by) AS refused_by, g.refused_reason, d.last_seen_at, g.beat_at, g.clock_offset_ms, g.model, g.firmware,
       g.address, g.backlog, g.twin_at, g.said_serial,
       (SELECT count(*) FROM gate_unmapped u WHERE u.device_id = d.id) AS unmapped,
       (SELECT coalesce(jsonb_object_agg(reason, n), '{}') FROM (SELECT reason, count(*) AS n FROM pass_quarantine q
        WHERE q.device_id = d.id AND q.received_at >= @today GROUP BY reason) x) AS errors
FROM   gate g JOIN device d ON d.id = g.device_id JOIN site s ON s.id = d.site_id
JOIN   section c ON c.id = s.section_id JOIN project p ON p.id = s.project_id
LEFT   JOIN app_user y ON y.login = g.applied_by LEFT JOIN app_user z ON z.login = g.approved_by
LEFT JOIN app_user x ON x.login = g.refused_by
WHERE  d.disabled_at IS NULL AND `

// gatePage is how many gates are read at once while looking for those in a state.
const gatePage = 200

// Gates reads the gates of a scope after one by id, at most limit; those of one
// state, or of any when it is empty. today is when the civil day began.
func (db *DB) Gates(ctx context.Context, scope account.Scope, state GateState, after uuid.UUID, limit int, today, at time.Time) ([]GateRow, error) {
	var found []GateRow
	for {
		args := pgx.NamedArgs{"after": after, "limit": gatePage, "today": today}
		list, err := collect[GateRow](ctx, db.pool, gateRowSQL+"d.id > @after AND "+scopeSQL(scope, "s", args)+" ORDER BY d.id LIMIT @limit", args)
		if err != nil {
			return nil, err
		}
		for _, g := range list {
			if state == "" || g.State(at) == state {
				found = append(found, g)
			}
			if len(found) == limit {
				return found, nil
			}
			after = g.ID
		}
		if len(list) < gatePage {
			return found, nil
		}
	}
}

// GateByDevice reads one gate of the scope.
func (db *DB) GateByDevice(ctx context.Context, scope account.Scope, device uuid.UUID, today time.Time) (GateRow, error) {
	args := pgx.NamedArgs{"id": device, "today": today}
	g, err := one[GateRow](ctx, db.pool, gateRowSQL+"d.id = @id AND "+scopeSQL(scope, "s", args), args)
	return g, notFoundAs(err, "设备")
}

// DeviceWithin finds a device of the scope that is in use.
func (db *DB) DeviceWithin(ctx context.Context, scope account.Scope, device uuid.UUID) (Device, error) {
	args := pgx.NamedArgs{"id": device}
	d, err := one[Device](ctx, db.pool, `
		SELECT d.id, d.serial, d.site_id, d.purpose, d.direction FROM device d JOIN site s ON s.id = d.site_id
		WHERE  d.id = @id AND d.disabled_at IS NULL AND `+scopeSQL(scope, "s", args), args)
	return d, notFoundAs(err, "设备")
}

// OrderGate asks a device to do something, when it next asks.
func (db *DB) OrderGate(ctx context.Context, device uuid.UUID, o GateOrder, by Actor, one Once, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, one, at, func() (uuid.UUID, error) {
			_, err := tx.Exec(ctx, "INSERT INTO gate_order (device_id, kind, from_at, to_at, door, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
				device, o.Kind, o.FromAt, o.ToAt, o.Door, at)
			if err != nil {
				return device, err
			}
			return device, audit(ctx, tx, by, "order_gate", "device", device.String(), map[string]any{"kind": o.Kind}, at)
		})
		return err
	})
}
