package httpapi

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"muster/internal/errs"
)

// ProblemDetails is an error as RFC 9457 writes it. Title is the fixed word of the
// kind, Detail the sentence for the person, Errors what exactly is wrong. The
// offending values are left out: they may be personal data.
type ProblemDetails struct {
	Type   string    `json:"type"`
	Title  string    `json:"title"`
	Status int       `json:"status"`
	Detail string    `json:"detail"`
	Code   string    `json:"code"`
	Kind   errs.Kind `json:"kind"`
	Errors []Wrong   `json:"errors,omitempty"`
}

// Wrong is one thing that is wrong with a request.
type Wrong struct {
	Location string `json:"location,omitempty"`
	Message  string `json:"message"`
	Mend     string `json:"mend,omitempty"`
}

// Error implements error.
func (p *ProblemDetails) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *ProblemDetails) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *ProblemDetails) ContentType(string) string { return "application/problem+json" }

// problemOf turns any error into a problem. What has no kind is our own fault:
// people see that much and nothing of the inside.
func problemOf(err error) *ProblemDetails {
	if p, ok := errors.AsType[*ProblemDetails](err); ok {
		return p
	}
	e, ok := errors.AsType[*errs.Error](err)
	if !ok || e.Kind == errs.Internal {
		e = errs.New(errs.Internal, "internal", "系统内部出错，已记录")
	}
	p := &ProblemDetails{Type: "about:blank", Title: e.Kind.Label(), Status: e.Kind.Status(), Detail: e.Text, Code: e.Code, Kind: e.Kind}
	for _, d := range e.Details {
		p.Errors = append(p.Errors, Wrong{d.Where, d.Text, d.Mend})
	}
	return p
}

var problems sync.Once

// useProblems makes huma write its own refusals (a missing field, a bad type)
// the way we write ours.
func useProblems() {
	problems.Do(func() {
		huma.DefaultArrayNullable = false // an empty list is a list
		huma.NewError = func(status int, message string, causes ...error) huma.StatusError {
			p := &ProblemDetails{Type: "about:blank", Title: errs.Fix.Label(), Status: status, Detail: "请求的格式不对：" + message,
				Code: "request_" + strconv.Itoa(status), Kind: errs.Fix}
			if status >= http.StatusInternalServerError {
				p.Title, p.Kind, p.Detail = errs.Internal.Label(), errs.Internal, "系统内部出错，已记录"
			}
			for _, c := range causes {
				if d, ok := errors.AsType[*huma.ErrorDetail](c); ok {
					p.Errors = append(p.Errors, Wrong{Location: d.Location, Message: d.Message})
				}
			}
			return p
		}
	})
}

// fail answers outside huma's operations.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p.Kind == errs.Internal || p.Kind == errs.Down {
		s.Log.ErrorContext(r.Context(), "request failed", "path", publicPath(r.URL.Path), "err", err)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

func (s *Server) noRoute(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, errs.New(errs.NotFound, "no_route", "没有这个接口"))
}

func (s *Server) noMethod(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(http.StatusMethodNotAllowed)
	_ = json.NewEncoder(w).Encode(ProblemDetails{Type: "about:blank", Title: errs.Fix.Label(), Status: http.StatusMethodNotAllowed,
		Detail: "这个接口不支持该方法", Code: "no_method", Kind: errs.Fix})
}
