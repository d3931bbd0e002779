package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
)

func (s *Server) postRoutes() {
	allow(s, operation{id: "listPosts", method: http.MethodGet, path: "/posts", summary: "一个主管部门、项目、合同段或点位的岗位：谁负责、怎样联系；不含工人"}, account.SeePeople, s.listPosts)
}

type postView struct {
	ID uuid.UUID `json:"id"`
	ContactView
	From    time.Time  `json:"from"`
	Until   *time.Time `json:"until"`
	Version int        `json:"version"`
}

// listPosts shows who answers for one unit; looking at a name in full is audited.
func (s *Server) listPosts(ctx context.Context, c call, in *struct {
	UnitKind string    `query:"unit_kind" required:"true" enum:"authority,project,section,site"`
	UnitID   uuid.UUID `query:"unit_id" required:"true"`
	Over     bool      `query:"over" doc:"连同已结束的"`
}) (*answer[page[postView]], error) {
	rows, err := s.DB.PostsOf(ctx, c.scope, in.UnitKind, in.UnitID, in.Over, c.at)
	if err != nil {
		return nil, err
	}
	show := s.discloser(c)
	out := page[postView]{Items: []postView{}}
	for _, p := range rows {
		out.Items = append(out.Items, show.post(p))
	}
	return reply(out, show.audited(ctx, in.UnitKind, in.UnitID.String()))
}

func (d *discloser) post(p postgres.PostRow) postView {
	holder := postgres.Contact{PersonID: p.PersonID, Name: p.PersonName, PhoneSealed: p.PhoneSealed, Role: p.Role, Seat: p.Seat}
	return postView{ID: p.ID, ContactView: d.contact(holder, p.Place(), occasionAt(p.Tie)), From: p.ValidFrom, Until: p.ValidUntil, Version: p.Version}
}
