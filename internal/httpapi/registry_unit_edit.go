package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/geo"
	"muster/internal/roster"
)

// ProjectBody is a project as a person fills it in.
type ProjectBody struct {
	Code    string    `json:"code" maxLength:"200"`
	Name    string    `json:"name" maxLength:"200"`
	Sector  string    `json:"sector" enum:"road,waterway"`
	OwnerID uuid.UUID `json:"owner_id"`
	Region  string    `json:"region" maxLength:"12"`
	Status  string    `json:"status" enum:"planned,building,stopped,winter,handed_over,finished"`
	From    time.Time `json:"from,omitempty" doc:"自何时起如此；不填为现在"`
}

func (b ProjectBody) project(id uuid.UUID) (roster.Project, error) {
	region, err := geo.ParseRegion(b.Region)
	return roster.Project{ID: id, Code: b.Code, Name: b.Name, Sector: roster.Sector(b.Sector), OwnerID: b.OwnerID, Region: region,
		Status: roster.Status(b.Status), From: b.From}, err
}

func (s *Server) createProject(ctx context.Context, c call, in *struct {
	OnceHeader
	Body ProjectBody
}) (*answer[projectView], error) {
	p, err := in.Body.project(uuid.Nil)
	if err != nil {
		return nil, err
	}
	id, err := s.DB.CreateProject(ctx, c.scope, p, c.actor(), in.once(c, "create project", in.Body), c.at)
	if err != nil {
		return nil, err
	}
	return s.projectAnswer(ctx, c, id)
}

func (s *Server) replaceProject(ctx context.Context, c call, in *struct {
	UnitPath
	Body struct {
		Version int `json:"version"`
		ProjectBody
	}
}) (*answer[projectView], error) {
	p, err := in.Body.project(in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.DB.UpdateProject(ctx, c.scope, in.Body.Version, p, c.actor(), c.at); err != nil {
		return nil, err
	}
	return s.projectAnswer(ctx, c, in.ID)
}

// SectionBody is a section as a person fills it in.
type SectionBody struct {
	Code         string     `json:"code" maxLength:"200"`
	Name         string     `json:"name" maxLength:"200"`
	Kind         string     `json:"kind" enum:"construction,supervision,testing"`
	CompanyID    uuid.UUID  `json:"company_id"`
	SupervisedBy *uuid.UUID `json:"supervised_by,omitempty" doc:"本项目的监理合同段"`
	Status       string     `json:"status" enum:"planned,building,stopped,winter,handed_over,finished"`
	From         time.Time  `json:"from,omitempty"`
}

func (b SectionBody) section(id, project uuid.UUID) roster.Section {
	s := roster.Section{ID: id, ProjectID: project, Code: b.Code, Name: b.Name, Kind: roster.SectionKind(b.Kind), CompanyID: b.CompanyID,
		Status: roster.Status(b.Status), From: b.From}
	if b.SupervisedBy != nil {
		s.SupervisedBy = *b.SupervisedBy
	}
	return s
}

func (s *Server) createSection(ctx context.Context, c call, in *struct {
	OnceHeader
	Body struct {
		ProjectID uuid.UUID `json:"project_id"`
		SectionBody
	}
}) (*answer[sectionView], error) {
	id, err := s.DB.CreateSection(ctx, c.scope, in.Body.section(uuid.Nil, in.Body.ProjectID), c.actor(), in.once(c, "create section", in.Body), c.at)
	if err != nil {
		return nil, err
	}
	return s.sectionAnswer(ctx, c, id)
}

func (s *Server) replaceSection(ctx context.Context, c call, in *struct {
	UnitPath
	Body struct {
		Version int `json:"version"`
		SectionBody
	}
}) (*answer[sectionView], error) {
	if err := s.DB.UpdateSection(ctx, c.scope, in.Body.Version, in.Body.section(in.ID, uuid.Nil), c.actor(), c.at); err != nil {
		return nil, err
	}
	return s.sectionAnswer(ctx, c, in.ID)
}
