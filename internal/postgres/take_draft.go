package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// holder is in whose hands a draft is.
type holder struct {
	EditorID    *uuid.UUID
	EditorSince *time.Time
	Title       *string
}

func holderOf(ctx context.Context, q querier, id uuid.UUID) (holder, error) {
	return one[holder](ctx, q, "SELECT w.editor_id, w.editor_since, u.title FROM warning w LEFT JOIN app_user u ON u.id = w.editor_id WHERE w.id = $1", id)
}

func (h holder) refuse(by Actor) error {
	if h.EditorID == nil || *h.EditorID == by.ID {
		return nil
	}
	return errs.New(errs.Conflict, "taken", "%s自%s起在处理这份草稿，需要时可以接手", textOf(h.Title), wall(*h.EditorSince))
}

// TakeDraft (接手) puts a draft into somebody's hands, so that a second officer is
// told. Over takes it out of another's. What the draft says does not change, and
// a countdown runs on.
func (db *DB) TakeDraft(ctx context.Context, scope account.Scope, id uuid.UUID, over bool, by Actor, o Once, at time.Time) error {
	return db.onDraft(ctx, scope, id, o, at, func(tx pgx.Tx, w locked) error {
		h, err := holderOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := h.refuse(by); err != nil && !over {
			return err
		}
		if h.EditorID != nil && *h.EditorID == by.ID {
			return nil
		}
		if err := takeDraft(ctx, tx, id, by, at); err != nil {
			return err
		}
		return audit(ctx, tx, by, "take_draft", "warning", id.String(), map[string]any{"from": h.EditorID}, at)
	})
}

func takeDraft(ctx context.Context, tx pgx.Tx, id uuid.UUID, by Actor, at time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE warning SET editor_id = $2, editor_since = $3 WHERE id = $1", id, by.ID, at)
	return err
}

// editing comes before every change of what a draft says: it must be in one's own
// hands or in nobody's, and what a person changed no longer goes out by itself.
func editing(ctx context.Context, tx pgx.Tx, id uuid.UUID, by Actor, at time.Time) error {
	h, err := holderOf(ctx, tx, id)
	if err == nil {
		err = h.refuse(by)
	}
	if err == nil && h.EditorID == nil {
		err = takeDraft(ctx, tx, id, by, at)
	}
	if err != nil {
		return err
	}
	return stopAuto(ctx, tx, id, []Reason{{"edited", "草稿已由人修改，不再自动转发"}}, by, at)
}

// inherit hands a draft's holder and hold on to the one that takes its place: who
// held the old text back has not agreed to the new one.
func inherit(ctx context.Context, tx pgx.Tx, from, to uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		UPDATE warning n SET editor_id = o.editor_id, editor_since = o.editor_since, held_at = o.held_at, held_by = o.held_by,
		       held_until = o.held_until, held_reason = o.held_reason
		FROM   warning o WHERE n.id = $2 AND o.id = $1`, from, to)
	return err
}
