package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/roster"
)

// VesselPosition is where a vessel was reported to be.
type VesselPosition struct {
	ID         uuid.UUID
	SiteID     uuid.UUID
	At         time.Time
	Lon        float64 // WGS 84
	Lat        float64
	Datum      string // as received
	AccuracyM  int
	Actor      string
	RecordedAt time.Time
}

func (p VesselPosition) fix() *roster.Fix {
	return &roster.Fix{At: p.At, Place: geo.LonLat{Lon: p.Lon, Lat: p.Lat}, AccuracyM: float64(p.AccuracyM)}
}

// ReportPosition writes down where a vessel of the scope is or was. The latest by
// its time is the place of the site from then on: what is matched is matched there.
// What cannot be true is refused (errs.Fix); another place for an instant that has
// one is errs.Conflict; the same again changes nothing.
func (db *DB) ReportPosition(ctx context.Context, scope account.Scope, p VesselPosition, by Actor, at time.Time) ([]Entered, error) {
	var entered []Entered
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		before, _, err := placeOfSite(ctx, tx, scope, p.SiteID)
		if err != nil {
			return err
		}
		if vessel, err := exists(ctx, tx, "SELECT FROM site WHERE id = $1 AND kind = $2 AND closed_at IS NULL", p.SiteID, string(roster.Vessel)); err != nil || !vessel {
			return firstOf(err, errs.New(errs.Fix, "not_a_vessel", "只有在用的施工船舶会移动；其他点位请在登记里修改位置"))
		}
		newest, err := keepPosition(ctx, tx, p, by, at)
		if err != nil || !newest {
			return err
		}
		left, err := enteredBy(ctx, tx, p.SiteID)
		if err != nil {
			return err
		}
		if err := moveSite(ctx, tx, p, before, at); err != nil {
			return err
		}
		if entered, err = enteredBy(ctx, tx, p.SiteID); err != nil {
			return err
		}
		return tellBoards(ctx, tx, left, entered, at)
	})
	return entered, err
}

// keepPosition checks a position against those next to it in time and stores it. It
// says whether none is later.
func keepPosition(ctx context.Context, tx pgx.Tx, p VesselPosition, by Actor, at time.Time) (newest bool, err error) {
	var beside [2]*roster.Fix
	for i, sql := range []string{"at <= $2 ORDER BY at DESC", "at > $2 ORDER BY at"} {
		near, err := one[VesselPosition](ctx, tx, positionSQL+"WHERE site_id = $1 AND "+sql+" LIMIT 1", p.SiteID, p.At)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			continue
		case err != nil:
			return false, err
		case near.At.Equal(p.At) && near.Lon == p.Lon && near.Lat == p.Lat:
			return false, nil // the same again
		case near.At.Equal(p.At):
			return false, errs.New(errs.Conflict, "position_twice", "这艘船在同一时间已有另一个位置")
		}
		beside[i] = near.fix()
	}
	if err := roster.CheckFix(*p.fix(), beside[:]...); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO site_position (id, site_id, at, geom, datum, accuracy_m, user_id, actor, recorded_at)
		VALUES ($1, $2, $3, ST_SetSRID(ST_MakePoint($4, $5), 4326), $6, $7, $8, $9, $10)`,
		newID(), p.SiteID, p.At, p.Lon, p.Lat, p.Datum, p.AccuracyM, nilID(by.ID), by.Name, at)
	return beside[1] == nil, err
}

const positionSQL = `
SELECT id, site_id, at, ST_X(geom) AS lon, ST_Y(geom) AS lat, datum, accuracy_m, actor, recorded_at FROM site_position `

// moveSite makes a position the place of the site; the one before stays in its
// history.
func moveSite(ctx context.Context, tx pgx.Tx, p VesselPosition, before place, at time.Time) error {
	rows := []roster.SiteRow{{Site: roster.Site{ID: p.SiteID, Geometry: orb.Point{p.Lon, p.Lat}, From: p.At}}}
	run := importRun{tx: tx}
	if err := run.locate(ctx, rows); err != nil {
		return err
	}
	row, err := newSiteRow(rows[0].Site, at)
	if err != nil {
		return err
	}
	after := before
	after.region = string(rows[0].Site.Region)
	_, err = tx.Exec(ctx, `
		UPDATE site SET geom = $2, datum = $3, h3_5 = $4, h3_7 = $5, h3_9 = $6, region = $7, valid_from = $8, recorded_at = $9 WHERE id = $1`,
		p.SiteID, rows[0].Site.Geometry, datumOfSite(p.Datum), row.h3[0], row.h3[1], row.h3[2], after.region, row.from, at)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM site_cell WHERE site_id = $1", p.SiteID); err != nil {
		return err // it was drawn as a line or an area before
	}
	if err := announce(ctx, tx, "site", p.SiteID, after, at); err != nil || after == before {
		return err
	}
	return announce(ctx, tx, "site", p.SiteID, before, at)
}

// datumOfSite: what was read as the middle of two datums is no longer either.
func datumOfSite(received string) string {
	if received == "unknown" {
		return string(geo.WGS84Datum)
	}
	return received
}

// Positions are where a vessel of the scope was, the latest first: those up to an
// instant, so that the first is where it was then.
func (db *DB) Positions(ctx context.Context, scope account.Scope, site uuid.UUID, until time.Time, limit int) ([]VesselPosition, error) {
	if _, err := siteWhere(ctx, db.pool, scope, site); err != nil {
		return nil, err
	}
	return collect[VesselPosition](ctx, db.pool, positionSQL+"WHERE site_id = $1 AND at <= $2 ORDER BY at DESC LIMIT $3", site, until, limit)
}
