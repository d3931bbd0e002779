package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// ProjectRow is a project as lists and its page show it.
type ProjectRow struct {
	ID         uuid.UUID
	Code       string
	Name       string
	Sector     string
	Status     string
	Region     string
	RegionName string
	OwnerID    uuid.UUID
	OwnerName  string
	Sections   int
	Sites      int // open ones, of the whole project
	Version    int
	ValidFrom  time.Time
}

const projectSQL = `
	SELECT p.id, p.code, p.name, p.sector, p.status, p.region, r.name AS region_name, p.owner_id, f.name AS owner_name, p.version, p.valid_from,
	       (SELECT count(*) FROM section c WHERE c.project_id = p.id) AS sections,
	       (SELECT count(*) FROM site s WHERE s.project_id = p.id AND s.closed_at IS NULL) AS sites
	FROM   project p JOIN region r ON r.code = p.region JOIN company f ON f.id = p.owner_id
	WHERE  `

// seesProject: a project is seen by whoever may see it, a section or a site of it.
func seesProject(scope account.Scope, args pgx.NamedArgs) string {
	own := scopeColumns(scope, args, "p.region", "p.id", "", "")
	if len(scope.Sections) > 0 {
		own += " OR p.id IN (SELECT c.project_id FROM section c WHERE c.id = ANY(@scope_sections))"
		args["scope_sections"] = scope.Sections
	}
	return holdingSQL(scope, own, "p.id", "project_id", args)
}

// Projects lists those of the scope by name. Kind is the sector.
func (db *DB) Projects(ctx context.Context, scope account.Scope, f RegistryFilter) ([]ProjectRow, error) {
	args := f.args()
	return collect[ProjectRow](ctx, db.pool, projectSQL+seesProject(scope, args)+f.inRegion("p.region")+`
		AND (@text = '' OR position(lower(@text) IN lower(p.name || ' ' || p.code)) > 0)
		AND (@kind = '' OR p.sector = @kind) AND (@status = '' OR p.status = @status) AND `+afterSQL("p.name", "p.id")+`
		ORDER BY p.name COLLATE "C", p.id LIMIT @limit`, args)
}

// ProjectByID reads one project of the scope.
func (db *DB) ProjectByID(ctx context.Context, scope account.Scope, id uuid.UUID) (ProjectRow, error) {
	args := pgx.NamedArgs{"id": id}
	p, err := one[ProjectRow](ctx, db.pool, projectSQL+"p.id = @id AND "+seesProject(scope, args), args)
	return p, notFoundAs(err, "项目")
}

// SupervisionRow is an authority that supervises a project, from–until.
type SupervisionRow struct {
	AuthorityID uuid.UUID
	Name        string
	FromAt      time.Time
	UntilAt     *time.Time
}

// Supervisions lists who supervises a project that the caller may see.
func (db *DB) Supervisions(ctx context.Context, project uuid.UUID) ([]SupervisionRow, error) {
	return collect[SupervisionRow](ctx, db.pool, `
		SELECT v.authority_id, a.name, v.from_at, v.until_at FROM supervision v JOIN authority a ON a.id = v.authority_id
		WHERE  v.project_id = $1 ORDER BY v.from_at DESC, a.name`, project)
}

// SectionRow is a section as lists and its page show it.
type SectionRow struct {
	ID             uuid.UUID
	Code           string
	Name           string
	Kind           string
	Status         string
	Region         string // of its project
	ProjectID      uuid.UUID
	ProjectCode    string
	ProjectName    string
	CompanyID      uuid.UUID
	CompanyName    string
	SupervisedBy   *uuid.UUID
	SupervisedCode *string
	SupervisedName *string
	Sites          int
	Version        int
	ValidFrom      time.Time
}

const sectionSQL = `
	SELECT c.id, c.code, c.name, c.kind, c.status, p.region, p.id AS project_id, p.code AS project_code, p.name AS project_name, c.company_id,
	       f.name AS company_name, c.supervised_by, v.code AS supervised_code, v.name AS supervised_name, c.version, c.valid_from,
	       (SELECT count(*) FROM site s WHERE s.section_id = c.id AND s.closed_at IS NULL) AS sites
	FROM   section c JOIN project p ON p.id = c.project_id JOIN company f ON f.id = c.company_id LEFT JOIN section v ON v.id = c.supervised_by
	WHERE  `

func seesSection(scope account.Scope, args pgx.NamedArgs) string {
	return holdingSQL(scope, scopeColumns(scope, args, "p.region", "c.project_id", "c.id", ""), "c.id", "section_id", args)
}

// Sections lists those of the scope by name.
func (db *DB) Sections(ctx context.Context, scope account.Scope, f RegistryFilter) ([]SectionRow, error) {
	args := f.args()
	return collect[SectionRow](ctx, db.pool, sectionSQL+seesSection(scope, args)+f.inRegion("p.region")+f.within("c.project_id", "c.id", "c.id")+`
		AND (@text = '' OR position(lower(@text) IN lower(c.name || ' ' || c.code)) > 0)
		AND (@kind = '' OR c.kind = @kind) AND (@status = '' OR c.status = @status) AND `+afterSQL("c.name", "c.id")+`
		ORDER BY c.name COLLATE "C", c.id LIMIT @limit`, args)
}

// SectionByID reads one section of the scope.
func (db *DB) SectionByID(ctx context.Context, scope account.Scope, id uuid.UUID) (SectionRow, error) {
	args := pgx.NamedArgs{"id": id}
	c, err := one[SectionRow](ctx, db.pool, sectionSQL+"c.id = @id AND "+seesSection(scope, args), args)
	return c, notFoundAs(err, "合同段")
}
