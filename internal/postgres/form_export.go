package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// FormUnit is what a line of 附件4 or a table 表1-1 to 1-3 is about: a project with
// its owner (no section), or a section with the company that has the contract.
type FormUnit struct {
	ProjectID    uuid.UUID
	SectionID    *uuid.UUID
	Region       string
	Project      string // its name; its code where several projects have that name
	City         string
	Kind         string // of the company's work here
	Code         string
	SupervisedBy string
	Company      string
	USCC         *string
	ValidFrom    time.Time
	Devices      int
}

// ID is the unit that posts refer to.
func (u FormUnit) ID() uuid.UUID {
	if u.SectionID != nil {
		return *u.SectionID
	}
	return u.ProjectID
}

// Place is where the unit lies, for rights.
func (u FormUnit) Place() account.Place {
	return account.Place{Region: u.Region, Project: u.ProjectID, Section: deref(u.SectionID)}
}

// FormUnits lists the projects and sections of a scope that are not finished, a
// project before its sections; of one project when that is given. At most limit.
func (db *DB) FormUnits(ctx context.Context, scope account.Scope, project uuid.UUID, limit int) ([]FormUnit, error) {
	args := pgx.NamedArgs{"project": nilID(project), "limit": limit}
	return collect[FormUnit](ctx, db.pool, `
		WITH named AS (
		    SELECT p.*, CASE WHEN EXISTS (SELECT FROM project o WHERE o.name = p.name AND o.id <> p.id) THEN p.code ELSE p.name END AS called,
		           coalesce((SELECT r.name FROM region r WHERE r.code = left(p.region, 4) || '00000000'), '') AS city
		    FROM   project p WHERE p.status <> 'finished' AND (@project::uuid IS NULL OR p.id = @project)
		)
		SELECT * FROM (
		    SELECT p.id AS project_id, NULL::uuid AS section_id, p.region, p.called AS project, p.city, 'owner' AS kind, '' AS code, '' AS supervised_by,
		           f.name AS company, f.uscc, p.valid_from, 0 AS devices
		    FROM   named p JOIN company f ON f.id = p.owner_id WHERE `+scopeColumns(scope, args, "p.region", "p.id", "", "")+`
		    UNION ALL
		    SELECT p.id, c.id, p.region, p.called, p.city, c.kind, c.code, coalesce(v.code, ''), f.name, f.uscc, c.valid_from,
		           (SELECT count(*) FROM device d JOIN site s ON s.id = d.site_id WHERE s.section_id = c.id AND d.disabled_at IS NULL)
		    FROM   named p JOIN section c ON c.project_id = p.id JOIN company f ON f.id = c.company_id LEFT JOIN section v ON v.id = c.supervised_by
		    WHERE  c.status <> 'finished' AND `+scopeColumns(scope, args, "p.region", "p.id", "c.id", "")+`) u
		ORDER  BY project COLLATE "C", project_id, array_position(ARRAY['owner', 'construction', 'supervision', 'testing'], kind), code COLLATE "C", section_id LIMIT @limit`, args)
}

// FormPost is who holds a post of a unit, or held it before somebody else.
type FormPost struct {
	UnitID      uuid.UUID
	PersonID    uuid.UUID
	Name        string
	PhoneSealed *string
	IDSealed    *string
	Role        string
	Title       string
	ValidFrom   time.Time
	ValidUntil  *time.Time
}

// Over says whether the post has ended.
func (p FormPost) Over(at time.Time) bool { return p.ValidUntil != nil && !p.ValidUntil.After(at) }

// FormPosts lists the posts of some units that hold at an instant or have ended
// before it, the longest held first.
func (db *DB) FormPosts(ctx context.Context, units []uuid.UUID, at time.Time) ([]FormPost, error) {
	return collect[FormPost](ctx, db.pool, `
		SELECT o.unit_id, o.person_id, p.name, p.phone_sealed, p.id_sealed, o.role, o.title, o.valid_from, o.valid_until
		FROM   post o JOIN person p ON p.id = o.person_id
		WHERE  o.unit_id = ANY($1) AND o.unit_kind IN ('project', 'section') AND o.valid_from <= $2 AND o.role NOT IN ('worker', 'night_watch', 'site_lead')
		ORDER  BY o.unit_id, o.title <> '', o.seat, o.valid_from, o.id`, units, at)
}

// FormPaper is a certificate of somebody whom a form names.
type FormPaper struct {
	ID           uuid.UUID
	PersonID     uuid.UUID
	Kind         string
	NumberSealed *string
	NumberTail   string
}

// FormPapers lists the certificates of some people that have not expired.
func (db *DB) FormPapers(ctx context.Context, people []uuid.UUID, at time.Time) ([]FormPaper, error) {
	return collect[FormPaper](ctx, db.pool, `
		SELECT id, person_id, kind, number_sealed, number_tail FROM certificate
		WHERE  person_id = ANY($1) AND (valid_until IS NULL OR valid_until > $2) ORDER BY person_id, kind, id`, people, at)
}
