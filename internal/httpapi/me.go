package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/response"
)

func (s *Server) myRoutes() {
	allow(s, operation{id: "myResponses", method: http.MethodGet, path: "/me/responses", summary: "我的点位在生效预警下的处置，最急的在前"}, account.SeeWarnings, s.myResponses)
	allow(s, operation{id: "myNotices", method: http.MethodGet, path: "/me/notices", summary: "我的站内通知；取到即记为送达"}, account.SeeWarnings, s.myNotices)
	allow(s, operation{id: "readNotice", method: http.MethodPost, path: "/me/notices/{id}/read", summary: "打开了通知：记为已阅，不是签收", status: http.StatusNoContent},
		account.SeeWarnings, s.readNotice)
}

type myThreadView struct {
	ThreadView
	Headline    string        `json:"headline"`
	Sentence    string        `json:"sentence"`
	MusterPoint string        `json:"muster_point"`
	Proof       [][]codeLabel `json:"proof" doc:"报告要有的凭据：每组至少一样"`
}

func viewProof(groups [][]response.Evidence) [][]codeLabel {
	list := [][]codeLabel{}
	for _, group := range groups {
		var labels []codeLabel
		for _, e := range group {
			labels = append(labels, codeLabel{string(e), e.Label()})
		}
		list = append(list, labels)
	}
	return list
}

type myBoardView struct {
	AsOf  time.Time      `json:"as_of"`
	Total int            `json:"total"`
	Items []myThreadView `json:"items"`
	Next  *string        `json:"next_cursor"`
}

func (s *Server) myResponses(ctx context.Context, c call, in *struct {
	Cursor string `query:"cursor" maxLength:"400"`
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"500"`
}) (*answer[myBoardView], error) {
	f := postgres.BoardFilter{Limit: in.Limit, After: postgres.BoardMark{AsOf: c.at}}
	if err := unpackCursor(in.Cursor, &f.After); err != nil {
		return nil, err
	}
	rows, err := s.DB.MyThreads(ctx, ownPlaces(c.who), f, c.at)
	if err != nil {
		return nil, err
	}
	out := myBoardView{AsOf: c.at, Items: []myThreadView{}}
	rows, out.Next = pageOf(rows, f)
	lines, err := s.DB.Headlines(ctx, rows, c.at)
	if err != nil {
		return nil, err
	}
	proof, err := s.DB.ReportProof(ctx, rows, c.at)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		out.Total = r.Total
		out.Items = append(out.Items, myThreadView{viewThread(r, c.at), lines[r.ID], r.Sentence, r.MusterPoint, viewProof(proof[r.ID])})
	}
	return reply(out, nil)
}

// ownPlaces are the places that somebody answers for by a post in a unit. An
// authority has its boards instead.
func ownPlaces(who account.Principal) account.Scope {
	var s account.Scope
	for _, g := range who.Grants {
		if g.Authority == uuid.Nil && g.Role.May(account.SeeWarnings) {
			s = s.Add(g.Scope)
		}
	}
	return s
}

type myNoticeView struct {
	ID          uuid.UUID  `json:"id"`
	Mode        string     `json:"mode"`
	WarningID   *uuid.UUID `json:"warning_id"`
	Kind        string     `json:"kind"`
	KindLabel   string     `json:"kind_label"`
	Level       string     `json:"level"`
	Measure     string     `json:"measure"`
	State       string     `json:"state"`
	StateLabel  string     `json:"state_label"`
	Text        string     `json:"text"`
	CreatedAt   time.Time  `json:"created_at"`
	DeliveredAt *time.Time `json:"delivered_at"`
	ReadAt      *time.Time `json:"read_at"`
	Link        *string    `json:"link" doc:"通知要人打开的页面"`
}

func (s *Server) myNotices(ctx context.Context, c call, in *struct {
	Limit int `query:"limit" default:"50" minimum:"1" maximum:"200"`
}) (*answer[page[myNoticeView]], error) {
	rows, err := s.DB.FetchNotices(ctx, c.who.UserID, in.Limit, c.at)
	if err != nil {
		return nil, err
	}
	out := page[myNoticeView]{Items: []myNoticeView{}}
	for _, n := range rows {
		out.Items = append(out.Items, myNoticeView{ID: n.ID, Mode: n.Mode, WarningID: n.WarningID, Kind: string(n.Kind), KindLabel: noticeKindLabels.of(n.Kind),
			Level: n.Level, Measure: n.Measure, State: string(n.State), StateLabel: n.State.Label(), Text: withoutCode(n.Wording), CreatedAt: n.CreatedAt,
			DeliveredAt: n.DeliveredAt, ReadAt: n.ReadAt, Link: s.linkOf(n)})
	}
	return reply(out, nil)
}

func (s *Server) readNotice(ctx context.Context, c call, in *struct {
	ID uuid.UUID `path:"id"`
	OnceHeader
}) (*nothing, error) {
	return nil, s.DB.ReadNotice(ctx, c.who.UserID, in.ID, c.at)
}
