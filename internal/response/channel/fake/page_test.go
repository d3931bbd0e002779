package fake_test

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

func TestThePageRunsNothingInline(t *testing.T) {
	town := newTown(t, fake.Options{})
	for _, path := range []string{"/", "/page.css", "/dom.js", "/page.js", "/phone.js", "/panel.js"} {
		resp, err := http.Get(town.server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %d %v", path, resp.StatusCode, err)
		}
		policy := resp.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
		if path == "/" {
			if !strings.Contains(string(body), "模拟运营商") || !strings.Contains(string(body), "演示数据") {
				t.Error("the page does not say what it is")
			}
			if inline := regexp.MustCompile(`(?i)<script(\s[^>]*)?>[^<]|\son\w+=|\sstyle=`).FindString(string(body)); inline != "" {
				t.Errorf("inline: %q", inline)
			}
		}
		if strings.HasSuffix(path, ".js") && strings.Contains(string(body), "innerHTML") {
			t.Errorf("%s writes HTML", path)
		}
	}
}

func TestAnsweringByHand(t *testing.T) {
	town := newTown(t, fake.Options{Crowd: fake.Bystanders()})
	act := func(do fake.HandAct) int {
		do.Box = box
		status, _ := town.control("act", do)
		return status
	}
	town.mustSend(channel.SMS, "text")
	town.push(time.Second)
	text := town.newest().ID
	for name, c := range map[string]struct {
		do     fake.HandAct
		status int
	}{
		"nothing said":     {fake.HandAct{ID: text, Do: "reply"}, 422},
		"a key for a text": {fake.HandAct{ID: text, Do: "press", Digit: "1"}, 422},
		"no such thing":    {fake.HandAct{ID: text, Do: "burn"}, 422},
		"an unknown item":  {fake.HandAct{ID: "0", Do: "reply", Text: "收到"}, 404},
		"a reply":          {fake.HandAct{ID: text, Do: "reply", Text: "收到"}, 200},
	} {
		if status := act(c.do); status != c.status {
			t.Errorf("%s: %d", name, status)
		}
	}
	if got := words(town.push(0)); !slices.Equal(got, []string{"reply 收到"}) {
		t.Errorf("%q", got)
	}
	town.mustSend(channel.Voice, "call")
	town.clock.Advance(10 * time.Second)
	call := town.newest().ID
	if status := act(fake.HandAct{ID: call, Do: "press", Digit: "1", Heard: true}); status != 200 {
		t.Error(status)
	}
	if status := act(fake.HandAct{ID: call, Do: "hang_up"}); status != 410 {
		t.Errorf("a call that is over: %d", status)
	}
	if got := words(town.push(time.Hour)); !slices.Equal(got, []string{"key 1 heard all"}) {
		t.Errorf("%q", got)
	}
}

func TestTheControlInterface(t *testing.T) {
	town := newTown(t, fake.Options{Crowd: fake.Bystanders()})
	if status, answer := town.control("conditions", map[string]any{"door": "http/sms", "conditions": map[string]any{"outage": "503"}}); status != 200 {
		t.Fatal(status, answer)
	}
	if town.send(channel.SMS, "a", phone) == nil {
		t.Error("the door is away")
	}
	town.mustSend(channel.Voice, "b") // another door is not
	for name, question := range map[string]any{
		"a share above one": map[string]any{"conditions": map[string]any{"loss": 1.5}},
		"a negative delay":  map[string]any{"conditions": map[string]any{"latency": map[string]int{"low": -1}}},
		"an unknown outage": map[string]any{"conditions": map[string]any{"outage": "flood"}},
		"a door nobody has": map[string]any{"door": "pigeon", "conditions": map[string]any{}},
	} {
		if status, answer := town.control("conditions", question); status < 400 || answer["text"] == "" {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if status, _ := town.control("person", map[string]any{"phone": phone, "person": map[string]string{"text": "sing", "call": "ignore"}}); status != 422 {
		t.Errorf("an unknown manner: %d", status)
	}
	_, state := town.control("state", nil)
	if n := len(state["doors"].([]any)); n < 6 {
		t.Errorf("%d doors", n)
	}
	_, list := town.control("boxes", map[string]any{"kind": "phone", "find": "0001", "limit": 10})
	if list["total"] != 1.0 {
		t.Errorf("%v", list)
	}
	_, counts := town.control("handovers", nil)
	if counts["b"] != 1.0 || len(counts) != 1 {
		t.Errorf("%v", counts)
	}
}

// A page of somebody else's cannot turn the carrier off.
func TestOtherSitesMayNotControl(t *testing.T) {
	town := newTown(t, fake.Options{})
	req, err := http.NewRequest(http.MethodPost, town.server.URL+"/control/conditions", strings.NewReader(`{"conditions":{"outage":"hang"}}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || town.carrier.ConditionsAt("") != (fake.Conditions{}) {
		t.Error(resp.StatusCode)
	}
}
