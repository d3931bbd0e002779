package channel

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"muster/internal/errs"
)

const whsec = "whsec_TXVzdGVyIHdlYmhvb2sgZml4dHVyZQ=="

// The expected values were made with Python's hmac.
func TestWebhookSignature(t *testing.T) {
	at, body := time.Unix(1790000000, 0), []byte(`{"type":"notice"}`)
	for secret, want := range map[string]string{
		whsec:          "v1,y/OHZ0wvWHXJN15Z8XAt8PB2Tn3Scuv0zZmvjX5vsdY=",
		"plain secret": "v1,s5yfdJpa7jyr62fd9oqGMU7lzaRVYbg7sweRs0WRP7A=",
	} {
		if got := SignWebhook(secret, "notice-7", at, body); got != want {
			t.Errorf("%s: %s", secret, got)
		}
	}
}

func signed(id string, at time.Time, signature string) http.Header {
	h := http.Header{}
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
	h.Set("webhook-signature", signature)
	return h
}

func TestWebhookForgeries(t *testing.T) {
	now, body := time.Unix(1790000000, 0), []byte(`{}`)
	good := SignWebhook(whsec, "e1", now, body)
	for _, c := range []struct {
		name string
		head http.Header
		body string
		code string // empty: accepted
	}{
		{"good", signed("e1", now, good), `{}`, ""},
		{"one of two secrets", signed("e1", now, "v1,b3RoZXI= "+good), `{}`, ""},
		{"other body", signed("e1", now, good), `{ }`, "webhook_forged"},
		{"other id", signed("e2", now, good), `{}`, "webhook_forged"},
		{"other version", signed("e1", now, "v2"+good[2:]), `{}`, "webhook_forged"},
		{"other time", signed("e1", now.Add(time.Second), good), `{}`, "webhook_forged"},
		{"yesterday's", signed("e1", now.Add(-24*time.Hour), SignWebhook(whsec, "e1", now.Add(-24*time.Hour), body)), `{}`, "webhook_stale"},
		{"tomorrow's", signed("e1", now.Add(24*time.Hour), SignWebhook(whsec, "e1", now.Add(24*time.Hour), body)), `{}`, "webhook_stale"},
		{"no signature", signed("e1", now, ""), `{}`, "webhook_unsigned"},
		{"nothing", http.Header{}, `{}`, "webhook_unsigned"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := CheckWebhook(whsec, c.head, []byte(c.body), now)
			var e *errs.Error
			if (err == nil) != (c.code == "") || errors.As(err, &e) && (e.Code != c.code || e.Kind != errs.SignIn) {
				t.Error(err)
			}
		})
	}
}

func TestWebhookAcknowledgements(t *testing.T) {
	cb, err := newWebhookCallback(Account{Secrets: map[string]string{"secret": whsec}})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1790000000, 0).UTC()
	read := func(body string) ([]Event, Answer, error) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header = signed("e1", now, SignWebhook(whsec, "e1", now, []byte(body)))
		return cb.Read(r, []byte(body), now.Add(time.Second))
	}
	for body, want := range map[string]Event{
		`{"type":"notice.delivered","data":{"key":"k1"}}`:                    {Kind: Delivered},
		`{"type":"notice.seen","data":{"key":"k1"}}`:                         {Kind: Seen},
		`{"type":"notice.acknowledged","data":{"key":"k1"}}`:                 {Kind: Reply, Text: "收到"},
		`{"type":"notice.acknowledged","data":{"key":"k1","text":"123456"}}`: {Kind: Reply, Text: "123456"},
	} {
		want.Key, want.EventID, want.At = "k1", "e1", now
		got, answer, err := read(body)
		if err != nil || len(got) != 1 || got[0] != want || len(answer.Body) == 0 {
			t.Errorf("%s: %+v %v", body, got, err)
		}
	}
	if got, _, err := read(`{"type":"notice.failed","data":{"key":"k1","code":"offline"}}`); err != nil || got[0].Kind != Failed || got[0].Failure.Code != "offline" {
		t.Errorf("failed: %+v %v", got, err)
	}
	for _, body := range []string{`{"type":"invoice.paid","data":{"key":"k1"}}`, `{"type":"notice.seen","data":{}}`} {
		if got, answer, err := read(body); err != nil || len(got) != 0 || len(answer.Body) == 0 {
			t.Errorf("%s: %+v %v", body, got, err)
		}
	}
	if _, _, err := read(`not JSON`); errs.KindOf(err) != errs.Fix {
		t.Errorf("not JSON: %v", err)
	}
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	if _, _, err := cb.Read(r, []byte(`{}`), now); errs.KindOf(err) != errs.SignIn {
		t.Errorf("unsigned: %v", err)
	}
}

func webhookTo(t *testing.T, url string) Gateway {
	g, err := newWebhook(Account{Kind: Webhook, Provider: "webhook", Secrets: map[string]string{"url": url, "secret": whsec}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestWebhookStatuses(t *testing.T) {
	for status, want := range map[int]Failure{
		200: {}, 202: {}, 204: {}, 400: {Class: Never}, 401: {Class: Never}, 404: {Class: Never}, 410: {Class: Never}, 413: {Class: Never},
		408: {Class: Again}, 425: {Class: Again}, 429: {Class: Limit, After: 42 * time.Second}, 500: {Class: Again, Unsure: true},
		503: {Class: Again, After: 42 * time.Second}, 301: {Class: Never},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "42")
			w.WriteHeader(status)
		}))
		_, err := webhookTo(t, server.URL).Send(t.Context(), Message{Key: "k"})
		server.Close()
		var f *Failure
		switch {
		case want.Class == "" && err != nil, want.Class != "" && !errors.As(err, &f):
			t.Errorf("%d: %v", status, err)
		case f != nil && (f.Class != want.Class || want.After != 0 && f.After != want.After || want.Unsure && !f.Unsure):
			t.Errorf("%d: %+v", status, f)
		}
	}
}

// A signed notice is meant for one address.
func TestRedirectsAreRefused(t *testing.T) {
	var reached atomic.Bool
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Store(true) }))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		here := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
		var f *Failure
		if _, err := webhookTo(t, here.URL).Send(t.Context(), Message{Key: "k", Text: "撤"}); !errors.As(err, &f) || f.Class != Never {
			t.Errorf("%d: %v", status, err)
		}
		here.Close()
	}
	if reached.Load() {
		t.Error("a redirect was followed")
	}
}

// Another system gets no phone number.
func TestWebhookCarriesNoNumbers(t *testing.T) {
	body := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw := new(strings.Builder)
		_ = r.Write(raw)
		body <- raw.String()
	}))
	defer server.Close()
	m := Message{Key: "k", To: "13800000001", Mention: []string{"13800000002"}, Text: "撤离", Vars: []Var{{"site", "3号驻地"}}}
	if _, err := webhookTo(t, server.URL).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got := <-body; strings.Contains(got, "1380000000") || !strings.Contains(got, "3号驻地") {
		t.Error(got)
	}
}

func TestWebhookAccountSaysWhatItLacks(t *testing.T) {
	_, err := newWebhook(Account{Kind: Webhook, Provider: "webhook"})
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Details) != 2 || e.Details[0].Where != "secrets.url" || e.Details[1].Where != "secrets.secret" {
		t.Errorf("%v", err)
	}
}
