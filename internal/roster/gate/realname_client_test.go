package gate_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"muster/internal/errs"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

func (h *house) client() *gate.RealNameClient {
	n := 0
	return &gate.RealNameClient{URL: h.url + realPath, AppID: appID, Secret: appSecret, HTTP: http.DefaultClient, Clock: h.clock,
		Nonce: func() string { n++; return fmt.Sprintf("%032x", n) }}
}

// Our client speaks to our server as to the platform above.
func TestForwardingUpward(t *testing.T) {
	h := realNameHouse(t)
	c := h.client()
	code, err := c.Submit(t.Context(), "Team.Add", map[string]string{"projectCode": "P1", "teamName": "1号"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Wait(t.Context(), code, nil)
	team, ok := r.TeamNumber()
	if err != nil || !ok {
		t.Fatal(r, err)
	}
	list := make([]gate.Attendance, 45)
	for i := range list {
		list[i] = gate.Attendance{Document: gate.IDDocument{Number: specimen}, At: seven.Add(-time.Duration(i) * time.Minute), Out: i%2 == 1, Type: "001"}
	}
	codes, err := c.Attend(t.Context(), "P1", team, list)
	if err != nil || len(codes) != 3 {
		t.Fatal(codes, err)
	}
	p := h.passes()
	out := 0
	for _, s := range p {
		if s.Direction == roster.Out {
			out++
		}
	}
	if len(p) != 45 || out != 22 {
		t.Error(len(p), out)
	}
	if _, err := c.Attend(t.Context(), "P1", team, list); err != nil || len(h.passes()) != 45 {
		t.Error("forwarded twice:", err, len(h.passes()))
	}
}

func TestWhatThePlatformAboveRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		want   errs.Kind
	}{
		"parameter": {200, `{"code":-1,"message":"[date]不能大于当天!"}`, errs.Fix},
		"sign":      {200, `{"code":"-2","message":"签名错误"}`, errs.SignIn},
		"right":     {200, `{"code":-3}`, errs.Forbidden},
		"address":   {200, `{"code":-4}`, errs.Forbidden},
		"rate":      {200, `{"code":-5}`, errs.Again},
		"its fault": {200, `{"code":9999}`, errs.Internal},
		"gateway":   {502, `<html>`, errs.Again},
		"no JSON":   {200, `<html>`, errs.Again},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			}))
			defer server.Close()
			client := (&house{clock: open(t, gate.RealName, nil).clock, url: server.URL}).client()
			if _, err := client.Submit(t.Context(), "CheckSign.Query", map[string]string{}); errs.KindOf(err) != c.want {
				t.Error(err)
			}
		})
	}
}

func TestAResultThatIsPendingIsAskedForAgain(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked < 3 {
			_, _ = w.Write([]byte(`{"code":0,"data":{"status":"0","result":""}}`))
			return
		}
		_, _ = w.Write([]byte(`{"code":0,"data":{"status":20,"result":"1300001"}}`))
	}))
	defer server.Close()
	client := (&house{clock: open(t, gate.RealName, nil).clock, url: server.URL}).client()
	tick := make(chan time.Time, 2)
	tick <- seven
	tick <- seven
	r, err := client.Wait(t.Context(), "x", tick)
	if n, ok := r.TeamNumber(); err != nil || !ok || n != 1300001 {
		t.Error(r, err)
	}
}

func TestAClientWithABadSecretSaysSo(t *testing.T) {
	h := open(t, gate.RealName, func(r *gatetest.Registered) { r.Secret = []byte("short") })
	c := h.client()
	c.Secret = "short"
	if _, err := c.Attend(t.Context(), "P1", 1, []gate.Attendance{{Document: gate.IDDocument{Number: specimen}}}); err == nil || !strings.Contains(err.Error(), "32") {
		t.Error(err)
	}
}
