package postgres

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// RawMessage is a document as its source sent it, byte for byte.
type RawMessage struct {
	ID         uuid.UUID
	Source     string
	ReceivedAt time.Time
	Body       []byte
}

// StoreRaw keeps the bytes before anybody tries to understand them. The same
// bytes from the same source are the same row (unique by SHA-256); repeated says
// that they were there.
func (db *DB) StoreRaw(ctx context.Context, source, contentType string, body []byte, at time.Time) (id uuid.UUID, repeated bool, err error) {
	sum := sha256.Sum256(body)
	tag, err := db.pool.Exec(ctx, `
		INSERT INTO raw_message (id, source, sha256, received_at, content_type, body) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (source, sha256) DO NOTHING`, newID(), source, sum[:], at, contentType, body)
	if err != nil {
		return id, false, kindOf(err)
	}
	err = db.pool.QueryRow(ctx, "SELECT id FROM raw_message WHERE source = $1 AND sha256 = $2", source, sum[:]).Scan(&id)
	return id, tag.RowsAffected() == 0, kindOf(err)
}

// Unread gives the oldest document after an id that was stored and never
// understood, because the power failed in between; errs.NotFound at the end. One
// at a time: a document may have ten megabytes.
func (db *DB) Unread(ctx context.Context, after uuid.UUID) (RawMessage, error) {
	return one[RawMessage](ctx, db.pool, `
		SELECT id, source, received_at, body FROM raw_message WHERE understood_at IS NULL AND id > $1 ORDER BY id LIMIT 1`, after)
}

// seesMessages: authorities see the bureaus' messages; they are public warnings
// and not tied to a place. A scope without territory sees none.
func seesMessages(scope account.Scope) error {
	if len(scope.Ranges) == 0 {
		return errs.New(errs.Outside, "no_territory", "只有主管部门可以查看收到的预警信息")
	}
	return nil
}

// RawBody reads the bytes of a document.
func (db *DB) RawBody(ctx context.Context, scope account.Scope, id uuid.UUID) ([]byte, error) {
	if err := seesMessages(scope); err != nil {
		return nil, err
	}
	var body []byte
	err := db.pool.QueryRow(ctx, "SELECT body FROM raw_message WHERE id = $1", id).Scan(&body)
	return body, notFoundAs(kindOf(err), "原件")
}

// MessageRow is a document with the message in it, if there is one, and what
// became of it.
type MessageRow struct {
	ID         *uuid.UUID
	Seq        int // in its document
	RawID      uuid.UUID
	Source     string
	Format     string
	Outcome    string
	Reasons    []Reason
	ReceivedAt time.Time
	Sent       *time.Time
	Sender     string
	Identifier string
	NationalID string
	MsgType    string
	Status     string
	Headline   string
	Flags      []string
	EpisodeID  *uuid.UUID
	WarningID  *uuid.UUID
	Claims     []ClaimRow
}

const messageSQL = `
	SELECT m.id, coalesce(m.seq, 0) AS seq, r.id AS raw_id, r.source, coalesce(r.format, '') AS format, coalesce(r.outcome, '') AS outcome,
	       coalesce(d.reasons, r.reasons, '[]') AS reasons, r.received_at, m.sent, coalesce(m.sender, '') AS sender,
	       coalesce(m.identifier, '') AS identifier, coalesce(m.national_id, '') AS national_id, coalesce(m.msg_type, '') AS msg_type,
	       coalesce(m.status, '') AS status, coalesce(m.headline, '') AS headline, coalesce(m.flags, '{}') AS flags, m.episode_id,
	       (SELECT w.id FROM warning w WHERE w.message_id = m.id ORDER BY w.created_at DESC LIMIT 1) AS warning_id,
	       coalesce((SELECT jsonb_agg(jsonb_build_object('hazard', c.hazard, 'level', c.level, 'event', c.event, 'basis', c.basis,
	           'area_text', c.area_text, 'regions', c.regions || c.possible, 'onset', c.onset, 'expires', c.expires, 'language', c.language,
	           'description', c.description) ORDER BY c.seq) FROM claim c WHERE c.message_id = m.id), '[]') AS claims
	FROM   raw_message r LEFT JOIN message m ON m.raw_id = r.id
	LEFT   JOIN LATERAL (SELECT x.reasons FROM decision x WHERE x.subject = 'message' AND x.subject_id = m.id ORDER BY x.at DESC LIMIT 1) d ON true
	WHERE  `

// Messages lists what came in, newest first; outcome narrows to a comma list of
// outcomes.
func (db *DB) Messages(ctx context.Context, scope account.Scope, outcome string, from Mark, limit int) ([]MessageRow, error) {
	if err := seesMessages(scope); err != nil {
		return nil, err
	}
	return collect[MessageRow](ctx, db.pool, messageSQL+`(@outcome = '' OR r.outcome = ANY(string_to_array(@outcome, ',')))
		AND (r.received_at, r.id, -coalesce(m.seq, 0)) < (@at, @id, -@seq::int)
		ORDER BY r.received_at DESC, r.id DESC, m.seq LIMIT @limit`,
		pgx.NamedArgs{"outcome": outcome, "at": from.At, "id": from.ID, "seq": from.Seq, "limit": limit})
}

// MessageRowByID reads the message that a warning of the caller's came from.
func (db *DB) MessageRowByID(ctx context.Context, id uuid.UUID) (MessageRow, error) {
	return one[MessageRow](ctx, db.pool, messageSQL+"m.id = $1", id)
}
