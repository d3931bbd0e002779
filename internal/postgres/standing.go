package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/warning"
)

// Standing is a standing authorisation (常设授权) as it was signed.
type Standing struct {
	ID            uuid.UUID
	Version       int
	AuthorityID   uuid.UUID
	AuthorityName string
	Title         string
	SignedBy      uuid.UUID
	SignerTitle   string
	Hazards       []warning.Hazard
	Levels        []warning.Level
	Sources       []string
	MaxKM2        float64
	MaxSites      int
	DelayMinutes  int
	ValidFrom     time.Time
	ValidUntil    time.Time
	Words         string
	RevokedAt     *time.Time
	RevokedBy     *uuid.UUID
	RevokerTitle  *string
	RevokedReason string
	RecordedAt    time.Time
}

// State is coming, in_force, over or revoked at an instant.
func (s Standing) State(at time.Time) string {
	switch {
	case s.RevokedAt != nil:
		return "revoked"
	case at.Before(s.ValidFrom):
		return "coming"
	case !at.Before(s.ValidUntil):
		return "over"
	}
	return "in_force"
}

func (s Standing) mandate() warning.Mandate {
	return warning.Mandate{ID: s.ID, Hazards: s.Hazards, Levels: s.Levels, Sources: s.Sources, MaxKM2: s.MaxKM2, MaxSites: s.MaxSites,
		Delay: time.Duration(s.DelayMinutes) * time.Minute, From: s.ValidFrom, Until: s.ValidUntil, Revoked: s.RevokedAt != nil}
}

const standingSQL = `
	SELECT s.id, s.version, s.authority_id, a.name AS authority_name, s.title, s.signed_by, u.title AS signer_title, s.hazards, s.levels, s.sources,
	       s.max_km2, s.max_sites, s.delay_minutes, s.valid_from, s.valid_until, s.words, s.revoked_at, s.revoked_by, r.title AS revoker_title,
	       s.revoked_reason, s.recorded_at
	FROM   standing_authorisation s JOIN authority a ON a.id = s.authority_id JOIN app_user u ON u.id = s.signed_by
	LEFT   JOIN app_user r ON r.id = s.revoked_by WHERE `

// maxStanding is the longest that an authorisation may hold: a signer answers for
// one season, and signs again for the next.
const maxStanding = 366 * 24 * time.Hour

// Validate says what is missing or contradictory in an authorisation.
func (s Standing) Validate(at time.Time) error {
	var wrong []errs.Detail
	add := func(bad bool, where, text, mend string) {
		if bad {
			wrong = append(wrong, errs.Detail{Where: "body." + where, Text: text, Mend: mend})
		}
	}
	add(s.Title == "", "title", "缺少名称", "例如：汛期蓝色暴雨自动转发")
	add(len(s.Hazards) == 0, "hazards", "没有灾种", "")
	for _, h := range s.Hazards {
		add(!h.Valid(), "hazards", "灾种不认识", "例如 rain、flash_flood、geohazard")
	}
	add(len(s.Levels) == 0, "levels", "没有等级", "")
	for _, l := range s.Levels {
		add(!l.Valid() || l == warning.LevelUnknown, "levels", "等级不认识，或不能预先授权", "red、orange、yellow 或 blue")
	}
	add(len(s.Sources) == 0, "sources", "没有数据源", "填写已登记的数据源名称")
	add(!(s.MaxKM2 > 0), "max_km2", "面积上限须大于0", "")
	add(s.MaxSites <= 0, "max_sites", "点位上限须大于0", "")
	add(s.DelayMinutes < 1 || s.DelayMinutes > 120, "delay_minutes", "等待时间须为1至120分钟", "这段时间留给值班员接手")
	add(!s.ValidUntil.After(s.ValidFrom) || !s.ValidUntil.After(at), "valid_until", "截止时间须晚于开始时间和现在", "")
	add(s.ValidUntil.Sub(s.ValidFrom) > maxStanding, "valid_until", "授权最长一年", "到期后重新签发")
	if wrong == nil {
		return nil
	}
	return errs.New(errs.Fix, "standing_invalid", "常设授权不完整").With(wrong...)
}

// SignStanding registers an authorisation; by is its signer.
func (db *DB) SignStanding(ctx context.Context, s Standing, by Actor, o Once, at time.Time) (uuid.UUID, error) {
	if err := s.Validate(at); err != nil {
		return uuid.Nil, err
	}
	var id uuid.UUID
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			if err := knownFeeds(ctx, tx, s.Sources); err != nil {
				return uuid.Nil, err
			}
			s.ID = newID()
			_, err := tx.Exec(ctx, `
				INSERT INTO standing_authorisation (id, authority_id, title, signed_by, hazards, levels, sources, max_km2, max_sites, delay_minutes,
				                                    valid_from, valid_until, words, recorded_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
				s.ID, s.AuthorityID, s.Title, by.ID, s.Hazards, s.Levels, s.Sources, s.MaxKM2, s.MaxSites, s.DelayMinutes, s.ValidFrom, s.ValidUntil,
				s.Words, at)
			if err != nil {
				return s.ID, err
			}
			return s.ID, audit(ctx, tx, by, "sign_standing", "standing_authorisation", s.ID.String(), map[string]any{"authority": s.AuthorityID}, at)
		})
		return err
	})
	return id, err
}

// knownFeeds refuses names of nothing: a typing error would be an authorisation
// that never holds.
func knownFeeds(ctx context.Context, q querier, names []string) error {
	var unknown *string
	err := q.QueryRow(ctx, "SELECT min(n) FROM unnest($1::text[]) n WHERE NOT EXISTS (SELECT FROM feed_source f WHERE f.name = n)", names).Scan(&unknown)
	if err == nil && unknown != nil {
		return errs.New(errs.Fix, "feed_unknown", "没有名为 %q 的数据源", *unknown)
	}
	return kindOf(err)
}

// RevokeStanding ends an authorisation; what waits under it no longer goes out by
// itself.
func (db *DB) RevokeStanding(ctx context.Context, scope account.Scope, id uuid.UUID, reason string, by Actor, o Once, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) {
			args := pgx.NamedArgs{"id": id}
			s, err := one[Standing](ctx, tx, standingSQL+"s.id = @id AND "+authoritiesOf(scope, args)+" FOR UPDATE OF s", args)
			if err != nil {
				return id, notFoundAs(err, "常设授权")
			}
			if s.RevokedAt != nil {
				return id, errs.New(errs.Gone, "revoked", "这份授权已经撤销")
			}
			return id, revoke(ctx, tx, s, reason, by, at)
		})
		return err
	})
}

func revoke(ctx context.Context, tx pgx.Tx, s Standing, reason string, by Actor, at time.Time) error {
	if _, err := tx.Exec(ctx, "UPDATE standing_authorisation SET revoked_at = $2, revoked_by = $3, revoked_reason = $4, recorded_at = $2 WHERE id = $1",
		s.ID, at, by.ID, reason); err != nil {
		return err
	}
	waiting, err := ids(ctx, tx, "SELECT id FROM warning WHERE auto_id = $1 AND auto_state = 'waiting' AND state = 'draft' ORDER BY id FOR UPDATE", s.ID)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if err := stopAuto(ctx, tx, w, []Reason{{"revoked", "常设授权《" + s.Title + "》已撤销"}}, by, at); err != nil {
			return err
		}
	}
	return audit(ctx, tx, by, "revoke_standing", "standing_authorisation", s.ID.String(), map[string]any{"stopped": waiting}, at)
}

// authoritiesOf is the predicate that authority a lies in a scope.
func authoritiesOf(scope account.Scope, args pgx.NamedArgs) string {
	return scopeColumns(account.Scope{Ranges: scope.Ranges}, args, "a.region", "", "", "")
}

// SignedStandings lists the authorisations of the authorities of a scope; with over also
// those that no longer hold.
func (db *DB) SignedStandings(ctx context.Context, scope account.Scope, over bool, at time.Time) ([]Standing, error) {
	args := pgx.NamedArgs{"over": over, "at": at}
	return collect[Standing](ctx, db.pool, standingSQL+authoritiesOf(scope, args)+
		" AND (@over OR s.revoked_at IS NULL AND s.valid_until > @at) ORDER BY s.valid_from DESC, s.id DESC", args)
}

// StandingByID reads one authorisation of the scope.
func (db *DB) StandingByID(ctx context.Context, scope account.Scope, id uuid.UUID) (Standing, error) {
	args := pgx.NamedArgs{"id": id}
	s, err := one[Standing](ctx, db.pool, standingSQL+"s.id = @id AND "+authoritiesOf(scope, args), args)
	return s, notFoundAs(err, "常设授权")
}
