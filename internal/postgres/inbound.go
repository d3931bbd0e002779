package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// KeepPush stores a push. The same bytes from the same account are the same row;
// known says that they were taken before. What was refused may come again, signed
// as it should be.
func (db *DB) KeepPush(ctx context.Context, p response.Push, at time.Time) (id uuid.UUID, known bool, err error) {
	err = db.pool.QueryRow(ctx, `
		WITH kept AS (
		    INSERT INTO inbound (id, account_id, received_at, body_sealed, body_hash) VALUES ($1, $2, $3, $4, $5)
		    ON CONFLICT (account_id, body_hash) DO NOTHING RETURNING id, outcome)
		SELECT id, outcome = 'taken' FROM kept UNION ALL
		SELECT id, outcome = 'taken' FROM inbound WHERE account_id IS NOT DISTINCT FROM $2 AND body_hash = $5 LIMIT 1`,
		p.ID, p.Account, at, p.Sealed, p.Hash).Scan(&id, &known)
	return id, known, kindOf(err)
}

// UnreadPushes are pushes that were kept and never taken, oldest first.
func (db *DB) UnreadPushes(ctx context.Context) ([]response.Push, error) {
	return collect[response.Push](ctx, db.pool, `
		SELECT id, account_id AS account, body_sealed AS sealed, body_hash AS hash, received_at FROM inbound
		WHERE understood_at IS NULL ORDER BY id LIMIT 10000`)
}

// TakePush takes the events of a kept push, in order, all or none. A push that was
// taken before changes nothing.
func (db *DB) TakePush(ctx context.Context, inbound uuid.UUID, account *uuid.UUID, events []response.CarrierEvent, at time.Time) ([]response.PushVerdict, error) {
	var verdicts []response.PushVerdict
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		verdicts = nil
		var done bool
		if err := tx.QueryRow(ctx, "SELECT outcome = 'taken' FROM inbound WHERE id = $1 FOR UPDATE", inbound).Scan(&done); err != nil || done {
			return err
		}
		for i, e := range events {
			in := incoming{inbound: inbound, seq: i, account: account, event: e, at: at}
			v, err := in.take(ctx, tx)
			if err != nil {
				return err
			}
			verdicts = append(verdicts, v)
		}
		_, err := tx.Exec(ctx, "UPDATE inbound SET understood_at = $2, outcome = 'taken' WHERE id = $1", inbound, at)
		return err
	})
	return verdicts, err
}

// RefusePush keeps that a push made no sense; it stays for a person to look at.
func (db *DB) RefusePush(ctx context.Context, inbound uuid.UUID, why string, at time.Time) error {
	_, err := db.pool.Exec(ctx, "UPDATE inbound SET understood_at = $2, outcome = $3 WHERE id = $1 AND understood_at IS NULL", inbound, at, why)
	return kindOf(err)
}

// incoming is one event of a push on its way.
type incoming struct {
	inbound uuid.UUID
	seq     int
	account *uuid.UUID
	event   response.CarrierEvent
	at      time.Time

	noticeID  *uuid.UUID
	summonsID *uuid.UUID
	personID  *uuid.UUID
}

func (in *incoming) take(ctx context.Context, tx pgx.Tx) (response.PushVerdict, error) {
	var v response.PushVerdict
	var err error
	if in.event.Kind == "reply" || in.event.Kind == "code" {
		v, err = in.reply(ctx, tx)
	} else {
		v, err = in.receipt(ctx, tx)
	}
	if err != nil {
		return v, err
	}
	said := ""
	if v.Outcome != string(response.OutcomeTaken) && in.event.Kind == "reply" {
		said = in.event.Text // for the person at the desk who must make sense of it
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO inbound_event (inbound_id, seq, kind, at, notice_id, summons_id, person_id, verdict, said)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, left($9, 200))`,
		in.inbound, in.seq, in.event.Kind, in.event.At, in.noticeID, in.summonsID, in.personID, v.Outcome, said)
	return v, err
}

// eventID makes the answer of this event the same whenever it comes again.
func (in *incoming) eventID() uuid.UUID {
	return uuid.NewSHA1(in.inbound, []byte{byte(in.seq >> 8), byte(in.seq)})
}
