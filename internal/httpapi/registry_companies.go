package httpapi

import (
	"context"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

func (s *Server) companyRoutes() {
	allow(s, operation{id: "listCompanies", method: http.MethodGet, path: "/companies", summary: "单位列表"}, account.SeeSites, s.listCompanies)
	allow(s, operation{id: "getCompany", method: http.MethodGet, path: "/companies/{id}", summary: "单位"}, account.SeeSites, s.getCompany)
	allow(s, operation{id: "createCompany", method: http.MethodPost, path: "/companies", summary: "新建单位", status: http.StatusCreated}, account.EditUnits, s.createCompany)
	allow(s, operation{id: "replaceCompany", method: http.MethodPut, path: "/companies/{id}", summary: "修改单位；在管辖范围之外也有项目或合同段的，由上级修改"}, account.EditUnits, s.replaceCompany)
}

type companyView struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"`
	USCC      *string   `json:"uscc"`
	Kind      string    `json:"kind"`
	KindLabel string    `json:"kind_label"`
	Parent    *idName   `json:"parent"`
	Version   int       `json:"version"`
}

func viewCompany(f postgres.CompanyRow) companyView {
	v := companyView{ID: f.ID, Name: f.Name, USCC: f.USCC, Kind: f.Kind, KindLabel: roster.CompanyKind(f.Kind).Label(), Version: f.Version}
	if f.ParentID != nil {
		v.Parent = &idName{*f.ParentID, *f.ParentName}
	}
	return v
}

func (s *Server) listCompanies(ctx context.Context, c call, in *ListRequest) (*answer[page[companyView]], error) {
	return pageByName(in, func(f postgres.RegistryFilter) ([]postgres.CompanyRow, error) { return s.DB.Companies(ctx, c.scope, f) }, viewCompany, markCompany)
}

func markCompany(f postgres.CompanyRow) postgres.NameMark {
	return postgres.NameMark{Name: f.Name, ID: f.ID}
}

func (s *Server) getCompany(ctx context.Context, c call, in *UnitPath) (*answer[companyView], error) {
	f, err := s.DB.CompanyByID(ctx, c.scope, in.ID)
	return reply(viewCompany(f), err)
}

// CompanyBody is a company as a person fills it in.
type CompanyBody struct {
	Name     string     `json:"name" maxLength:"200"`
	USCC     string     `json:"uscc,omitempty" maxLength:"30" doc:"统一社会信用代码，18 位"`
	Kind     string     `json:"kind" enum:"owner,contractor,supervisor,laboratory,parent"`
	ParentID *uuid.UUID `json:"parent_id,omitempty" doc:"上级或母体单位"`
}

// company writes the code the one way in which it is stored; what cannot be read
// stays as it is and is refused with its place.
func (b CompanyBody) company(id uuid.UUID) roster.Company {
	f := roster.Company{ID: id, Name: strings.TrimSpace(b.Name), USCC: strings.TrimSpace(b.USCC), Kind: roster.CompanyKind(b.Kind)}
	if code, err := roster.ParseUSCC(f.USCC); err == nil {
		f.USCC = code
	}
	if b.ParentID != nil {
		f.ParentID = *b.ParentID
	}
	return f
}

func (s *Server) createCompany(ctx context.Context, c call, in *struct {
	OnceHeader
	Body CompanyBody
}) (*answer[companyView], error) {
	id, err := s.DB.CreateCompany(ctx, in.Body.company(uuid.Nil), c.actor(), in.once(c, "create company", in.Body), c.at)
	if err != nil {
		return nil, err
	}
	return s.getCompany(ctx, c, &UnitPath{id})
}

func (s *Server) replaceCompany(ctx context.Context, c call, in *struct {
	UnitPath
	Body struct {
		Version int `json:"version"`
		CompanyBody
	}
}) (*answer[companyView], error) {
	if err := s.DB.UpdateCompany(ctx, c.scope, in.Body.Version, in.Body.company(in.ID), c.actor(), c.at); err != nil {
		return nil, err
	}
	return s.getCompany(ctx, c, &in.UnitPath)
}
