package channel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/internal/clock"
)

func TestWeChatFields(t *testing.T) {
	for _, c := range []struct {
		kind, value, want string
	}{
		{"thing", "3号驻地", "3号驻地"},
		{"thing", strings.Repeat("雨", 21), strings.Repeat("雨", 19) + "…"},
		{"thing", strings.Repeat("雨", 20), strings.Repeat("雨", 20)},
		{"thing", "两行\n变一行", "两行 变一行"},
		{"thing", "", ""},
		{"thing", " \n", ""},
		{"name", "张三丰张三丰张三丰张三", "张三丰张三丰张三丰…"},
		{"phrase", "待撤离", "待撤离"},
		{"phrase", "待撤离人员们", ""},
		{"phrase", "red", ""},
		{"number", "12.5", "12.5"},
		{"number", "12处", ""},
		{"letter", "red", "red"},
		{"character_string", "A-2026/11", "A-2026/11"},
		{"character_string", "签收码1", ""},
		{"time", "2026年11月21日 20:30", "2026年11月21日 20:30"},
		{"time", "20:30~21:30", "20:30~21:30"},
		{"time", "今晚", ""},
		{"date", "2026-11-21", "2026-11-21"},
		{"phone_number", "028-12345678", "028-12345678"},
		{"amount", "￥12.5元", "￥12.5元"},
		{"enum", "whatever the carrier takes", "whatever the carrier takes"},
	} {
		got, ok := fitField(c.kind, c.value)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s %q: %q %v, want %q", c.kind, c.value, got, ok, c.want)
		}
	}
}

func TestWeChatFieldsOfAMessage(t *testing.T) {
	settings := map[string]string{"field.thing1": "site", "field.thing2": "title", "field.E70.phrase3": "measure", "template.E70": "T"}
	m := Message{Template: "E70", Title: "暴雨红色预警", Measure: "撤离", Vars: []Var{{"site", "3号驻地"}}}
	got, err := wechatFields(settings, m)
	if err != nil || got["thing1"].Value != "3号驻地" || got["thing2"].Value != "暴雨红色预警" || got["phrase3"].Value != "撤离" {
		t.Fatal(got, err)
	}
	m.Exercise = true
	if got, err = wechatFields(settings, m); err != nil || got["thing1"].Value != "演练，3号驻地" {
		t.Errorf("a drill: %v %v", got, err)
	}
	wordless := map[string]string{"field.phrase1": "measure"}
	var f *Failure
	if _, err = wechatFields(wordless, m); !errors.As(err, &f) || f.Code != "drill_unsaid" {
		t.Errorf("a drill in a template without words: %v", err)
	}
	m.Measure = "evacuate"
	if _, err = wechatFields(settings, m); !errors.As(err, &f) || f.Code != "field" || f.Class != Never || f.Bad {
		t.Errorf("a value that does not fit: %v", err)
	}
}

// tokenServer is a WeChat whose live token is set by hand.
type tokenServer struct {
	*httptest.Server
	mu             sync.Mutex
	live, given    string
	forced, normal int
	sent           atomic.Int64
}

func newTokenServer(t *testing.T) *tokenServer {
	s := &tokenServer{live: "t1", given: "t1"}
	mux := http.NewServeMux()
	mux.HandleFunc("/cgi-bin/stable_token", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), `"force_refresh":true`) {
			s.forced++
			s.live += "+"
			s.given = s.live
		} else {
			s.normal++
		}
		_, _ = fmt.Fprintf(w, `{"access_token":%q,"expires_in":7200}`, s.given)
	})
	mux.HandleFunc("/cgi-bin/message/subscribe/send", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if r.URL.Query().Get("access_token") != s.live {
			_, _ = w.Write([]byte(`{"errcode":40001,"errmsg":"invalid credential"}`))
			return
		}
		s.sent.Add(1)
		_, _ = w.Write([]byte(`{"errcode":0,"errmsg":"ok","msgid":"7"}`))
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *tokenServer) set(live, given string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live, s.given = live, given
}

func (s *tokenServer) gateway(t *testing.T, at clock.Clock) Gateway {
	g, err := newWeChat(Account{Kind: WeChat, Provider: "wechat", Clock: at, Secrets: map[string]string{"app_secret": "s"},
		Settings: map[string]string{"endpoint": s.URL, "app_id": "wx1", "template.E70": "T", "field.thing1": "title"}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

var notice = Message{Key: "k", To: "openid", Template: "E70", Title: "暴雨红色预警"}

// A hundred workers with a dead token make one renewal.
func TestWeChatTokenIsRenewedOnceForAll(t *testing.T) {
	s, at := newTokenServer(t), clock.NewManual(clock.System{}.Now())
	g := s.gateway(t, at)
	sendAll := func() {
		t.Helper()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if id, err := g.Send(t.Context(), notice); err != nil || id != "7" {
					t.Error(id, err)
				}
			})
		}
		all.Wait()
	}
	sendAll()
	if s.normal != 1 || s.forced != 0 {
		t.Errorf("first: asked %d times, forced %d", s.normal, s.forced)
	}
	s.set("t2", "t2") // the old one is dead, the endpoint knows
	sendAll()
	if s.normal != 2 || s.forced != 0 {
		t.Errorf("dead token: asked %d times, forced %d", s.normal, s.forced)
	}
	s.set("t3", "t2") // dead, and the endpoint does not know
	sendAll()
	if s.normal != 3 || s.forced != 1 {
		t.Errorf("endpoint behind: asked %d times, forced %d", s.normal, s.forced)
	}
	at.Advance(2 * time.Hour) // over by the clock: renewed before it is tried
	sendAll()
	if s.normal != 4 || s.sent.Load() != 400 {
		t.Errorf("over: asked %d times, sent %d", s.normal, s.sent.Load())
	}
}

// A token that stays dead although it was forced anew is tried later, not in a loop.
func TestWeChatTokenThatStaysDead(t *testing.T) {
	var asked atomic.Int64
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if strings.HasSuffix(r.URL.Path, "stable_token") {
			_, _ = w.Write([]byte(`{"access_token":"t","expires_in":7200}`))
			return
		}
		_, _ = w.Write([]byte(`{"errcode":42001}`))
	}))
	defer broken.Close()
	g := (&tokenServer{Server: broken}).gateway(t, clock.System{})
	var f *Failure
	if _, err := g.Send(t.Context(), notice); !errors.As(err, &f) || f.Class != Again || f.Code != "42001" {
		t.Errorf("%v", err)
	}
	if n := asked.Load(); n != 5 { // token, send, token, token by force, send
		t.Errorf("%d requests", n)
	}
}

// A token endpoint that is away has certainly not sent the message.
func TestWeChatTokenEndpointAway(t *testing.T) {
	s := newTokenServer(t)
	g := s.gateway(t, clock.System{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var f *Failure
	if _, err := g.Send(ctx, notice); !errors.As(err, &f) || f.Class != Again || f.Unsure {
		t.Errorf("%#v", err)
	}
}

func TestWeChatRefusals(t *testing.T) {
	for code, want := range map[int]Failure{
		43101: {Class: Never}, 47003: {Class: Never}, 40037: {Class: Never}, 43107: {Class: Never}, 45168: {Class: Never},
		40003: {Class: Never, Bad: true}, 45009: {Class: Limit}, -1: {Class: Again}, 88888: {Class: Again},
	} {
		var f *Failure
		if err := wechatFailure(wechatAnswer{Code: code}); !errors.As(err, &f) || f.Class != want.Class || f.Bad != want.Bad || f.Unsure {
			t.Errorf("%d: %+v", code, f)
		}
	}
	err := wechatFailure(wechatAnswer{Code: 47003, Text: "argument invalid! hint: [x] data.thing3.value invalid openid oSECRET"})
	if !strings.Contains(err.Error(), "thing3") || strings.Contains(err.Error(), "oSECRET") {
		t.Errorf("the field and nothing else: %v", err)
	}
	var f *Failure
	if err := tokenFailure(wechatAnswer{Code: 40001}); !errors.As(err, &f) || f.Class != Never {
		t.Errorf("a wrong secret: %v", err)
	}
}
