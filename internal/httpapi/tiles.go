package httpapi

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// Tiles answers what the map asks for. What it returns as an error is told as a
// problem; then it has written nothing.
type Tiles interface {
	ServeTiles(w http.ResponseWriter, r *http.Request, who account.Principal) error
}

// tileRoutes mounts the map for people who are signed in. There are many tiles
// to a look: the session is read only, not written back.
func (s *Server) tileRoutes(r chi.Router) {
	if s.Tiles == nil {
		return
	}
	r.HandleFunc("/tiles/*", func(w http.ResponseWriter, r *http.Request) {
		ctx, err := s.withSession(r)
		if err == nil {
			var c call
			if c, err = s.caller(ctx); err == nil {
				err = s.Tiles.ServeTiles(w, r, c.who)
			}
		}
		if err != nil {
			s.noTile(w, r, err)
		}
	})
}

// noTile is fail, but an address that is no tile is a bad request (400): the
// content is the address itself.
func (s *Server) noTile(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Kind != errs.Fix {
		s.fail(w, r, err)
		return
	}
	p.Status = http.StatusBadRequest
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}
