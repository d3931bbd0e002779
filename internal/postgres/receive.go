package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/warning"
)

// Understood is what a parser made of a stored document.
type Understood struct {
	RawID    uuid.UUID
	Trusted  []string // senders that may speak for others, when the feed is an aggregator
	Format   string
	Outcome  string
	Reasons  []Reason
	Messages []warning.Message
}

// Receipt is what became of a document.
type Receipt struct {
	RawID    uuid.UUID
	Repeated bool // the same bytes were there; what is said here is what became of them then
	Format   string
	Outcome  string
	Reasons  []Reason
	Messages []ReceivedMessage
}

// ReceivedMessage is a message of a document with where it went.
type ReceivedMessage struct {
	ID         uuid.UUID
	NationalID string
	Flags      []string
	EpisodeID  *uuid.UUID
	WarningID  *uuid.UUID
	Why        []Reason // what was decided about it
}

// Understand writes what a document says: messages, claims, their place in
// episodes, and the drafts that follow from them, each decision with its
// reasons; in one transaction. A document is understood once: the row lock and
// understood_at answer for two that try at the same time.
func (db *DB) Understand(ctx context.Context, u Understood, at time.Time) (Receipt, error) {
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		var done bool
		if err := tx.QueryRow(ctx, "SELECT understood_at IS NOT NULL FROM raw_message WHERE id = $1 FOR UPDATE", u.RawID).Scan(&done); err != nil || done {
			return err
		}
		outcome, reasons := u.Outcome, append([]Reason{}, u.Reasons...)
		for i, m := range u.Messages {
			held, err := takeMessage(ctx, tx, u, i, m, at)
			if err != nil {
				return err
			}
			if len(held) > 0 && outcome == "accepted" {
				outcome = "held"
			}
			reasons = append(reasons, held...)
		}
		_, err := tx.Exec(ctx, "UPDATE raw_message SET format = $2, outcome = $3, reasons = $4, understood_at = $5 WHERE id = $1",
			u.RawID, u.Format, outcome, reasons, at)
		if err != nil {
			return err
		}
		return announce(ctx, tx, "message", u.RawID, place{}, at)
	})
	if err != nil {
		return Receipt{RawID: u.RawID}, err
	}
	return db.ReceiptOf(ctx, u.RawID)
}

// takeMessage places one message, stores it and drafts what follows.
func takeMessage(ctx context.Context, tx pgx.Tx, u Understood, seq int, m warning.Message, at time.Time) ([]Reason, error) {
	p, err := placeMessage(ctx, tx, m, u.Trusted, at)
	if err != nil {
		return nil, err
	}
	m.Flags = append(m.Flags, p.Flags...)
	id, err := insertMessage(ctx, tx, u.RawID, u.Format, seq, m, p, at)
	if err != nil {
		return nil, err
	}
	var held []Reason
	for _, h := range p.Held {
		held = append(held, Reason(h))
	}
	verdict, why, err := draftFor(ctx, tx, id, m, p, at)
	if err != nil {
		return nil, err
	}
	return held, decide(ctx, tx, "message", id, verdict, append(held, why...), machine.Name, at)
}

// ReceiptOf tells what became of a stored document.
func (db *DB) ReceiptOf(ctx context.Context, raw uuid.UUID) (Receipt, error) {
	r := Receipt{RawID: raw}
	var understood bool
	err := db.pool.QueryRow(ctx, `
		SELECT coalesce(format, ''), coalesce(outcome, ''), coalesce(reasons, '[]'), understood_at IS NOT NULL
		FROM   raw_message WHERE id = $1`, raw).Scan(&r.Format, &r.Outcome, &r.Reasons, &understood)
	if err != nil {
		return r, kindOf(err)
	}
	r.Messages, err = collect[ReceivedMessage](ctx, db.pool, `
		SELECT m.id, m.national_id, m.flags, m.episode_id,
		       (SELECT w.id FROM warning w WHERE w.message_id = m.id ORDER BY w.created_at DESC LIMIT 1) AS warning_id,
		       coalesce((SELECT d.reasons FROM decision d WHERE d.subject = 'message' AND d.subject_id = m.id ORDER BY d.at DESC, d.id DESC LIMIT 1), '[]') AS why
		FROM   message m WHERE m.raw_id = $1 ORDER BY m.seq`, raw)
	return r, err
}
