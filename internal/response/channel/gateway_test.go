package channel_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

var prompt = fake.Person{Text: fake.Code, Call: fake.Confirm, After: fake.Span{Low: 20_000}}

const key = "0198c0de-0000-7000-8000-000000000001"

func failure(t *testing.T, err error) *channel.Failure {
	t.Helper()
	f, ok := errors.AsType[*channel.Failure](err)
	if !ok {
		t.Fatalf("no failure but %v", err)
	}
	if strings.Contains(f.Error(), phone) || strings.Contains(f.Error(), secret) {
		t.Errorf("it tells a number or a secret: %v", f)
	}
	return f
}

func TestEveryGatewayDeliversTheApprovedWords(t *testing.T) {
	for _, door := range doors {
		t.Run(door, func(t *testing.T) {
			w := newWorld(t, prompt)
			m := message(door, key)
			id, err := w.gateway(door).Send(context.Background(), m)
			if err != nil || id == "" {
				t.Fatal(id, err)
			}
			items := w.screen().Items
			if len(items) != 1 || items[0].Text != m.Text || items[0].Door != door {
				t.Fatalf("the phone shows %+v", items)
			}
		})
	}
}

func TestAnAnswerComesBackByTheSameWay(t *testing.T) {
	for _, door := range doors {
		t.Run(door, func(t *testing.T) {
			w := newWorld(t, prompt)
			id, err := w.gateway(door).Send(context.Background(), message(door, key))
			if err != nil {
				t.Fatal(err)
			}
			var kinds []channel.EventKind
			proof := false
			for _, e := range w.push(2 * time.Minute) {
				kinds = append(kinds, e.Kind)
				if e.Kind != channel.Reply && e.ProviderID != id {
					t.Errorf("a receipt of %q for %q", e.ProviderID, id)
				}
				if e.EventID == "" || e.At.IsZero() || e.At.After(w.clock.Now()) {
					t.Errorf("an event without id or time: %+v", e)
				}
				proof = proof || e.Kind == channel.Reply && e.Text == "204518" && e.Phone == phone || e.PlayedOut
			}
			want := []channel.EventKind{channel.Delivered, channel.Reply}
			if strings.HasSuffix(door, "voice") {
				want = map[string][]channel.EventKind{"aliyun/voice": {channel.Key, channel.Key},
					"tencent/voice": {channel.Key, channel.Heard}, "http/voice": {channel.Key}}[door]
			}
			slices.Sort(kinds)
			slices.Sort(want)
			if !slices.Equal(kinds, want) || !proof {
				t.Errorf("got %v, want %v, proof %v", kinds, want, proof)
			}
		})
	}
}

// Providers want to read their own words in our answer.
func TestOurAnswerIsTheDocumentedOne(t *testing.T) {
	for door, want := range map[string]string{"aliyun/sms": `{"code":0,"msg":"成功"}`, "tencent/sms": `{"result":0,"errmsg":"OK"}`, "http/sms": `{"ok":true}`} {
		w := newWorld(t, prompt)
		if _, err := w.gateway(door).Send(context.Background(), message(door, key)); err != nil {
			t.Fatal(err)
		}
		w.push(time.Minute)
		if len(w.replies) == 0 || w.replies[0] != want {
			t.Errorf("%s: %q", door, w.replies)
		}
	}
}

func TestTheSameKeyReachesThePhoneOnce(t *testing.T) {
	for _, door := range doors {
		t.Run(door, func(t *testing.T) {
			w := newWorld(t, prompt)
			g := w.gateway(door)
			first, err := g.Send(context.Background(), message(door, key))
			if err != nil {
				t.Fatal(err)
			}
			second, err := g.Send(context.Background(), message(door, key))
			if err != nil || second != first {
				t.Fatalf("%q and %q, %v", first, second, err)
			}
			counts := slices.Collect(maps.Values(w.carrier.HandOvers()))
			if len(w.screen().Items) != 1 || !slices.Equal(counts, []int{2}) {
				t.Errorf("%d on the phone, hand-overs %v", len(w.screen().Items), counts)
			}
		})
	}
}

func TestALimitIsToldWithItsPause(t *testing.T) {
	for _, door := range []string{"aliyun/voice", "tencent/voice", "http/voice"} {
		t.Run(door, func(t *testing.T) {
			w := newWorld(t, prompt)
			g := w.gateway(door)
			call := func() error {
				_, err := g.Send(context.Background(), message(door, key+w.clock.Now().String()))
				return err
			}
			if err := call(); err != nil {
				t.Fatal(err)
			}
			w.clock.Advance(30 * time.Second)
			if f := failure(t, call()); f.Class != channel.Limit || f.After != time.Minute {
				t.Errorf("twice in a minute: %+v", f)
			}
			for range 4 {
				w.clock.Advance(2 * time.Minute)
				if err := call(); err != nil {
					t.Fatal(err)
				}
			}
			w.clock.Advance(2 * time.Minute)
			if f := failure(t, call()); f.Class != channel.Limit {
				t.Errorf("six in an hour: %+v", f)
			}
			w.clock.Advance(time.Hour)
			for n := 5; n < 20; n++ {
				w.clock.Advance(30 * time.Minute)
				if err := call(); err != nil {
					t.Fatal(n, err)
				}
			}
			w.clock.Advance(time.Hour)
			if f := failure(t, call()); f.Class != channel.Limit {
				t.Errorf("21 in a day: %+v", f)
			}
			w.conditions(fake.Conditions{NoLimits: true})
			if err := call(); err != nil {
				t.Errorf("limits are off: %v", err)
			}
		})
	}
}

func TestWhatIsWrongIsNotTriedAgain(t *testing.T) {
	cases := map[string]struct {
		account func(*channel.Account)
		message func(*channel.Message)
		bad     bool
	}{
		"a number that is none": {message: func(m *channel.Message) { m.To = "23900000001" }, bad: true},
		"a secret that is not ours": {account: func(a *channel.Account) {
			a.Secrets = map[string]string{"access_key_secret": "x", "secret_key": "x", "secret": "x"}
		}},
		"a template nobody approved":  {message: func(m *channel.Message) { m.Template = "E99" }},
		"a recording nobody uploaded": {message: func(m *channel.Message) { m.Clip = "bo_evacuate" }},
	}
	for name, c := range cases {
		for _, door := range doors {
			if strings.HasPrefix(door, "http") && strings.Contains(name, "nobody") || strings.HasSuffix(door, "sms") && strings.Contains(name, "recording") {
				continue // a platform of its own speaks our text; an SMS has no recordings
			}
			t.Run(name+"/"+door, func(t *testing.T) {
				w := newWorld(t, prompt)
				m := message(door, key)
				if c.message != nil {
					c.message(&m)
				}
				var change []func(*channel.Account)
				if c.account != nil {
					change = append(change, c.account)
				}
				_, err := w.gateway(door, change...).Send(context.Background(), m)
				if f := failure(t, err); f.Class != channel.Never || f.Bad != c.bad || f.Unsure {
					t.Errorf("%+v", f)
				}
				if n := len(w.screen().Items); n != 0 {
					t.Errorf("%d messages arrived", n)
				}
			})
		}
	}
}

func TestARecordingIsPlayedByItsCode(t *testing.T) {
	for _, door := range []string{"aliyun/voice", "tencent/voice", "http/voice"} {
		w := newWorld(t, prompt)
		m := message(door, key)
		m.Clip, m.Language = "yi_evacuate", "ii"
		if _, err := w.gateway(door).Send(context.Background(), m); err != nil {
			t.Fatal(door, err)
		}
		if items := w.screen().Items; len(items) != 1 || items[0].Clip != "yi_evacuate" {
			t.Errorf("%s: %+v", door, items)
		}
	}
}

// Without a menu Aliyun's call takes no keys: hearing it is no answer.
func TestAPlainCallTakesNoKeys(t *testing.T) {
	w := newWorld(t, prompt)
	g := w.gateway("aliyun/voice", func(a *channel.Account) {
		a.Settings = maps.Clone(a.Settings)
		for _, name := range []string{"menu.1", "menu.2", "menu.3", "caller"} {
			delete(a.Settings, name)
		}
	})
	if _, err := g.Send(context.Background(), message("aliyun/voice", key)); err != nil {
		t.Fatal(err)
	}
	if events := w.push(2 * time.Minute); len(events) != 1 || events[0].Kind != channel.Heard || !events[0].PlayedOut {
		t.Errorf("%+v", events)
	}
}
