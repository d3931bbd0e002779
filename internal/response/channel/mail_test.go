package channel_test

import (
	"context"
	"crypto/tls"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

func letter(key string) channel.Message {
	m := evacuate(key)
	m.To = mailbox
	return m
}

func TestAMailArrivesOnceHoweverOftenItIsHandedOver(t *testing.T) {
	h := newHouse(t)
	g := h.mail(nil)
	first, err := g.Send(t.Context(), letter("k1"))
	if err != nil || !strings.HasSuffix(first, "@example.cn") {
		t.Fatal(first, err)
	}
	second, err := g.Send(t.Context(), letter("k1"))
	if err != nil || second != first {
		t.Errorf("the repeat is %s, the first was %s: %v", second, first, err)
	}
	other, err := g.Send(t.Context(), letter("k2"))
	if err != nil || other == first {
		t.Error(other, err)
	}
	items := h.items(fake.Mailbox, mailbox)
	if len(items) != 2 || items[0].Title != "【撤离】暴雨红色预警" || !strings.Contains(items[0].From, "预警平台") ||
		!strings.Contains(items[0].Text, "要求：立即组织全员撤至集合点并清点。\n\n打开处置页：https://m.example.cn/a/1") {
		t.Fatalf("%+v", items)
	}
	if n := h.carrier.HandOvers()["<"+first+">"]; n != 2 {
		t.Errorf("the journal has %d hand-overs", n)
	}
}

func TestMailRefusals(t *testing.T) {
	h := newHouse(t)
	g := h.mail(nil)
	h.person("gone@example.cn", fake.Person{Text: fake.Nobody, Call: fake.Ignore})
	h.person("full@example.cn", fake.Person{Text: fake.Off, Call: fake.Ignore})
	for to, want := range map[string]channel.Failure{
		"gone@example.cn":       {Class: channel.Never, Code: "550 5.1.1", Bad: true},
		"full@example.cn":       {Class: channel.Again, Code: "452 4.2.2"},
		"not an address":        {Class: channel.Never, Code: "address", Bad: true},
		"":                      {Class: channel.Never, Code: "address", Bad: true},
		"a@b.cn\r\nBcc: c@d.cn": {Class: channel.Never, Code: "address", Bad: true},
	} {
		m := letter("k-" + to)
		m.To = to
		_, err := g.Send(t.Context(), m)
		if f := failure(t, err); f.Class != want.Class || f.Code != want.Code || f.Bad != want.Bad || f.Unsure {
			t.Errorf("%q: %+v", to, f)
		}
	}
}

func TestTheMailServersBadDay(t *testing.T) {
	for name, c := range map[string]struct {
		now    fake.Conditions
		unsure bool
	}{
		"out of order":    {fake.Conditions{Outage: fake.Error}, false},
		"busy":            {fake.Conditions{Refuse: 1}, false},
		"cut":             {fake.Conditions{Outage: fake.Cut}, false},
		"taken, unheard":  {fake.Conditions{LostAnswer: 1}, true},
		"taken, nonsense": {fake.Conditions{Garbage: 1}, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			g := h.mail(nil)
			h.conditions(c.now)
			_, err := g.Send(t.Context(), letter("k"))
			if f := failure(t, err); f.Class != channel.Again || f.Unsure != c.unsure {
				t.Errorf("%+v", f)
			}
		})
	}
}

func TestAMailServerThatHangsIsLeftWhenTheContextEnds(t *testing.T) {
	h := newHouse(t)
	g := h.mail(nil)
	h.conditions(fake.Conditions{Outage: fake.Hang})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := g.Send(ctx, letter("k"))
	if f := failure(t, err); f.Class != channel.Again || f.Unsure {
		t.Errorf("%+v", f)
	}
}

func TestMailIsEncryptedUnlessTheAccountSaysNo(t *testing.T) {
	h := newHouse(t)
	h.mail(nil) // a server without STARTTLS
	h.set("smtp", "tls", "")
	if _, err := h.open("smtp").Send(t.Context(), letter("k")); failure(t, err).Class != channel.Never {
		t.Errorf("in the clear: %v", err)
	}
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	defer certificate.Close()
	h.mail(&tls.Config{Certificates: certificate.TLS.Certificates})
	if _, err := h.open("smtp").Send(t.Context(), letter("k")); failure(t, err).Code != "tls" {
		t.Errorf("a certificate nobody knows: %v", err)
	}
	if items := h.items(fake.Mailbox, mailbox); len(items) != 0 {
		t.Errorf("%d letters went", len(items))
	}
}

func TestMailSignsIn(t *testing.T) {
	h := newHouse(t, func(all map[string]channel.Account) {
		all["smtp"].Settings["user"], all["smtp"].Secrets["password"] = "warn", secret
	})
	g := h.mail(nil)
	if _, err := g.Send(t.Context(), letter("k")); err != nil {
		t.Error(err)
	}
	a := h.account["smtp"]
	a.Secrets = map[string]string{"password": "another"}
	g, err := channel.Open(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = g.Send(t.Context(), letter("k")); failure(t, err).Class != channel.Never || failure(t, err).Code != "535 5.7.8" {
		t.Error(err)
	}
}

func TestNobodyHome(t *testing.T) {
	h := newHouse(t)
	h.set("smtp", "host", "127.0.0.1")
	h.set("smtp", "port", "1")
	_, err := h.open("smtp").Send(t.Context(), letter("k"))
	if f := failure(t, err); f.Class != channel.Again || f.Code != "transport" || f.Unsure {
		t.Errorf("%+v", f)
	}
}
