package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// UpstreamCount is how many things of a stage are in a state.
type UpstreamCount struct {
	Stage  UpstreamStage
	State  string // waiting, sent, done, refused
	Count  int
	Oldest time.Time // by the thing's own time
}

// UpstreamCounts is what is still to be told to a platform, what it knows, and what
// it has refused. Passes that were taken are counted in Upstream.Forwarded.
func (db *DB) UpstreamCounts(ctx context.Context, id uuid.UUID) ([]UpstreamCount, error) {
	return collect[UpstreamCount](ctx, db.pool, `
		SELECT stage, state, count(*) AS count, min(at) AS oldest FROM upstream_item WHERE upstream_id = $1 GROUP BY stage, state ORDER BY stage, state`, id)
}

// UpstreamRefused is one thing that a platform refused, with its words.
type UpstreamRefused struct {
	Stage    UpstreamStage
	Team     string
	PersonID *uuid.UUID
	At       time.Time
	Words    string
}

// UpstreamRefusals are the latest things that a platform refused.
func (db *DB) UpstreamRefusals(ctx context.Context, id uuid.UUID, limit int) ([]UpstreamRefused, error) {
	return collect[UpstreamRefused](ctx, db.pool, `
		SELECT i.stage, g.name AS team, i.person_id, i.at, i.words FROM upstream_item i JOIN team g ON g.id = i.team_id
		WHERE  i.upstream_id = $1 AND i.state = 'refused' ORDER BY i.id DESC LIMIT $2`, id, limit)
}
