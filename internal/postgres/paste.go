package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/jackc/pgx/v5"
)

// PasteSource is the source of what people paste: no feed, so that no standing
// authorisation can name it.
const PasteSource = "paste"

// Pasted is where a pasted text came from, in the words of whoever pasted it.
type Pasted struct {
	RawID    uuid.UUID
	PastedBy uuid.UUID
	Title    string // of the account
	At       time.Time
	Words    string
	Datum    string
}

// StorePaste keeps a pasted text, before anybody tries to understand it, with where
// it came from. The same text pasted again is the same document; the first one's
// words stay.
func (db *DB) StorePaste(ctx context.Context, text []byte, words, datum string, by Actor, at time.Time) (raw uuid.UUID, repeated bool, err error) {
	raw, repeated, err = db.StoreRaw(ctx, PasteSource, "text/plain; charset=utf-8", text, at)
	if err != nil {
		return raw, repeated, err
	}
	return raw, repeated, db.inTx(ctx, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, "INSERT INTO pasted (raw_id, pasted_by, at, words, datum) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
			raw, by.ID, at, words, datum)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return audit(ctx, tx, by, "paste", "message", raw.String(), nil, at)
	})
}

// PastedByID reads where a pasted text came from; errs.NotFound when it was not
// pasted.
func (db *DB) PastedByID(ctx context.Context, raw uuid.UUID) (Pasted, error) {
	p, err := one[Pasted](ctx, db.pool, `
		SELECT p.raw_id, p.pasted_by, u.title, p.at, p.words, p.datum FROM pasted p JOIN app_user u ON u.id = p.pasted_by WHERE p.raw_id = $1`, raw)
	return p, notFoundAs(err, "粘贴的文字")
}
