package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/response"
)

func (s *Server) returnRoutes() {
	allow(s, operation{id: "startEvacuation", method: http.MethodPost, path: "/sites/{id}/evacuation", summary: "自行启动撤离：看不准就撤", status: http.StatusCreated},
		account.StartEvacuation, s.startEvacuation)
	allow(s, operation{id: "standDown", method: http.MethodPost, path: "/responses/{id}/stand-down", summary: "结束自行启动的撤离，转入雨后排查"}, account.GiveReturn,
		func(ctx context.Context, c call, in *returnRequest) (*answer[responseView], error) {
			return s.giveReturn(ctx, c, in, "stand-down", s.DB.StandDown)
		})
	allow(s, operation{id: "addInspection", method: http.MethodPost, path: "/responses/{id}/inspection", summary: "雨后排查"}, account.Inspect, s.inspect)
	allow(s, operation{id: "allowReturn", method: http.MethodPost, path: "/responses/{id}/return", summary: "准予返回"}, account.GiveReturn,
		func(ctx context.Context, c call, in *returnRequest) (*answer[responseView], error) {
			return s.giveReturn(ctx, c, in, "return", s.DB.AllowReturn)
		})
	allow(s, operation{id: "stopReturn", method: http.MethodPost, path: "/responses/{id}/return/stop", summary: "收回准予返回"}, account.GiveReturn,
		func(ctx context.Context, c call, in *returnRequest) (*answer[responseView], error) {
			return s.giveReturn(ctx, c, in, "return-stop", s.DB.StopReturn)
		})
}

type evacuationRequest struct {
	SitePath
	OnceHeader
	Body struct {
		Mode   string `json:"mode,omitempty" enum:"actual,exercise" default:"actual"`
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"看不准也是理由"`
	}
}

type created struct {
	ID uuid.UUID `json:"id"`
}

func (s *Server) startEvacuation(ctx context.Context, c call, in *evacuationRequest) (*answer[created], error) {
	site, err := s.DB.SiteByID(ctx, c.scope, in.ID)
	if err != nil {
		return nil, err
	}
	id, err := s.DB.StartEvacuation(ctx, c.scope, postgres.SelfStart{SiteID: in.ID, Mode: in.Body.Mode, Cause: causeOf(c.who, placeOf(site)),
		Reason: in.Body.Reason, By: c.actor(), Once: in.once(c, "evacuation "+in.ID.String(), in.Body)}, c.at)
	return reply(created{id}, err)
}

// causeOf is in which capacity somebody starts an evacuation at a place.
func causeOf(who account.Principal, at account.Place) string {
	for _, c := range []struct {
		cause string
		roles []account.Role
	}{
		{"site_lead", []account.Role{account.SiteLead}},
		{"section_lead", []account.Role{account.SectionLead, account.SectionDeputy}},
	} {
		if holdsAny(who, at, c.roles...) {
			return c.cause
		}
	}
	return "supervisor"
}

func holdsAny(who account.Principal, at account.Place, roles ...account.Role) bool {
	for _, g := range who.Grants {
		for _, r := range roles {
			if g.Role == r && g.Scope.Holds(at) {
				return true
			}
		}
	}
	return false
}

type inspectionRequest struct {
	ResponsePath
	OnceHeader
	Body struct {
		Checklist  []string `json:"checklist,omitempty" maxItems:"50" doc:"已查且正常的各项"`
		Moved      bool     `json:"moved,omitempty" doc:"有垮塌或移动"`
		Supervisor bool     `json:"supervisor,omitempty" doc:"监理签认；只有监理可以填"`
		Geologist  bool     `json:"geologist,omitempty" doc:"附地质人员意见"`
		Words      string   `json:"words,omitempty" maxLength:"1000"`
	}
}

// inspect keeps an inspection. The supervisor's signature is the supervisor's.
func (s *Server) inspect(ctx context.Context, c call, in *inspectionRequest) (*answer[responseView], error) {
	row, err := s.DB.ResponseByID(ctx, c.scope, in.ID, c.at)
	if err != nil {
		return nil, err
	}
	b := in.Body
	if b.Supervisor && !holdsAny(c.who, row.Place(), account.Supervisor) {
		return nil, errs.New(errs.Forbidden, "not_supervisor", "监理签认只能由该合同段的监理作出")
	}
	event := in.event(c, "inspection "+in.ID.String())
	return s.onceDone(ctx, c, in.ID, event, func() error {
		return s.DB.Inspected(ctx, c.scope, postgres.Inspection{EventID: event, Thread: in.ID, By: c.actor(), Checklist: b.Checklist, Moved: b.Moved,
			Supervisor: b.Supervisor, Geologist: b.Geologist, Words: b.Words, At: c.at}, c.at)
	})
}

type returnRequest struct {
	ResponsePath
	OnceHeader
	Body struct {
		Words string `json:"words,omitempty" maxLength:"500"`
	}
}

type returnAct func(context.Context, account.Scope, postgres.ReturnGiven, time.Time) error

func (s *Server) giveReturn(ctx context.Context, c call, in *returnRequest, what string, do returnAct) (*answer[responseView], error) {
	row, err := s.DB.ResponseByID(ctx, c.scope, in.ID, c.at)
	if err != nil {
		return nil, err
	}
	party, err := s.giver(ctx, c.who, row.Place())
	if err != nil {
		return nil, err
	}
	event := in.event(c, what+" "+in.ID.String())
	return s.onceDone(ctx, c, in.ID, event, func() error {
		return do(ctx, c.scope, postgres.ReturnGiven{EventID: event, Thread: in.ID, Party: party, By: c.actor(), Words: in.Body.Words, At: c.at}, c.at)
	})
}

// onceDone does an act that has an event of its own, unless that event was taken
// before: then the answer is what stands now.
func (s *Server) onceDone(ctx context.Context, c call, id, event uuid.UUID, do func() error) (*answer[responseView], error) {
	done, err := s.DB.Happened(ctx, event)
	if err != nil {
		return nil, err
	}
	if !done {
		err = do()
	}
	if err != nil { // its twin may have been faster
		if done, _ = s.DB.Happened(ctx, event); !done {
			return nil, err
		}
	}
	return s.fullResponse(ctx, c, id)
}

// giver is the highest capacity in which somebody may give a return at a place.
func (s *Server) giver(ctx context.Context, who account.Principal, at account.Place) (response.Party, error) {
	ranks := []response.Party{response.AtOwner, response.AtCounty, response.AtCity, response.AtProvince}
	best := 0
	for _, g := range who.Grants {
		if g.Authority == uuid.Nil || !g.Role.May(account.GiveReturn) || !g.Scope.Holds(at) {
			continue
		}
		level, err := s.DB.LevelOf(ctx, g.Authority)
		if err != nil {
			return "", err
		}
		best = max(best, map[string]int{"county": 1, "city": 2, "province": 3}[level])
	}
	return ranks[best], nil
}
