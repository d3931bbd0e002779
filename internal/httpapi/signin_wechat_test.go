package httpapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/internal/account"
	"muster/internal/httpapi"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response/channel/fake"
)

// wechatPhone is a browser inside WeChat, with the API and the WeChat it talks to.
type wechatPhone struct {
	*world
	http *http.Client
	base string
}

// insideWeChat starts an API that knows a WeChat, the fake one.
func (w *world) insideWeChat() wechatPhone {
	w.Helper()
	carrier := httptest.NewServer(fake.New(fake.Options{Clock: w.clock}))
	w.Cleanup(carrier.Close)
	o := w.api.Options
	o.WeChat = &httpapi.WeChat{AppID: fake.SignInAppID, Secret: fake.SignInSecret, API: carrier.URL,
		Authorize: carrier.URL + "/connect/oauth2/authorize", Client: carrier.Client()}
	server := httptest.NewServer(httpapi.New(o))
	w.Cleanup(server.Close)
	return wechatPhone{world: w, base: server.URL}.another()
}

// another is another phone with another user of WeChat.
func (p wechatPhone) another() wechatPhone {
	p.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.Fatal(err)
	}
	p.http = &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.Path, "/f") {
			return http.ErrUseLastResponse // the page itself is not served here
		}
		return nil
	}}
	return p
}

// taps presses 微信登录 and gives the word that stands in the address afterwards.
func (p wechatPhone) taps(path string) string {
	p.Helper()
	r, err := p.http.Get(p.base + path)
	if err != nil {
		p.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	to, err := r.Location()
	if err != nil {
		p.Fatalf("%s: %d, no way on", path, r.StatusCode)
	}
	return to.Query().Get("wechat")
}

func (p wechatPhone) sends(method, path, body string, into any) int {
	p.Helper()
	r, err := http.NewRequest(method, p.base+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	got, err := p.http.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		p.Fatal(err)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			p.Fatalf("%s: %s", path, raw)
		}
	}
	return got.StatusCode
}

type wechatBody struct{ Available, Bound bool }

func (p wechatPhone) state() (v wechatBody) {
	p.Helper()
	p.sends(http.MethodGet, "/session/wechat", "", &v)
	return v
}

// entersByCode proves the phone by a code from an SMS.
func (p wechatPhone) entersByCode() {
	p.Helper()
	p.sends(http.MethodPost, "/session/code", `{"phone":"`+valley.PhoneOfLead+`"}`, nil)
	if status := p.sends(http.MethodPost, "/session/code/verify", `{"phone":"`+valley.PhoneOfLead+`","code":"`+p.arrives(valley.PhoneOfLead)+`"}`, nil); status != http.StatusOK {
		p.Fatalf("the code: %d", status)
	}
}

func TestAPhoneIsBoundOnceAndSignsInByWeChat(t *testing.T) {
	w := newWorld(t)
	w.linked("site", valley.NameOfLead)
	p := w.insideWeChat()
	if v := p.state(); !v.Available || v.Bound {
		t.Fatalf("%+v", v)
	}
	if said := p.taps("/wechat/go"); said != "wechat_unbound" {
		t.Fatalf("before the phone was proven: %s", said)
	}
	if status := p.sends(http.MethodGet, "/session", "", nil); status != http.StatusUnauthorized {
		t.Fatalf("an openid alone signs in: %d", status)
	}
	p.entersByCode()
	if !p.state().Bound {
		t.Fatal("not bound by the code")
	}
	p.sends(http.MethodDelete, "/session", "", nil)
	if said := p.taps("/wechat/go"); said != "in" {
		t.Fatalf("bound: %s", said)
	}
	var me struct{ Login string }
	if status := p.sends(http.MethodGet, "/session", "", &me); status != http.StatusOK || me.Login != "site" {
		t.Fatalf("%d %+v", status, me)
	}
	if said := p.another().taps("/wechat/go"); said != "wechat_unbound" {
		t.Errorf("another phone: %s", said)
	}
	if status := p.sends(http.MethodDelete, "/session/wechat", "", nil); status != http.StatusNoContent || p.state().Bound {
		t.Errorf("unbinding: %d", status)
	}
	p.sends(http.MethodDelete, "/session", "", nil)
	if said := p.taps("/wechat/go"); said != "wechat_unbound" {
		t.Errorf("after unbinding: %s", said)
	}
	if log := w.log.String(); strings.Contains(log, "o-demo-") || strings.Contains(log, "code-") || strings.Contains(log, fake.SignInSecret) {
		t.Error("an openid, a code or the secret is in the log")
	}
	if n := ask[int](w, "SELECT count(*) FROM wechat_binding WHERE openid_hash LIKE '%demo%'"); n != 0 {
		t.Error("an openid is kept as it is")
	}
	for _, act := range []string{"bind_wechat", "unbind_wechat"} {
		if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = $1", act); n != 1 {
			t.Errorf("%s: %d lines in the audit", act, n)
		}
	}
}

// Coming back without having been sent off, or with another browser's state, is
// nothing; a code by SMS without WeChat binds nothing.
func TestTheStateIsTheBrowsersOwn(t *testing.T) {
	w := newWorld(t)
	w.linked("site", valley.NameOfLead)
	p := w.insideWeChat()
	for _, query := range []string{"", "code=x", "code=x&state=", "code=x&state=guess"} {
		if said := p.taps("/wechat/back?" + query); said != "wechat_state" {
			t.Errorf("%q: %s", query, said)
		}
	}
	q := p.sentOff()
	if said := p.another().taps("/wechat/back?" + url.Values{"code": {"x"}, "state": {q.Get("state")}}.Encode()); said != "wechat_state" {
		t.Errorf("another browser's state: %s", said)
	}
	if said := p.taps("/wechat/back?" + url.Values{"code": {"x"}, "state": {q.Get("state")}}.Encode()); said != "wechat_code" {
		t.Errorf("a code that nobody gave: %s", said)
	}
	p.entersByCode()
	if p.state().Bound {
		t.Error("bound without an openid")
	}
}

// sentOff is what the browser is sent to WeChat with.
func (p wechatPhone) sentOff() url.Values {
	p.Helper()
	stays := *p.http
	stays.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := stays.Get(p.base + "/wechat/go")
	if err != nil {
		p.Fatal(err)
	}
	_ = r.Body.Close()
	to, err := r.Location()
	if err != nil || to.Query().Get("scope") != "snsapi_base" || to.Fragment != "wechat_redirect" || strings.Contains(to.String(), fake.SignInSecret) {
		p.Fatalf("%v %v", to, err)
	}
	return to.Query()
}

func TestWeChatIsLimitedLikeCodes(t *testing.T) {
	w := newWorld(t)
	p := w.insideWeChat()
	for range account.AddressRates[0].Max {
		if said := p.taps("/wechat/go"); said != "wechat_unbound" {
			t.Fatal(said)
		}
	}
	if said := p.taps("/wechat/go"); said != "wechat_limit" {
		t.Errorf("past the limit: %s", said)
	}
	w.clock.Advance(time.Minute)
	if said := p.taps("/wechat/go"); said != "wechat_unbound" {
		t.Errorf("a minute later: %s", said)
	}
}

// An openid does not wait for ever for its phone.
func TestAnOpenIDWaitsTenMinutes(t *testing.T) {
	w := newWorld(t)
	w.linked("site", valley.NameOfLead)
	p := w.insideWeChat()
	p.taps("/wechat/go")
	w.clock.Advance(11 * time.Minute)
	p.entersByCode()
	if p.state().Bound {
		t.Error("bound after the time was over")
	}
}

func TestWithoutWeChatThereIsNoWay(t *testing.T) {
	w := newWorld(t)
	if v := read[wechatBody](w.nobody().get("/session/wechat")); v.Available || v.Bound {
		t.Errorf("%+v", v)
	}
	w.nobody().delete("/session/wechat").refused(http.StatusUnauthorized, "signed_out")
}
