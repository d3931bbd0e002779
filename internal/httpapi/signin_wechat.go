package httpapi

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
)

const (
	openIDPurpose = "openid"
	// What a browser's session holds on the way: the state it was sent off with, and
	// the hash of an openid that nobody has proven a phone for yet, with its time.
	sessionState   = "wechat_state"
	sessionOpenID  = "wechat_openid"
	sessionProving = "wechat_since"
	// provingWithin is how long an openid waits for the code by SMS that binds it.
	provingWithin = 10 * time.Minute
	fieldPage     = "/f/"
)

// wechatPages are the way to WeChat and back, in the browser itself.
func (s *Server) wechatPages(r chi.Router) {
	if s.WeChat == nil {
		return
	}
	r = r.With(s.sessions.LoadAndSave)
	r.Get("/wechat/go", s.wechatGo)
	r.Get("/wechat/back", s.wechatBack)
}

func (s *Server) wechatRoutes() {
	open(s, operation{id: "wechatState", method: http.MethodGet, path: "/session/wechat", summary: "能否用微信登录，本人是否已绑定"}, s.wechatState)
	open(s, operation{id: "unbindWechat", method: http.MethodDelete, path: "/session/wechat", summary: "解除本人的微信绑定", status: http.StatusNoContent}, s.unbindWeChat)
}

// wechatGo sends the browser to WeChat. The state is kept in its session, so that
// nobody can be brought back with a code that is somebody else's.
func (s *Server) wechatGo(w http.ResponseWriter, r *http.Request) {
	state := rand.Text()
	s.sessions.Put(r.Context(), sessionState, state)
	http.Redirect(w, r, s.WeChat.goTo(s.ownBase(r)+"/wechat/back", state), http.StatusFound)
}

func (s *Server) ownBase(r *http.Request) string {
	if s.Public != "" {
		return strings.TrimSuffix(s.Public, "/")
	}
	if s.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// wechatBack takes the browser in again: whose openid is bound is signed in, who
// is not proves his phone first. What went wrong stands on the page as a word.
func (s *Server) wechatBack(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Referrer-Policy", "no-referrer") // the code is in this address
	w.Header().Set("Cache-Control", "no-store")
	said := "in"
	if err := s.wechatIn(r.Context(), r.URL.Query(), network(r.RemoteAddr, r.Header.Get("X-Forwarded-For"))); err != nil {
		said = problemOf(s.problem(r.Context(), operation{id: "wechatBack"}, err)).Code
	}
	http.Redirect(w, r, fieldPage+"?wechat="+url.QueryEscape(said), http.StatusSeeOther)
}

func (s *Server) wechatIn(ctx context.Context, back url.Values, address string) error {
	state := s.sessions.PopString(ctx, sessionState)
	if state == "" || subtle.ConstantTimeCompare([]byte(state), []byte(back.Get("state"))) != 1 {
		return errs.New(errs.SignIn, "wechat_state", "微信登录已失效，请再点一次")
	}
	at := s.Clock.Now()
	if err := s.DB.CountWeChat(ctx, s.Sealer.Hash(addressPurpose, address), at); err != nil {
		return err
	}
	openid, err := s.WeChat.openID(ctx, back.Get("code"))
	if err != nil {
		return err
	}
	user, err := s.DB.WeChatUser(ctx, s.Sealer.Hashes(openIDPurpose, openid), at)
	if errs.Is(err, errs.NotFound) {
		s.sessions.Put(ctx, sessionOpenID, s.Sealer.Hash(openIDPurpose, openid))
		s.sessions.Put(ctx, sessionProving, at.Format(time.RFC3339))
		return errs.New(errs.SignIn, "wechat_unbound", "这个微信还没有绑定，请用短信验证码登录一次")
	}
	if err != nil {
		return err
	}
	_, err = s.enterField(ctx, user, "wechat", at)
	return err
}

// bindWeChat binds the openid that this browser came back with to who has just
// proven his phone by code. Without one there is nothing to do.
func (s *Server) bindWeChat(ctx context.Context, user uuid.UUID, at time.Time) error {
	hash, since := s.sessions.PopString(ctx, sessionOpenID), s.sessions.PopString(ctx, sessionProving)
	began, err := time.ParseInLocation(time.RFC3339, since, clock.Shanghai)
	if hash == "" || err != nil || at.Sub(began) > provingWithin {
		return nil
	}
	return s.DB.BindWeChat(ctx, hash, user, at)
}

type wechatView struct {
	Available bool `json:"available" doc:"已经配置，可以在微信里登录"`
	Bound     bool `json:"bound" doc:"当前登录的人绑定了微信；没有登录时为 false"`
}

func (s *Server) wechatState(ctx context.Context, _ *struct{}) (*answer[wechatView], error) {
	v := wechatView{Available: s.WeChat != nil}
	c, err := s.caller(ctx)
	if err == nil {
		v.Bound, err = s.DB.WeChatBound(ctx, c.who.UserID)
	} else if errs.Is(err, errs.SignIn) {
		err = nil
	}
	return reply(v, err)
}

func (s *Server) unbindWeChat(ctx context.Context, _ *struct{}) (*nothing, error) {
	c, err := s.caller(ctx)
	if err != nil {
		return nil, err
	}
	return nil, s.DB.UnbindWeChat(ctx, postgres.Actor{ID: c.who.UserID, Name: c.who.Login}, c.at)
}
