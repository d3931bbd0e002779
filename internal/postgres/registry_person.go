package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// RegisteredPerson is a person as stored: phone and ID number are sealed.
type RegisteredPerson struct {
	ID          uuid.UUID
	Name        string
	Language    string
	PhoneSealed *string
	IDSealed    *string
	Version     int
}

// Tie is what ties a person to a place.
type Tie struct {
	PersonID   uuid.UUID
	Kind       string // post, bed, shift
	ID         uuid.UUID
	Role       string
	Seat       string
	UnitKind   string
	UnitID     uuid.UUID
	UnitName   string
	ValidFrom  time.Time
	ValidUntil *time.Time
	Version    int
	Region     *string
	ProjectID  *uuid.UUID
	SectionID  *uuid.UUID
	SiteID     *uuid.UUID
	Live       bool // an actual warning is in force there
	Drill      bool
}

// Place is where the tie holds; the zero place for a company.
func (t Tie) Place() account.Place {
	var p account.Place
	if t.Region != nil {
		p.Region = *t.Region
	}
	for _, x := range []struct {
		from *uuid.UUID
		to   *uuid.UUID
	}{{t.ProjectID, &p.Project}, {t.SectionID, &p.Section}, {t.SiteID, &p.SiteID}} {
		if x.from != nil {
			*x.to = *x.from
		}
	}
	return p
}

const personColumns = "h.id, h.name, h.language, h.phone_sealed, h.id_sealed, h.version"

// fewSites is up to how many sites people are found from their places; beyond,
// their names are gone through until the page is full.
const fewSites = 1000

// People lists those who are tied to something in the scope, by name. Kind is the
// role of a post; status former means that no tie of the filter holds any more.
func (db *DB) People(ctx context.Context, scope account.Scope, f RegistryFilter, at time.Time) ([]RegisteredPerson, error) {
	args := f.args()
	args["at"] = at
	if len(f.Hashes) > 0 {
		args["hashes"] = f.Hashes
		return collect[RegisteredPerson](ctx, db.pool, "SELECT "+personColumns+` FROM person h
			WHERE (h.phone_hash = ANY(@hashes) OR h.id_hash = ANY(@hashes)) AND `+tiedSQL(scope, f, args)+" AND "+
			afterSQL("h.name", "h.id")+` ORDER BY h.name COLLATE "C", h.id LIMIT @limit`, args)
	}
	from, err := db.peopleFrom(ctx, scope, f, args)
	if err != nil {
		return nil, err
	}
	named := ""
	if f.Text != "" { // a range of the index; nothing sorts after the last character there is
		named = ` AND h.name COLLATE "C" >= @text AND h.name COLLATE "C" < @text || U&'\+10FFFF'`
	}
	return collect[RegisteredPerson](ctx, db.pool, "SELECT "+personColumns+" FROM "+from+named+" AND "+afterSQL("h.name", "h.id")+`
		ORDER BY h.name COLLATE "C", h.id LIMIT @limit`, args)
}

// peopleFrom chooses the end to begin at. Where the places or the ties that are
// meant are few, their people are read and sorted; else the names are gone
// through in order, asking about each, until the page is full. The planner, left
// alone, takes the wrong one of them (seconds against milliseconds).
func (db *DB) peopleFrom(ctx context.Context, scope account.Scope, f RegistryFilter, args pgx.NamedArgs) (string, error) {
	few, err := db.few(ctx, scope, f)
	some := ""
	switch {
	case few:
		some = placedSQL(scope, f, args)
	case f.Status == "former", f.Kind != "" && f.Kind != string(roster.Worker) && f.Kind != string(roster.SiteLead):
		some = "SELECT DISTINCT x.person_id FROM person_tie x WHERE " + tieSQL(scope, f, args)
	default:
		return "person h WHERE " + tiedSQL(scope, f, args), err
	}
	return "(" + some + ") m CROSS JOIN LATERAL (SELECT * FROM person h WHERE h.id = m.person_id OFFSET 0) h WHERE true", err
}

func (db *DB) few(ctx context.Context, scope account.Scope, f RegistryFilter) (bool, error) {
	args := f.args()
	var n int
	err := db.pool.QueryRow(ctx, "SELECT count(*) FROM (SELECT FROM site s WHERE "+scopeSQL(scope, "s", args)+f.inRegion("s.region")+
		f.within("s.project_id", "s.section_id", "s.id")+" LIMIT @few) x", withArg(args, "few", fewSites+1)).Scan(&n)
	return n <= fewSites, kindOf(err)
}

func withArg(args pgx.NamedArgs, name string, value any) pgx.NamedArgs {
	args[name] = value
	return args
}

// heldSQL is whether a tie holds at @at, or has ended.
func (f RegistryFilter) heldSQL(alias string) string {
	if f.Status == "former" {
		return alias + ".valid_until <= @at"
	}
	return alias + ".valid_from <= @at AND (" + alias + ".valid_until IS NULL OR " + alias + ".valid_until > @at)"
}

// tieSQL says of a tie x whether it lies in the scope and is one that a filter
// means. Shifts that have ended make nobody a former anything.
func tieSQL(scope account.Scope, f RegistryFilter, args pgx.NamedArgs) string {
	sql := scopeColumns(scope, args, "x.region", "x.project_id", "x.section_id", "x.site_id") +
		" AND " + f.heldSQL("x") + f.inRegion("x.region") + f.within("x.project_id", "x.section_id", "x.site_id")
	switch {
	case f.Kind != "":
		sql += " AND x.kind = 'post' AND x.role = @kind"
		if f.Kind != string(roster.Worker) {
			sql += " AND x.role <> 'worker'" // names the index
		}
	case f.Status == "former":
		sql += " AND x.kind <> 'shift'"
	}
	return sql
}

// tiedSQL is whether a person h has such a tie. OFFSET keeps it a question about
// one person: as a join it would read all ties there are.
func tiedSQL(scope account.Scope, f RegistryFilter, args pgx.NamedArgs) string {
	return "EXISTS (SELECT FROM person_tie x WHERE x.person_id = h.id AND " + tieSQL(scope, f, args) + " OFFSET 0)"
}

// placedSQL is the same from the other end: the people of the places in the scope.
func placedSQL(scope account.Scope, f RegistryFilter, args pgx.NamedArgs) string {
	site := "SELECT s.id FROM site s WHERE " + scopeSQL(scope, "s", args) + f.inRegion("s.region") + f.within("s.project_id", "s.section_id", "s.id")
	section := "SELECT c.id FROM section c JOIN project p ON p.id = c.project_id WHERE " + scopeColumns(scope, args, "p.region", "c.project_id", "c.id", "") +
		f.inRegion("p.region") + f.within("c.project_id", "c.id", "NULL::uuid")
	project := "SELECT p.id FROM project p WHERE " + scopeColumns(scope, args, "p.region", "p.id", "", "") + f.inRegion("p.region") +
		f.within("p.id", "NULL::uuid", "NULL::uuid")
	authority := "SELECT a.id FROM authority a WHERE " + scopeColumns(scope, args, "a.region", "", "", "") + f.inRegion("a.region") +
		f.within("NULL::uuid", "NULL::uuid", "NULL::uuid")
	// One place after the other, by index: OFFSET keeps the planner from reading
	// all posts and beds there are.
	of := func(units, table, column, more string) string {
		return "SELECT t.person_id FROM (" + units + ") u CROSS JOIN LATERAL (SELECT t.person_id FROM " + table + " t WHERE t." + column + " = u.id" + more +
			" AND " + f.heldSQL("t") + " OFFSET 0) t"
	}
	role := ""
	if f.Kind != "" {
		role = " AND t.role = @kind"
	}
	var all []string
	for _, x := range []struct{ units, kind string }{{site, "site"}, {section, "section"}, {project, "project"}, {authority, "authority"}} {
		all = append(all, of(x.units, "post", "unit_id", " AND t.unit_kind = '"+x.kind+"'"+role))
	}
	if f.Kind == "" {
		all = append(all, of(site, "bed", "site_id", ""))
	}
	if f.Kind == "" && f.Status != "former" {
		all = append(all, of(site, "shift", "site_id", ""))
	}
	return strings.Join(all, " UNION ")
}

// PersonByID reads somebody who is, or was, tied to something in the scope.
func (db *DB) PersonByID(ctx context.Context, scope account.Scope, id uuid.UUID) (RegisteredPerson, error) {
	args := pgx.NamedArgs{"id": id}
	p, err := one[RegisteredPerson](ctx, db.pool, "SELECT "+personColumns+` FROM person h WHERE h.id = @id AND EXISTS (SELECT FROM person_tie x
		WHERE x.person_id = h.id AND `+scopeColumns(scope, args, "x.region", "x.project_id", "x.section_id", "x.site_id")+")", args)
	return p, notFoundAs(err, "人员")
}

// tieColumns and tiesFrom read ties with what is going on where they hold.
const (
	tieColumns = `x.person_id, x.kind, x.id, x.role, x.seat, x.unit_kind, x.unit_id, x.unit_name, x.valid_from, x.valid_until, x.version,
		       x.region, x.project_id, x.section_id, x.site_id, coalesce(g.live, false) AS live, coalesce(g.drill, false) AS drill`
	tiesFrom = `
		FROM   person_tie x LEFT JOIN LATERAL (
		       SELECT bool_or(w.mode = 'actual') AS live, bool_or(w.mode = 'exercise') AS drill
		       FROM   target t JOIN warning w ON w.id = t.warning_id
		       WHERE  w.state = 'active' AND t.until_revision IS NULL
		       AND    t.site_id IN (SELECT x.site_id UNION ALL SELECT s.id FROM site s WHERE x.site_id IS NULL AND s.section_id = x.section_id)) g ON true`
)

// Ties are those of some people inside the scope, the latest first, with what is
// going on there. Shifts that are over are left out.
func (db *DB) Ties(ctx context.Context, scope account.Scope, people []uuid.UUID, at time.Time) (map[uuid.UUID][]Tie, error) {
	args := pgx.NamedArgs{"people": people, "at": at}
	list, err := collect[Tie](ctx, db.pool, "SELECT "+tieColumns+tiesFrom+`
		WHERE  x.person_id = ANY(@people) AND (x.kind <> 'shift' OR x.valid_until > @at)
		AND    `+scopeColumns(scope, args, "x.region", "x.project_id", "x.section_id", "x.site_id")+`
		ORDER  BY x.valid_until IS NOT NULL, x.valid_from DESC, x.id`, args)
	by := map[uuid.UUID][]Tie{}
	for _, t := range list {
		by[t.PersonID] = append(by[t.PersonID], t)
	}
	return by, err
}
