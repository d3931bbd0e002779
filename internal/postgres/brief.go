package postgres

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/google/uuid"

	"muster/internal/response"
	"muster/internal/warning"
)

// brief is what every notice about one warning says, and the rule book that
// decides how it is said. A self-started evacuation has one of its own.
type brief struct {
	Mode            string
	WarningID       *uuid.UUID
	ResponseID      *uuid.UUID // of a self-started evacuation
	Revision        *int
	Kind            string
	Hazard          warning.Hazard
	Level           warning.Level
	Title           string
	Issuer          string
	IssuedAt        *time.Time
	Basis           string
	Note            string
	AuthorityID     *uuid.UUID
	AuthorityName   string
	AuthorityRegion string
	PublishedAt     *time.Time
	Expires         *time.Time
	RulesID         *uuid.UUID

	rules *response.Rules
}

const briefSQL = `
SELECT w.mode, w.id AS warning_id, NULL::uuid AS response_id, r.number AS revision, w.kind, w.hazard, w.level, w.title, w.issuer, w.issued_at,
       w.basis, w.note, w.authority_id, a.name AS authority_name, a.region AS authority_region, w.published_at, w.expires, r.rules_id
FROM   warning w
JOIN   authority a ON a.id = w.authority_id
LEFT   JOIN revision r ON r.warning_id = w.id AND r.number = w.revision
WHERE  w.id = $1`

func briefOf(ctx context.Context, q querier, warningID uuid.UUID) (brief, error) {
	b, err := one[brief](ctx, q, briefSQL, warningID)
	if err != nil {
		return b, err
	}
	b.rules, err = rulesByID(ctx, q, deref(b.RulesID))
	return b, err
}

// selfBrief is for an evacuation that a site began without a warning.
func selfBrief(ctx context.Context, q querier, t thread, at time.Time) (brief, error) {
	b := brief{Mode: t.Mode, ResponseID: &t.ID, Kind: "self", Level: t.Level, PublishedAt: &at}
	var err error
	b.rules, _, err = rulesFor(ctx, q, uuid.Nil, at)
	return b, err
}

// parsedRules keeps rule books that were read: a version never changes.
var parsedRules sync.Map // uuid.UUID → *response.Rules

func rulesByID(ctx context.Context, q querier, id uuid.UUID) (*response.Rules, error) {
	if r, there := parsedRules.Load(id); there {
		return r.(*response.Rules), nil
	}
	var body json.RawMessage
	if err := q.QueryRow(ctx, "SELECT body FROM policy WHERE id = $1 AND kind = 'response'", id).Scan(&body); err != nil {
		return nil, kindOf(err)
	}
	r, err := response.ParseRules(body)
	if err == nil {
		parsedRules.Store(id, r)
	}
	return r, err
}

// rulesFor is the response's rule book of an authority at an instant: its own, or
// the common one.
func rulesFor(ctx context.Context, q querier, authority uuid.UUID, at time.Time) (*response.Rules, uuid.UUID, error) {
	var id uuid.UUID
	err := q.QueryRow(ctx, policySQL, authority, at, "response").Scan(&id)
	if err != nil {
		return nil, id, kindOf(err)
	}
	r, err := rulesByID(ctx, q, id)
	return r, id, err
}

// Rules is the common rule book in force at an instant.
func (db *DB) Rules(ctx context.Context, at time.Time) (*response.Rules, error) {
	r, _, err := rulesFor(ctx, db.pool, uuid.Nil, at)
	return r, err
}
