package postgres

import (
	"context"
	"errors"
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

// officeOfPaste is whose draft a pasted message becomes: the office it would be by
// its issuer where that lies in the territory of whoever pasted it, else his own,
// who could not see it otherwise. What was not pasted stays where it is.
func officeOfPaste(ctx context.Context, tx pgx.Tx, message, office uuid.UUID, name string, at time.Time) (uuid.UUID, string, error) {
	var own uuid.UUID
	var ownName string
	var holds bool
	err := tx.QueryRow(ctx, `
		SELECT a.id, a.name, EXISTS (SELECT FROM authority o JOIN authority_territory t ON t.authority_id = a.id
		                             WHERE o.id = $2 AND o.region COLLATE "C" >= t.lo AND o.region COLLATE "C" < t.hi) AS holds
		FROM   message m JOIN pasted p ON p.raw_id = m.raw_id
		JOIN   user_grant g ON g.user_id = p.pasted_by AND g.from_at <= $3 AND (g.until_at IS NULL OR g.until_at > $3)
		JOIN   authority a ON a.id = g.authority_id
		WHERE  m.id = $1 ORDER BY holds DESC, a.id LIMIT 1`, message, office, at).Scan(&own, &ownName, &holds)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && holds {
		return office, name, nil
	}
	return own, ownName, err
}
