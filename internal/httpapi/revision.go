package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
)

type revisionRequest struct {
	WarningPath
	Body ContentBody
}

type differenceView struct {
	AsOf     time.Time     `json:"as_of"`
	Area     *areaCheck    `json:"area,omitempty"`
	Totals   previewTotal  `json:"totals"`
	Added    []targetView  `json:"added"`
	Stays    []targetView  `json:"stays"`
	Changed  []beforeAfter `json:"changed"`
	Released []targetView  `json:"released"`
}

type beforeAfter struct {
	Before targetView `json:"before"`
	After  targetView `json:"after"`
}

func (s *Server) previewRevision(ctx context.Context, c call, in *revisionRequest) (*answer[differenceView], error) {
	w, err := s.DB.WarningByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	office, err := c.who.OfficeOver(account.PublishWarning, w.AuthorityID, w.AuthorityRegion)
	if err == nil && office.Authority != w.AuthorityID {
		err = errs.New(errs.Forbidden, "not_ours", "只有发布单位可以更新自己的预警")
	}
	if err != nil {
		return nil, err
	}
	if w.State != "active" {
		return nil, errs.New(errs.Gone, "closed", "这条预警已不再生效")
	}
	body, err := s.content(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	body.Mode = w.Mode
	r, err := s.DB.PreviewRevision(ctx, office.Authority, in.ID, body, c.at)
	if err != nil {
		return nil, err
	}
	standing, err := s.DB.Targets(ctx, c.scope, in.ID, 0, c.at)
	if err != nil {
		return nil, err
	}
	show := s.discloser(c)
	return reply(viewDifference(r, standing, w.Mode, show), show.audited(ctx, "warning", in.ID.String()))
}

func viewDifference(r postgres.Revising, standing []postgres.TargetRow, mode string, show *discloser) differenceView {
	after, before := map[uuid.UUID]targetView{}, map[uuid.UUID]targetView{}
	for _, t := range standing {
		before[t.SiteID] = viewFrozen(t)
	}
	for _, t := range r.Preview.Targets {
		_, inForce := before[t.SiteID] // who would be new is not under a warning yet
		after[t.SiteID] = viewTarget(t, show, occasion(mode, inForce))
	}
	v := differenceView{AsOf: r.Preview.AsOf, Totals: totals(r.Preview.Targets), Changed: []beforeAfter{}}
	v.Added, v.Stays, v.Released = pick(after, r.Difference.Added), pick(after, r.Difference.Stays), pick(before, r.Difference.Released)
	for _, id := range r.Difference.Changed {
		v.Changed = append(v.Changed, beforeAfter{before[id], after[id]})
	}
	return v
}

func pick(by map[uuid.UUID]targetView, ids []uuid.UUID) []targetView {
	list := make([]targetView, 0, len(ids))
	for _, id := range ids {
		list = append(list, by[id])
	}
	return list
}

type reviseRequest struct {
	WarningPath
	OnceHeader
	Body struct {
		Version       int    `json:"version"`
		Authorisation string `json:"authorisation,omitempty" maxLength:"200"`
		ContentBody
	}
}

func (s *Server) reviseWarning(ctx context.Context, c call, in *reviseRequest) (*answer[warningView], error) {
	p, err := s.publication(ctx, c, account.PublishWarning, in.ID, in.Body.Authorisation, in.once(c, "revise "+in.ID.String(), in.Body))
	if err != nil {
		return nil, err
	}
	body, err := s.content(ctx, in.Body.ContentBody)
	if err != nil {
		return nil, err
	}
	body.Kind = "relay" // a revision needs no basis of its own; the warning has one
	if err := s.DB.Revise(ctx, c.scope, in.ID, in.Body.Version, body, p, c.at); err != nil {
		return nil, err
	}
	return s.fullWarning(ctx, c, in.ID)
}
