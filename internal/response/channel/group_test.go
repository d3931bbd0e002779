package channel_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

var groupProviders = []string{"wecom", "dingtalk", "feishu"}

func TestACardReachesItsGroup(t *testing.T) {
	for _, provider := range groupProviders {
		t.Run(provider, func(t *testing.T) {
			h := newHouse(t)
			m := evacuate("k1")
			m.Exercise, m.Mention = true, []string{"13900000001"}
			if _, err := h.open(provider).Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
			items := h.items(fake.Group, "group-1")
			if len(items) != 1 || items[0].Title != "演练｜【撤离】暴雨红色预警" || !strings.Contains(items[0].Text, "要求：立即组织全员撤至集合点并清点。") {
				t.Fatalf("%+v", items)
			}
			if !strings.Contains(items[0].Text+items[0].Link, m.Link) {
				t.Errorf("no link: %+v", items[0])
			}
		})
	}
}

func TestAForgedOrLateSignatureIsRefused(t *testing.T) {
	for _, provider := range []string{"dingtalk", "feishu"} {
		h := newHouse(t)
		wrong := h.account[provider]
		wrong.Secrets = map[string]string{"url": wrong.Secrets["url"], "secret": "another"}
		late := h.account[provider]
		late.Clock = slow{h.clock.Now().Add(-2 * time.Hour)}
		for name, a := range map[string]channel.Account{"wrong secret": wrong, "slow clock": late} {
			g, err := channel.Open(a)
			if err != nil {
				t.Fatal(err)
			}
			if _, err = g.Send(t.Context(), evacuate("k1")); failure(t, err).Class != channel.Never {
				t.Errorf("%s, %s: %v", provider, name, err)
			}
		}
		if items := h.items(fake.Group, "group-1"); len(items) != 0 {
			t.Errorf("%s took %d", provider, len(items))
		}
	}
}

type slow struct{ at time.Time }

func (s slow) Now() time.Time { return s.at }

func TestARobotsLimit(t *testing.T) {
	for provider, c := range map[string]struct {
		most        int
		code        string
		after, free time.Duration // what the failure says, and when the carrier takes again
	}{
		"wecom":    {20, "45009", time.Minute, time.Minute},
		"dingtalk": {20, "130101", 10 * time.Minute, 10 * time.Minute},
		"feishu":   {5, "11232", time.Minute, time.Minute},
	} {
		t.Run(provider, func(t *testing.T) {
			h := newHouse(t)
			g := h.open(provider)
			for range c.most {
				if _, err := g.Send(t.Context(), evacuate("")); err != nil {
					t.Fatal(err)
				}
			}
			_, err := g.Send(t.Context(), evacuate(""))
			if f := failure(t, err); f.Class != channel.Limit || f.Code != c.code || f.After != c.after || f.Unsure {
				t.Fatalf("%+v", f)
			}
			h.clock.Advance(c.free - time.Second)
			if _, err = g.Send(t.Context(), evacuate("")); provider == "dingtalk" && err == nil {
				t.Error("it is blocked for ten minutes, not one")
			}
			h.clock.Advance(2 * time.Second)
			if _, err = g.Send(t.Context(), evacuate("")); err != nil {
				t.Errorf("after the limit: %v", err)
			}
		})
	}
}

// Whatever a carrier does, a gateway says what it knows.
func TestARobotsBadDay(t *testing.T) {
	for _, provider := range groupProviders {
		for name, c := range map[string]struct {
			now    fake.Conditions
			unsure bool
		}{
			"out of order": {fake.Conditions{Outage: fake.Error}, false},
			"busy":         {fake.Conditions{Refuse: 1}, false},
			"cut":          {fake.Conditions{Outage: fake.Cut}, true},
			"nonsense":     {fake.Conditions{Garbage: 1}, true},
		} {
			h := newHouse(t)
			h.conditions(c.now)
			_, err := h.open(provider).Send(t.Context(), evacuate("k"))
			if f := failure(t, err); f.Class != channel.Again || f.Unsure != c.unsure {
				t.Errorf("%s %s: %+v", provider, name, f)
			}
		}
	}
}

func TestAnUnknownRobot(t *testing.T) {
	for _, provider := range groupProviders {
		h := newHouse(t)
		a := h.account[provider]
		a.Secrets = map[string]string{"url": strings.Replace(a.Secrets["url"], "group-1", "group-2", 1), "secret": a.Secrets["secret"]}
		g, err := channel.Open(a)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = g.Send(t.Context(), evacuate("k")); failure(t, err).Class != channel.Never {
			t.Errorf("%s: %v", provider, err)
		}
	}
}

func TestASubscribeMessage(t *testing.T) {
	h := newHouse(t)
	g, m := h.open("wechat"), evacuate("k1")
	m.To = openid
	id, err := g.Send(t.Context(), m)
	if err != nil || id == "" {
		t.Fatal(id, err)
	}
	items := h.items(fake.Chat, openid)
	if len(items) != 1 || items[0].Text != "3号驻地\n【撤离】暴雨红色预警" || items[0].Link != "pages/answer?link=https%3A%2F%2Fm.example.cn%2Fa%2F1" {
		t.Fatalf("%+v", items)
	}
	h.clock.Advance(3 * time.Hour) // the token is over
	if _, err = g.Send(t.Context(), m); err != nil {
		t.Error(err)
	}
	h.person(openid, fake.Person{Text: fake.Off, Call: fake.Off})
	if _, err = g.Send(t.Context(), m); failure(t, err).Code != "43101" || failure(t, err).Class != channel.Never {
		t.Errorf("taken back: %v", err)
	}
	h.person(openid, fake.Person{Text: fake.Nobody, Call: fake.Off})
	if _, err = g.Send(t.Context(), m); !failure(t, err).Bad {
		t.Errorf("wrong openid: %v", err)
	}
	m.Template = "L134"
	if _, err = g.Send(t.Context(), m); failure(t, err).Code != "no_template" {
		t.Errorf("no template: %v", err)
	}
}

func TestAWrongAppSecret(t *testing.T) {
	h := newHouse(t)
	a, m := h.account["wechat"], evacuate("k1")
	a.Secrets, m.To = map[string]string{"app_secret": "another"}, openid
	g, err := channel.Open(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = g.Send(t.Context(), m); failure(t, err).Class != channel.Never || failure(t, err).Code != "40125" {
		t.Error(err)
	}
}
