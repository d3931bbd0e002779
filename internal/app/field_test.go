package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"muster/internal/demo"
)

// A site lead in the rain: he signs in by a code that the carrier brings, the
// alert fills his phone, he takes it up with one press; then the network is gone,
// he reports that all are out, closes the page and opens it again; when the
// network is back, the report arrives, once. The duty leader sees all of it on the
// board, which she never loads again, and lifts the warning; the phone says that
// nobody may go back yet.
func TestFieldStory(t *testing.T) {
	var carrier string
	p := startProduct(t, func(s *service) {
		var err error
		carrier, err = s.withCarrier(t.Context(), "http://127.0.0.1:9") // nothing listens there: no receipts
		must(t, err)
	})
	room := newDutyRoom(t, p, "leader")
	lead := p.user(t, "site")
	phone := openBrowser(t)
	phone.isPhone(360, 740)
	phone.signsInByPhone(p, carrier, p.phoneOf(t, lead))
	phone.reads("现在没有预警")
	phone.sees("the line stands", byTest("net")+`[data-phase="live"]`)
	phone.picture("field-calm")
	phone.usable("field-calm")

	warning := room.warns(p.siteOf(t, lead))
	board := phone.another()
	board.signIn(p, "leader")
	board.watches(p, warning)
	thread := phone.takesUp()
	board.rowIs(thread, "moving")
	if state := room.stateOf(thread); state != "moving" {
		t.Errorf("the duty room sees %s", state)
	}
	phone.marksOneOf(thread)

	phone.network(false)
	listed := phone.findsTheOthers(thread)
	phone.reportsAllOut(listed) // one is marked already, the report comes on top
	if state := room.stateOf(thread); state != "moving" {
		t.Errorf("without a network the duty room sees %s", state)
	}
	phone.opensAgain(p)
	phone.network(true)
	until[bool](phone, "nothing waits any more", `document.querySelector('[data-testid="net"]').dataset.waiting === '0'`)
	phone.picture("field-arrived")
	until[bool](phone, "all of it was taken", `!document.querySelector('[data-testid="arrived"][data-truth="refused"]')`)
	board.rowIs(thread, "reported")
	board.picture("board-reported")
	board.usable("board")
	if n := room.reports(thread); n != 1 || room.stateOf(thread) != "reported" {
		t.Errorf("%d reports arrived, the site is %s", n, room.stateOf(thread))
	}
	if safe := room.safe(thread); safe != listed {
		t.Errorf("%d of %d are accounted for", safe, listed)
	}

	board.do("open the warning", chromedp.Navigate(p.url+"/warnings/"+warning))
	board.lifts("雨停，会商同意解除")
	phone.goes("thread/" + thread)
	phone.reads("准予返回前谁也不能回去")
	phone.picture("field-lifted")
	board.silent()
}

// watches opens the board of a warning.
func (d *desk) watches(p product, warning string) {
	d.t.Helper()
	d.do("open the board", chromedp.Navigate(p.url+"/warnings/"+warning+"/board"))
	d.sees("its sites", byTest("board-row"))
}

// rowIs waits until the board says so, by itself.
func (d *desk) rowIs(thread, state string) {
	d.t.Helper()
	d.sees("the site is "+state+" on the board", byTest("board-row")+`[data-id="`+thread+`"][data-state="`+state+`"]`)
}

func (p product) user(t *testing.T, login string) demo.User {
	t.Helper()
	for _, u := range p.data.Users {
		if u.Login == login {
			return u
		}
	}
	t.Fatalf("no user %s", login)
	return demo.User{}
}

func (p product) phoneOf(t *testing.T, u demo.User) string {
	t.Helper()
	for _, person := range p.data.People {
		if person.ID == u.PersonID && person.Phone != "" {
			return person.Phone
		}
	}
	t.Fatal("the lead has no phone")
	return ""
}

// siteOf is the middle of a user's site.
func (p product) siteOf(t *testing.T, u demo.User) (lon, lat float64) {
	t.Helper()
	for _, s := range p.data.Sites {
		if s.ID == u.SiteID {
			middle := s.Geometry.Bound().Center()
			return middle.Lon(), middle.Lat()
		}
	}
	t.Fatal("the lead has no site")
	return 0, 0
}

func (d *desk) isPhone(width, height int64) {
	d.t.Helper()
	d.do("be a phone", chromedp.EmulateViewport(width, height, chromedp.EmulateMobile))
}

func (d *desk) signsInByPhone(p product, carrier, number string) {
	d.t.Helper()
	d.do("open the field page", chromedp.Navigate(p.url+"/f"))
	d.types(byTest("phone"), number)
	d.picture("field-signin")
	d.usable("field-signin")
	d.entersCode(carrier, number)
}

// provesPhone asks for a code and types what comes to the phone.
func (d *desk) provesPhone(carrier, number string) {
	d.t.Helper()
	d.types(byTest("phone"), number)
	d.entersCode(carrier, number)
}

func (d *desk) entersCode(carrier, number string) {
	d.t.Helper()
	d.click(byTest("ask-code"))
	d.sees("where the code goes", byTest("code"))
	d.types(byTest("code"), codeOn(d.t, carrier, number))
	d.click(byTest("enter"))
	d.sees("signed in", `[data-signed-in="site"]`)
}

var sixDigits = regexp.MustCompile(`\d{6}`)

// codeOn reads the code from the screen of a phone, on the carrier's control
// interface, as soon as it is there.
func codeOn(t *testing.T, carrier, number string) string {
	t.Helper()
	ask := fmt.Sprintf(`{"kind":"phone","address":%q}`, number)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for gone := time.After(patience); ; {
		if found := sixDigits.FindString(screenText(t, carrier, ask)); found != "" {
			return found
		}
		select {
		case <-gone:
			t.Fatal("no code came to the phone")
		case <-tick.C:
		}
	}
}

func screenText(t *testing.T, carrier, ask string) string {
	t.Helper()
	answer, err := http.Post(carrier+"/control/box", "application/json", strings.NewReader(ask))
	must(t, err)
	defer answer.Body.Close()
	var screen struct {
		Items []struct{ Template, Text string }
	}
	must(t, json.NewDecoder(answer.Body).Decode(&screen))
	for _, it := range screen.Items {
		if it.Template == "L1" {
			return it.Text
		}
	}
	return ""
}

// takesUp waits for the alert and presses its one button. It gives the thread.
func (d *desk) takesUp() string {
	d.t.Helper()
	d.sees("the alert", byTest("alert"))
	d.reads("立即撤离")
	thread := until[string](d, "the alert is about a thread", `document.querySelector('[data-testid="alert"]')?.dataset.response`)
	d.picture("field-alert")
	d.usable("field-alert")
	d.isPhone(390, 844)
	d.picture("field-alert-390")
	d.isPhone(360, 740)
	d.click(byTest("one"))
	until[bool](d, "the duty room has heard both acts", `document.querySelectorAll('[data-testid="done"][data-truth="reached"]').length === 2
		&& document.querySelector('[data-testid="state"]')?.dataset.state === 'moving' && document.querySelector('[data-testid="state"]').dataset.ahead === 'false'`)
	d.picture("field-moving")
	d.usable("field-moving")
	return thread
}

// notFound are the rows of the roll call of people nobody has found. Who was found
// stays in his place, so that a second tap does not fall on the next one.
const notFound = `document.querySelectorAll('[data-testid="person"]:not([data-state="safe"])')`

// marksOneOf opens the roll call and says of one person that he is there.
func (d *desk) marksOneOf(thread string) {
	d.t.Helper()
	d.click(byTest("to-muster"))
	d.sees("somebody is expected", byTest("person"))
	d.picture("field-muster")
	d.usable("field-muster")
	open := until[int](d, "the list", notFound+".length")
	d.click(byTest("found"))
	until[bool](d, "one fewer is missed", fmt.Sprintf(notFound+`.length === %d
		&& document.querySelector('[data-testid="net"]').dataset.waiting === '0'`, open-1))
	d.goes("thread/" + thread)
	d.sees("the site", byTest("step"))
}

// findsTheOthers marks all that are left, one by one. It gives how many are listed.
func (d *desk) findsTheOthers(thread string) int {
	d.t.Helper()
	d.goes("muster/" + thread)
	listed := until[int](d, "the list, from the phone's own store", `Number(document.querySelector('[data-testid="muster"]').dataset.listed)`)
	for left := listed - 1; left > 0; left-- {
		d.do("move on in the list", chromedp.Evaluate[chromedp.Void](`void (`+notFound+`[0].scrollIntoView({ block: 'center' }))`))
		d.click(byTest("person") + `:not([data-state="safe"]) ` + byTest("found"))
		until[bool](d, "one fewer is missed", fmt.Sprintf(notFound+".length === %d", left-1))
	}
	d.picture("field-muster-done")
	d.goes("thread/" + thread)
	return listed
}

func (d *desk) goes(where string) {
	d.t.Helper()
	d.do("go to "+where, chromedp.Evaluate[chromedp.Void](`void (location.hash = '#/`+where+`')`))
}

func (d *desk) reportsAllOut(waiting int) {
	d.t.Helper()
	d.click(byTest("step"))
	until[bool](d, "everybody is counted", `document.querySelector('[data-testid="evidence"][value="roll_call"]')?.checked`)
	d.click(byTest("evidence") + `[value="gate_burst"]`)
	d.picture("field-report")
	d.usable("field-report")
	d.click(byTest("send-report"))
	d.sees("it is kept, and said to be kept", byTest("net")+fmt.Sprintf(`[data-waiting="%d"]`, waiting))
	d.sees("what the duty room does not see is marked", byTest("state")+`[data-state="reported"][data-ahead="true"]`)
	d.goes("outbox")
	d.sees("it waits", byTest("waiting"))
	d.picture("field-offline")
	d.usable("field-offline")
}

// opensAgain closes the page and opens it without a network: the service worker
// has the page, the phone has what was done.
func (d *desk) opensAgain(p product) {
	d.t.Helper()
	d.do("open the page again", chromedp.Navigate(p.url+"/f#/outbox"), chromedp.Reload())
	d.sees("what was done is still there", byTest("waiting"))
	d.sees("and that there is no network", byTest("net")+`.off`)
}

func (d *desk) network(there bool) {
	d.t.Helper()
	offline := !there
	_, err := chromedp.Call(d.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{EmulateOfflineServiceWorker: &offline,
		MatchedNetworkConditions: []*network.Conditions{{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1}}})
	must(d.t, err)
	_, err = chromedp.Call(d.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1})
	must(d.t, err)
}

// dutyRoom is an officer who works by the API.
type dutyRoom struct {
	t      *testing.T
	url    string
	client *http.Client
}

func newDutyRoom(t *testing.T, p product, login string) dutyRoom {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	r := dutyRoom{t, p.url + "/api/v1", &http.Client{Jar: jar}}
	r.ask(http.MethodPost, "/session", map[string]any{"login": login, "password": demoPassword}, nil)
	return r
}

func (r dutyRoom) ask(method, path string, body, into any) {
	r.t.Helper()
	sent, err := json.Marshal(body)
	must(r.t, err)
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, bytes.NewReader(sent))
	must(r.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", uuid.NewString())
	response, err := r.client.Do(request)
	must(r.t, err)
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	must(r.t, err)
	if response.StatusCode >= 300 {
		r.t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, got)
	}
	if into != nil {
		must(r.t, json.Unmarshal(got, into))
	}
}

// warns publishes red over a small circle and gives the warning.
func (r dutyRoom) warns(lon, lat float64) string {
	r.t.Helper()
	var draft struct {
		ID      string
		Version int
	}
	r.ask(http.MethodPost, "/warnings", map[string]any{"hazard": "flash_flood", "level": "red", "title": "山洪红色预警（示例）", "basis": "会商意见（示例）",
		"expires": time.Now().Add(6 * time.Hour), "areas": []any{map[string]any{"circle": map[string]any{"lon": lon, "lat": lat, "radius_m": 50}}}}, &draft)
	r.ask(http.MethodPost, "/warnings/"+draft.ID+"/publish", map[string]any{"version": draft.Version}, nil)
	return draft.ID
}

type fieldThread struct {
	State  string
	Events []struct{ Event string }
}

func (r dutyRoom) stateOf(thread string) string {
	r.t.Helper()
	var v fieldThread
	r.ask(http.MethodGet, "/responses/"+thread, nil, &v)
	return v.State
}

func (r dutyRoom) reports(thread string) int {
	r.t.Helper()
	var v fieldThread
	r.ask(http.MethodGet, "/responses/"+thread, nil, &v)
	n := 0
	for _, e := range v.Events {
		if e.Event == "reported" {
			n++
		}
	}
	return n
}

func (r dutyRoom) safe(thread string) int {
	r.t.Helper()
	var v struct{ Safe int }
	r.ask(http.MethodGet, "/responses/"+thread+"/muster", nil, &v)
	return v.Safe
}
