package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/warning"
)

// SeedPolicy loads the default rule book as version 1, when there is none.
func (db *DB) SeedPolicy(ctx context.Context, at time.Time) error {
	_, err := db.pool.Exec(ctx, `
		INSERT INTO policy (id, authority_id, number, body, valid_from, recorded_at, recorded_by)
		SELECT $1, NULL, 1, $2, 'epoch', $3, 'default' WHERE NOT EXISTS (SELECT FROM policy WHERE authority_id IS NULL)
		ON CONFLICT DO NOTHING`, newID(), string(warning.DefaultPolicyJSON()), at)
	return kindOf(err)
}

// AddPolicy gives an authority (none: everybody) a new version of the rule book,
// in force from an instant on.
func (db *DB) AddPolicy(ctx context.Context, authority uuid.UUID, body []byte, from time.Time, by Actor, at time.Time) (uuid.UUID, error) {
	if _, err := warning.ParsePolicy(body); err != nil {
		return uuid.Nil, err
	}
	id := newID()
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO policy (id, authority_id, number, body, valid_from, recorded_at, recorded_by)
			SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6 FROM policy WHERE authority_id IS NOT DISTINCT FROM $2`,
			id, nilID(authority), string(body), from, at, by.Name)
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "add_policy", "policy", id.String(), nil, at)
	})
	return id, err
}

// policyFor is the rule book of an authority at an instant: its own, or the
// common one.
func policyFor(ctx context.Context, q querier, authority uuid.UUID, at time.Time) (*warning.Policy, uuid.UUID, error) {
	var id uuid.UUID
	var body []byte
	err := q.QueryRow(ctx, `
		SELECT id, body FROM policy
		WHERE (authority_id = $1 OR authority_id IS NULL) AND valid_from <= $2
		ORDER  BY authority_id IS NULL, number DESC LIMIT 1`, authority, at).Scan(&id, &body)
	if err != nil {
		return nil, id, kindOf(err)
	}
	p, err := warning.ParsePolicy(body)
	return p, id, err
}
