package postgres

import (
	"cmp"
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/roster"
)

// companies have no place of their own: one that is used outside the actor's
// scope may not be changed from inside it.
func (run *importRun) companies(ctx context.Context, rows []roster.CompanyRow) error {
	foreign, err := run.foreignCompanies(ctx)
	if err != nil {
		return err
	}
	var made []roster.CompanyRow
	for _, r := range rows {
		r.Company.ID = run.companyID(r)
		if foreign[r.Company.ID] {
			run.problem(r.Line, "单位名称", r.Company.Name, "不在管辖范围：管辖范围以外的项目也在使用这个单位", "请由上级单位修改，或删去这一行")
			continue
		}
		if r.Company.ID == uuid.Nil {
			r.Company.ID = newID()
			run.units.addCompany(companyUnit{ID: r.Company.ID, Name: r.Company.Name, USCC: nilText(r.Company.USCC), fresh: true})
		}
		made = append(made, r)
	}
	for _, r := range untilStable(made, run.parent) {
		run.writeCompany(r)
	}
	return nil
}

// untilStable keeps the rows whose references hold. A row may refer to another
// row of the file, before or after it, so dropping one may cost others theirs.
func untilStable[T any](rows []T, holds func(*T) bool) []T {
	for {
		var kept []T
		for _, r := range rows {
			if holds(&r) {
				kept = append(kept, r)
			}
		}
		if len(kept) == len(rows) {
			return kept
		}
		rows = kept
	}
}

// parent resolves a company's parent; a new company without it is forgotten.
func (run *importRun) parent(r *roster.CompanyRow) bool {
	if r.Parent == "" {
		return true
	}
	p, found := run.company(r.Line, "上级或母体单位", r.Parent)
	if found && p.ID == r.Company.ID {
		run.problem(r.Line, "上级或母体单位", r.Parent, "单位不能是自己的上级", "请核对")
		found = false
	}
	if !found && run.units.companies[r.Company.Name].fresh {
		delete(run.units.companies, r.Company.Name)
		delete(run.units.companies, r.Company.USCC)
	}
	r.Company.ParentID = p.ID
	return found
}

func (run *importRun) writeCompany(r roster.CompanyRow) {
	c := r.Company
	run.good++
	o := run.upsert(r.Line, "company", nil, `INSERT INTO company (id, name, uscc, kind) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, uscc = coalesce(excluded.uscc, company.uscc), kind = excluded.kind`,
		c.ID, c.Name, nilText(c.USCC), string(c.Kind))
	run.keepExternal(roster.Companies, r.External, c.ID)
	if c.ParentID != uuid.Nil {
		run.writeLater(o, "UPDATE company SET parent_id = $2 WHERE id = $1 AND parent_id IS DISTINCT FROM $2 RETURNING id", c.ID, c.ParentID)
	}
}

// companyID finds the company that a row means: by external code, company code,
// then name; uuid.Nil for a new one.
func (run *importRun) companyID(r roster.CompanyRow) uuid.UUID {
	if id, known := run.external[r.External]; known && r.External != "" {
		return id
	}
	if c, known := run.units.companies[r.Company.USCC]; known && r.Company.USCC != "" {
		return c.ID
	}
	return run.units.companies[r.Company.Name].ID
}

// foreignCompanies are those that something outside the scope uses.
func (run *importRun) foreignCompanies(ctx context.Context) (map[uuid.UUID]bool, error) {
	args := pgx.NamedArgs{}
	list, err := ids(ctx, run.tx, `
		SELECT DISTINCT u.company_id FROM (
		    SELECT owner_id AS company_id, region, id AS project_id, NULL::uuid AS section_id FROM project
		    UNION ALL
		    SELECT s.company_id, p.region, p.id, s.id FROM section s JOIN project p ON p.id = s.project_id) u
		WHERE  NOT coalesce(`+scopeColumns(run.scope, args, "u.region", "u.project_id", "u.section_id", "")+", false)", args)
	foreign := make(map[uuid.UUID]bool, len(list))
	for _, id := range list {
		foreign[id] = true
	}
	return foreign, err
}

func (run *importRun) projects(rows []roster.ProjectRow) {
	for _, r := range rows {
		owner, found := run.company(r.Line, "建设单位", r.Owner)
		if !found || !run.region(r.Line, string(r.Project.Region)) {
			continue
		}
		p := r.Project
		p.ID = run.external[r.External]
		if hits := run.units.projects[p.Code]; p.ID == uuid.Nil && len(hits) > 0 && hits[0].Code == p.Code {
			p.ID = hits[0].ID
		}
		old, exists := run.units.byProject[p.ID]
		if exists && !run.scope.Holds(old.place()) || !run.scope.Holds(account.Place{Region: string(p.Region), Project: p.ID}) {
			run.outside(r.Line, "项目", p.Code)
			continue
		}
		if !exists {
			p.ID = newID()
		}
		run.good++
		run.upsert(r.Line, "project", unsaid(p.From), `INSERT INTO project (id, code, name, sector, owner_id, region, status, valid_from, recorded_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, sector = excluded.sector, owner_id = excluded.owner_id,
			    region = excluded.region, status = excluded.status, valid_from = excluded.valid_from, recorded_at = excluded.recorded_at`,
			p.ID, p.Code, p.Name, string(p.Sector), owner.ID, string(p.Region), string(p.Status), run.since(p.From), run.at)
		run.keepExternal(roster.Projects, r.External, p.ID)
	}
}

// sections may name a supervision section further down in the file.
func (run *importRun) sections(rows []roster.SectionRow) {
	var known []roster.SectionRow
	for _, r := range rows {
		project, found := run.project(r.Line, r.Project)
		company, hasCompany := run.company(r.Line, "单位名称", r.Company)
		if !found || !hasCompany {
			continue
		}
		r.Section.ProjectID, r.Section.CompanyID = project.ID, company.ID
		r.Section.ID = run.sectionID(r)
		if old, exists := run.units.bySection[r.Section.ID]; exists && r.Section.Name == "" {
			r.Section.Code, r.Section.Name = old.Code, old.Name
		}
		r.Section.Name = cmp.Or(r.Section.Name, r.Section.Code)
		at := sectionUnit{ID: r.Section.ID, ProjectID: project.ID, Code: r.Section.Code, Name: r.Section.Name, CompanyID: company.ID, Region: project.Region}
		if old, exists := run.units.bySection[at.ID]; exists && !run.scope.Holds(old.place()) || !run.scope.Holds(at.place()) {
			run.outside(r.Line, "合同段", r.Section.Code)
			continue
		}
		if r.Section.ID == uuid.Nil {
			r.Section.ID = newID()
			at.ID, at.fresh = r.Section.ID, true
			run.units.addSection(at)
		}
		known = append(known, r)
	}
	for _, r := range untilStable(known, run.supervisor) {
		run.writeSection(r)
	}
}

// supervisor resolves the 监理处 of a section; a new section without it is
// forgotten.
func (run *importRun) supervisor(r *roster.SectionRow) bool {
	if r.SupervisedBy == "" {
		return true
	}
	by := run.units.sectionsCalled(r.SupervisedBy, inProject(r.Section.ProjectID))
	if len(by) == 1 {
		r.Section.SupervisedBy = by[0].ID
		return true
	}
	run.unknown(r.Line, "监理处", r.SupervisedBy, "监理处")
	run.units.forget(r.Section)
	return false
}

func inProject(id uuid.UUID) func(sectionUnit) bool {
	return func(s sectionUnit) bool { return s.ProjectID == id }
}

func (run *importRun) sectionID(r roster.SectionRow) uuid.UUID {
	if id, known := run.external[r.External]; known && r.External != "" {
		return id
	}
	hits := run.units.sectionsCalled(r.Section.Code, inProject(r.Section.ProjectID))
	for _, s := range hits {
		if s.Code == r.Section.Code {
			return s.ID
		}
	}
	if len(hits) == 1 && r.Section.Name == "" {
		return hits[0].ID // a form names it in its own way
	}
	return uuid.Nil
}

func (run *importRun) writeSection(r roster.SectionRow) {
	s := r.Section
	run.good++
	o := run.upsert(r.Line, "section", nil, `INSERT INTO section (id, project_id, code, name, kind, company_id, status, valid_from, recorded_at)
		VALUES ($1, $2, $3, $4, $5, $6, coalesce(nullif($7, ''), 'building'), $8, $9)
		ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name, kind = excluded.kind, company_id = excluded.company_id,
		    status = coalesce(nullif($7, ''), section.status), valid_from = CASE WHEN $10 THEN excluded.valid_from ELSE section.valid_from END,
		    recorded_at = excluded.recorded_at`,
		s.ID, s.ProjectID, s.Code, s.Name, string(s.Kind), s.CompanyID, string(s.Status), run.since(s.From), run.at, !s.From.IsZero())
	run.keepExternal(roster.Sections, r.External, s.ID)
	if s.SupervisedBy != uuid.Nil {
		run.writeLater(o, "UPDATE section SET supervised_by = $2 WHERE id = $1 AND supervised_by IS DISTINCT FROM $2 RETURNING id", s.ID, s.SupervisedBy)
	}
	run.touched[s.ID] = place{region: run.units.byProject[s.ProjectID].Region, project: s.ProjectID, section: s.ID}
}
