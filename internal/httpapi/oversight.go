package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
)

type oversightView struct {
	AuthorityID    uuid.UUID  `json:"authority_id"`
	Name           string     `json:"name"`
	Level          string     `json:"level"`
	AcknowledgedAt *time.Time `json:"acknowledged_at"`
}

func viewOversight(rows []postgres.OversightRow) []oversightView {
	list := []oversightView{}
	for _, o := range rows {
		list = append(list, oversightView{o.AuthorityID, o.Name, o.Level, o.AcknowledgedAt})
	}
	return list
}

func (s *Server) oversightRoutes() {
	allow(s, operation{id: "signOversight", method: http.MethodPost, path: "/warnings/{id}/oversight/acknowledge", summary: "主管部门签收：已看到本级看板"},
		account.Verify, s.signOversight)
}

type oversightAnswer struct {
	Items []oversightView `json:"items"`
}

// signOversight signs for every authority in whose name the caller is on duty:
// signing again changes nothing.
func (s *Server) signOversight(ctx context.Context, c call, in *struct {
	WarningPath
	OnceHeader
}) (*answer[oversightAnswer], error) {
	if _, err := s.DB.WarningByID(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	var offices []uuid.UUID
	for _, g := range c.who.Grants {
		if g.Authority != uuid.Nil && g.Role.May(account.Verify) {
			offices = append(offices, g.Authority)
		}
	}
	if err := s.DB.SignOversight(ctx, in.ID, offices, c.actor(), c.at); err != nil {
		return nil, err
	}
	rows, err := s.DB.Oversight(ctx, in.ID)
	return reply(oversightAnswer{viewOversight(rows)}, err)
}
