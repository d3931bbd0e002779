package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
)

// Team (班组) of a section.
type Team struct {
	ID          uuid.UUID
	Name        string
	Company     string
	SectionID   uuid.UUID
	SectionCode string
	SectionName string
	ProjectID   uuid.UUID
	ProjectName string
	Region      string // of the project
	Members     int    // at the instant
}

// Place is where the team's section lies, for rights.
func (t Team) Place() account.Place {
	return account.Place{Region: t.Region, Project: t.ProjectID, Section: t.SectionID}
}

var teamSQL = `
	SELECT g.id, g.name, g.company, s.id AS section_id, s.code AS section_code, s.name AS section_name, p.id AS project_id, p.name AS project_name, p.region,
	       (SELECT count(*) FROM team_member m WHERE m.team_id = g.id AND ` + holdsSQL("m") + `) AS members
	FROM   team g JOIN section s ON s.id = g.section_id JOIN project p ON p.id = s.project_id
	WHERE  `

// teamWithinSQL: who sees a section, or a site of it, sees that it has the team.
func teamWithinSQL(scope account.Scope, args pgx.NamedArgs) string {
	return "(" + scopeColumns(scope, args, "p.region", "p.id", "s.id", "") +
		" OR EXISTS (SELECT FROM site x WHERE x.section_id = s.id AND " + scopeSQL(scope, "x", args) + "))"
}

// Teams lists the teams of the sections of the scope by name.
func (db *DB) Teams(ctx context.Context, scope account.Scope, f RegistryFilter, at time.Time) ([]Team, error) {
	args := f.args()
	args["at"] = at
	return collect[Team](ctx, db.pool, teamSQL+teamWithinSQL(scope, args)+f.inRegion("p.region")+f.within("p.id", "s.id", "NULL::uuid")+`
		AND (@text = '' OR position(lower(@text) IN lower(g.name || ' ' || g.company || ' ' || s.code || ' ' || s.name)) > 0)
		AND `+afterSQL("g.name", "g.id")+` ORDER BY g.name COLLATE "C", g.id LIMIT @limit`, args)
}

// TeamMember is somebody in a team.
type TeamMember struct {
	PersonID    uuid.UUID
	Name        string
	PhoneSealed *string
	WorkType    string
	Leader      bool
	ValidFrom   time.Time
	ValidUntil  *time.Time
}

// TeamByID reads a team of the scope with its members, leaders first.
func (db *DB) TeamByID(ctx context.Context, scope account.Scope, id uuid.UUID, at time.Time) (Team, []TeamMember, error) {
	args := pgx.NamedArgs{"at": at, "id": id}
	team, err := one[Team](ctx, db.pool, teamSQL+teamWithinSQL(scope, args)+" AND g.id = @id", args)
	if err != nil {
		return team, nil, notFoundAs(err, "班组")
	}
	list, err := collect[TeamMember](ctx, db.pool, `
		SELECT m.person_id, p.name, p.phone_sealed, m.work_type, m.leader, m.valid_from, m.valid_until
		FROM   team_member m JOIN person p ON p.id = m.person_id
		WHERE  m.team_id = @id AND `+holdsSQL("m")+` ORDER BY NOT m.leader, p.name, m.person_id`, args)
	return team, list, err
}

// SiteShift is a shift at a site.
type SiteShift struct {
	ID          uuid.UUID
	PersonID    uuid.UUID
	Name        string
	PhoneSealed *string
	ValidFrom   time.Time
	ValidUntil  time.Time
}

// Shifts are the shifts at a site of the scope that touch from–until.
func (db *DB) Shifts(ctx context.Context, scope account.Scope, site uuid.UUID, from, until time.Time) ([]SiteShift, account.Place, error) {
	where, err := siteWhere(ctx, db.pool, scope, site)
	if err != nil {
		return nil, account.Place{}, err
	}
	list, err := collect[SiteShift](ctx, db.pool, `
		SELECT w.id, w.person_id, p.name, p.phone_sealed, w.valid_from, w.valid_until FROM shift w JOIN person p ON p.id = w.person_id
		WHERE  w.site_id = $1 AND w.valid_until > $2 AND w.valid_from < $3 ORDER BY w.valid_from, p.name, w.id LIMIT 5000`, site, from, until)
	return list, account.Place{Region: where.region, Project: where.project, Section: where.section, SiteID: site}, err
}
