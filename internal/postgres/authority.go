package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// Authority is a competent authority (主管部门).
type Authority struct {
	ID     uuid.UUID
	Name   string
	Level  string
	Region string
}

// AuthorityByID reads one.
func (db *DB) AuthorityByID(ctx context.Context, id uuid.UUID) (Authority, error) {
	return one[Authority](ctx, db.pool, "SELECT id, name, level, region FROM authority WHERE id = $1", id)
}

// authorityScope is an authority's territory and the projects that it supervises
// at an instant, wherever they lie.
func authorityScope(ctx context.Context, q querier, id uuid.UUID, at time.Time) (account.Scope, error) {
	var s account.Scope
	rows, err := q.Query(ctx, "SELECT lo, hi FROM authority_territory WHERE authority_id = $1 ORDER BY lo", id)
	if err != nil {
		return s, kindOf(err)
	}
	if s.Ranges, err = pgx.CollectRows(rows, pgx.RowToStructByPos[account.CodeRange]); err != nil {
		return s, kindOf(err)
	}
	s.Projects, err = ids(ctx, q, `
		SELECT project_id FROM supervision WHERE authority_id = $1 AND from_at <= $2 AND (until_at IS NULL OR until_at > $2)`, id, at)
	return s, err
}

// companyScope looks downward: the company's and its daughters' projects and sections.
func companyScope(ctx context.Context, q querier, id uuid.UUID) (s account.Scope, err error) {
	const family = `WITH RECURSIVE family AS (
		SELECT id FROM company WHERE id = $1 UNION SELECT c.id FROM company c JOIN family f ON c.parent_id = f.id) `
	if s.Projects, err = ids(ctx, q, family+"SELECT p.id FROM project p JOIN family f ON p.owner_id = f.id", id); err != nil {
		return s, err
	}
	s.Sections, err = ids(ctx, q, family+"SELECT s.id FROM section s JOIN family f ON s.company_id = f.id", id)
	return s, err
}

// supervisedScope is a supervision section (监理处) with the sections it supervises.
func supervisedScope(ctx context.Context, q querier, id uuid.UUID) (s account.Scope, err error) {
	s.Sections, err = ids(ctx, q, "SELECT id FROM section WHERE id = $1 OR supervised_by = $1", id)
	return s, err
}

// TopAuthority is the one that everything falls to that belongs to no other.
func (db *DB) TopAuthority(ctx context.Context) (Authority, error) {
	return one[Authority](ctx, db.pool, `
		SELECT id, name, level, region FROM authority WHERE kind = 'transport'
		ORDER  BY array_position(ARRAY['province', 'city', 'county'], level), id LIMIT 1`)
}
