package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/roster"
)

// CheckinSurroundings are what a scan is judged by beside itself.
type CheckinSurroundings struct {
	DistanceM  *float64 // of the phone from the site; nil: not said where it is
	Others     int      // other people who used the phone lately
	Evacuating bool     // the site's people are being moved or sheltered
	Leaving    bool     // they are being moved: who is at the muster point is out
	Inside     *bool    // whether the person is taken to be at the site; nil: not known
}

// CheckinAround reads them. places is where the phone may be: none when it does not
// say, several when it does not say by which datum; the nearest counts, so that
// nobody is sent away for it. Nothing of them is kept. A vessel is where it was when
// the code was scanned.
func (db *DB) CheckinAround(ctx context.Context, p CheckinPoint, phone, person uuid.UUID, places []geo.LonLat, scanned, at time.Time) (CheckinSurroundings, error) {
	lon, lat := degrees(places)
	return one[CheckinSurroundings](ctx, db.pool, `
		SELECT site_distance_m(s.id, $8, $4, $5) AS distance_m,
		       (SELECT count(DISTINCT person_id) FROM checkin_scan WHERE phone_id = $2 AND person_id <> $3 AND by_person IS NULL AND at > $6::timestamptz - $7::interval) AS others,
		       EXISTS (SELECT FROM response r WHERE r.site_id = s.id AND r.ended_at IS NULL AND r.measure IN ('evacuate', 'shelter')) AS evacuating,
		       EXISTS (SELECT FROM response r WHERE r.site_id = s.id AND r.ended_at IS NULL AND r.measure = 'evacuate') AS leaving,
		       (SELECT inside AND site_id = s.id FROM presence WHERE person_id = $3) AS inside
		FROM   site s WHERE s.id = $1`, p.SiteID, phone, person, lon, lat, at, roster.PhoneMemory, scanned)
}

// degrees are longitudes and latitudes as site_distance_m takes them.
func degrees(places []geo.LonLat) (lon, lat []float64) {
	lon, lat = make([]float64, len(places)), make([]float64, len(places))
	for i, l := range places {
		lon[i], lat[i] = l.Lon, l.Lat
	}
	return lon, lat
}

// CheckinScan is a scan with what was made of it.
type CheckinScan struct {
	ID         uuid.UUID // the phone's own
	PointID    uuid.UUID
	PersonID   uuid.UUID
	PhoneID    uuid.UUID
	ByPerson   *uuid.UUID // 代打卡
	Direction  string
	At         time.Time
	SaidAt     time.Time
	ReceivedAt time.Time
	Step       *int64
	DistanceM  *int
	AccuracyM  *int
	Fence      string
	Flags      []string
	Outcome    string
}

const checkinScanSQL = `
SELECT id, point_id, person_id, phone_id, by_person, direction, at, said_at, received_at, step, distance_m, accuracy_m, fence, flags, outcome
FROM   checkin_scan WHERE `

// KeepScan writes a scan down, or finds it where it was written down before: what
// was made of it then holds. A person who uses one dynamic code twice has used it
// (unique index of checkin_scan); that is written down too.
func (db *DB) KeepScan(ctx context.Context, s CheckinScan) (CheckinScan, error) {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		before, err := one[CheckinScan](ctx, tx, checkinScanSQL+"id = $1", s.ID)
		if err == nil {
			s = before
			return nil
		}
		if !errs.Is(err, errs.NotFound) {
			return err
		}
		kept, err := insertScan(ctx, tx, s)
		if err != nil || kept {
			return err
		}
		s.Outcome = string(roster.CheckinUsed)
		_, err = insertScan(ctx, tx, s)
		return err
	})
	return s, err
}

func insertScan(ctx context.Context, tx pgx.Tx, s CheckinScan) (kept bool, err error) {
	tag, err := tx.Exec(ctx, `
		INSERT INTO checkin_scan (id, point_id, person_id, phone_id, by_person, direction, at, said_at, received_at, step, distance_m, accuracy_m, fence, flags, outcome)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING`,
		s.ID, s.PointID, s.PersonID, s.PhoneID, s.ByPerson, s.Direction, s.At, s.SaidAt, s.ReceivedAt, s.Step, s.DistanceM, s.AccuracyM, s.Fence, s.Flags, s.Outcome)
	return tag.RowsAffected() == 1, err
}

// Pass is the pass that a counted scan is.
func (s CheckinScan) Pass(p CheckinPoint) roster.Pass {
	return roster.Pass{DeviceID: p.DeviceID, DeviceTime: s.At, EventKey: s.ID.String(), PersonID: s.PersonID, SiteID: p.SiteID,
		Direction: roster.Direction(s.Direction), ReceivedAt: s.ReceivedAt}
}

// CheckIn takes counted scans as passes: when it returns they survive a power cut.
// The same scans again change nothing.
func (db *DB) CheckIn(ctx context.Context, p CheckinPoint, scans []CheckinScan, at time.Time) error {
	batch := PassBatch{Device: Device{ID: p.DeviceID, SiteID: p.SiteID, Purpose: "presence"}, At: at}
	for _, s := range scans {
		batch.Passes = append(batch.Passes, s.Pass(p))
	}
	_, err := db.FlushPasses(ctx, batch)
	return err
}

// ScanRow is a check-in in the list of a site.
type ScanRow struct {
	CheckinScan
	Title string
	Name  string
}

// CheckinScans are the latest check-ins of a site that a caller may see.
func (db *DB) CheckinScans(ctx context.Context, site uuid.UUID, flagged bool, since time.Time, limit int) ([]ScanRow, error) {
	return collect[ScanRow](ctx, db.pool, `
		SELECT c.id, c.point_id, c.person_id, c.phone_id, c.by_person, c.direction, c.at, c.said_at, c.received_at, c.step, c.distance_m, c.accuracy_m,
		       c.fence, c.flags, c.outcome, p.title, h.name
		FROM   checkin_point p JOIN checkin_scan c ON c.point_id = p.id JOIN person h ON h.id = c.person_id
		WHERE  p.site_id = $1 AND c.at > $2 AND (NOT $3 OR c.outcome <> 'counted' OR c.flags && '{outside,shared_phone,proxy,clock,unproven}')
		ORDER  BY c.at DESC, c.id LIMIT $4`, site, since, flagged, limit)
}
