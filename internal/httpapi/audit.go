package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
)

type auditView struct {
	ID      uuid.UUID      `json:"id"`
	At      time.Time      `json:"at"`
	ActorID *uuid.UUID     `json:"actor_id"`
	Actor   string         `json:"actor"`
	Act     string         `json:"act"`
	Noun    string         `json:"noun"`
	NounID  string         `json:"noun_id"`
	Detail  map[string]any `json:"detail"`
}

func (s *Server) auditRoutes() {
	allow(s, operation{id: "auditTrail", method: http.MethodGet, path: "/audit", summary: "审计日志：谁做了什么，谁看了谁的信息"}, account.SeeAudit, s.auditTrail)
}

// auditTrail is the whole log: the auditor's role has no place, and the log
// holds ids and acts, not contents.
func (s *Server) auditTrail(ctx context.Context, c call, in *struct {
	Cursor string `query:"cursor" maxLength:"400"`
	Limit  int    `query:"limit" default:"100" minimum:"1" maximum:"500"`
}) (*answer[page[auditView]], error) {
	from, err := readMark(in.Cursor, c.at)
	if err != nil {
		return nil, err
	}
	list, err := s.DB.AuditTrail(ctx, from, in.Limit)
	if err != nil {
		return nil, err
	}
	out := page[auditView]{Items: []auditView{}}
	for _, a := range list {
		out.Items = append(out.Items, auditView(a))
	}
	if len(list) == in.Limit {
		last := list[len(list)-1]
		out.Next = writeMark(postgres.Mark{At: last.At, ID: last.ID})
	}
	return reply(out, nil)
}
