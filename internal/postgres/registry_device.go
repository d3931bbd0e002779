package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// DeviceSilent is how long an enabled device may say nothing before lists call
// it silent: longer than a night without anybody passing.
const DeviceSilent = 24 * time.Hour

// RegisteredDevice is a device as lists and its page show it.
type RegisteredDevice struct {
	ID          uuid.UUID
	Serial      string
	Purpose     string
	Direction   string
	LastSeenAt  *time.Time
	DisabledAt  *time.Time
	RecordedAt  time.Time
	Version     int
	SiteID      uuid.UUID
	SiteCode    string
	SiteName    string
	SectionID   uuid.UUID
	SectionName string
	ProjectID   uuid.UUID
	ProjectName string
	Region      string
	RegionName  string
}

const registeredDeviceSQL = `
	SELECT d.id, d.serial, d.purpose, d.direction, d.last_seen_at, d.disabled_at, d.recorded_at, d.version, s.id AS site_id, s.code AS site_code,
	       s.name AS site_name, c.id AS section_id, c.name AS section_name, p.id AS project_id, p.name AS project_name, s.region, r.name AS region_name
	FROM   device d JOIN site s ON s.id = d.site_id JOIN section c ON c.id = s.section_id JOIN project p ON p.id = s.project_id
	JOIN   region r ON r.code = s.region
	WHERE  ` + noCheckinSQL + " AND "

// RegisteredDevices lists those at sites of the scope by serial. Kind is the
// purpose; status is active, silent or disabled.
func (db *DB) RegisteredDevices(ctx context.Context, scope account.Scope, f RegistryFilter, at time.Time) ([]RegisteredDevice, error) {
	args := f.args()
	args["heard"] = at.Add(-DeviceSilent)
	return collect[RegisteredDevice](ctx, db.pool, registeredDeviceSQL+scopeSQL(scope, "s", args)+f.inRegion("s.region")+
		f.within("s.project_id", "s.section_id", "s.id")+`
		AND (@text = '' OR position(lower(@text) IN lower(d.serial)) > 0) AND (@kind = '' OR d.purpose = @kind)
		AND CASE @status WHEN 'active' THEN d.disabled_at IS NULL WHEN 'disabled' THEN d.disabled_at IS NOT NULL
		         WHEN 'silent' THEN d.disabled_at IS NULL AND coalesce(d.last_seen_at, '-infinity') < @heard ELSE true END
		AND `+afterSQL("d.serial", "d.id")+` ORDER BY d.serial COLLATE "C", d.id LIMIT @limit`, args)
}

// RegisteredDeviceByID reads one device of the scope.
func (db *DB) RegisteredDeviceByID(ctx context.Context, scope account.Scope, id uuid.UUID) (RegisteredDevice, error) {
	args := pgx.NamedArgs{"id": id}
	d, err := one[RegisteredDevice](ctx, db.pool, registeredDeviceSQL+"d.id = @id AND "+scopeSQL(scope, "s", args), args)
	return d, notFoundAs(err, "设备")
}
