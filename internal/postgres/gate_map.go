package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// GateSite says which site a labour system means by its project code, its
// channel, or both; an empty word stands for any.
type GateSite struct {
	Project string
	Channel string
	SiteID  uuid.UUID
}

// GateSites is the map of a device.
func (db *DB) GateSites(ctx context.Context, device uuid.UUID) ([]GateSite, error) {
	return collect[GateSite](ctx, db.pool, "SELECT project, channel, site_id FROM gate_site_map WHERE device_id = $1 ORDER BY project, channel", device)
}

// PutGateSites replaces the map of a device. Every site must lie in the scope.
// What was not mapped and now is, is no longer listed as such.
func (db *DB) PutGateSites(ctx context.Context, scope account.Scope, device uuid.UUID, list []GateSite, by Actor, at time.Time) error {
	sites := map[uuid.UUID]bool{}
	for _, g := range list {
		sites[g.SiteID] = true
	}
	within, err := db.sitesWithin(ctx, scope, keysOf(sites))
	if err != nil {
		return err
	}
	if len(within) != len(sites) {
		return errs.New(errs.Outside, "site_outside", "对应表里有不在您管辖范围内的点位")
	}
	return db.inTx(ctx, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue("DELETE FROM gate_site_map WHERE device_id = $1", device)
		for _, g := range list {
			batch.Queue("INSERT INTO gate_site_map (device_id, project, channel, site_id, recorded_at) VALUES ($1, $2, $3, $4, $5)",
				device, g.Project, g.Channel, g.SiteID, at)
			batch.Queue("DELETE FROM gate_unmapped WHERE device_id = $1 AND ($2 = '' OR project = $2) AND ($3 = '' OR channel = $3)", device, g.Project, g.Channel)
		}
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		return audit(ctx, tx, by, "map_gate", "device", device.String(), map[string]any{"sites": len(list)}, at)
	})
}

func keysOf(set map[uuid.UUID]bool) []uuid.UUID {
	list := make([]uuid.UUID, 0, len(set))
	for id := range set {
		list = append(list, id)
	}
	return list
}

// UnmappedGate is what a labour system named and nobody has mapped: its passes
// are counted at the device's own site.
type UnmappedGate struct {
	Project string
	Channel string
	FirstAt time.Time
	LastAt  time.Time
	Passes  int64
}

// mostUnmapped bounds what is remembered of one device: the words are its own.
const mostUnmapped = 200

// NoteUnmapped remembers how many passes were named so.
func (db *DB) NoteUnmapped(ctx context.Context, device uuid.UUID, project, channel string, passes int, at time.Time) error {
	_, err := db.pool.Exec(ctx, `
		INSERT INTO gate_unmapped AS u (device_id, project, channel, first_at, last_at, passes)
		SELECT $1, $2, $3, $4, $4, $5 WHERE (SELECT count(*) FROM gate_unmapped WHERE device_id = $1) < $6
		ON CONFLICT (device_id, project, channel) DO UPDATE SET last_at = greatest(u.last_at, excluded.last_at), passes = u.passes + excluded.passes`,
		device, project, channel, at, passes, mostUnmapped)
	return kindOf(err)
}

// UnmappedGates is what nobody has mapped of a device, the latest first.
func (db *DB) UnmappedGates(ctx context.Context, device uuid.UUID) ([]UnmappedGate, error) {
	return collect[UnmappedGate](ctx, db.pool, `
		SELECT project, channel, first_at, last_at, passes FROM gate_unmapped WHERE device_id = $1 ORDER BY last_at DESC, project, channel`, device)
}
