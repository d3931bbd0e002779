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

func (s *Server) leaveRoutes() {
	allow(s, operation{id: "listLeaves", method: http.MethodGet, path: "/sites/{id}/leaves", summary: "请假、离场的人：未结束的，含还没开始的"}, account.SeePeople, s.listLeaves)
	allow(s, operation{id: "giveLeave", method: http.MethodPost, path: "/sites/{id}/leaves", summary: "登记请假或离场：应在人数不再算他；打卡在场的仍算，并标出", status: http.StatusCreated},
		account.KeepLeave, s.giveLeave)
	allow(s, operation{id: "endLeave", method: http.MethodPost, path: "/sites/{id}/leaves/{leave}/end", summary: "销假，或撤销登记", status: http.StatusNoContent},
		account.KeepLeave, s.endLeave)
}

type leaveView struct {
	ID         uuid.UUID   `json:"id"`
	Person     contactView `json:"person"`
	Everywhere bool        `json:"everywhere" doc:"离开所有点位，不只这一个"`
	From       time.Time   `json:"from"`
	Until      *time.Time  `json:"until" doc:"空：未定"`
	Words      string      `json:"words"`
	Present    bool        `json:"present" doc:"请假却打卡在场"`
}

func (s *Server) listLeaves(ctx context.Context, c call, in *SitePath) (*answer[page[leaveView]], error) {
	list, at, err := s.DB.Leaves(ctx, c.scope, in.ID, c.at)
	if err != nil {
		return nil, err
	}
	out, show := page[leaveView]{Items: []leaveView{}}, s.discloser(c)
	for _, l := range list {
		person := show.contact(postgres.Contact{PersonID: l.PersonID, Name: l.Name, PhoneSealed: l.PhoneSealed}, at, account.Quiet)
		out.Items = append(out.Items, leaveView{l.ID, person, l.SiteID == nil, l.From, l.Until, l.Words, l.Present})
	}
	return reply(out, show.audited(ctx, "site", in.ID.String()))
}

// madeView names what was made.
type madeView struct {
	ID uuid.UUID `json:"id"`
}

type giveLeaveRequest struct {
	SitePath
	OnceHeader
	Body struct {
		PersonID   uuid.UUID  `json:"person_id"`
		Everywhere bool       `json:"everywhere,omitempty" doc:"离开所有点位；默认只是这一个"`
		From       *time.Time `json:"from,omitempty" doc:"默认现在"`
		Until      *time.Time `json:"until,omitempty" doc:"不填：未定，要销假"`
		Words      string     `json:"words,omitempty" maxLength:"200"`
	}
}

// leaveReach is how far from now a leave may begin: further back it would change
// what was counted long ago by a slip of the finger.
const leaveReach = 31 * 24 * time.Hour

func (s *Server) giveLeave(ctx context.Context, c call, in *giveLeaveRequest) (*answer[madeView], error) {
	b := in.Body
	l := postgres.Leave{ID: in.event(c, "leave "+in.ID.String()), PersonID: b.PersonID, From: c.at, Until: b.Until, Words: b.Words}
	if b.From != nil {
		l.From = *b.From
	}
	if !b.Everywhere {
		l.SiteID = &in.ID
	}
	switch {
	case l.From.Sub(c.at).Abs() > leaveReach:
		return nil, errs.New(errs.Fix, "leave_from", "开始时间离现在太远").With(errs.Detail{Where: "body.from", Text: "超过一个月", Mend: "请核对日期"})
	case b.Until != nil && !b.Until.After(l.From):
		return nil, errs.New(errs.Fix, "leave_until", "结束时间应在开始时间之后").With(errs.Detail{Where: "body.until", Text: "不晚于开始", Mend: "请核对日期"})
	}
	return reply(madeView{l.ID}, s.DB.GiveLeave(ctx, c.scope, in.ID, l, c.actor(), in.once(c, "leave "+in.ID.String(), b), c.at))
}

func (s *Server) endLeave(ctx context.Context, c call, in *struct {
	SitePath
	Leave uuid.UUID `path:"leave"`
}) (*nothing, error) {
	return &nothing{}, s.DB.EndLeave(ctx, c.scope, in.ID, in.Leave, c.actor(), c.at)
}
