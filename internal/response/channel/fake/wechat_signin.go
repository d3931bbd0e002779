package fake

import (
	"net/http"
	"net/url"
	"sync"
	"time"
)

// The official account of the demonstration (公众号网页授权).
const (
	SignInAppID  = "wx0000000000demo"
	SignInSecret = "demo-secret-of-the-fake-carrier" //nolint:gosec // opens nothing but this fake
)

// wechatSignIn is the web page authorisation of WeChat with scope snsapi_base:
// asks nothing, brings the browser back with a code that is good once and for five
// minutes. Each browser is one user of WeChat, known by a cookie.
type wechatSignIn struct {
	*Carrier
	mu    sync.Mutex
	codes map[string]grantedCode
}

type grantedCode struct {
	openid string
	until  time.Time
}

const (
	signInCookie   = "fake_wechat"
	signInCodeLife = 5 * time.Minute
)

func openWeChatSignIn(c *Carrier) {
	s := &wechatSignIn{Carrier: c, codes: map[string]grantedCode{}}
	c.Handle("GET /connect/oauth2/authorize", http.HandlerFunc(s.authorize))
	c.Handle("GET /sns/oauth2/access_token", http.HandlerFunc(s.exchange))
}

func (s *wechatSignIn) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Host == "" || q.Get("appid") != SignInAppID || q.Get("response_type") != "code" || q.Get("scope") != "snsapi_base" {
		http.Error(w, "该链接无法访问", http.StatusBadRequest)
		return
	}
	openid := "o-demo-" + s.nextID()
	if have, err := r.Cookie(signInCookie); err == nil {
		openid = have.Value
	}
	http.SetCookie(w, &http.Cookie{Name: signInCookie, Value: openid, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	code := "code-" + s.nextID()
	s.mu.Lock()
	s.codes[code] = grantedCode{openid, s.Now().Add(signInCodeLife)}
	s.mu.Unlock()
	back.RawQuery = url.Values{"code": {code}, "state": {q.Get("state")}}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (s *wechatSignIn) exchange(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	granted, ok := s.codes[q.Get("code")]
	delete(s.codes, q.Get("code"))
	s.mu.Unlock()
	switch {
	case q.Get("appid") != SignInAppID:
		errcode(w, 40013, "invalid appid")
	case q.Get("secret") != SignInSecret:
		errcode(w, 40125, "invalid appsecret")
	case q.Get("grant_type") != "authorization_code":
		errcode(w, 40002, "invalid grant_type")
	case !ok || !granted.until.After(s.Now()):
		errcode(w, 40029, "invalid code")
	default:
		writeJSON(w, http.StatusOK, map[string]any{"access_token": "web-" + s.nextID(), "expires_in": 7200, "refresh_token": "refresh-" + s.nextID(),
			"openid": granted.openid, "scope": "snsapi_base"})
	}
}
