package channel_test

import (
	"context"
	"crypto/tls"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

// house is a fake carrier with the ways that are not phones: groups, WeChat, mail,
// another system, loudspeakers; all on real sockets.
type house struct {
	t       *testing.T
	clock   *clock.Manual
	carrier *fake.Carrier
	account map[string]channel.Account // by provider
}

const (
	openid  = "oUser0001"
	mailbox = "duty@example.cn"
	speaker = "site-17"
)

// newHouse starts the carrier; change may touch the accounts before it knows them.
func newHouse(t *testing.T, change ...func(map[string]channel.Account)) *house {
	t.Helper()
	h := &house{t: t, clock: clock.NewManual(time.Date(2026, 7, 21, 12, 0, 0, 0, time.UTC))}
	var carrier http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { carrier.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	h.account = houseAccounts(server.URL)
	for _, do := range change {
		do(h.account)
	}
	var known []fake.Account
	for provider, a := range h.account {
		a.Clock = h.clock
		h.account[provider] = a
		known = append(known, fake.Account{Account: a, Callback: a.Settings["callback"]})
	}
	h.carrier = fake.New(fake.Options{Clock: h.clock, Accounts: known, Crowd: fake.Bystanders()})
	carrier = h.carrier
	return h
}

func houseAccounts(url string) map[string]channel.Account {
	robot := func(provider, path string) channel.Account {
		return channel.Account{Kind: channel.Robot, Provider: provider,
			Secrets: map[string]string{"url": url + path, "secret": "SEC" + provider}}
	}
	return map[string]channel.Account{
		"wecom":    robot("wecom", "/cgi-bin/webhook/send?key=group-1"),
		"dingtalk": robot("dingtalk", "/robot/send?access_token=group-1"),
		"feishu":   robot("feishu", "/open-apis/bot/v2/hook/group-1"),
		"wechat": {Kind: channel.WeChat, Provider: "wechat", Secrets: map[string]string{"app_secret": secret},
			Settings: map[string]string{"endpoint": url, "app_id": "wx1", "template.E70": "tmpl-1", "page": "pages/answer",
				"field.thing1": "site", "field.thing2": "title"}},
		"webhook": {Kind: channel.Webhook, Provider: "webhook", Settings: map[string]string{},
			Secrets: map[string]string{"url": url + "/webhook/city", "secret": secret}},
		"smtp": {Kind: channel.Email, Provider: "smtp", Secrets: map[string]string{},
			Settings: map[string]string{"from": "warn@example.cn", "from_name": "预警平台", "tls": "none"}},
		"mqtt": {Kind: channel.Horn, Provider: "mqtt", Secrets: map[string]string{}, Settings: map[string]string{}},
	}
}

func (h *house) open(provider string) channel.Gateway {
	h.t.Helper()
	g, err := channel.Open(h.account[provider])
	if err != nil {
		h.t.Fatal(err)
	}
	return g
}

func (h *house) items(kind fake.BoxKind, address string) []fake.Item {
	s, _ := h.carrier.Look(fake.Box{Kind: kind, Address: address})
	return s.Items
}

func (h *house) conditions(c fake.Conditions) {
	h.t.Helper()
	if err := h.carrier.SetConditions("", c); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) person(address string, p fake.Person) {
	h.t.Helper()
	if err := h.carrier.SetPerson(address, p); err != nil {
		h.t.Fatal(err)
	}
}

// serve runs a server of the carrier on a socket until the returned function is
// called or the test ends; address "" takes a free port.
func (h *house) serve(address string, run func(context.Context, net.Listener) error) (at string, stop func()) {
	h.t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx, l) }()
	var once bool
	stop = func() {
		if once {
			return
		}
		once = true
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	}
	h.t.Cleanup(stop)
	return l.Addr().String(), stop
}

// mail starts the SMTP server and points the account at it.
func (h *house) mail(encrypt *tls.Config) channel.Gateway {
	h.t.Helper()
	at, _ := h.serve("", func(ctx context.Context, l net.Listener) error { return h.carrier.ServeSMTP(ctx, l, encrypt) })
	h.set("smtp", "host", "127.0.0.1")
	_, port, err := net.SplitHostPort(at)
	if err != nil {
		h.t.Fatal(err)
	}
	h.set("smtp", "port", port)
	return h.open("smtp")
}

// set changes our side of an account; the carrier keeps reading its own.
func (h *house) set(provider, name, value string) {
	a := h.account[provider]
	a.Settings = maps.Clone(a.Settings)
	a.Settings[name] = value
	h.account[provider] = a
}

func evacuate(key string) channel.Message {
	return channel.Message{Key: key, Template: "E70", Title: "【撤离】暴雨红色预警", Link: "https://m.example.cn/a/1",
		Text:  "本群涉及 2 处：3号驻地、5号驻地\n要求：立即组织全员撤至集合点并清点。",
		Level: "red", Measure: "evacuate", Language: "zh", Vars: []channel.Var{{Name: "site", Value: "3号驻地"}}}
}
