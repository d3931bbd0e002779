package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
)

func (s *Server) crewRoutes() {
	allow(s, operation{id: "listTeams", method: http.MethodGet, path: "/teams", summary: "班组；q 为班组、单位或合同段的名称"}, account.SeePeople, s.listTeams)
	allow(s, operation{id: "getTeam", method: http.MethodGet, path: "/teams/{id}", summary: "班组的人，班组长在前"}, account.SeePeople, s.getTeam)
	allow(s, operation{id: "listShifts", method: http.MethodGet, path: "/sites/{id}/shifts", summary: "班次"}, account.SeePeople, s.listShifts)
	allow(s, operation{id: "listCertificates", method: http.MethodGet, path: "/certificates", summary: "证书，先到期的在前；q 为持证人姓名开头、完整手机号或证书名称"}, account.SeePeople, s.listCertificates)
	allow(s, operation{id: "getCertificate", method: http.MethodGet, path: "/certificates/{id}", summary: "一份证书"}, account.SeePeople, s.getCertificate)
	allow(s, operation{id: "linkCertificate", method: http.MethodPut, path: "/certificates/{id}/document", summary: "证书的扫描件是哪份点位资料", status: http.StatusNoContent},
		account.EditPeople, s.linkCertificate)
}

type teamView struct {
	ID      uuid.UUID    `json:"id"`
	Name    string       `json:"name"`
	Company string       `json:"company"`
	Project idName       `json:"project"`
	Section unitView     `json:"section"`
	People  int          `json:"people"`
	Members []memberView `json:"members,omitempty"`
}

type memberView struct {
	Person   contactView `json:"person"`
	WorkType string      `json:"work_type"`
	Leader   bool        `json:"leader"`
	From     time.Time   `json:"from"`
	Until    *time.Time  `json:"until"`
}

func viewTeam(t postgres.Team) teamView {
	return teamView{ID: t.ID, Name: t.Name, Company: t.Company, Project: idName{t.ProjectID, t.ProjectName}, Section: unitView{t.SectionID, t.SectionCode, t.SectionName}, People: t.Members}
}

type listTeamsRequest struct {
	ListRequest
	Project uuid.UUID `query:"project"`
	Section uuid.UUID `query:"section" doc:"合同段"`
}

func (in listTeamsRequest) filter() (postgres.RegistryFilter, error) {
	f, err := in.ListRequest.filter()
	f.Project, f.Section = in.Project, in.Section
	return f, err
}

func markTeam(t postgres.Team) postgres.NameMark { return postgres.NameMark{Name: t.Name, ID: t.ID} }

func (s *Server) listTeams(ctx context.Context, c call, in *listTeamsRequest) (*answer[page[teamView]], error) {
	return pageByName(in, func(f postgres.RegistryFilter) ([]postgres.Team, error) { return s.DB.Teams(ctx, c.scope, f, c.at) }, viewTeam, markTeam)
}

func (s *Server) exportTeams(ctx context.Context, c call, in *listTeamsRequest) (export, error) {
	return export{noun: "teams", sheet: "班组", filter: asked(in.ListRequest, map[string]any{"project": in.Project, "section": in.Section}),
		head: []any{"项目", "合同段", "班组", "单位", "人数"},
		rows: byPages(in, func(f postgres.RegistryFilter) ([]postgres.Team, error) { return s.DB.Teams(ctx, c.scope, f, c.at) }, markTeam,
			each(func(w *sheetWriter, t postgres.Team) {
				w.row(t.ProjectName, t.SectionName, t.Name, t.Company, t.Members)
			}))}, nil
}

func (s *Server) getTeam(ctx context.Context, c call, in *struct {
	ID uuid.UUID `path:"id"`
}) (*answer[teamView], error) {
	team, members, err := s.DB.TeamByID(ctx, c.scope, in.ID, c.at)
	if err != nil {
		return nil, err
	}
	v, show := viewTeam(team), s.discloser(c)
	for _, m := range members {
		person := show.contact(postgres.Contact{PersonID: m.PersonID, Name: m.Name, PhoneSealed: m.PhoneSealed}, team.Place(), account.Quiet)
		v.Members = append(v.Members, memberView{person, m.WorkType, m.Leader, m.ValidFrom, m.ValidUntil})
	}
	return reply(v, show.audited(ctx, "team", in.ID.String()))
}

type shiftView struct {
	ID     uuid.UUID   `json:"id"`
	Person contactView `json:"person"`
	From   time.Time   `json:"from"`
	Until  time.Time   `json:"until"`
}

// longestShifts is how many days of shifts are listed at once.
const longestShifts = 31 * 24 * time.Hour

func (s *Server) listShifts(ctx context.Context, c call, in *struct {
	SitePath
	From  time.Time `query:"from" doc:"默认现在"`
	Until time.Time `query:"until" doc:"默认一天后"`
}) (*answer[page[shiftView]], error) {
	from, until := in.From, in.Until
	if from.IsZero() {
		from = c.at
	}
	if until.IsZero() {
		until = from.AddDate(0, 0, 1)
	}
	if !until.After(from) || until.Sub(from) > longestShifts {
		return nil, errs.New(errs.Fix, "span", "一次最多看 31 天").With(errs.Detail{Where: "query.until", Text: "不在开始之后，或超过 31 天"})
	}
	list, at, err := s.DB.Shifts(ctx, c.scope, in.ID, from, until)
	if err != nil {
		return nil, err
	}
	out, show := page[shiftView]{Items: []shiftView{}}, s.discloser(c)
	for _, x := range list {
		person := show.contact(postgres.Contact{PersonID: x.PersonID, Name: x.Name, PhoneSealed: x.PhoneSealed}, at, account.Quiet)
		out.Items = append(out.Items, shiftView{x.ID, person, x.ValidFrom, x.ValidUntil})
	}
	return reply(out, show.audited(ctx, "site", in.ID.String()))
}
