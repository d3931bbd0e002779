package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
)

func (s *Server) inboundRoutes() {
	allow(s, operation{id: "strayReplies", method: http.MethodGet, path: "/inbound", summary: "没有着落的回复，由值班台判读"}, account.CallByHand, s.strayReplies)
	allow(s, operation{id: "seeReply", method: http.MethodPost, path: "/inbound/{id}/{seq}/seen", summary: "已判读", status: http.StatusNoContent}, account.CallByHand, s.seeReply)
}

type strayView struct {
	ID           uuid.UUID  `json:"id"`
	Seq          int        `json:"seq"`
	Kind         string     `json:"kind"`
	At           time.Time  `json:"at"`
	Verdict      string     `json:"verdict"`
	VerdictLabel string     `json:"verdict_label"`
	Said         string     `json:"said" doc:"回复的原话"`
	PersonID     *uuid.UUID `json:"person_id"`
	Person       *string    `json:"person"`
	SiteID       *uuid.UUID `json:"site_id" doc:"向此人叫应过的点位之一"`
	SiteName     *string    `json:"site_name"`
	Mode         *string    `json:"mode"`
	SeenAt       *time.Time `json:"seen_at"`
}

func (s *Server) strayReplies(ctx context.Context, c call, in *struct {
	Open   bool   `query:"open" default:"true"`
	Cursor string `query:"cursor" maxLength:"400"`
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"500"`
}) (*answer[page[strayView]], error) {
	from, err := readMark(in.Cursor, c.at)
	if err != nil {
		return nil, err
	}
	rows, err := s.DB.StrayReplies(ctx, c.scope, in.Open, from, in.Limit)
	if err != nil {
		return nil, err
	}
	show := s.discloser(c)
	out := page[strayView]{Items: []strayView{}}
	for _, r := range rows {
		out.Items = append(out.Items, viewStray(r, show))
	}
	if len(rows) == in.Limit {
		last := rows[len(rows)-1]
		out.Next = writeMark(postgres.Mark{At: last.At, ID: last.InboundID, Seq: last.Seq})
	}
	return reply(out, show.audited(ctx, "inbound", ""))
}

func viewStray(r postgres.StrayReply, show *discloser) strayView {
	v := strayView{ID: r.InboundID, Seq: r.Seq, Kind: r.Kind, At: r.At, Verdict: string(r.Verdict), VerdictLabel: r.Verdict.Label(), Said: r.Said,
		PersonID: r.PersonID, SiteID: r.SiteID, SiteName: r.SiteName, Mode: r.Mode, SeenAt: r.SeenAt}
	if r.PersonID != nil && r.PersonName != nil && r.SiteID != nil {
		at := account.Place{Region: *r.Region, Project: *r.ProjectID, Section: *r.SectionID, SiteID: *r.SiteID}
		v.Person = show.contact(postgres.Contact{PersonID: *r.PersonID, Name: *r.PersonName}, at, occasion(*r.Mode, r.Live)).Name
	}
	return v
}

func (s *Server) seeReply(ctx context.Context, c call, in *struct {
	ID  uuid.UUID `path:"id"`
	Seq int       `path:"seq" minimum:"0"`
	OnceHeader
}) (*nothing, error) {
	return nil, s.DB.SeeStray(ctx, c.scope, in.ID, in.Seq, c.actor(), c.at)
}
