package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/response"
)

// StrayReply is a reply that led to nothing: somebody at the desk must make sense
// of it. Said holds what was written; a number is not among it.
type StrayReply struct {
	InboundID  uuid.UUID
	Seq        int
	Kind       string
	At         time.Time
	Verdict    response.Outcome
	Said       string
	PersonID   *uuid.UUID
	PersonName *string
	Region     *string // of a site that the person was asked about, for rights
	ProjectID  *uuid.UUID
	SectionID  *uuid.UUID
	SiteID     *uuid.UUID
	SiteName   *string
	Mode       *string
	Live       bool
	SeenAt     *time.Time
}

// straySQL: of what was typed into the answer page the person was told at once;
// only a locked code and an unclear one are left to the desk.
const straySQL = `
SELECT e.inbound_id, e.seq, e.kind, e.at, e.verdict, e.said, e.person_id, p.name AS person_name, r.region, r.project_id, r.section_id, r.site_id,
       r.site_name, r.mode, coalesce(r.ended_at IS NULL, false) AS live, e.seen_at
FROM   inbound_event e
LEFT   JOIN person p ON p.id = e.person_id
LEFT   JOIN LATERAL (SELECT r.* FROM summons s JOIN summons_target t ON t.summons_id = s.id JOIN response r ON r.id = t.response_id
                     WHERE s.person_id = e.person_id ORDER BY r.ended_at IS NULL DESC, s.opened_at DESC, t.rung LIMIT 1) r ON true
WHERE  (e.kind = 'reply' AND e.verdict NOT IN ('taken', 'late') OR e.kind = 'code' AND e.verdict IN ('locked', 'ambiguous'))
`

// strayScope: what comes from a known person belongs to where he was asked; what
// comes from nobody known belongs to the authorities.
func strayScope(scope account.Scope, args pgx.NamedArgs) string {
	where := "AND (" + scopeColumns(scope, args, "r.region", "r.project_id", "r.section_id", "r.site_id")
	if len(scope.Ranges) > 0 {
		where += " OR r.id IS NULL"
	}
	return where + ")"
}

// StrayReplies lists replies that led to nothing, newest first; with open only
// those that nobody has seen to.
func (db *DB) StrayReplies(ctx context.Context, scope account.Scope, open bool, from Mark, limit int) ([]StrayReply, error) {
	args := pgx.NamedArgs{"open": open, "at": from.At, "id": from.ID, "seq": from.Seq, "limit": limit}
	return collect[StrayReply](ctx, db.pool, straySQL+`AND (NOT @open OR e.seen_at IS NULL) AND (e.at, e.inbound_id, e.seq) < (@at, @id, @seq) `+
		strayScope(scope, args)+" ORDER BY e.at DESC, e.inbound_id DESC, e.seq DESC LIMIT @limit", args)
}

// SeeStray keeps that somebody at the desk has seen to a reply.
func (db *DB) SeeStray(ctx context.Context, scope account.Scope, inbound uuid.UUID, seq int, by Actor, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		args := pgx.NamedArgs{"inbound": inbound, "seq": seq}
		found, err := collect[StrayReply](ctx, tx, straySQL+"AND e.inbound_id = @inbound AND e.seq = @seq "+strayScope(scope, args), args)
		if err == nil && len(found) == 0 {
			err = notFound("来信")
		}
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, "UPDATE inbound_event SET seen_by = $3, seen_at = $4 WHERE inbound_id = $1 AND seq = $2 AND seen_at IS NULL",
			inbound, seq, nilID(by.ID), at)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return audit(ctx, tx, by, "see_reply", "inbound", inbound.String(), map[string]any{"seq": seq}, at)
	})
}
