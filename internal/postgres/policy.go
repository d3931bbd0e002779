package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/warning"
)

// PolicyKind says which part of the rule book a version is of.
type PolicyKind string

// The parts of the rule book.
const (
	MeasuresPolicy PolicyKind = "measures" // which measure (措施矩阵)
	ResponsePolicy PolicyKind = "response" // ladder, clocks, evidence, texts
)

// check refuses a body that the part's own reader refuses.
func (k PolicyKind) check(body []byte) error {
	switch k {
	case MeasuresPolicy:
		_, err := warning.ParsePolicy(body)
		return err
	case ResponsePolicy:
		_, err := response.ParseRules(body)
		return err
	}
	return errs.New(errs.Fix, "policy_kind", "没有这种规则：%s", k)
}

// SeedPolicy loads the default rule book as version 1, when there is none.
func (db *DB) SeedPolicy(ctx context.Context, at time.Time) error {
	return db.inTx(ctx, func(tx pgx.Tx) error {
		for kind, body := range map[PolicyKind][]byte{MeasuresPolicy: warning.DefaultPolicyJSON(), ResponsePolicy: response.DefaultRulesJSON()} {
			_, err := tx.Exec(ctx, `
				INSERT INTO policy (id, authority_id, kind, number, body, valid_from, recorded_at, recorded_by)
				SELECT $1, NULL, $2, 1, $3, 'epoch', $4, 'default' WHERE NOT EXISTS (SELECT FROM policy WHERE authority_id IS NULL AND kind = $2)
				ON CONFLICT DO NOTHING`, newID(), kind, string(body), at)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// AddPolicy gives an authority (none: everybody) a new version of a part of the
// rule book, in force from an instant on.
func (db *DB) AddPolicy(ctx context.Context, kind PolicyKind, authority uuid.UUID, body []byte, from time.Time, by Actor, at time.Time) (uuid.UUID, error) {
	if err := kind.check(body); err != nil {
		return uuid.Nil, err
	}
	id := newID()
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			INSERT INTO policy (id, authority_id, kind, number, body, valid_from, recorded_at, recorded_by)
			SELECT $1, $2, $7, coalesce(max(number), 0) + 1, $3, $4, $5, $6 FROM policy WHERE authority_id IS NOT DISTINCT FROM $2 AND kind = $7`,
			id, nilID(authority), string(body), from, at, by.Name, kind)
		if err != nil {
			return err
		}
		return audit(ctx, tx, by, "add_policy", "policy", id.String(), map[string]any{"kind": kind}, at)
	})
	return id, err
}

// policySQL finds the version of an authority at an instant: its own, or the
// common one.
const policySQL = `
SELECT id FROM policy
WHERE  (authority_id = $1 OR authority_id IS NULL) AND valid_from <= $2 AND kind = $3
ORDER  BY authority_id IS NULL, number DESC LIMIT 1`

// policyFor is the measures' rule book of an authority at an instant.
func policyFor(ctx context.Context, q querier, authority uuid.UUID, at time.Time) (*warning.Policy, uuid.UUID, error) {
	var id uuid.UUID
	if err := q.QueryRow(ctx, policySQL, authority, at, MeasuresPolicy).Scan(&id); err != nil {
		return nil, id, kindOf(err)
	}
	var body []byte
	if err := q.QueryRow(ctx, "SELECT body FROM policy WHERE id = $1", id).Scan(&body); err != nil {
		return nil, id, kindOf(err)
	}
	p, err := warning.ParsePolicy(body)
	return p, id, err
}
