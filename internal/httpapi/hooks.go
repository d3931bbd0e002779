package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"muster/internal/errs"
)

// Hooks takes what carriers push to us: receipts, replies, keys that were
// pressed. An account that does not exist and a token that is not its own are
// errs.NotFound, and nothing is stored of them.
type Hooks interface {
	Push(ctx context.Context, account uuid.UUID, token string, r *http.Request, body []byte) (contentType string, answer []byte, err error)
}

// maxPush is the largest callback that is read.
const maxPush = 1 << 20

// hook answers a carrier's callback in the carrier's own words. Some carriers
// probe an address by GET before they use it.
func (s *Server) hook(w http.ResponseWriter, r *http.Request) {
	account, err := uuid.Parse(chi.URLParam(r, "account"))
	if s.Hooks == nil || err != nil {
		s.noRoute(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPush))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		http.Error(w, http.StatusText(http.StatusRequestEntityTooLarge), http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil { // it broke off: the carrier sends it again
		http.Error(w, http.StatusText(http.StatusBadRequest), http.StatusBadRequest)
		return
	}
	kind, answer, err := s.Hooks.Push(r.Context(), account, chi.URLParam(r, "token"), r, body)
	if errs.Is(err, errs.NotFound) {
		s.noRoute(w, r)
		return
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(answer)
}
