package gate

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"muster/internal/errs"
)

const (
	codeTooLarge = "too_large"
	codeHalf     = "half_request"
)

// statusOf is the HTTP status of a refusal.
func statusOf(err error) int {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		switch e.Code {
		case codeTooLarge:
			return http.StatusRequestEntityTooLarge
		case codeHalf:
			return http.StatusBadRequest
		}
	}
	return errs.KindOf(err).Status()
}

// pause tells a client that may come again when that is.
func pause(w http.ResponseWriter, err error) {
	if errs.KindOf(err).Retryable() && statusOf(err) != http.StatusRequestEntityTooLarge {
		w.Header().Set("Retry-After", strconv.Itoa(30))
	}
}

// problem refuses in the words of RFC 9457, for those who read them.
func problem(w http.ResponseWriter, err error) {
	p := struct {
		Status  int           `json:"status"`
		Title   string        `json:"title"`
		Code    string        `json:"code"`
		Detail  string        `json:"detail"`
		Details []errs.Detail `json:"errors,omitempty"`
	}{Status: statusOf(err), Title: errs.KindOf(err).Label(), Code: "internal", Detail: errs.TextOf(err)}
	if e, ok := errors.AsType[*errs.Error](err); ok {
		p.Code, p.Details = e.Code, e.Details
	}
	pause(w, err)
	answerJSON(w, p.Status, "application/problem+json", p)
}

// plain refuses in one line of text.
func plain(w http.ResponseWriter, err error) {
	pause(w, err)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(statusOf(err))
	_, _ = w.Write([]byte(errs.TextOf(err) + "\n"))
}

// answerJSON writes a value. What fails here fails for want of a listener.
func answerJSON(w http.ResponseWriter, status int, kind string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write(b)
}
