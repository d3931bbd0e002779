package channel_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

// world is a fake carrier on a real socket, our receiver of its pushes on another,
// and a clock that is pushed.
type world struct {
	t        *testing.T
	clock    *clock.Manual
	carrier  *fake.Carrier
	server   *httptest.Server
	accounts map[string]channel.Account // by door

	mu      sync.Mutex
	events  []channel.Event
	replies []string
	down    bool // our receiver answers 503
}

const (
	token  = "callback-token-of-24-chars"
	phone  = "13900000001"
	secret = "a-secret-between-two-parties"
)

var doors = []string{"aliyun/sms", "aliyun/voice", "tencent/sms", "tencent/voice", "http/sms", "http/voice"}

// newWorld opens all six doors with people of one manner.
func newWorld(t *testing.T, person fake.Person) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewManual(time.Date(2026, 7, 21, 12, 0, 0, 0, time.UTC)), accounts: accounts()}
	receiver := httptest.NewServer(http.HandlerFunc(w.receive))
	t.Cleanup(receiver.Close)
	var served []fake.Account
	for door, a := range w.accounts {
		served = append(served, fake.Account{Account: a, Callback: receiver.URL + "/callbacks/" + door + "/" + token})
	}
	w.carrier = fake.New(fake.Options{Clock: w.clock, Accounts: served, Crowd: []fake.Share{{Weight: 1, Person: person}}})
	w.server = httptest.NewServer(w.carrier)
	t.Cleanup(w.server.Close)
	for door, a := range w.accounts {
		a.Clock = w.clock
		a.Settings["endpoint"] = w.server.URL + map[string]string{"aliyun": "/aliyun/", "tencent": "/tencent/", "http": "/" + door}[a.Provider]
		w.accounts[door] = a
	}
	return w
}

// accounts are the customers' contracts, without addresses.
func accounts() map[string]channel.Account {
	all := map[string]channel.Account{}
	for _, kind := range []channel.Kind{channel.SMS, channel.Voice} {
		shared := func(more map[string]string) map[string]string {
			s := map[string]string{"sign_name": "模拟预警", "template.E70": "1001", "template.V2_evacuate": "1002", "clip.yi_evacuate": "2001",
				"words.E70":         "${warning}生效，请立即组织${site}全员撤至集合点并清点，回复${code}签收。",
				"words.V2_evacuate": "紧急通知。${warning}已经生效。请立即组织${site}全体人员撤到集合点，清点人数，不要返回。确认请按1。"}
			for k, v := range more {
				s[k] = v
			}
			return s
		}
		all["aliyun/"+string(kind)] = channel.Account{Kind: kind, Provider: "aliyun",
			Settings: shared(map[string]string{"access_key_id": "aliyun-id-" + string(kind), "caller": "02800000000", "menu.1": "3001", "menu.2": "3002", "menu.3": "3003"}),
			Secrets:  map[string]string{"access_key_secret": secret, "callback_token": token}}
		all["tencent/"+string(kind)] = channel.Account{Kind: kind, Provider: "tencent",
			Settings: shared(map[string]string{"secret_id": "tencent-id-" + string(kind), "app_id": "1400000001"}),
			Secrets:  map[string]string{"secret_key": secret, "callback_token": token}}
		all["http/"+string(kind)] = channel.Account{Kind: kind, Provider: "http",
			Settings: shared(nil), Secrets: map[string]string{"secret": secret}}
	}
	return all
}

// receive is what our server does with a push: read it, keep its events, answer as
// the provider wants.
func (w *world) receive(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var provider, kind string
	for door, a := range w.accounts {
		if len(r.URL.Path) > 11 && r.URL.Path[11:11+len(door)] == door {
			provider, kind = a.Provider, string(a.Kind)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		http.Error(rw, "down", http.StatusServiceUnavailable)
		return
	}
	callback, err := channel.OpenCallback(w.accounts[provider+"/"+kind])
	if err != nil {
		w.t.Errorf("%s: %v", r.URL.Path, err)
		return
	}
	events, reply, err := callback.Read(r, body, w.clock.Now())
	if err != nil {
		w.t.Errorf("%s: %v: %s", r.URL.Path, err, body)
		http.Error(rw, "forged", http.StatusUnauthorized)
		return
	}
	w.events = append(w.events, events...)
	w.replies = append(w.replies, string(reply.Body))
	rw.Header().Set("Content-Type", reply.ContentType)
	_, _ = rw.Write(reply.Body)
}

// gateway opens the gateway of a door, with changes to its account.
func (w *world) gateway(door string, change ...func(*channel.Account)) channel.Gateway {
	w.t.Helper()
	a := w.accounts[door]
	for _, do := range change {
		do(&a)
	}
	g, err := channel.Open(a)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

// push moves the clock and lets everything due happen.
func (w *world) push(d time.Duration) []channel.Event {
	w.clock.Advance(d)
	w.carrier.Work(context.Background())
	w.mu.Lock()
	defer w.mu.Unlock()
	events := w.events
	w.events = nil
	return events
}

func (w *world) screen() fake.Screen {
	s, _ := w.carrier.Look(fake.Box{Kind: fake.Phone, Address: phone})
	return s
}

func (w *world) conditions(c fake.Conditions) {
	w.t.Helper()
	if err := w.carrier.SetConditions("", c); err != nil {
		w.t.Fatal(err)
	}
}

// message is an evacuation by a door's kind, with the words a platform of its own
// speaks.
func message(door, key string) channel.Message {
	m := channel.Message{Key: key, To: phone, Template: "E70", Vars: []channel.Var{{Name: "warning", Value: "地质灾害红色预警"},
		{Name: "site", Value: "3号驻地"}, {Name: "code", Value: "204518"}}}
	m.Text = "地质灾害红色预警生效，请立即组织3号驻地全员撤至集合点并清点，回复204518签收。"
	if door[len(door)-5:] == "voice" {
		m.Template, m.Vars = "V2_evacuate", m.Vars[:2]
		m.Text = "紧急通知。地质灾害红色预警已经生效。请立即组织3号驻地全体人员撤到集合点，清点人数，不要返回。确认请按1。"
	}
	return m
}
