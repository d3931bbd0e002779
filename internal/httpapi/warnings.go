package httpapi

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/warning"
)

func (s *Server) warningRoutes() {
	allow(s, operation{id: "preview", method: http.MethodPost, path: "/preview", summary: "区域里有谁：与发布同一查询"}, account.DraftWarning, s.preview)
	allow(s, operation{id: "listWarnings", method: http.MethodGet, path: "/warnings", summary: "预警列表"}, account.SeeWarnings, s.listWarnings)
	allow(s, operation{id: "createWarning", method: http.MethodPost, path: "/warnings", summary: "新建草稿", status: http.StatusCreated}, account.DraftWarning, s.createWarning)
	allow(s, operation{id: "getWarning", method: http.MethodGet, path: "/warnings/{id}", summary: "预警"}, account.SeeWarnings, s.getWarning)
	allow(s, operation{id: "replaceWarning", method: http.MethodPut, path: "/warnings/{id}", summary: "修改草稿"}, account.DraftWarning, s.replaceWarning)
	allow(s, operation{id: "previewWarning", method: http.MethodGet, path: "/warnings/{id}/preview", summary: "草稿现在发布会怎样"}, account.DraftWarning, s.previewWarning)
	allow(s, operation{id: "publishWarning", method: http.MethodPost, path: "/warnings/{id}/publish", summary: "发布"}, account.PublishWarning, s.publishWarning)
	allow(s, operation{id: "discardWarning", method: http.MethodPost, path: "/warnings/{id}/discard", summary: "不发布"}, account.DraftWarning, s.discardWarning)
	allow(s, operation{id: "previewRevision", method: http.MethodPost, path: "/warnings/{id}/revise/preview", summary: "更新会改变什么"}, account.PublishWarning, s.previewRevision)
	allow(s, operation{id: "reviseWarning", method: http.MethodPost, path: "/warnings/{id}/revise", summary: "更新"}, account.PublishWarning, s.reviseWarning)
	allow(s, operation{id: "liftWarning", method: http.MethodPost, path: "/warnings/{id}/lift", summary: "解除"}, account.LiftWarning, s.liftWarning)
	allow(s, operation{id: "listTargets", method: http.MethodGet, path: "/warnings/{id}/targets", summary: "受影响点位"}, account.SeeWarnings, s.listTargets)
}

type previewRequest struct {
	Body struct {
		Areas   []areaBody   `json:"areas" maxItems:"50"`
		Level   string       `json:"level"`
		Hazard  string       `json:"hazard"`
		Expires time.Time    `json:"expires,omitempty"`
		Choices []choiceBody `json:"choices,omitempty"`
		NearKM  *float64     `json:"near_km,omitempty" minimum:"0" maximum:"20" doc:"区域外多远之内有人也列出；默认3公里，0为不列"`
	}
}

// preview answers while somebody is drawing; nothing is stored.
func (s *Server) preview(ctx context.Context, c call, in *previewRequest) (*answer[previewView], error) {
	office, err := c.who.Office(account.DraftWarning)
	if err != nil {
		return nil, err
	}
	began := s.Clock.Now()
	body := postgres.Content{Mode: "actual", Kind: "instruction", Hazard: warning.Hazard(in.Body.Hazard), Level: warning.Level(in.Body.Level), Expires: in.Body.Expires}
	areas, repairs, err := s.areas(ctx, in.Body.Areas, body.Level, true)
	if err != nil {
		return nil, err
	}
	check, err := s.checkAreas(ctx, areas, repairs)
	if err != nil {
		return nil, err
	}
	body.Areas = areas
	for _, ch := range in.Body.Choices {
		body.Choices = append(body.Choices, postgres.Choice{SiteID: ch.SiteID, Act: ch.Act, Measure: warning.Measure(ch.Measure), Reason: ch.Reason})
	}
	km := nearByDefault
	if in.Body.NearKM != nil {
		km = *in.Body.NearKM
	}
	p, near, err := s.DB.PreviewAround(ctx, office.Scope, office.Authority, body, km, c.at)
	if err != nil {
		return nil, err
	}
	show := s.discloser(c)
	v := s.viewPreview(p, show, began)
	v.Area, v.Empty, v.Near = check, viewEmpty(p.Targets), viewNear(near, km)
	return reply(v, show.audited(ctx, "preview", ""))
}

type listWarningsRequest struct {
	State  string `query:"state" default:"draft,active,expired" maxLength:"60"`
	Cursor string `query:"cursor" maxLength:"400"`
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"500"`
}

func (s *Server) listWarnings(ctx context.Context, c call, in *listWarningsRequest) (*answer[page[warningRow]], error) {
	from, err := readMark(in.Cursor, c.at)
	if err != nil {
		return nil, err
	}
	list, err := s.DB.Warnings(ctx, c.scope, strings.Split(in.State, ","), from, in.Limit)
	if err != nil {
		return nil, err
	}
	out := page[warningRow]{Items: []warningRow{}}
	for _, w := range list {
		out.Items = append(out.Items, viewRow(w))
	}
	if err := s.deskOf(ctx, c, out.Items); err != nil {
		return nil, err
	}
	if len(list) == in.Limit {
		last := list[len(list)-1]
		out.Next = writeMark(postgres.Mark{At: last.CreatedAt, ID: last.ID})
	}
	return reply(out, nil)
}

type createWarningRequest struct {
	OnceHeader
	Body struct {
		Kind     string     `json:"kind,omitempty" enum:"instruction,relay" doc:"relay：人工转发，须写明原发布单位和时间"`
		Issuer   string     `json:"issuer,omitempty" maxLength:"60"`
		IssuedAt *time.Time `json:"issued_at,omitempty"`
		RawID    *uuid.UUID `json:"raw_id,omitempty" doc:"所依据的原文"`
		ContentBody
	}
}

func (s *Server) createWarning(ctx context.Context, c call, in *createWarningRequest) (*answer[warningView], error) {
	office, err := c.who.Office(account.DraftWarning)
	if err != nil {
		return nil, err
	}
	body, err := s.content(ctx, in.Body.ContentBody)
	if err != nil {
		return nil, err
	}
	if in.Body.Kind == "relay" {
		if in.Body.Issuer == "" || in.Body.IssuedAt == nil {
			return nil, errs.New(errs.Fix, "issuer_missing", "转发要写明原发布单位和发布时间")
		}
		body.Kind, body.Issuer, body.IssuedAt = "relay", in.Body.Issuer, in.Body.IssuedAt
	}
	id, err := s.DB.CreateDraft(ctx, office.Authority, body, c.actor(), in.once(c, "create", in.Body), c.at)
	if err == nil && in.Body.RawID != nil {
		err = s.DB.Audited(ctx, c.actor(), "draft_by_hand", "message", in.Body.RawID.String(), map[string]any{"warning": id}, c.at)
	}
	if err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, id)
}

// WarningPath names a warning in the path. Embedded parameters must be exported
// for huma to see them.
type WarningPath struct {
	ID uuid.UUID `path:"id"`
}

func (s *Server) getWarning(ctx context.Context, c call, in *WarningPath) (*answer[warningView], error) {
	return s.fullWarning(ctx, c, in.ID)
}

type replaceWarningRequest struct {
	WarningPath
	Body struct {
		Version int `json:"version"`
		ContentBody
	}
}

func (s *Server) replaceWarning(ctx context.Context, c call, in *replaceWarningRequest) (*answer[warningView], error) {
	w, err := s.DB.WarningByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	body, err := s.content(ctx, in.Body.ContentBody)
	if err != nil {
		return nil, err
	}
	body.Kind = w.Kind // a relay rests on its issuer and needs no basis
	if err := s.DB.ReplaceDraft(ctx, c.scope, in.ID, in.Body.Version, body, c.actor(), c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}

func (s *Server) previewWarning(ctx context.Context, c call, in *WarningPath) (*answer[previewView], error) {
	began := s.Clock.Now()
	p, err := s.DB.PreviewWarning(ctx, c.scope, in.ID, c.at)
	if err != nil {
		return nil, err
	}
	show := s.discloser(c)
	return reply(s.viewPreview(p, show, began), show.audited(ctx, "warning", in.ID.String()))
}

type publishRequest struct {
	WarningPath
	OnceHeader
	Body struct {
		Version       int    `json:"version"`
		Authorisation string `json:"authorisation,omitempty" maxLength:"200" doc:"口头授权：谁、何时同意（值班员发布红色、橙色预警，又没有复核时必填）"`
		Unreviewed    bool   `json:"unreviewed,omitempty" doc:"先发后审：已请求复核五分钟未获答复"`
	}
}

// publication is in whose name and with what second look the caller acts on a
// warning.
func (s *Server) publication(ctx context.Context, c call, perm account.Permission, id uuid.UUID, authorisation string, o postgres.Once) (postgres.Publication, error) {
	w, err := s.DB.WarningByID(ctx, c.scope, id)
	if err != nil {
		return postgres.Publication{}, err
	}
	office, err := c.who.OfficeOver(perm, w.AuthorityID, w.AuthorityRegion)
	return postgres.Publication{Office: office.Authority, Leader: office.Leader, Authorisation: strings.TrimSpace(authorisation),
		By: c.actor(), Once: o}, err
}

func (s *Server) publishWarning(ctx context.Context, c call, in *publishRequest) (*answer[warningView], error) {
	p, err := s.publication(ctx, c, account.PublishWarning, in.ID, in.Body.Authorisation, in.once(c, "publish "+in.ID.String(), in.Body))
	if err != nil {
		return nil, err
	}
	p.Unreviewed = in.Body.Unreviewed
	id, err := s.DB.Publish(ctx, c.scope, in.ID, in.Body.Version, p, c.at)
	if err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, id)
}

type reasonRequest struct {
	WarningPath
	OnceHeader
	Body struct {
		Version int    `json:"version"`
		Reason  string `json:"reason" minLength:"1" maxLength:"200"`
	}
}

func (s *Server) discardWarning(ctx context.Context, c call, in *reasonRequest) (*answer[warningView], error) {
	once := in.once(c, "discard "+in.ID.String(), in.Body)
	if err := s.DB.Discard(ctx, c.scope, in.ID, in.Body.Version, in.Body.Reason, c.actor(), once, c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}

func (s *Server) liftWarning(ctx context.Context, c call, in *reasonRequest) (*answer[warningView], error) {
	p, err := s.publication(ctx, c, account.LiftWarning, in.ID, "", in.once(c, "lift "+in.ID.String(), in.Body))
	if err != nil {
		return nil, err
	}
	if err := s.DB.Lift(ctx, c.scope, in.ID, in.Body.Version, in.Body.Reason, p, c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}

type listTargetsRequest struct {
	WarningPath
	Revision int `query:"revision" minimum:"0"`
}

type targetsView struct {
	AsOf  time.Time    `json:"as_of"`
	Items []targetView `json:"items"`
}

func (s *Server) listTargets(ctx context.Context, c call, in *listTargetsRequest) (*answer[targetsView], error) {
	show := s.discloser(c)
	_, targets, err := s.shownTargets(ctx, show, in.ID, in.Revision)
	if err != nil {
		return nil, err
	}
	return reply(targetsView{AsOf: c.at, Items: targets}, show.audited(ctx, "warning", in.ID.String()))
}

// shownTargets are the targets of a warning with who answers for them, as far as
// the caller may see them.
func (s *Server) shownTargets(ctx context.Context, show *discloser, id uuid.UUID, revision int) (postgres.Warning, []targetView, error) {
	c := show.c
	w, err := s.DB.WarningByID(ctx, c.scope, id)
	if err != nil {
		return w, nil, err
	}
	rows, err := s.DB.Targets(ctx, c.scope, id, revision, c.at)
	if err != nil {
		return w, nil, err
	}
	sites := make([]uuid.UUID, len(rows))
	for i, t := range rows {
		sites[i] = t.SiteID
	}
	by, err := s.DB.Contacts(ctx, c.scope, sites, c.at)
	if err != nil {
		return w, nil, err
	}
	views := make([]targetView, 0, len(rows))
	for _, t := range rows {
		v := viewFrozen(t)
		v.Responsible = show.contacts(by[t.SiteID], account.Place{Region: t.Region, Project: t.ProjectID, Section: t.SectionID, SiteID: t.SiteID}, occasion(w.Mode, w.State == "active"))
		views = append(views, v)
	}
	return w, views, nil
}
