package channel_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

// broker starts the fake broker and gives a gateway to it.
func (h *house) broker(address string) (g channel.Gateway, at string, stop func()) {
	h.t.Helper()
	at, stop = h.serve(address, h.carrier.ServeMQTT)
	h.set("mqtt", "url", "mqtt://"+at)
	g = h.open("mqtt")
	h.t.Cleanup(func() {
		if err := g.(io.Closer).Close(); err != nil {
			h.t.Error(err)
		}
	})
	return g, at, stop
}

// listen runs the gateway's listener until the test ends.
func (h *house) listen(g channel.Gateway) <-chan channel.Event {
	events := make(chan channel.Event, 16)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- g.(channel.Listener).Listen(ctx, func(e channel.Event) { events <- e }) }()
	h.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
	return events
}

func call(key string) channel.Message {
	m := evacuate(key)
	m.To, m.Clip = speaker, "yi_evacuate"
	return m
}

// heard pushes acknowledgements until one comes. A listener that has not subscribed
// yet misses what is said, so the call is made again, as the ledger would.
func (h *house) heard(g channel.Gateway, m channel.Message, events <-chan channel.Event) channel.Event {
	h.t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		_, _ = g.Send(h.t.Context(), m)
		h.carrier.Work(h.t.Context())
		select {
		case e := <-events:
			return e
		case <-time.After(50 * time.Millisecond):
		case <-deadline:
			h.t.Fatal("no acknowledgement came")
		}
	}
}

func TestALoudspeakerPlaysOnceAndSaysSo(t *testing.T) {
	h := newHouse(t)
	g, _, _ := h.broker("")
	e := h.heard(g, call("k1"), h.listen(g))
	if e.Kind != channel.Delivered || e.Key != "k1" || e.EventID != "site-17/k1/played" || !e.At.Equal(h.clock.Now()) {
		t.Errorf("%+v", e)
	}
	items := h.items(fake.HornBox, speaker)
	if len(items) != 1 || items[0].Clip != "yi_evacuate" || !strings.Contains(items[0].Text, "立即组织全员撤至集合点") {
		t.Errorf("%+v", items)
	}
}

func TestALoudspeakerThatFails(t *testing.T) {
	h := newHouse(t)
	h.person(speaker, fake.Person{Text: fake.Ignore, Call: fake.InCall})
	g, _, _ := h.broker("")
	e := h.heard(g, call("k1"), h.listen(g))
	if e.Kind != channel.Failed || e.Failure == nil || e.Failure.Code != "amplifier" {
		t.Errorf("%+v", e)
	}
}

func TestALoudspeakerThatIsNotThere(t *testing.T) {
	h := newHouse(t)
	h.person(speaker, fake.Person{Text: fake.Off, Call: fake.Off})
	g, _, _ := h.broker("")
	if _, err := g.Send(t.Context(), call("k1")); err != nil {
		t.Errorf("the broker takes it: %v", err)
	}
	if len(h.items(fake.HornBox, speaker)) != 0 {
		t.Error("and nobody plays it")
	}
	for _, to := range []string{"", "#", "+", "a/b", "a/../b", strings.Repeat("x", 65)} {
		m := call("k1")
		m.To = to
		if _, err := g.Send(t.Context(), m); !failure(t, err).Bad {
			t.Errorf("%q: %v", to, err)
		}
	}
}

// The broker goes away in the middle and comes back on the same address: sending
// fails for now, then works again, and the listener hears again.
func TestTheBrokerGoesAndComesBack(t *testing.T) {
	h := newHouse(t)
	g, at, stop := h.broker("")
	events := h.listen(g)
	h.heard(g, call("k1"), events)
	stop()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err := g.Send(ctx, call("k2"))
	if f := failure(t, err); f.Class != channel.Again {
		t.Fatalf("while it is away: %+v", f)
	}
	h.serve(at, h.carrier.ServeMQTT)
	for e := h.heard(g, call("k2"), events); e.Key != "k2"; {
		e = h.heard(g, call("k2"), events)
	}
	if items := h.items(fake.HornBox, speaker); len(items) != 2 {
		t.Errorf("the loudspeaker played %d calls", len(items))
	}
}

func TestNoBroker(t *testing.T) {
	h := newHouse(t)
	h.set("mqtt", "url", "mqtt://127.0.0.1:1")
	g := h.open("mqtt")
	defer func() { _ = g.(io.Closer).Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := g.Send(ctx, call("k1"))
	if f := failure(t, err); f.Class != channel.Again || f.Code != "transport" || f.Unsure {
		t.Errorf("%+v", f)
	}
}

func TestTheBrokersBadDay(t *testing.T) {
	for name, c := range map[string]struct {
		now    fake.Conditions
		unsure bool
	}{
		"out of order":   {fake.Conditions{Outage: fake.Error}, false},
		"loses":          {fake.Conditions{Loss: 1}, true},
		"taken, unheard": {fake.Conditions{LostAnswer: 1}, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			g, _, _ := h.broker("")
			if _, err := g.Send(t.Context(), call("k0")); err != nil {
				t.Fatal(err)
			}
			h.conditions(c.now)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			_, err := g.Send(ctx, call("k1"))
			if f := failure(t, err); f.Class != channel.Again || f.Unsure != c.unsure {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestAWrongPasswordAtTheBroker(t *testing.T) {
	h := newHouse(t, func(all map[string]channel.Account) {
		all["mqtt"].Settings["user"], all["mqtt"].Secrets["password"] = "muster", secret
	})
	g, at, _ := h.broker("")
	if _, err := g.Send(t.Context(), call("k1")); err != nil {
		t.Error(err)
	}
	a := h.account["mqtt"]
	a.Settings = map[string]string{"url": "mqtt://" + at, "user": "muster"}
	a.Secrets = map[string]string{"password": "another"}
	other, err := channel.Open(a)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.(io.Closer).Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := other.Send(ctx, call("k2")); failure(t, err).Class != channel.Again {
		t.Error(err)
	}
	if items := h.items(fake.HornBox, speaker); len(items) != 1 {
		t.Errorf("%d calls were played", len(items))
	}
}

func TestAnotherSystemTakesASignedNoticeAndAnswers(t *testing.T) {
	events := make(chan channel.Event, 8)
	var h *house
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		reader, err := channel.OpenCallback(h.account["webhook"])
		if err != nil {
			t.Error(err)
			return
		}
		list, answer, err := reader.Read(r, body, h.clock.Now())
		if err != nil {
			t.Error(err)
		}
		for _, e := range list {
			events <- e
		}
		_, _ = w.Write(answer.Body)
	}))
	defer receiver.Close()
	h = newHouse(t, func(all map[string]channel.Account) { all["webhook"].Settings["callback"] = receiver.URL })
	h.person("city", fake.Person{Text: fake.Received, Call: fake.Ignore, After: fake.Span{Low: 60_000}})
	g := h.open("webhook")
	for range 2 { // the same notice, handed over again
		if _, err := g.Send(t.Context(), evacuate("k1")); err != nil {
			t.Fatal(err)
		}
	}
	h.clock.Advance(2 * time.Minute)
	h.carrier.Work(t.Context())
	if first, second := <-events, <-events; first.Kind != channel.Delivered || first.Key != "k1" ||
		second.Kind != channel.Reply || second.Key != "k1" || second.Text != "收到" || second.EventID == first.EventID {
		t.Errorf("%+v, then %+v", first, second)
	}
	if items := h.items(fake.System, "city"); len(items) != 1 || items[0].Title != "【撤离】暴雨红色预警" {
		t.Errorf("%+v", items)
	}
	a := h.account["webhook"]
	a.Secrets = map[string]string{"url": a.Secrets["url"], "secret": "another"}
	forged, err := channel.Open(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = forged.Send(t.Context(), evacuate("k2")); failure(t, err).Code != "http_401" {
		t.Error(err)
	}
}

// A listener is told when the broker does not let it listen.
func TestARefusedListenerEnds(t *testing.T) {
	h := newHouse(t)
	at, _ := h.serve("", refuseSubscriptions)
	h.set("mqtt", "url", "mqtt://"+at)
	err := h.open("mqtt").(channel.Listener).Listen(t.Context(), func(channel.Event) {})
	if f := failure(t, err); f.Class != channel.Never || f.Code != "subscribe" {
		t.Errorf("%+v", f)
	}
}

// refuseSubscriptions is a broker where everybody may speak and nobody may listen.
func refuseSubscriptions(ctx context.Context, l net.Listener) error {
	broker := mqtt.New(&mqtt.Options{Logger: slog.New(slog.DiscardHandler)})
	if err := broker.AddHook(&mute{}, nil); err != nil {
		return err
	}
	if err := broker.AddListener(listeners.NewNet("mute", l)); err != nil {
		return err
	}
	if err := broker.Serve(); err != nil {
		return err
	}
	<-ctx.Done()
	return broker.Close()
}

type mute struct{ mqtt.HookBase }

func (*mute) Provides(b byte) bool { return b == mqtt.OnConnectAuthenticate || b == mqtt.OnACLCheck }

func (*mute) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }

func (*mute) OnACLCheck(_ *mqtt.Client, _ string, write bool) bool { return write }
