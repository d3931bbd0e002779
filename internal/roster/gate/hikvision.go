package gate

import (
	"bytes"
	"errors"
	"net/http"

	"muster/internal/errs"
)

// mountHikvision mounts what Hikvision's terminals post to (ISAPI "HTTP
// listening"); some probe the address by GET.
func (h *handler) mountHikvision(mux *http.ServeMux) {
	rt := route{protocol: Hikvision, take: hikvision, refuse: hikRefuse}
	for _, path := range []string{"/gate/hikvision/{token}", "/gate/hikvision/{token}/{rest...}"} {
		mux.HandleFunc("POST "+path, h.on(rt))
		mux.HandleFunc("PUT "+path, h.on(rt))
		mux.HandleFunc("GET "+path, h.on(route{protocol: Hikvision, take: hikAcknowledge, refuse: hikRefuse}))
	}
}

// hikStatus is ISAPI's ResponseStatus. Terminals look at the HTTP status only.
type hikStatus struct {
	StatusCode    int    `json:"statusCode"`
	StatusString  string `json:"statusString"`
	SubStatusCode string `json:"subStatusCode"`
	ErrorMsg      string `json:"errorMsg,omitempty"`
}

func hikvision(v *visit) error {
	_, err := v.hand(func(body []byte) reading {
		return v.hikReading(v.r.Header.Get("Content-Type"), body)
	})
	if err != nil {
		return err
	}
	return hikAcknowledge(v)
}

func hikAcknowledge(v *visit) error {
	answerJSON(v.w, http.StatusOK, "application/json", hikStatus{1, "OK", "ok", ""})
	return nil
}

func hikRefuse(w http.ResponseWriter, err error) {
	code := "internal"
	if e, ok := errors.AsType[*errs.Error](err); ok {
		code = e.Code
	}
	pause(w, err)
	answerJSON(w, statusOf(err), "application/json", hikStatus{4, "Invalid Operation", code, errs.TextOf(err)})
}

// hikReading reads every document of a body by what it looks like: parts have
// other names from model to model.
func (v *visit) hikReading(kind string, body []byte) (all reading) {
	for _, doc := range documents(kind, body) {
		switch doc = bytes.TrimSpace(doc); {
		case len(doc) == 0:
		case doc[0] == '<':
			var e hikEvent
			if readXML(doc, &e) != nil {
				all.add(unreadable(doc))
				continue
			}
			all.add(v.hikEvent(e, doc))
		default:
			all.add(v.hikJSON(doc))
		}
	}
	return all
}
