package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// DeskState is what a draft's line in the inbox shows beside what it says: in
// whose hands it is, whether it is held, when it goes out by itself.
type DeskState struct {
	ID            uuid.UUID
	State         string
	EditorID      *uuid.UUID
	EditorTitle   *string
	EditorSince   *time.Time
	HeldAt        *time.Time
	HeldBy        *uuid.UUID
	HolderTitle   *string
	HeldUntil     *time.Time
	HeldReason    string
	AutoState     string
	AutoAt        *time.Time
	AutoWhy       []Reason
	StandingID    *uuid.UUID
	StandingTitle *string
	StandingVer   *int
	SignerID      *uuid.UUID
	SignerTitle   *string
	PublishedAt   *time.Time
	RedrawnAt     *time.Time // when a person last changed the draft's area
}

// Held says whether the draft is held at an instant.
func (d DeskState) Held(at time.Time) bool {
	return d.HeldAt != nil && (d.HeldUntil == nil || d.HeldUntil.After(at))
}

// GoesOut is when the draft goes out by itself if nobody does anything: not while
// it is held. Nil when it does not.
func (d DeskState) GoesOut(at time.Time) *time.Time {
	switch {
	case d.AutoState != "waiting" || d.AutoAt == nil:
		return nil
	case !d.Held(at):
		return d.AutoAt
	case d.HeldUntil == nil:
		return nil
	case d.HeldUntil.After(*d.AutoAt):
		return d.HeldUntil
	}
	return d.AutoAt
}

// DeskStates reads the desk's side of warnings that the caller has read.
func (db *DB) DeskStates(ctx context.Context, warnings []uuid.UUID) (map[uuid.UUID]DeskState, error) {
	rows, err := collect[DeskState](ctx, db.pool, `
		SELECT w.id, w.state, w.editor_id, e.title AS editor_title, w.editor_since, w.held_at, w.held_by, h.title AS holder_title, w.held_until,
		       w.held_reason, w.auto_state, w.auto_at, w.auto_why, s.id AS standing_id, s.title AS standing_title, s.version AS standing_ver,
		       s.signed_by AS signer_id, u.title AS signer_title, w.published_at, w.redrawn_at
		FROM   warning w LEFT JOIN app_user e ON e.id = w.editor_id LEFT JOIN app_user h ON h.id = w.held_by
		LEFT   JOIN standing_authorisation s ON s.id = w.auto_id LEFT JOIN app_user u ON u.id = s.signed_by
		WHERE  w.id = ANY($1)`, warnings)
	by := make(map[uuid.UUID]DeskState, len(rows))
	for _, r := range rows {
		by[r.ID] = r
	}
	return by, err
}

// NewestLooks reads the newest question about each of the warnings that the caller
// has read.
func (db *DB) NewestLooks(ctx context.Context, warnings []uuid.UUID) (map[uuid.UUID]Look, error) {
	rows, err := collect[Look](ctx, db.pool, `SELECT DISTINCT ON (n.warning_id) n.* FROM (`+lookSQL+`WHERE l.warning_id = ANY($1)) n
		ORDER BY n.warning_id, n.asked_at DESC, n.answered_at DESC NULLS LAST, n.id DESC`, warnings)
	by := make(map[uuid.UUID]Look, len(rows))
	for _, r := range rows {
		by[r.WarningID] = r
	}
	return by, err
}
