package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
)

type alarmView struct {
	ID       uuid.UUID  `json:"id"`
	Code     string     `json:"code"`
	Label    string     `json:"label"`
	Subject  string     `json:"subject"`
	Words    string     `json:"words"`
	OpenedAt time.Time  `json:"opened_at"`
	SeenAt   time.Time  `json:"seen_at" doc:"最近一次仍存在"`
	ToldAt   *time.Time `json:"told_at" doc:"经另一条路发出告警"`
	Playbook string     `json:"playbook" doc:"处置手册"`
}

type alarmsView struct {
	AsOf  time.Time   `json:"as_of"`
	Items []alarmView `json:"items"`
}

func (s *Server) alarmRoutes() {
	allow(s, operation{id: "alarms", method: http.MethodGet, path: "/alarms", summary: "值守告警：该有声音的地方没有声音"}, account.SeeAlarms, s.alarms)
}

// alarms concern the installation, not a place: they carry numbers and ids only.
func (s *Server) alarms(ctx context.Context, c call, _ *struct{}) (*answer[alarmsView], error) {
	list, err := s.DB.OpenAlarms(ctx)
	if err != nil {
		return nil, err
	}
	out := alarmsView{AsOf: c.at, Items: []alarmView{}}
	for _, a := range list {
		out.Items = append(out.Items, alarmView{a.ID, string(a.Code), a.Code.Label(), a.Subject, a.Words, a.OpenedAt, a.SeenAt, a.ToldAt, a.Code.Playbook()})
	}
	return reply(out, nil)
}
