package fake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

const (
	phone  = "13900000001"
	secret = "a-secret-between-two-parties"
)

var box = fake.Box{Kind: fake.Phone, Address: phone}

// town is a fake carrier with one platform account for texts and one for calls,
// and what was pushed back to it.
type town struct {
	t       *testing.T
	clock   *clock.Manual
	carrier *fake.Carrier
	server  *httptest.Server

	mu     sync.Mutex
	events []channel.PlainEvent
	pushes int
	down   bool
}

func newTown(t *testing.T, o fake.Options) *town {
	t.Helper()
	c := &town{t: t, clock: clock.NewManual(time.Date(2026, 7, 21, 12, 0, 0, 0, time.UTC))}
	receiver := httptest.NewServer(http.HandlerFunc(c.receive))
	t.Cleanup(receiver.Close)
	o.Clock = c.clock
	for _, kind := range []channel.Kind{channel.SMS, channel.Voice} {
		o.Accounts = append(o.Accounts, fake.Account{Callback: receiver.URL, Account: channel.Account{Kind: kind, Provider: "http", Secrets: map[string]string{"secret": secret}}})
	}
	c.carrier = fake.New(o)
	c.server = httptest.NewServer(c.carrier)
	t.Cleanup(c.server.Close)
	return c
}

func (c *town) receive(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pushes++
	if c.down {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	if err := channel.CheckPlain(r.Header, body, secret, c.clock.Now()); err != nil {
		c.t.Errorf("a push that is not signed: %v", err)
	}
	var push channel.PlainPush
	if err := json.Unmarshal(body, &push); err != nil {
		c.t.Error(err)
	}
	c.events = append(c.events, push.Events...)
}

// send hands a message over to a number.
func (c *town) send(kind channel.Kind, key, to string) error {
	g, err := channel.Open(channel.Account{Kind: kind, Provider: "http", Clock: c.clock,
		Settings: map[string]string{"endpoint": c.server.URL + "/http/" + string(kind)}, Secrets: map[string]string{"secret": secret}})
	if err != nil {
		return err
	}
	_, err = g.Send(context.Background(), channel.Message{Key: key, To: to, Text: "红色预警生效，请立即撤离，回复204518签收。"})
	return err
}

func (c *town) mustSend(kind channel.Kind, key string) {
	c.t.Helper()
	if err := c.send(kind, key, phone); err != nil {
		c.t.Fatal(err)
	}
}

// push moves the clock, lets everything due happen and gives what was told.
func (c *town) push(d time.Duration) []channel.PlainEvent {
	c.clock.Advance(d)
	c.carrier.Work(context.Background())
	c.mu.Lock()
	defer c.mu.Unlock()
	events := c.events
	c.events = nil
	return events
}

func (c *town) newest() fake.Item {
	c.t.Helper()
	s, ok := c.carrier.Look(box)
	if !ok || len(s.Items) == 0 {
		c.t.Fatal("the phone shows nothing")
	}
	return s.Items[0]
}

func (c *town) conditions(now fake.Conditions) {
	c.t.Helper()
	if err := c.carrier.SetConditions("", now); err != nil {
		c.t.Fatal(err)
	}
}

// control asks the control interface.
func (c *town) control(path string, question any) (int, map[string]any) {
	c.t.Helper()
	body, err := json.Marshal(question)
	if err != nil {
		c.t.Fatal(err)
	}
	resp, err := http.Post(c.server.URL+"/control/"+path, "application/json", bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, answer
}

// told is an event in a few words.
func told(e channel.PlainEvent) string {
	s := string(e.Kind)
	if e.Failure != nil {
		s += " " + e.Failure.Code
	}
	return strings.Join(strings.Fields(fmt.Sprint(s, " ", e.Text, " ", e.Digit, map[bool]string{true: " heard all"}[e.PlayedOut])), " ")
}

func TestPeopleDoAsTheyAre(t *testing.T) {
	for _, c := range []struct {
		person fake.Person
		text   []string
		call   []string
		state  string // of the call in the end
	}{
		{fake.Person{Text: fake.Code, Call: fake.Confirm}, []string{"delivered", "reply 204518"}, []string{"key 1 heard all"}, "听完按1"},
		{fake.Person{Text: fake.Received, Call: fake.Support}, []string{"delivered", "reply 收到"}, []string{"key 2 heard all"}, "听完按2"},
		{fake.Person{Text: fake.Wrong, Call: fake.Not}, []string{"delivered", "reply 304518"}, []string{"key 3 heard all"}, "听完按3"},
		{fake.Person{Text: fake.Ignore, Call: fake.Hasty}, []string{"delivered"}, []string{"key 1"}, "没听完就按1"},
		{fake.Person{Text: fake.Ignore, Call: fake.HangUp}, []string{"delivered"}, []string{"heard"}, "没听完就挂断"},
		{fake.Person{Text: fake.Ignore, Call: fake.Ignore}, []string{"delivered"}, []string{"failed no_answer"}, "无人接听"},
		{fake.Person{Text: fake.Off, Call: fake.Off}, []string{"failed off"}, []string{"failed off"}, "关机"},
		{fake.Person{Text: fake.Nobody, Call: fake.Nobody}, []string{"failed nobody"}, []string{"failed nobody"}, "空号"},
		{fake.Person{Text: fake.Ignore, Call: fake.InCall}, []string{"delivered"}, []string{"failed engaged"}, "占线"},
		{fake.Person{Text: fake.Ignore, Call: fake.Confirm, After: fake.Span{Low: 60_000}}, []string{"delivered"}, []string{"failed no_answer"}, "无人接听"},
	} {
		t.Run(string(c.person.Text)+" "+string(c.person.Call), func(t *testing.T) {
			town := newTown(t, fake.Options{Crowd: fake.Bystanders()})
			if err := town.carrier.SetPerson(phone, c.person); err != nil {
				t.Fatal(err)
			}
			town.mustSend(channel.SMS, "text")
			if got := words(town.push(5 * time.Minute)); !slices.Equal(got, c.text) {
				t.Errorf("the text: %q", got)
			}
			town.mustSend(channel.Voice, "call")
			if state := town.newest().State; state != "响铃" {
				t.Errorf("before: %s", state)
			}
			if got := words(town.push(5 * time.Minute)); !slices.Equal(got, c.call) {
				t.Errorf("the call: %q", got)
			}
			if it := town.newest(); it.State != c.state || !it.Over {
				t.Errorf("after: %+v", it)
			}
		})
	}
}

func words(events []channel.PlainEvent) []string {
	var list []string
	for _, e := range events {
		list = append(list, told(e))
	}
	return list
}

func TestReceiptsCanBeWrong(t *testing.T) {
	cases := map[string]struct {
		now  fake.Conditions
		keys []string
	}{
		"in order": {fake.Conditions{}, []string{"a", "b"}},
		"lost":     {fake.Conditions{ReceiptLoss: 1}, nil},
		"twice":    {fake.Conditions{ReceiptTwice: 1}, []string{"a", "a", "b", "b"}},
		"silent":   {fake.Conditions{Silent: true}, nil},
	}
	for name, c := range cases {
		town := newTown(t, fake.Options{Crowd: fake.Bystanders()})
		town.conditions(c.now)
		town.mustSend(channel.SMS, "a")
		town.mustSend(channel.SMS, "b")
		var keys []string
		for _, e := range town.push(time.Minute) {
			keys = append(keys, e.Key)
		}
		if !slices.Equal(keys, c.keys) {
			t.Errorf("%s: %q", name, keys)
		}
	}
}

func TestAReceiptForAMessageNobodySent(t *testing.T) {
	town := newTown(t, fake.Options{Crowd: fake.Bystanders()})
	town.conditions(fake.Conditions{ReceiptUnknown: 1})
	town.mustSend(channel.SMS, "a")
	events := town.push(time.Minute)
	if len(events) != 2 || events[0].Key != "a" || events[1].Key == "a" || events[1].ID == events[0].ID {
		t.Errorf("%+v", events)
	}
}

func TestReceiptsOutOfOrder(t *testing.T) {
	town := newTown(t, fake.Options{Crowd: fake.Bystanders(), Seed: 1})
	town.conditions(fake.Conditions{ReceiptShuffle: true})
	var sent, got []string
	for i := range 40 {
		key := fmt.Sprintf("k%02d", i)
		sent = append(sent, key)
		town.mustSend(channel.SMS, key)
	}
	for _, e := range town.push(time.Minute) {
		got = append(got, e.Key)
	}
	if slices.Equal(got, sent) {
		t.Error("they came in order")
	}
	if slices.Sort(got); !slices.Equal(got, sent) {
		t.Errorf("not the same: %q", got)
	}
}

// A receipt waits for its delay, and an answer for the person's.
func TestNothingHappensBeforeItsTime(t *testing.T) {
	town := newTown(t, fake.Options{Crowd: []fake.Share{{Weight: 1, Person: fake.Person{Text: fake.Code, Call: fake.Ignore, After: fake.Span{Low: 60_000}}}}})
	town.conditions(fake.Conditions{Receipt: fake.Span{Low: 5_000}})
	town.mustSend(channel.SMS, "a")
	for _, step := range []struct {
		after time.Duration
		want  []string
	}{{4 * time.Second, nil}, {time.Second, []string{"delivered"}}, {54 * time.Second, nil}, {time.Second, []string{"reply 204518"}}, {time.Hour, nil}} {
		if got := words(town.push(step.after)); !slices.Equal(got, step.want) {
			t.Errorf("after %s: %q", step.after, got)
		}
	}
}

func TestAPushThatFailsIsTriedAgainLater(t *testing.T) {
	town := newTown(t, fake.Options{Crowd: fake.Bystanders()})
	town.down = true
	town.mustSend(channel.SMS, "a")
	town.push(time.Second)
	town.push(30 * time.Second)
	if town.pushes != 1 {
		t.Errorf("%d pushes in the first minute", town.pushes)
	}
	town.down = false
	if got := words(town.push(time.Minute)); !slices.Equal(got, []string{"delivered"}) || town.pushes != 2 {
		t.Errorf("%q after %d pushes", got, town.pushes)
	}
	town.push(time.Hour)
	if town.pushes != 2 {
		t.Errorf("%d pushes in the end", town.pushes)
	}
}

func TestAnUnheardReceiverIsGivenUp(t *testing.T) {
	town := newTown(t, fake.Options{Crowd: fake.Bystanders()})
	town.down = true
	town.mustSend(channel.SMS, "a")
	for range 3 {
		town.push(10 * time.Minute)
	}
	town.down = false // the last of the documented three has a signature of its own
	if got := words(town.push(10 * time.Minute)); !slices.Equal(got, []string{"delivered"}) || town.pushes != 4 {
		t.Errorf("%q after %d pushes", got, town.pushes)
	}
	town.down = true
	town.mustSend(channel.SMS, "b")
	for range 20 {
		town.push(10 * time.Minute)
	}
	if town.pushes != 8 {
		t.Errorf("%d pushes: one and three again are documented", town.pushes)
	}
}

func TestItRunsByItself(t *testing.T) {
	told := make(chan string, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		told <- string(body)
	}))
	defer receiver.Close()
	account := channel.Account{Kind: channel.SMS, Provider: "http", Settings: map[string]string{}, Secrets: map[string]string{"secret": secret}}
	carrier := fake.New(fake.Options{Crowd: fake.Bystanders(), Accounts: []fake.Account{{Account: account, Callback: receiver.URL}}})
	server := httptest.NewServer(carrier)
	defer server.Close()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- carrier.Run(ctx) }()
	account.Settings["endpoint"] = server.URL + "/http/sms"
	gateway, err := channel.Open(account)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gateway.Send(ctx, channel.Message{Key: "a", To: phone, Text: "x"}); err != nil {
		t.Fatal(err)
	}
	if body := <-told; !strings.Contains(body, `"kind":"delivered"`) {
		t.Error(body)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestItRemembersAsMuchAsItIsTold(t *testing.T) {
	town := newTown(t, fake.Options{Crowd: fake.Bystanders(), Screen: 3, Boxes: 128, Keys: 256})
	town.conditions(fake.Conditions{NoLimits: true, Silent: true})
	for i := range 5 {
		town.mustSend(channel.SMS, fmt.Sprintf("k%d", i))
	}
	s, _ := town.carrier.Look(box)
	if s.Total != 5 || len(s.Items) != 3 || !s.Items[0].At.Equal(town.clock.Now()) {
		t.Errorf("%d of %d remembered", len(s.Items), s.Total)
	}
	for i := range 2_000 {
		if err := town.send(channel.SMS, fmt.Sprintf("m%d", i), fmt.Sprintf("138%08d", i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, total := town.carrier.Boxes(fake.Phone, "", 0, 10); total > 128 || total < 64 {
		t.Errorf("%d phones", total)
	}
	if n := len(town.carrier.HandOvers()); n > 256 || n < 128 {
		t.Errorf("%d keys", n)
	}
	if f := town.carrier.Figures(); f.Delivered != 2_005 {
		t.Errorf("%+v", f)
	}
}

func TestTheCrowdIsAMixtureThatStays(t *testing.T) {
	town := newTown(t, fake.Options{})
	town.conditions(fake.Conditions{Silent: true})
	seen := map[fake.Manner]int{}
	for i := range 500 {
		number := fmt.Sprintf("137%08d", i)
		if err := town.send(channel.SMS, number, number); err != nil {
			t.Fatal(err)
		}
		first, _ := town.carrier.Look(fake.Box{Kind: fake.Phone, Address: number})
		second, _ := town.carrier.Look(fake.Box{Kind: fake.Phone, Address: number})
		if *first.Person != *second.Person {
			t.Fatal("a person changed")
		}
		seen[first.Person.Call]++
	}
	if seen[fake.Confirm] < 250 || seen[fake.Ignore] < 10 || len(seen) < 5 {
		t.Errorf("%v", seen)
	}
}
