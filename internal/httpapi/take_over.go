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

func (s *Server) dutyRoutes() {
	allow(s, operation{id: "myDuty", method: http.MethodGet, path: "/me/duty", summary: "今晚谁值班、谁带班，上次接班，有什么未了"}, account.TakeDuty, s.myDuty)
	allow(s, operation{id: "takeOverDuty", method: http.MethodPost, path: "/me/duty/take-over", summary: "接班", status: http.StatusCreated},
		account.TakeDuty, s.takeOverDuty)
}

type deskDutyView struct {
	AsOf      time.Time          `json:"as_of"`
	Authority idName             `json:"authority"`
	Offices   []idName           `json:"offices" doc:"可以以哪些单位的名义接班"`
	OnDuty    []onDutyView       `json:"on_duty"`
	Last      *handoverView      `json:"last"`
	Mine      bool               `json:"mine" doc:"最近一次接班的是我"`
	Open      postgres.OpenItems `json:"open"`
}

type onDutyView struct {
	ContactView
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	Me    bool      `json:"me"`
}

type handoverView struct {
	ID    uuid.UUID          `json:"id"`
	At    time.Time          `json:"at"`
	By    UserView           `json:"by"`
	From  *UserView          `json:"from"`
	Words string             `json:"words"`
	Open  postgres.OpenItems `json:"open"`
}

// officesFor are the grants of authorities in which the caller has a permission,
// the chosen one first.
func officesFor(c call, perm account.Permission, chosen uuid.UUID) ([]account.Grant, error) {
	var list []account.Grant
	for _, g := range c.who.Grants {
		if g.Authority == uuid.Nil || !g.Role.May(perm) {
			continue
		}
		if g.Authority == chosen {
			list = append([]account.Grant{g}, list...)
		} else {
			list = append(list, g)
		}
	}
	if len(list) == 0 || chosen != uuid.Nil && list[0].Authority != chosen {
		return nil, errs.New(errs.Outside, "not_your_office", "您不是这个单位的值班员或带班领导")
	}
	return list, nil
}

func (s *Server) myDuty(ctx context.Context, c call, in *struct {
	Authority uuid.UUID `query:"authority"`
}) (*answer[deskDutyView], error) {
	offices, err := officesFor(c, account.TakeDuty, in.Authority)
	if err != nil {
		return nil, err
	}
	return s.duty(ctx, c, offices)
}

type takeOverRequest struct {
	OnceHeader
	Body struct {
		Authority uuid.UUID `json:"authority_id,omitempty" doc:"有几个单位时选一个"`
		Words     string    `json:"words,omitempty" maxLength:"400" doc:"交接说明"`
	}
}

func (s *Server) takeOverDuty(ctx context.Context, c call, in *takeOverRequest) (*answer[deskDutyView], error) {
	offices, err := officesFor(c, account.TakeDuty, in.Body.Authority)
	if err != nil {
		return nil, err
	}
	office := offices[0]
	if _, err := s.DB.TakeOver(ctx, office.Scope, office.Authority, in.Body.Words, c.actor(), in.once(c, "take over", in.Body), c.at); err != nil {
		return nil, err
	}
	return s.duty(ctx, c, offices)
}

// duty reads the duty of the first of the offices.
func (s *Server) duty(ctx context.Context, c call, offices []account.Grant) (*answer[deskDutyView], error) {
	office := offices[0]
	authority, err := s.DB.AuthorityByID(ctx, office.Authority)
	if err != nil {
		return nil, err
	}
	v := deskDutyView{AsOf: c.at, Authority: idName{authority.ID, authority.Name}, OnDuty: []onDutyView{}}
	for _, g := range offices {
		v.Offices = append(v.Offices, idName{g.Authority, g.PlaceName})
	}
	roster, err := s.DB.OnDuty(ctx, office.Authority, c.at)
	if err != nil {
		return nil, err
	}
	show := s.discloser(c)
	for _, p := range roster {
		// Colleagues on tonight's roster must be able to call each other.
		v.OnDuty = append(v.OnDuty, onDutyView{show.contact(p.Contact, account.Place{Region: authority.Region}, account.Live), p.From, p.Until,
			p.UserID != nil && *p.UserID == c.who.UserID})
	}
	last, err := s.DB.LastHandover(ctx, office.Authority)
	switch {
	case err == nil:
		v.Last, v.Mine = viewHandover(last), last.TakenBy == c.who.UserID
	case !errs.Is(err, errs.NotFound):
		return nil, err
	}
	if v.Open, err = s.DB.OpenItems(ctx, office.Scope, c.at); err != nil {
		return nil, err
	}
	return reply(v, show.audited(ctx, "authority", authority.ID.String()))
}

func viewHandover(h postgres.Handover) *handoverView {
	v := &handoverView{ID: h.ID, At: h.At, By: UserView{h.TakenBy, h.ByTitle}, Words: h.Words, Open: h.Open}
	if h.TakenFrom != nil {
		v.From = &UserView{*h.TakenFrom, textOf(h.FromTitle)}
	}
	return v
}
