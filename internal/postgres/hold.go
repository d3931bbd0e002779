package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/warning"
)

// lockDraft takes a draft for an act that changes nothing of what it says: it
// needs no version and makes none.
func lockDraft(ctx context.Context, tx pgx.Tx, scope account.Scope, id uuid.UUID) (locked, error) {
	args := pgx.NamedArgs{"id": id}
	version, err := one[struct{ Version int }](ctx, tx, "SELECT w.version FROM warning w JOIN authority a ON a.id = w.authority_id WHERE w.id = @id AND "+
		authoritiesOf(scope, args)+" FOR UPDATE OF w", args)
	if err != nil {
		return locked{}, notFoundAs(err, "预警")
	}
	return lockWarning(ctx, tx, scope, id, version.Version, "draft")
}

// Hold (暂缓) keeps a draft from going out, by itself or by hand, for a stated
// reason: until an instant, or until somebody releases it. Holding again states
// another reason and time.
func (db *DB) Hold(ctx context.Context, scope account.Scope, id uuid.UUID, reason string, until *time.Time, by Actor, o Once, at time.Time) error {
	switch {
	case reason == "":
		return errs.New(errs.Fix, "reason_missing", "暂缓要写明理由")
	case until != nil && !until.After(at):
		return errs.New(errs.Fix, "until_past", "暂缓到的时间已过")
	}
	return db.onDraft(ctx, scope, id, o, at, func(tx pgx.Tx, w locked) error {
		if _, err := tx.Exec(ctx, "UPDATE warning SET held_at = $2, held_by = $3, held_until = $4, held_reason = $5 WHERE id = $1",
			id, at, by.ID, until, reason); err != nil {
			return err
		}
		if err := decide(ctx, tx, "warning", id, "held", []Reason{{"held", reason}}, by.Name, at); err != nil {
			return err
		}
		return audit(ctx, tx, by, "hold", "warning", id.String(), map[string]any{"until": until}, at)
	})
}

// Release ends a hold. A countdown that ran out meanwhile gets another minute.
func (db *DB) Release(ctx context.Context, scope account.Scope, id uuid.UUID, reason string, by Actor, o Once, at time.Time) error {
	return db.onDraft(ctx, scope, id, o, at, func(tx pgx.Tx, w locked) error {
		var held, due *time.Time
		if err := tx.QueryRow(ctx, "SELECT held_at, auto_at FROM warning WHERE id = $1", id).Scan(&held, &due); err != nil {
			return err
		}
		if held == nil {
			return errs.New(errs.Conflict, "not_held", "这份草稿没有暂缓")
		}
		if due != nil {
			later := warning.GoesOut(*due, at)
			due = &later
		}
		if _, err := tx.Exec(ctx, "UPDATE warning SET held_at = NULL, held_by = NULL, held_until = NULL, held_reason = '', auto_at = $2 WHERE id = $1",
			id, due); err != nil {
			return err
		}
		if err := decide(ctx, tx, "warning", id, "released_hold", []Reason{{"released_hold", reason}}, by.Name, at); err != nil {
			return err
		}
		return audit(ctx, tx, by, "release_hold", "warning", id.String(), nil, at)
	})
}

// onDraft runs an act on a locked draft, once, and tells the others.
func (db *DB) onDraft(ctx context.Context, scope account.Scope, id uuid.UUID, o Once, at time.Time, do func(pgx.Tx, locked) error) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := once(ctx, tx, o, at, func() (uuid.UUID, error) {
			w, err := lockDraft(ctx, tx, scope, id)
			if err != nil {
				return id, err
			}
			if err := do(tx, w); err != nil {
				return id, err
			}
			return id, announceWarning(ctx, tx, id, at)
		})
		return err
	})
}

// notOnHold refuses to publish what somebody holds back; his reason and name are
// told, and he can be asked.
func notOnHold(ctx context.Context, tx pgx.Tx, id uuid.UUID, at time.Time) error {
	h, err := one[struct {
		HeldAt     *time.Time
		HeldUntil  *time.Time
		HeldReason string
		Title      *string
	}](ctx, tx, "SELECT w.held_at, w.held_until, w.held_reason, u.title FROM warning w LEFT JOIN app_user u ON u.id = w.held_by WHERE w.id = $1", id)
	if err != nil || h.HeldAt == nil || h.HeldUntil != nil && !h.HeldUntil.After(at) {
		return err
	}
	return errs.New(errs.Conflict, "on_hold", "%s于%s暂缓了这份草稿（%s），请先解除暂缓", textOf(h.Title), wall(*h.HeldAt), h.HeldReason)
}

func wall(t time.Time) string { return t.In(clock.Shanghai).Format("1月2日15:04") }
