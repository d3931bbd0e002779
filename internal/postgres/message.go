package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"muster/internal/warning"
)

// ClaimRow is a claim as it is shown.
type ClaimRow struct {
	Hazard      warning.Hazard `json:"hazard"`
	Level       warning.Level  `json:"level"`
	Event       string         `json:"event"`
	Basis       warning.Basis  `json:"basis"`
	AreaText    string         `json:"area_text"`
	Regions     []string       `json:"regions"`
	Onset       *time.Time     `json:"onset"`
	Expires     *time.Time     `json:"expires"`
	Language    string         `json:"language"`
	Description string         `json:"description"`
}

func insertMessage(ctx context.Context, tx pgx.Tx, raw uuid.UUID, format string, seq int, m warning.Message, p placed, at time.Time) (uuid.UUID, error) {
	id := newID()
	own := m.Identity()
	flags := []string{}
	for _, f := range m.Flags {
		flags = append(flags, string(f))
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO message (id, raw_id, seq, format, identifier, national_id, identity_authority, identity_id, sender, sender_code, sent,
		                     status, msg_type, all_clear, headline, flags, dispatchable, episode_id, received_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		id, raw, seq, format, m.ID, m.NationalID, own.Authority, own.ID, m.Issuer(), m.SenderCode, nilTime(m.Sent),
		string(m.Status), string(m.MsgType), m.AllClear, m.Headline, flags, m.Dispatchable(at), nilID(p.episode), at)
	if err != nil {
		return id, err
	}
	for i, c := range m.Claims {
		if err := insertClaim(ctx, tx, id, i, c); err != nil {
			return id, err
		}
	}
	for _, r := range m.Wanted()[1:] {
		if _, err := tx.Exec(ctx, "INSERT INTO message_reference (message_id, authority, identifier) VALUES ($1, $2, $3)",
			id, r.Authority, r.ID); err != nil {
			return id, err
		}
	}
	return id, nil
}

func insertClaim(ctx context.Context, tx pgx.Tx, message uuid.UUID, seq int, c warning.Claim) error {
	shape, err := claimShape(ctx, tx, c.Area)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO claim (id, message_id, seq, language, hazard, event, event_code, level, level_source, onset, expires, expires_default,
		                   headline, description, instruction, basis, area_text, regions, possible, geom)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20::geometry)`,
		newID(), message, seq, c.Language, string(c.Hazard), c.Event, c.EventCode, string(c.Level), c.LevelSource, nilTime(c.Onset),
		nilTime(c.Expires), c.ExpiresDefault, c.Headline, c.Description, c.Instruction, string(c.Area.Basis), c.Area.Text,
		orEmpty(c.Area.Regions), orEmpty(c.Area.Possible), shape)
	return err
}

// claimShape is the area of a claim as PostGIS will judge it: the union of its
// parts, mended where they cross, less what the source excluded. That it was
// mended is a flag of the message already.
func claimShape(ctx context.Context, q querier, a warning.ClaimArea) (orb.MultiPolygon, error) {
	if len(a.Geometry) == 0 {
		return nil, nil
	}
	var shape orb.MultiPolygon
	err := q.QueryRow(ctx, `
		WITH given AS (SELECT ST_UnaryUnion(ST_Collect(ST_MakeValid(d.geom))) AS g FROM ST_Dump($1::geometry) d),
		     taken AS (SELECT ST_UnaryUnion(ST_Collect(ST_MakeValid(d.geom))) AS g FROM ST_Dump($2::geometry) d)
		SELECT ST_Multi(ST_CollectionExtract(CASE WHEN taken.g IS NULL THEN given.g ELSE ST_Difference(given.g, taken.g) END, 3))
		FROM   given, taken`, a.Geometry, a.Excluded).Scan(&shape)
	if len(shape) == 0 {
		shape = nil
	}
	return shape, err
}

func orEmpty(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
