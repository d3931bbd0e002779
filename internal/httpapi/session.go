package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
)

// me is who is signed in, with what the page may offer.
type me struct {
	ID          uuid.UUID            `json:"id"`
	Login       string               `json:"login"`
	Title       string               `json:"title"`
	Roles       []roleView           `json:"roles"`
	Permissions []account.Permission `json:"permissions"`
	Scope       *scopeView           `json:"scope"`
	Demo        bool                 `json:"demo"`
	ServerTime  time.Time            `json:"server_time"`
}

type roleView struct {
	Role        account.Role `json:"role"`
	Label       string       `json:"label"`
	Place       string       `json:"place"`
	AuthorityID *uuid.UUID   `json:"authority_id" doc:"以哪个主管部门的名义；其他单位为空"`
}

func (s *Server) sessionRoutes() {
	open(s, operation{id: "signIn", method: http.MethodPost, path: "/session", summary: "登录"}, s.signIn)
	open(s, operation{id: "whoAmI", method: http.MethodGet, path: "/session", summary: "当前登录的人"}, s.whoAmI)
	open(s, operation{id: "signOut", method: http.MethodDelete, path: "/session", summary: "退出", status: http.StatusNoContent}, s.signOut)
}

type signInRequest struct {
	Body struct {
		Login    string `json:"login" minLength:"1" maxLength:"40"`
		Password string `json:"password" minLength:"1" maxLength:"200"`
	}
}

// noUser is compared with when the login is unknown, so that the answer takes as
// long as for a known one.
var noUser = account.HashPassword("nobody has this password")

func (s *Server) signIn(ctx context.Context, in *signInRequest) (*answer[me], error) {
	at := s.Clock.Now()
	login := in.Body.Login
	if err := s.refuseLocked(ctx, login, at); err != nil {
		return nil, err
	}
	user, err := s.DB.UserByLogin(ctx, login)
	if errs.Is(err, errs.NotFound) {
		user = postgres.User{PasswordHash: noUser}
	} else if err != nil {
		return nil, err
	}
	matches, err := account.CheckPassword(ctx, user.PasswordHash, in.Body.Password)
	if err != nil {
		return nil, err
	}
	ok := matches && user.ID != uuid.Nil && user.DisabledAt == nil
	// Asked again after the work: guesses sent at the same time all came past
	// the first question.
	if ok {
		err = s.refuseLocked(ctx, login, at)
	}
	if err == nil {
		err = s.DB.RecordSignIn(ctx, login, ok, at)
	}
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, s.wrongPassword(ctx, login, at)
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return nil, err
	}
	s.sessions.Put(ctx, sessionUser, user.ID.String())
	s.sessions.Remove(ctx, sessionField)
	if err := s.DB.Audited(ctx, postgres.Actor{ID: user.ID, Name: user.Login}, "sign_in", "user", user.ID.String(), nil, at); err != nil {
		return nil, err
	}
	who, err := s.DB.Principal(ctx, user.ID, at)
	if err != nil {
		return nil, err
	}
	return reply(s.meView(ctx, who, at))
}

func (s *Server) refuseLocked(ctx context.Context, login string, at time.Time) error {
	failures, err := s.DB.SignInFailures(ctx, login, at)
	if err != nil {
		return err
	}
	return locked(failures, at)
}

// wrongPassword is the answer to a failure that has been recorded: the lock, when
// there were enough before it.
func (s *Server) wrongPassword(ctx context.Context, login string, at time.Time) error {
	failures, err := s.DB.SignInFailures(ctx, login, at)
	if err != nil {
		return err
	}
	if err := locked(failures[:max(0, len(failures)-1)], at); err != nil {
		return err
	}
	return errs.New(errs.SignIn, "wrong_password", "账号或密码不对")
}

func locked(failures []time.Time, at time.Time) error {
	if until, is := account.LockedUntil(failures, at); is {
		return errs.New(errs.Limit, "locked", "密码错误次数过多，请在 %s 之后再试", until.In(clock.Shanghai).Format("15:04"))
	}
	return nil
}

func (s *Server) whoAmI(ctx context.Context, _ *struct{}) (*answer[me], error) {
	c, err := s.caller(ctx)
	if err != nil {
		return nil, err
	}
	s.stayIn(ctx)
	return reply(s.meView(ctx, c.who, c.at))
}

// scopeView is where the caller's sites lie, for the map to open there.
type scopeView struct {
	Label string    `json:"label"`
	BBox  []float64 `json:"bbox" doc:"西、南、东、北，WGS 84"`
}

func (s *Server) scopeView(ctx context.Context, who account.Principal) (*scopeView, error) {
	scope, err := who.May(account.SeeSites)
	if err != nil {
		return nil, nil // an administrator sees no sites
	}
	box, err := s.DB.ScopeBounds(ctx, scope)
	if err != nil || box == nil {
		return nil, err
	}
	return &scopeView{Label: who.Grants[0].PlaceName, BBox: box}, nil
}

func (s *Server) signOut(ctx context.Context, _ *struct{}) (*nothing, error) {
	return nil, s.sessions.Destroy(ctx)
}

func (s *Server) meView(ctx context.Context, who account.Principal, at time.Time) (me, error) {
	v := me{ID: who.UserID, Login: who.Login, Title: who.Title, Roles: []roleView{}, Permissions: who.Has(), Demo: s.Demo, ServerTime: at}
	for _, g := range who.Grants {
		role := roleView{Role: g.Role, Label: g.Role.Label(), Place: g.PlaceName}
		if g.Authority != uuid.Nil {
			role.AuthorityID = &g.Authority
		}
		v.Roles = append(v.Roles, role)
	}
	var err error
	v.Scope, err = s.scopeView(ctx, who)
	return v, err
}

func parseID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return id, errs.New(errs.NotFound, "bad_id", "编号 %q 不对", text)
	}
	return id, nil
}
