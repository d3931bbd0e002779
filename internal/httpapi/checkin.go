package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

// checkinPurpose is what the cookies of phones are made for; checkinLife is how
// long they are good: as long as a browser keeps one.
const (
	checkinPurpose = "checkin-phone"
	checkinCookie  = "muster_checkin"
	checkinLife    = 400 * 24 * time.Hour
	checkinBody    = 64 << 10
)

// checkinRoutes are open to everybody: what authorises is the phone's own signed
// cookie and the code on the screen. No session is read or made.
func (s *Server) checkinRoutes(r chi.Router) {
	if s.Checkin == nil {
		return
	}
	r.Handle("/c/{code}", s.Checkin)
	r.Handle("/checkin/screen/{token}", s.Checkin)
	r.Get("/checkin/screen/{token}/codes", s.screenCodes)
	r.Group(func(r chi.Router) {
		r.Use(s.sameOrigin())
		r.Get("/c/{code}/state", s.phone(s.checkinState))
		r.Get("/c/{code}/team", s.phone(s.checkinTeam))
		r.Post("/c/{code}/confirm", s.phone(s.checkinConfirm))
		r.Post("/c/{code}/forget", s.phone(s.checkinForget))
		r.Post("/c/{code}/code", s.phone(s.checkinAskCode))
		r.Post("/c/{code}/prove", s.phone(s.checkinProve))
		r.Post("/c/{code}/scans", s.phone(s.checkinScan))
	})
}

// visitor is a phone at a point.
type visitor struct {
	w     http.ResponseWriter
	r     *http.Request
	at    time.Time
	point postgres.CheckinPoint
	phone uuid.UUID // uuid.Nil: never seen
	who   *postgres.PhoneHolder
}

func (v visitor) ctx() context.Context { return v.r.Context() }

// phone finds the point and whose phone it is, and answers in JSON that nobody
// keeps.
func (s *Server) phone(do func(visitor) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, checkinBody)
		v := visitor{w: w, r: r, at: s.Clock.Now()}
		var answer any
		err := s.meet(&v)
		if err == nil {
			answer, err = do(v)
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer) // what fails here fails for want of a listener
	}
}

func (s *Server) meet(v *visitor) (err error) {
	if v.point, err = s.DB.CheckinPointByCode(v.ctx(), chi.URLParam(v.r, "code")); err != nil {
		return err
	}
	cookie, err := v.r.Cookie(checkinCookie)
	if err != nil {
		return nil // a phone that was never here
	}
	phone, err := s.Sealer.OpenToken(checkinPurpose, cookie.Value, v.at)
	if err != nil {
		return nil // a cookie that is over, or not ours: as if it was never here
	}
	v.phone = phone
	who, err := s.DB.PhonePerson(v.ctx(), v.phone)
	if err == nil {
		v.who = &who
	}
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

func readJSON(r *http.Request, into any) error {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		return errs.New(errs.Fix, "json", "请求没有完整收到，请再试一次").Because(err)
	}
	return nil
}

// checkinStateView is what the page knows when it opens.
type checkinStateView struct {
	Site       string  `json:"site"`
	Title      string  `json:"title"`
	Kind       string  `json:"kind"`
	Purpose    string  `json:"purpose"`
	Direction  string  `json:"direction"`
	Me         *string `json:"me"` // masked: other eyes see the screen too
	Proxy      bool    `json:"proxy"`
	Inside     *bool   `json:"inside"`
	Evacuating bool    `json:"evacuating"`
	Proven     bool    `json:"proven"`     // a code has shown whose phone it is, or none can be sent here
	PhoneTail  *string `json:"phone_tail"` // where a code would go to; none: no number is registered
	gate.Showing
}

func (s *Server) checkinState(v visitor) (any, error) {
	out := checkinStateView{Site: v.point.SiteName, Title: v.point.Title, Kind: v.point.Kind, Purpose: v.point.Purpose, Direction: v.point.Direction}
	var person uuid.UUID
	if v.who != nil {
		name := roster.MaskName(v.who.Name)
		out.Me, person = &name, v.who.ID
		out.Proven, out.PhoneTail = !s.unproven(v), s.phoneTail(v)
		people, err := s.DB.ProxyPeople(v.ctx(), person, v.point.SiteID, v.at)
		if err != nil {
			return nil, err
		}
		out.Proxy = len(people) > 0
	}
	around, err := s.DB.CheckinAround(v.ctx(), v.point, v.phone, person, nil, v.at, v.at)
	if err != nil {
		return nil, err
	}
	out.Inside, out.Evacuating = around.Inside, around.Evacuating
	out.Showing, err = s.showing(v.ctx(), v.point.SiteID)
	return out, err
}

// showing is what is in force at a site.
func (s *Server) showing(ctx context.Context, site uuid.UUID) (gate.Showing, error) {
	list, err := s.DB.AtGate(ctx, site)
	out := gate.Showing{Warnings: []gate.Shown{}}
	for _, g := range list {
		out.Warnings = append(out.Warnings, gate.Shown{Title: g.Title, Level: string(g.Level), Measure: string(g.Measure), Sentence: g.Sentence, Exercise: g.Exercise})
		out.RefuseEntry = out.RefuseEntry || g.Refuses()
	}
	return out, err
}

type checkinPersonView struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// checkinTeam lists for whom the holder of the phone may check in. He leads them:
// he knows their names.
func (s *Server) checkinTeam(v visitor) (any, error) {
	out := struct {
		People []checkinPersonView `json:"people"`
	}{People: []checkinPersonView{}}
	if v.who == nil {
		return nil, unconfirmed
	}
	people, err := s.DB.ProxyPeople(v.ctx(), v.who.ID, v.point.SiteID, v.at)
	for _, p := range people {
		out.People = append(out.People, checkinPersonView(p))
	}
	return out, err
}

var unconfirmed = errs.New(errs.SignIn, "unconfirmed", "还不知道您是谁，请先核对姓名")

// keepPhone gives a phone its cookie.
func (s *Server) keepPhone(w http.ResponseWriter, phone uuid.UUID, at time.Time) {
	http.SetCookie(w, &http.Cookie{Name: checkinCookie, Value: s.Sealer.Token(checkinPurpose, phone, at.Add(checkinLife)), Path: "/c/",
		MaxAge: int(checkinLife / time.Second), HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
}
