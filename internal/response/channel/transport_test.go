package channel_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

// send hands one message over with little patience.
func send(g channel.Gateway, door string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	_, err := g.Send(ctx, message(door, key))
	return err
}

func TestACarrierThatIsAwayIsTriedAgain(t *testing.T) {
	cases := map[string]struct {
		conditions fake.Conditions
		unsure     bool
		taken      int
	}{
		"503":                           {fake.Conditions{Outage: fake.Error}, false, 0},
		"the connection is cut":         {fake.Conditions{Outage: fake.Cut}, true, 0},
		"no answer":                     {fake.Conditions{Outage: fake.Hang}, true, 0},
		"lost on the way":               {fake.Conditions{Loss: 1}, true, 0},
		"taken, the answer lost":        {fake.Conditions{LostAnswer: 1}, true, 1},
		"taken, the answer is nonsense": {fake.Conditions{Garbage: 1}, true, 1},
		"system busy":                   {fake.Conditions{Refuse: 1}, false, 0},
	}
	for name, c := range cases {
		for _, door := range doors {
			t.Run(name+"/"+door, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, prompt)
				g := w.gateway(door)
				w.conditions(c.conditions)
				if f := failure(t, send(g, door)); f.Class != channel.Again || f.Unsure != c.unsure {
					t.Errorf("%+v", f)
				}
				w.conditions(fake.Conditions{})
				if err := send(g, door); err != nil {
					t.Errorf("after recovery: %v", err)
				}
				if n := len(w.screen().Items); n != 1 {
					t.Errorf("%d on the phone", n)
				}
				for _, n := range w.carrier.HandOvers() {
					if n != c.taken+1 {
						t.Errorf("handed over %d times", n)
					}
				}
			})
		}
	}
}

func TestNobodyListens(t *testing.T) {
	w := newWorld(t, prompt)
	w.server.Close()
	for _, door := range doors {
		if f := failure(t, send(w.gateway(door), door)); f.Class != channel.Again || f.Unsure || f.Code != "transport" {
			t.Errorf("%s: %+v", door, f)
		}
	}
}

func TestAnswersOfServersInBetween(t *testing.T) {
	cases := map[string]struct {
		status int
		head   string
		body   string
		want   channel.Failure
	}{
		"slow down":         {429, "7", "", channel.Failure{Class: channel.Limit, Code: "http_429", After: 7 * time.Second}},
		"bad gateway":       {502, "", "", channel.Failure{Class: channel.Again, Code: "http_502", Unsure: true}},
		"not found":         {404, "", "<html>", channel.Failure{Class: channel.Never, Code: "http_404"}},
		"a login page":      {200, "", "<html>", channel.Failure{Class: channel.Again, Code: "malformed", Unsure: true}},
		"an endless answer": {200, "", strings.Repeat("x", 1<<20), channel.Failure{Class: channel.Again, Code: "malformed", Unsure: true}},
		"somewhere else":    {302, "", "", channel.Failure{Class: channel.Again, Code: "malformed", Unsure: true}},
	}
	for name, c := range cases {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if c.head != "" {
				w.Header().Set("Retry-After", c.head)
			}
			w.WriteHeader(c.status)
			_, _ = w.Write([]byte(c.body))
		}))
		for door, a := range accounts() {
			a.Settings["endpoint"] = server.URL
			g, err := channel.Open(a)
			if err != nil {
				t.Fatal(err)
			}
			_, err = g.Send(context.Background(), message(door, key))
			f := *failure(t, err)
			f.Text = ""
			if f != c.want {
				t.Errorf("%s, %s: %+v", name, door, f)
			}
		}
		server.Close()
	}
}

func TestACancelledSendStops(t *testing.T) {
	w := newWorld(t, prompt)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := w.gateway("aliyun/sms").Send(ctx, message("aliyun/sms", key))
	if f := failure(t, err); f.Class != channel.Again {
		t.Errorf("%+v", f)
	}
}
