package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

type projectView struct {
	ID          uuid.UUID         `json:"id"`
	Code        string            `json:"code"`
	Name        string            `json:"name"`
	Sector      string            `json:"sector"`
	SectorLabel string            `json:"sector_label"`
	Status      string            `json:"status"`
	StatusLabel string            `json:"status_label"`
	Region      codeName          `json:"region"`
	Owner       idName            `json:"owner"`
	Sections    int               `json:"sections_count"`
	Sites       int               `json:"sites_count"`
	From        time.Time         `json:"from"`
	Version     int               `json:"version"`
	SectionList []sectionView     `json:"sections,omitempty"`
	Supervision []supervisionView `json:"supervision,omitempty"`
}

type supervisionView struct {
	Authority idName     `json:"authority"`
	From      time.Time  `json:"from"`
	Until     *time.Time `json:"until"`
}

type sectionView struct {
	ID           uuid.UUID `json:"id"`
	Code         string    `json:"code"`
	Name         string    `json:"name"`
	Kind         string    `json:"kind"`
	KindLabel    string    `json:"kind_label"`
	Status       string    `json:"status"`
	StatusLabel  string    `json:"status_label"`
	Project      unitView  `json:"project"`
	Company      idName    `json:"company"`
	SupervisedBy *unitView `json:"supervised_by"`
	Sites        int       `json:"sites_count"`
	From         time.Time `json:"from"`
	Version      int       `json:"version"`
}

func (s *Server) unitRoutes() {
	allow(s, operation{id: "listProjects", method: http.MethodGet, path: "/projects", summary: "项目列表；kind 为行业"}, account.SeeSites, s.listProjects)
	allow(s, operation{id: "getProject", method: http.MethodGet, path: "/projects/{id}", summary: "项目，及其合同段和监管关系"}, account.SeeSites, s.getProject)
	allow(s, operation{id: "listSections", method: http.MethodGet, path: "/sections", summary: "合同段列表"}, account.SeeSites, s.listSections)
	allow(s, operation{id: "getSection", method: http.MethodGet, path: "/sections/{id}", summary: "合同段"}, account.SeeSites, s.getSection)
	allow(s, operation{id: "createProject", method: http.MethodPost, path: "/projects", summary: "新建项目", status: http.StatusCreated}, account.AddProjects, s.createProject)
	allow(s, operation{id: "replaceProject", method: http.MethodPut, path: "/projects/{id}", summary: "修改项目"}, account.EditUnits, s.replaceProject)
	allow(s, operation{id: "createSection", method: http.MethodPost, path: "/sections", summary: "新建合同段", status: http.StatusCreated}, account.EditUnits, s.createSection)
	allow(s, operation{id: "replaceSection", method: http.MethodPut, path: "/sections/{id}", summary: "修改合同段"}, account.EditUnits, s.replaceSection)
}

type listUnitsRequest struct {
	ListRequest
	Status  string    `query:"status" enum:"planned,building,stopped,winter,handed_over,finished"`
	Project uuid.UUID `query:"project"`
}

func (in listUnitsRequest) filter() (postgres.RegistryFilter, error) {
	f, err := in.ListRequest.filter()
	f.Status, f.Project = in.Status, in.Project
	return f, err
}

func viewProject(p postgres.ProjectRow) projectView {
	return projectView{ID: p.ID, Code: p.Code, Name: p.Name, Sector: p.Sector, SectorLabel: roster.Sector(p.Sector).Label(), Status: p.Status,
		StatusLabel: roster.Status(p.Status).Label(), Region: codeName{p.Region, p.RegionName}, Owner: idName{p.OwnerID, p.OwnerName},
		Sections: p.Sections, Sites: p.Sites, From: p.ValidFrom, Version: p.Version}
}

func viewSection(c postgres.SectionRow) sectionView {
	v := sectionView{ID: c.ID, Code: c.Code, Name: c.Name, Kind: c.Kind, KindLabel: roster.SectionKind(c.Kind).Label(), Status: c.Status,
		StatusLabel: roster.Status(c.Status).Label(), Project: unitView{c.ProjectID, c.ProjectCode, c.ProjectName},
		Company: idName{c.CompanyID, c.CompanyName}, Sites: c.Sites, From: c.ValidFrom, Version: c.Version}
	if c.SupervisedBy != nil {
		v.SupervisedBy = &unitView{*c.SupervisedBy, *c.SupervisedCode, *c.SupervisedName}
	}
	return v
}

func markProject(p postgres.ProjectRow) postgres.NameMark {
	return postgres.NameMark{Name: p.Name, ID: p.ID}
}
func markSection(c postgres.SectionRow) postgres.NameMark {
	return postgres.NameMark{Name: c.Name, ID: c.ID}
}

func (s *Server) listProjects(ctx context.Context, c call, in *listUnitsRequest) (*answer[page[projectView]], error) {
	return pageByName(in, func(f postgres.RegistryFilter) ([]postgres.ProjectRow, error) { return s.DB.Projects(ctx, c.scope, f) }, viewProject, markProject)
}

func (s *Server) listSections(ctx context.Context, c call, in *listUnitsRequest) (*answer[page[sectionView]], error) {
	return pageByName(in, func(f postgres.RegistryFilter) ([]postgres.SectionRow, error) { return s.DB.Sections(ctx, c.scope, f) }, viewSection, markSection)
}

// UnitPath names a project or section in the path.
type UnitPath struct {
	ID uuid.UUID `path:"id"`
}

// mostSections is how many sections the page of a project shows; none has more.
const mostSections = 200

func (s *Server) getProject(ctx context.Context, c call, in *UnitPath) (*answer[projectView], error) {
	return s.projectAnswer(ctx, c, in.ID)
}

func (s *Server) projectAnswer(ctx context.Context, c call, id uuid.UUID) (*answer[projectView], error) {
	p, err := s.DB.ProjectByID(ctx, c.scope, id)
	if err != nil {
		return nil, err
	}
	v := viewProject(p)
	sections, err := s.DB.Sections(ctx, c.scope, postgres.RegistryFilter{Project: id, Limit: mostSections})
	if err != nil {
		return nil, err
	}
	for _, x := range sections {
		v.SectionList = append(v.SectionList, viewSection(x))
	}
	links, err := s.DB.Supervisions(ctx, id)
	for _, x := range links {
		v.Supervision = append(v.Supervision, supervisionView{idName{x.AuthorityID, x.Name}, x.FromAt, x.UntilAt})
	}
	return reply(v, err)
}

func (s *Server) getSection(ctx context.Context, c call, in *UnitPath) (*answer[sectionView], error) {
	return s.sectionAnswer(ctx, c, in.ID)
}

func (s *Server) sectionAnswer(ctx context.Context, c call, id uuid.UUID) (*answer[sectionView], error) {
	x, err := s.DB.SectionByID(ctx, c.scope, id)
	return reply(viewSection(x), err)
}
