package postgres

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"muster/internal/errs"
)

// Once names an unsafe request (Idempotency-Key), so that sending it again does
// not do it again. The zero Once is for acts of the machine that have another
// key of their own.
type Once struct {
	Actor string
	Key   string
	Hash  []byte // of the request; the same key with another request is refused
}

// once is onceAs for acts whose answer is an id.
func once(ctx context.Context, tx pgx.Tx, o Once, at time.Time, do func() (uuid.UUID, error)) (uuid.UUID, error) {
	answer, err := onceAs(ctx, tx, o, at, func() (struct{ ID uuid.UUID }, error) {
		id, err := do()
		return struct{ ID uuid.UUID }{id}, err
	})
	return answer.ID, err
}

// onceAs runs do in the transaction unless the request was answered before; then
// it gives that answer. Of two that come at the same time the second waits for
// the first and finds its answer. Where the second's snapshot is older than
// that answer, the primary key of idempotency decides: the loser's transaction
// is rolled back and run again.
func onceAs[T any](ctx context.Context, tx pgx.Tx, o Once, at time.Time, do func() (T, error)) (T, error) {
	if o.Key == "" {
		return do()
	}
	var hash []byte
	var answer T
	_, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1 || chr(31) || $2, 0))", o.Actor, o.Key)
	if err != nil {
		return answer, err
	}
	err = tx.QueryRow(ctx, "SELECT request_hash, answer FROM idempotency WHERE actor = $1 AND key = $2", o.Actor, o.Key).Scan(&hash, &answer)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return answer, err
	case !bytes.Equal(hash, o.Hash):
		return answer, errs.New(errs.Conflict, "idempotency_reused", "同一个 Idempotency-Key 用在了另一个请求上")
	default:
		return answer, nil
	}
	if answer, err = do(); err != nil {
		return answer, err
	}
	_, err = tx.Exec(ctx, "INSERT INTO idempotency (actor, key, request_hash, status, answer, at) VALUES ($1, $2, $3, 200, $4, $5)",
		o.Actor, o.Key, o.Hash, answer, at)
	return answer, err
}

// sameRequest says that a transaction failed because its twin was faster.
func sameRequest(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && pg.Code == "23505" && pg.ConstraintName == "idempotency_pkey"
}
