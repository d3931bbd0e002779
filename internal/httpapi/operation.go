package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
)

// call is who asks, where that holds, and when.
type call struct {
	who   account.Principal
	scope account.Scope // in which the operation's permission holds
	at    time.Time
}

func (c call) actor() postgres.Actor { return postgres.Actor{ID: c.who.UserID, Name: c.who.Login} }

// operation is the part of an API operation that differs from the others.
type operation struct {
	id      string
	method  string
	path    string
	summary string
	status  int // 200 when zero
	maxBody int64
}

func (o operation) huma(security string) huma.Operation {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	if o.maxBody == 0 {
		o.maxBody = 8 << 20
	}
	op := huma.Operation{OperationID: o.id, Method: o.method, Path: o.path, Summary: o.summary, DefaultStatus: o.status,
		MaxBodyBytes: o.maxBody, Errors: []int{401, 403, 404, 409, 422, 429, 500}}
	if security != "" {
		op.Security = []map[string][]string{{security: {}}}
	}
	return op
}

// allow registers an operation for signed-in people who have a permission. The
// handler gets the scope in which they have it. Who may not is refused before
// the body is read: it can be large.
func allow[I, O any](s *Server, o operation, perm account.Permission, do func(context.Context, call, *I) (*O, error)) {
	s.routes = append(s.routes, Route{Method: o.method, Path: o.path, Permission: perm})
	op := o.huma("session")
	op.Middlewares = huma.Middlewares{s.guard(o, perm)}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, ctx.Value(callKey{}).(call), in)
		return out, s.problem(ctx, o, err)
	})
}

type callKey struct{}

func (s *Server) guard(o operation, perm account.Permission) func(huma.Context, func(huma.Context)) {
	return s.before(o, func(hc huma.Context) (any, error) {
		c, err := s.caller(hc.Context())
		if err == nil {
			c.scope, err = c.who.May(perm)
		}
		return c, err
	})
}

// before finds out who asks and hands it on in the context, or refuses.
func (s *Server) before(o operation, who func(huma.Context) (any, error)) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		c, err := who(hc)
		if err != nil {
			p := problemOf(s.problem(hc.Context(), o, err))
			hc.SetHeader("Content-Type", p.ContentType(""))
			hc.SetStatus(p.Status)
			_ = json.NewEncoder(hc.BodyWriter()).Encode(p)
			return
		}
		next(huma.WithValue(hc, callKey{}, c))
	}
}

// byKey registers an operation for machines that bring a key of their own kind
// (RFC 6750 §2.1). Whose key it is, find says, before the body is read.
func byKey[K, I, O any](s *Server, o operation, kind string, find func(context.Context, string) (K, error), do func(context.Context, K, *I) (*O, error)) {
	s.routes = append(s.routes, Route{Method: o.method, Path: o.path, Key: kind})
	op := o.huma("key")
	op.Middlewares = huma.Middlewares{s.before(o, func(hc huma.Context) (any, error) {
		return find(hc.Context(), account.Bearer(hc.Header("Authorization")))
	})}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, ctx.Value(callKey{}).(K), in)
		return out, s.problem(ctx, o, err)
	})
}

// open registers an operation for anybody: signing in and out.
func open[I, O any](s *Server, o operation, do func(context.Context, *I) (*O, error)) {
	s.routes = append(s.routes, Route{Method: o.method, Path: o.path})
	huma.Register(s.api, o.huma(""), func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		return out, s.problem(ctx, o, err)
	})
}

// problem is where errors are logged, once, and turned into what people see.
func (s *Server) problem(ctx context.Context, o operation, err error) error {
	if err == nil {
		return nil
	}
	p := problemOf(err)
	if p.Kind == errs.Internal || p.Kind == errs.Down {
		s.Log.ErrorContext(ctx, "request failed", "operation", o.id, "err", err)
	}
	return p
}

const sessionUser = "user"

// caller finds who is signed in, with the grants that hold now: a right that was
// taken away is gone with the next request.
func (s *Server) caller(ctx context.Context) (call, error) {
	at := s.Clock.Now()
	id := s.sessions.GetString(ctx, sessionUser)
	if id == "" {
		return call{}, errs.New(errs.SignIn, "signed_out", "请先登录")
	}
	user, err := parseID(id)
	if err != nil {
		return call{}, err
	}
	who, err := s.DB.Principal(ctx, user, at)
	if s.sessions.GetBool(ctx, sessionField) {
		who = who.InTheField()
	}
	return call{who: who, at: at}, err
}

// OnceHeader is the header that makes repeating an unsafe request harmless.
type OnceHeader struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"200" doc:"同一操作重发时保持不变"`
}

// once names the request for the database: who, key, and what was asked.
func (h OnceHeader) once(c call, what string, body any) postgres.Once {
	b, err := json.Marshal(body)
	if err != nil {
		b = nil
	}
	hash := sha256.Sum256(append([]byte(what+"\x00"), b...))
	return postgres.Once{Actor: c.who.UserID.String(), Key: h.Key, Hash: hash[:]}
}

// answer is a JSON body.
type answer[T any] struct{ Body T }

func reply[T any](v T, err error) (*answer[T], error) {
	if err != nil {
		return nil, err
	}
	return &answer[T]{v}, nil
}

// nothing is the answer of 204 No Content.
type nothing struct{}
