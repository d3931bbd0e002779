package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// Lift (解除) ends a warning for a stated reason. Only its publisher may, or the
// duty leader of an authority above it; never an authority below. What the sites
// must still do afterwards (inspection, permission to return) is not ended by it.
func (db *DB) Lift(ctx context.Context, scope account.Scope, id uuid.UUID, version int, reason string, p Publication, at time.Time) error {
	if reason == "" {
		return errs.New(errs.Fix, "reason_missing", "解除要写明理由")
	}
	return db.inWideTx(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, p.Once, at, func() (uuid.UUID, error) {
			w, err := lockWarning(ctx, tx, scope, id, version, "active", "expired")
			if err != nil {
				return id, err
			}
			if w.AuthorityID != p.Office && !p.Leader {
				return id, errs.New(errs.Forbidden, "not_ours", "下级单位的预警由带班领导解除")
			}
			return id, lift(ctx, tx, w.ID, reason, p, at)
		})
		return err
	})
}

func liftByDraft(ctx context.Context, tx pgx.Tx, d locked, p Publication, at time.Time) (uuid.UUID, error) {
	w, err := followed(ctx, tx, d)
	if err != nil {
		return d.ID, err
	}
	if err := ownOffice(w, p); err != nil {
		return d.ID, err
	}
	var reason string
	if err := tx.QueryRow(ctx, "SELECT note FROM warning WHERE id = $1", d.ID).Scan(&reason); err != nil {
		return d.ID, err
	}
	if err := lift(ctx, tx, w.ID, reason, p, at); err != nil {
		return d.ID, err
	}
	return w.ID, discard(ctx, tx, d.ID, Reason{"applied", "已据此解除生效中的预警"}, p.By, at)
}

func lift(ctx context.Context, tx pgx.Tx, id uuid.UUID, reason string, p Publication, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE warning SET state = 'lifted', version = version + 1, closed_at = $2, closed_reason = $3 WHERE id = $1`, id, at, reason)
	if err != nil {
		return err
	}
	if err := endThreads(ctx, tx, id, at); err != nil {
		return err
	}
	if err := decide(ctx, tx, "warning", id, "lift", []Reason{{"lifted", reason}}, p.By.Name, at); err != nil {
		return err
	}
	if err := audit(ctx, tx, p.By, "lift", "warning", id.String(), nil, at); err != nil {
		return err
	}
	return announceWarning(ctx, tx, id, at)
}

// ExpireDue ends the active warnings whose time is over. Expired is not lifted:
// nobody may return, and the publisher still has to lift it (到期未解除). It may
// run on every replica: the state guards the row.
func (db *DB) ExpireDue(ctx context.Context, at time.Time) (int, error) {
	var n int
	err := db.inWideTx(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		due, err := ids(ctx, tx, "SELECT id FROM warning WHERE state = 'active' AND expires <= $1 ORDER BY id FOR UPDATE SKIP LOCKED", at)
		if err != nil {
			return err
		}
		n = len(due)
		for _, id := range due {
			if err := expire(ctx, tx, id, at); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func expire(ctx context.Context, tx pgx.Tx, id uuid.UUID, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE warning SET state = 'expired', version = version + 1, closed_at = $2, closed_reason = '到期未解除' WHERE id = $1`, id, at)
	if err != nil {
		return err
	}
	if err := expireThreads(ctx, tx, id, at); err != nil {
		return err
	}
	if err := decide(ctx, tx, "warning", id, "expire", []Reason{{"expired", "到期未解除"}}, machine.Name, at); err != nil {
		return err
	}
	return announceWarning(ctx, tx, id, at)
}

// machine is the actor of what happens by itself.
var machine = Actor{Name: "muster"}
