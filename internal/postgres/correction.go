package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// Correction is what passes that came late changed at a site: its headcounts as
// they had been known before, and after.
type Correction struct {
	ID         uuid.UUID
	DeviceID   uuid.UUID
	Serial     string
	FromAt     time.Time // the passes, by the device's time
	UntilAt    time.Time
	ReceivedAt time.Time // the last of them
	Passes     int
	Marks      []CorrectionMark
}

// CorrectionMark is a full hour.
type CorrectionMark struct {
	At             time.Time `json:"at"`
	CertainBefore  int       `json:"certain_before"`
	PossibleBefore int       `json:"possible_before"`
	Certain        int       `json:"certain"`
	Possible       int       `json:"possible"`
}

// The bounds of one round. A pass is late when it comes so long after its time; a
// gate that has its network sends within seconds.
const (
	correctionLate  = 10 * time.Minute
	correctionRound = time.Hour // of receipt
	correctionMarks = 48        // hours, the latest
)

// late is a device's passes of one round that came late.
type late struct {
	SiteID    uuid.UUID
	DeviceID  uuid.UUID
	FromAt    time.Time
	UntilAt   time.Time
	FirstAt   time.Time // received
	LastAt    time.Time
	Passes    int
	Region    string
	ProjectID uuid.UUID
	SectionID uuid.UUID
}

// CorrectHeadcounts looks at the passes received since it last did, up to
// SealGrace before at, and writes down what late ones changed: in a transaction
// of its own, long after those that wrote the passes. One replica does it at a
// time (the row of headcount_correction_state); each pass is looked at once.
func (db *DB) CorrectHeadcounts(ctx context.Context, at time.Time) (corrections int, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		corrections = 0
		var since *time.Time
		err := tx.QueryRow(ctx, "SELECT until_at FROM headcount_correction_state FOR UPDATE SKIP LOCKED").Scan(&since)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // another replica is at it
		}
		if err != nil {
			return err
		}
		until := at.Add(-SealGrace)
		if since != nil {
			if !until.After(*since) {
				return nil
			}
			if end := since.Add(correctionRound); end.Before(until) {
				until = end
			}
			if corrections, err = correct(ctx, tx, *since, until, at); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, "UPDATE headcount_correction_state SET until_at = $1", until)
		return err
	})
	return corrections, err
}

func correct(ctx context.Context, tx pgx.Tx, since, until, at time.Time) (int, error) {
	list, err := collect[late](ctx, tx, `
		SELECT p.*, s.region, s.project_id, s.section_id
		FROM  (SELECT site_id, device_id, min(device_time) AS from_at, max(device_time) AS until_at, min(received_at) AS first_at,
		              max(received_at) AS last_at, count(*) AS passes
		       FROM   pass
		       WHERE  received_at >= $1 AND received_at < $2 AND received_at - device_time > $3::interval AND device_time > $4
		       GROUP  BY site_id, device_id) p
		JOIN   device d ON d.id = p.device_id AND d.purpose = 'presence' JOIN site s ON s.id = p.site_id
		ORDER  BY p.site_id, p.device_id`, since, until, correctionLate, since.Add(-horizon-correctionRound))
	for _, l := range list {
		if err == nil {
			err = writeCorrection(ctx, tx, l, at)
		}
	}
	return len(list), err
}

func writeCorrection(ctx context.Context, tx pgx.Tx, l late, at time.Time) error {
	marks, err := l.marks(ctx, tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO headcount_correction (id, site_id, device_id, from_at, until_at, received_at, passes, marks, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, newID(), l.SiteID, l.DeviceID, l.FromAt, l.UntilAt, l.LastAt, l.Passes, marks, at)
	if err != nil {
		return err
	}
	return announce(ctx, tx, "site", l.SiteID, place{region: l.Region, project: l.ProjectID, section: l.SectionID}, at)
}

// marks compares, at every full hour from the first of the passes until they came,
// what was known just before the first came and when the last had.
func (l late) marks(ctx context.Context, q querier) ([]CorrectionMark, error) {
	hours := []time.Time{}
	for h := l.LastAt.Truncate(time.Hour); h.After(l.FromAt) && len(hours) < correctionMarks; h = h.Add(-time.Hour) {
		hours = append(hours, h)
	}
	list, err := collect[CorrectionMark](ctx, q, `
		SELECT h.at, b.certain AS certain_before, b.possible AS possible_before, a.certain, a.possible
		FROM   unnest(@hours::timestamptz[]) h(at)
		CROSS  JOIN LATERAL (SELECT count(*) FILTER (WHERE certain) AS certain, count(*) FILTER (WHERE NOT certain) AS possible
		       FROM (`+foldSQL("h.at", "@before::timestamptz")+`) f) b
		CROSS  JOIN LATERAL (SELECT count(*) FILTER (WHERE certain) AS certain, count(*) FILTER (WHERE NOT certain) AS possible
		       FROM (`+foldSQL("h.at", "@after::timestamptz")+`) f) a
		ORDER  BY h.at`, pgx.NamedArgs{"hours": hours, "before": l.FirstAt.Add(-time.Microsecond), "after": l.LastAt, "site": l.SiteID,
		"fresh": roster.Fresh, "horizon": horizon, "oldest": l.FromAt.Add(-horizon)})
	if list == nil {
		list = []CorrectionMark{}
	}
	return list, err
}

// Corrections lists what late passes changed at a site of the scope, newest first.
func (db *DB) Corrections(ctx context.Context, scope account.Scope, site uuid.UUID, after Mark, limit int) ([]Correction, error) {
	if _, err := siteWhere(ctx, db.pool, scope, site); err != nil {
		return nil, err
	}
	return collect[Correction](ctx, db.pool, `
		SELECT c.id, c.device_id, d.serial, c.from_at, c.until_at, c.received_at, c.passes, c.marks
		FROM   headcount_correction c JOIN device d ON d.id = c.device_id
		WHERE  c.site_id = $1 AND (c.received_at, c.id) < ($2, $3) ORDER BY c.received_at DESC, c.id DESC LIMIT $4`, site, after.At, after.ID, limit)
}
