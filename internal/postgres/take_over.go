package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// OpenItems is what an authority's officer finds open when he takes the duty over.
type OpenItems struct {
	Drafts     int `json:"drafts"`
	DraftsAuto int `json:"drafts_auto"` // of them with a countdown
	OnHold     int `json:"on_hold"`
	Active     int `json:"active"`
	Expired    int `json:"expired"`    // over time, not lifted
	Unanswered int `json:"unanswered"` // sites 无应答
	Unverified int `json:"unverified"` // carried out or reported, not yet verified
	Replies    int `json:"replies"`    // that led to nothing
	Alarms     int `json:"alarms"`
}

// Handover is a line of the log of 接班.
type Handover struct {
	ID        uuid.UUID
	At        time.Time
	TakenBy   uuid.UUID
	ByTitle   string
	TakenFrom *uuid.UUID
	FromTitle *string
	Words     string
	Open      OpenItems
}

const handoverSQL = `
	SELECT h.id, h.at, h.taken_by, u.title AS by_title, h.taken_from, f.title AS from_title, h.words, h.open
	FROM   handover h JOIN app_user u ON u.id = h.taken_by LEFT JOIN app_user f ON f.id = h.taken_from
	WHERE  h.authority_id = $1 ORDER BY h.at DESC, h.id DESC LIMIT 1`

// LastHandover is who took the duty of an authority over last; errs.NotFound when
// nobody ever did.
func (db *DB) LastHandover(ctx context.Context, office uuid.UUID) (Handover, error) {
	return one[Handover](ctx, db.pool, handoverSQL, office)
}

// TakeOver (接班) writes that a user takes the duty of his authority over, from
// whoever had it, with what is open. Taking it over from oneself writes another
// line: what was open then is said again.
func (db *DB) TakeOver(ctx context.Context, scope account.Scope, office uuid.UUID, words string, by Actor, o Once, at time.Time) (uuid.UUID, error) {
	var id uuid.UUID
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var err error
		id, err = once(ctx, tx, o, at, func() (uuid.UUID, error) {
			// Two who click at once: the second takes it over from the first.
			if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended('muster.handover' || $1::text, 0))", office); err != nil {
				return uuid.Nil, err
			}
			var from *uuid.UUID
			last, err := one[Handover](ctx, tx, handoverSQL, office)
			switch {
			case err == nil && last.TakenBy != by.ID:
				from = &last.TakenBy
			case err != nil && !errs.Is(err, errs.NotFound):
				return uuid.Nil, err
			}
			open, err := openItems(ctx, tx, scope, at)
			if err != nil {
				return uuid.Nil, err
			}
			h := newID()
			if _, err := tx.Exec(ctx, "INSERT INTO handover (id, authority_id, at, taken_by, taken_from, words, open) VALUES ($1, $2, $3, $4, $5, $6, $7)",
				h, office, at, by.ID, from, words, open); err != nil {
				return h, err
			}
			return h, audit(ctx, tx, by, "take_over_duty", "authority", office.String(), map[string]any{"handover": h, "from": from}, at)
		})
		return err
	})
	return id, err
}

// OpenItems counts what is open in a scope.
func (db *DB) OpenItems(ctx context.Context, scope account.Scope, at time.Time) (OpenItems, error) {
	return openItems(ctx, db.pool, scope, at)
}

func openItems(ctx context.Context, q querier, scope account.Scope, at time.Time) (OpenItems, error) {
	args := pgx.NamedArgs{"at": at}
	var o OpenItems
	err := q.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE w.state = 'draft'),
		       count(*) FILTER (WHERE w.state = 'draft' AND w.auto_state = 'waiting' AND (w.held_at IS NULL OR w.held_until <= @at)),
		       count(*) FILTER (WHERE w.state = 'draft' AND w.held_at IS NOT NULL AND (w.held_until IS NULL OR w.held_until > @at)),
		       count(*) FILTER (WHERE w.state = 'active'), count(*) FILTER (WHERE w.state = 'expired')
		FROM   warning w JOIN authority a ON a.id = w.authority_id WHERE w.state IN ('draft', 'active', 'expired') AND `+authoritiesOf(scope, args), args).
		Scan(&o.Drafts, &o.DraftsAuto, &o.OnHold, &o.Active, &o.Expired)
	if err != nil {
		return o, kindOf(err)
	}
	err = q.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE r.state = 'unanswered'), count(*) FILTER (WHERE r.state IN ('carried_out', 'reported', 'confirmed'))
		FROM   response r WHERE r.ended_at IS NULL AND r.state IN ('unanswered', 'carried_out', 'reported', 'confirmed') AND `+
		scopeColumns(scope, args, "r.region", "r.project_id", "r.section_id", "r.site_id"), args).Scan(&o.Unanswered, &o.Unverified)
	if err != nil {
		return o, kindOf(err)
	}
	err = q.QueryRow(ctx, "SELECT count(*) FROM ("+straySQL+"AND e.seen_at IS NULL "+strayScope(scope, args)+") s", args).Scan(&o.Replies)
	if err != nil {
		return o, kindOf(err)
	}
	return o, kindOf(q.QueryRow(ctx, "SELECT count(*) FROM alarm WHERE closed_at IS NULL").Scan(&o.Alarms))
}

// OnDuty is somebody on tonight's roster (值班表).
type OnDuty struct {
	Contact
	From   time.Time
	Until  time.Time
	UserID *uuid.UUID
}

// OnDuty lists who is on an authority's roster at an instant, leaders first.
func (db *DB) OnDuty(ctx context.Context, office uuid.UUID, at time.Time) ([]OnDuty, error) {
	return collect[OnDuty](ctx, db.pool, `
		SELECT d.unit_id, d.person_id, p.name, p.phone_sealed, d.role, 'A' AS seat, d.valid_from AS "from", d.valid_until AS until,
		       (SELECT u.id FROM app_user u WHERE u.person_id = p.id AND u.disabled_at IS NULL ORDER BY u.id LIMIT 1) AS user_id
		FROM   duty_roster d JOIN person p ON p.id = d.person_id
		WHERE  d.unit_kind = 'authority' AND d.unit_id = $1 AND d.valid_from <= $2 AND d.valid_until > $2
		ORDER  BY d.role = 'duty_officer', d.valid_from, d.person_id`, office, at)
}
