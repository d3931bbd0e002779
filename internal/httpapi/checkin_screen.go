package httpapi

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

// codesAhead is for how long a screen is given codes: it goes on through a short
// outage of its network.
const codesAhead = 10 * time.Minute

type screenView struct {
	Site       string       `json:"site"`
	Title      string       `json:"title"`
	Purpose    string       `json:"purpose"`
	Direction  string       `json:"direction"`
	Now        time.Time    `json:"now"` // ours: the screen's clock is not believed
	Codes      []screenCode `json:"codes"`
	Certain    int          `json:"certain"`
	Possible   int          `json:"possible"`
	Evacuating bool         `json:"evacuating"`
	gate.Showing
}

type screenCode struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	qrCode
}

// screenCodes are the codes of the next minutes. The token in the address is all
// that a screen has to show.
func (s *Server) screenCodes(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	p, err := s.DB.CheckinPointByScreen(r.Context(), chi.URLParam(r, "token"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v, err := s.viewScreen(r, p, s.Clock.Now())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // what fails here fails for want of a listener
}

func (s *Server) viewScreen(r *http.Request, p postgres.CheckinPoint, at time.Time) (screenView, error) {
	v := screenView{Site: p.SiteName, Title: p.Title, Purpose: p.Purpose, Direction: p.Direction, Now: at}
	secret, err := s.Sealer.Open("checkin_point", "secret", p.ID.String(), p.SecretSealed)
	if err != nil {
		return v, err
	}
	first := roster.CheckinStepOf(at)
	for step := first; step <= first+int64(codesAhead/roster.CheckinStep); step++ {
		from := time.Unix(step*int64(roster.CheckinStep/time.Second), 0).UTC()
		code, err := qrOf(s.checkinURL(r, p.Code) + "?t=" + roster.CheckinCode([]byte(secret), step))
		if err != nil {
			return v, err
		}
		v.Codes = append(v.Codes, screenCode{from, from.Add(roster.CheckinStep), code})
	}
	own := account.Scope{Sites: []uuid.UUID{p.SiteID}}
	people, err := s.DB.HeadcountNow(r.Context(), own, p.SiteID, at)
	if err != nil {
		return v, err
	}
	v.Certain, v.Possible = people.Certain, people.Possible
	around, err := s.DB.CheckinAround(r.Context(), p, p.ID, p.ID, nil, at, at)
	if err != nil {
		return v, err
	}
	v.Evacuating = around.Evacuating
	v.Showing, err = s.showing(r.Context(), p.SiteID)
	return v, err
}

// checkinURL is the address in a code: the public one where it is configured.
func (s *Server) checkinURL(r *http.Request, code string) string {
	base := strings.TrimSuffix(s.Public, "/")
	if base == "" {
		scheme := "http"
		if r.TLS != nil || s.Secure {
			scheme = "https"
		}
		base = scheme + "://" + r.Host
	}
	return base + "/c/" + code
}
