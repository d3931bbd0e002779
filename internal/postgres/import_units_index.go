package postgres

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// externalNouns are the names under which external_id keeps the kinds.
var externalNouns = map[roster.Kind]string{
	roster.Companies: "company", roster.Projects: "project", roster.Sections: "section", roster.Sites: "site", roster.People: "person",
}

// readExternal reads the codes under which the import system knows a kind.
func readExternal(ctx context.Context, tx pgx.Tx, kind roster.Kind) (map[string]uuid.UUID, error) {
	type line struct {
		Code   string
		NounID uuid.UUID
	}
	list, err := collect[line](ctx, tx, "SELECT code, noun_id FROM external_id WHERE system = 'import' AND noun = $1", externalNouns[kind])
	codes := make(map[string]uuid.UUID, len(list))
	for _, l := range list {
		codes[l.Code] = l.NounID
	}
	return codes, err
}

type companyUnit struct {
	ID   uuid.UUID
	Name string
	USCC *string `db:"uscc"`

	fresh bool // of this file, not stored yet
}

type projectUnit struct {
	ID     uuid.UUID
	Code   string
	Name   string
	Region string
}

type sectionUnit struct {
	ID        uuid.UUID
	ProjectID uuid.UUID
	Code      string
	Name      string
	CompanyID uuid.UUID
	Region    string // of its project

	fresh bool // of this file, not stored yet
}

func (p projectUnit) place() account.Place { return account.Place{Region: p.Region, Project: p.ID} }

func (s sectionUnit) place() account.Place {
	return account.Place{Region: s.Region, Project: s.ProjectID, Section: s.ID}
}

// units are the units that rows can refer to, by their natural keys. There are
// some ten thousand in a province, so all are read.
type units struct {
	companies   map[string]companyUnit // by name and by code
	authorities map[string]Authority   // by name
	projects    map[string][]projectUnit
	sections    map[string][]sectionUnit // by code and by name
	bare        map[string][]sectionUnit // by roster.BareName of the code
	byProject   map[uuid.UUID]projectUnit
	bySection   map[uuid.UUID]sectionUnit
	regions     map[string]bool
}

func readUnits(ctx context.Context, tx pgx.Tx) (units, error) {
	u := units{companies: map[string]companyUnit{}, authorities: map[string]Authority{}, projects: map[string][]projectUnit{},
		sections: map[string][]sectionUnit{}, bare: map[string][]sectionUnit{}, byProject: map[uuid.UUID]projectUnit{}, bySection: map[uuid.UUID]sectionUnit{}, regions: map[string]bool{}}
	companies, err := collect[companyUnit](ctx, tx, "SELECT id, name, uscc FROM company")
	if err != nil {
		return u, err
	}
	authorities, err := collect[Authority](ctx, tx, "SELECT id, name, level, region FROM authority")
	if err != nil {
		return u, err
	}
	projects, err := collect[projectUnit](ctx, tx, "SELECT id, code, name, region FROM project ORDER BY code")
	if err != nil {
		return u, err
	}
	sections, err := collect[sectionUnit](ctx, tx,
		"SELECT s.id, s.project_id, s.code, s.name, s.company_id, p.region FROM section s JOIN project p ON p.id = s.project_id ORDER BY p.code, s.code")
	if err != nil {
		return u, err
	}
	regions, err := collect[struct{ Code string }](ctx, tx, "SELECT code FROM region")
	for _, r := range regions {
		u.regions[r.Code] = true
	}
	for _, c := range companies {
		u.addCompany(c)
	}
	for _, a := range authorities {
		u.authorities[a.Name] = a
	}
	for _, p := range projects {
		u.addProject(p)
	}
	for _, s := range sections {
		u.addSection(s)
	}
	return u, err
}

func (u units) addCompany(c companyUnit) {
	u.companies[c.Name] = c
	if c.USCC != nil {
		u.companies[*c.USCC] = c
	}
}

func (u units) addProject(p projectUnit) {
	u.byProject[p.ID] = p
	u.projects[p.Code] = append(u.projects[p.Code], p)
	if p.Name != p.Code {
		u.projects[p.Name] = append(u.projects[p.Name], p)
	}
}

func (u units) addSection(s sectionUnit) {
	u.bySection[s.ID] = s
	u.sections[s.Code] = append(u.sections[s.Code], s)
	if s.Name != s.Code {
		u.sections[s.Name] = append(u.sections[s.Name], s)
	}
	u.bare[roster.BareName(s.Code)] = append(u.bare[roster.BareName(s.Code)], s)
}

// sectionsCalled are the sections, of those that may be meant, that a text names: by
// code or name, else by the code without the words around it (A1 合同段).
func (u units) sectionsCalled(text string, may func(sectionUnit) bool) []sectionUnit {
	if hits := keep(u.sections[text], may); len(hits) > 0 {
		return hits
	}
	return keep(u.bare[roster.BareName(text)], may)
}

// forget takes a section out again that the file wanted to make.
func (u units) forget(s roster.Section) {
	other := func(k sectionUnit) bool { return k.ID != s.ID || !k.fresh }
	for _, name := range []string{s.Code, s.Name} {
		u.sections[name] = keep(u.sections[name], other)
	}
	u.bare[roster.BareName(s.Code)] = keep(u.bare[roster.BareName(s.Code)], other)
}

// project finds a project by code or name; a text that means several is a
// problem, because none is chosen silently.
func (run *importRun) project(line int, text string) (projectUnit, bool) {
	hits := run.units.projects[text]
	switch len(hits) {
	case 1:
		return hits[0], true
	case 0:
		run.unknown(line, "项目", text, "项目")
	default:
		run.problem(line, "项目", text, "不止一个项目叫这个名称", "请填写项目编号")
	}
	return projectUnit{}, false
}

// section finds a section by its project and code or name. Without a project
// the code must mean one section of the actor's scope.
func (run *importRun) section(line int, ref roster.SectionRef) (sectionUnit, bool) {
	may := func(s sectionUnit) bool { return run.scope.Holds(s.place()) }
	if ref.Project != "" {
		project, found := run.project(line, ref.Project)
		if !found {
			return sectionUnit{}, false
		}
		may = func(s sectionUnit) bool { return s.ProjectID == project.ID }
	}
	hits := run.units.sectionsCalled(ref.Section, may)
	if len(hits) == 0 && ref.Project == "" {
		hits = run.units.sectionsCalled(ref.Section, func(sectionUnit) bool { return true })
	}
	switch len(hits) {
	case 1:
		return hits[0], true
	case 0:
		run.unknown(line, "合同段", ref.Section, "合同段")
	default:
		run.problem(line, "合同段", ref.Section, "不止一个合同段是这个编号", "请加上“项目”一列")
	}
	return sectionUnit{}, false
}

// company finds a company by exact name or code.
func (run *importRun) company(line int, column, text string) (companyUnit, bool) {
	c, found := run.units.companies[text]
	if !found {
		run.unknown(line, column, text, "单位")
	}
	return c, found
}

func keep[T any](list []T, good func(T) bool) []T {
	var kept []T
	for _, v := range list {
		if good(v) {
			kept = append(kept, v)
		}
	}
	return kept
}

// region says whether a code is in the table; "" is left to the caller.
func (run *importRun) region(line int, code string) bool {
	if code == "" || run.units.regions[code] {
		return true
	}
	run.unknown(line, "行政区划", code, "行政区划")
	return false
}
