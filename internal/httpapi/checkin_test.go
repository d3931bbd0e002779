package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

type pointBody struct {
	ID         uuid.UUID
	Path       string
	ScreenPath *string `json:"screen_path"`
}

// point sets up a place where codes are scanned.
func (w *world) point(site, kind, purpose, direction string) pointBody {
	w.Helper()
	return read[pointBody](w.as("section").post("/sites/"+valley.ID(site).String()+"/checkin-points",
		object{"title": "大门", "kind": kind, "purpose": purpose, "direction": direction}))
}

// point is a printed code at a site.
func (s *scenery) point(site string) uuid.UUID {
	s.w.Helper()
	device, id := uuid.New(), uuid.New()
	s.w.sql("INSERT INTO device (id, serial, site_id, purpose, direction, key_hash, recorded_at) VALUES ($1, $4, $2, 'presence', 'both', $5, $3)",
		device, valley.ID(site), valley.Evening, device.String(), device[:])
	s.w.sql(`INSERT INTO checkin_point (id, site_id, device_id, code, title, kind, purpose, direction, radius_m, secret_sealed, recorded_at)
		VALUES ($1, $2, $3, $4, '大门', 'printed', 'entry', 'both', 200, '', $5)`, id, valley.ID(site), device, id.String()[:10], valley.Evening)
	return id
}

// code is what the screen shows now.
func (w *world) code(p pointBody) string {
	w.Helper()
	sealed := ask[string](w, "SELECT secret_sealed FROM checkin_point WHERE id = $1", p.ID)
	secret, err := valley.Sealer.Open("checkin_point", "secret", p.ID.String(), sealed)
	if err != nil {
		w.Fatal(err)
	}
	return roster.CheckinCode([]byte(secret), roster.CheckinStepOf(w.clock.Now()))
}

// handset is a worker's phone with its cookies.
type handset struct {
	w      *world
	client *http.Client
}

func (w *world) handset() handset {
	w.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	return handset{w, &http.Client{Jar: jar}}
}

// theirs is a phone that a worker has confirmed as his.
func (w *world) theirs(worker int, p pointBody) handset {
	w.Helper()
	ph := w.handset()
	ph.confirms(worker, p)
	return ph
}

// confirms says who he is and reads the code that comes to his number.
func (p handset) confirms(worker int, at pointBody) {
	p.w.Helper()
	number := p.w.numberOf(worker)
	p.says(worker, at)
	p.w.clock.Advance(time.Second)
	p.do("POST", at.Path+"/code", object{}).must(200)
	got := <-p.w.codes
	if got.phone != number {
		p.w.Fatalf("the code went to %s", got.phone)
	}
	if s := p.do("POST", at.Path+"/prove", object{"code": " " + got.code[:3] + " " + got.code[3:]}); !s.has(`"proven":true`) || s.has(number) {
		p.w.Fatalf("%s", s.Body)
	}
}

// says is only the first half of it.
func (p handset) says(worker int, at pointBody) answer {
	p.w.Helper()
	number := valley.IDNumber(worker)
	return p.do("POST", at.Path+"/confirm", object{"name": " 工人示例" + string(rune('0'+worker)), "digits": number[len(number)-4:]}).must(200)
}

// numberOf registers a worker's phone number.
func (w *world) numberOf(worker int) string {
	w.Helper()
	id, number := valley.ID(valley.Worker(worker)), "1990001000"+string(rune('0'+worker))
	w.sql("UPDATE person SET phone_sealed = $2, phone_hash = $3 WHERE id = $1", id,
		valley.Sealer.Seal("person", "phone", id.String(), number), valley.Sealer.Hash(account.PhonePurpose, number))
	return number
}

func (p handset) do(method, path string, body any) answer {
	p.w.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		p.w.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.w.Context(), method, p.w.http.URL+path, bytes.NewReader(encoded))
	if err != nil {
		p.w.Fatal(err)
	}
	res, err := p.client.Do(req)
	if err != nil {
		p.w.Fatal(err)
	}
	defer res.Body.Close()
	a := answer{w: p.w, what: method + " " + path, Status: res.StatusCode, Header: res.Header}
	if a.Body, err = io.ReadAll(res.Body); err != nil {
		p.w.Fatal(err)
	}
	return a
}

type scanned struct {
	Counted  bool
	Outcome  string
	Words    string
	Fence    string
	People   int
	Mustered bool
	Flags    []struct{ Code string }
	Warnings []struct{ Sentence string }
}

func (s scanned) flags() string {
	list := make([]string, len(s.Flags))
	for i, f := range s.Flags {
		list[i] = f.Code
	}
	return strings.Join(list, " ")
}

// scan is a scan at the home's gate, now, on the spot.
func (w *world) scan(p pointBody, changes object) object {
	w.Helper()
	at := valley.Positions[valley.Home]
	s := object{"id": uuid.New(), "t": w.code(p), "direction": "in", "said": w.clock.Now(), "now": w.clock.Now(),
		"place": object{"lon": at[0], "lat": at[1], "accuracy": 12, "datum": "wgs84"}}
	return but(s, changes)
}

func (p handset) scans(at pointBody, body object) scanned {
	p.w.Helper()
	return read[scanned](p.do("POST", at.Path+"/scans", body))
}

func (w *world) present(site string) int {
	return ask[int](w, "SELECT count(*) FROM presence WHERE inside AND site_id = $1", valley.ID(site))
}

// Somebody confirms his name once, scans in and out, and his phone sends things
// twice.
func TestAWorkerScansInAndOut(t *testing.T) {
	w := newWorld(t)
	gate := w.point(valley.Home, "screen", "entry", "both")
	p := w.handset()
	if s := p.do("GET", gate.Path+"/state", nil); !s.has(`"me":null`) || !s.has(`"site":"home"`) {
		t.Errorf("%s", s.Body)
	}
	p.do("POST", gate.Path+"/scans", w.scan(gate, nil)).refused(401, "unconfirmed")
	p.confirms(3, gate)
	if s := p.do("GET", gate.Path+"/state", nil); !s.has(`"me":"工****"`) || s.has("工人示例3") {
		t.Errorf("%s", s.Body)
	}
	in := w.scan(gate, nil)
	for range 2 {
		if got := p.scans(gate, in); !got.Counted || got.Fence != "inside" || got.flags() != "" {
			t.Fatalf("%+v", got)
		}
	}
	if got := p.scans(gate, w.scan(gate, object{"direction": "out"})); got.Counted || got.Outcome != "used" {
		t.Errorf("one code used twice: %+v", got)
	}
	if w.present(valley.Home) != 1 || ask[int](w, "SELECT count(*) FROM pass") != 1 {
		t.Errorf("%d inside", w.present(valley.Home))
	}
	w.clock.Advance(time.Minute)
	if got := p.scans(gate, w.scan(gate, object{"direction": "out"})); !got.Counted {
		t.Errorf("%+v", got)
	}
	if w.present(valley.Home) != 0 {
		t.Error("he is inside still")
	}
	if kept := ask[string](w, "SELECT string_agg(to_jsonb(s)::text, ' ') FROM checkin_scan s"); strings.Contains(kept, "102.3") || strings.Contains(kept, "29.2") {
		t.Error("where he was is kept:", kept)
	}
	if log := w.log.String(); strings.Contains(log, "工人示例") || strings.Contains(log, "?t=") {
		t.Error("the log names him, or holds a code")
	}
}

// A day without signal: scanned at eight, sent at eleven by a phone whose clock is
// an hour behind; a code that was photographed counts for its own half minute only.
func TestAQueueIsOfItsOwnTime(t *testing.T) {
	w := newWorld(t)
	gate := w.point(valley.Home, "screen", "entry", "in")
	p := w.theirs(1, gate)
	scan := w.scan(gate, object{"said": w.clock.Now().Add(-time.Hour)})
	began := w.clock.Now()
	w.clock.Advance(3 * time.Hour)
	if got := p.scans(gate, but(scan, object{"now": w.clock.Now()})); got.Counted {
		t.Errorf("the phone says that it is right, and the code is not that of its time: %+v", got)
	}
	got := p.scans(gate, but(scan, object{"id": uuid.New(), "now": w.clock.Now().Add(-time.Hour)}))
	if !got.Counted || got.flags() != "late clock" {
		t.Errorf("%+v", got)
	}
	if at := ask[time.Time](w, "SELECT device_time FROM pass"); !at.Equal(began) {
		t.Errorf("the pass is of %s, he scanned at %s", at, began)
	}
}

// WeChat's datum moves a phone by 350 metres: it is converted where it is said, and
// nobody is sent away where it is not.
func TestTheDatumOfAPhone(t *testing.T) {
	w := newWorld(t)
	gate := w.point(valley.Home, "screen", "entry", "in")
	at := valley.Positions[valley.Home]
	shifted := geo.LonLat{Lon: at[0], Lat: at[1]}.GCJ02()
	for n, c := range []struct {
		datum string
		fence string
		how   string
	}{{"gcj02", "inside", "counted"}, {"unknown", "inside", "counted"}, {"wgs84", "outside", "far_away"}, {"mars", "unknown", "counted"}} {
		p := w.theirs(n, gate)
		got := p.scans(gate, w.scan(gate, object{"place": object{"lon": shifted.Lon, "lat": shifted.Lat, "accuracy": 10, "datum": c.datum}}))
		if got.Fence != c.fence || got.Outcome != c.how {
			t.Errorf("%s: %+v", c.datum, got)
		}
	}
}

// A printed code is weak: it counts and says so. One phone in many hands is
// flagged, then turned away; never while people are being moved.
func TestOnePhoneInManyHands(t *testing.T) {
	w := newWorld(t)
	wall := w.point(valley.Home, "printed", "entry", "in")
	p := w.handset()
	for n, want := range []string{"counted static", "counted static shared_phone", "counted static shared_phone", "too_many static shared_phone"} {
		p.confirms(n, wall)
		w.clock.Advance(time.Minute)
		if got := p.scans(wall, w.scan(wall, object{"t": ""})); got.Outcome+" "+got.flags() != want {
			t.Errorf("person %d: %s %s, want %s", n, got.Outcome, got.flags(), want)
		}
	}
	w.evacuates(valley.Home)
	p.confirms(4, wall)
	w.clock.Advance(time.Minute)
	if got := p.scans(wall, w.scan(wall, object{"t": ""})); !got.Counted || got.flags() != "static shared_phone" {
		t.Errorf("%+v", got)
	}
	list := read[struct {
		Items []struct {
			Outcome string
			Name    *string
		}
	}](w.as("section").get("/sites/" + valley.ID(valley.Home).String() + "/checkins?flagged=true"))
	if len(list.Items) != 4 || list.Items[0].Name == nil {
		t.Errorf("%+v", list)
	}
}

// At the muster point a scan is evidence that somebody is out.
func TestTheMusterPoint(t *testing.T) {
	w := newWorld(t)
	point := w.point(valley.Home, "screen", "muster", "both")
	p := w.theirs(2, point)
	w.gate(valley.HomeGate, entry("1", w.clock.Now().Add(-time.Hour), 2, "in"))
	if got := p.scans(point, w.scan(point, nil)); got.Counted || got.Outcome != "noted" || w.present(valley.Home) != 1 {
		t.Errorf("nobody musters: %+v", got)
	}
	thread := w.evacuates(valley.Home)
	w.clock.Advance(10 * time.Minute)
	scan := w.scan(point, object{"place": nil})
	for range 2 {
		if got := p.scans(point, scan); !got.Counted || !got.Mustered || got.flags() != "unplaced" {
			t.Errorf("%+v", got)
		}
	}
	if got := read[rollCall](w.as("section").get(thread + "/muster")); got.Safe != 1 || got.Unaccounted != 5 || w.present(valley.Home) != 0 {
		t.Errorf("%+v, %d inside", got, w.present(valley.Home))
	}
	if n := ask[int](w, "SELECT count(*) FROM muster_mark WHERE evidence = 'muster_scan'"); n != 1 {
		t.Errorf("%d marks", n)
	}
}

// A foreman checks in those of his team who have no phone, and nobody else.
func TestAForemanScansForHisTeam(t *testing.T) {
	w := newWorld(t)
	gate := w.point(valley.Home, "screen", "entry", "both")
	team := ask[uuid.UUID](w, "INSERT INTO team (id, name, project_code, recorded_at) VALUES (gen_random_uuid(), '钢筋班', 'P', $1) RETURNING id", valley.Evening)
	for n := range 4 {
		w.sql("INSERT INTO team_member (id, team_id, person_id, leader, valid_from, recorded_at) VALUES (gen_random_uuid(), $1, $2, $3, $4, $4)",
			team, valley.ID(valley.Worker(n)), n == 0, valley.Evening.AddDate(0, 0, -1))
	}
	foreman, worker := w.theirs(0, gate), w.theirs(1, gate)
	if got := read[struct{ People []object }](foreman.do("GET", gate.Path+"/team", nil)); len(got.People) != 3 {
		t.Errorf("%+v", got)
	}
	if got := read[struct{ People []object }](worker.do("GET", gate.Path+"/team", nil)); len(got.People) != 0 {
		t.Errorf("%+v", got)
	}
	batch := w.scan(gate, object{"people": []uuid.UUID{valley.ID(valley.Worker(1)), valley.ID(valley.Worker(2))}})
	worker.do("POST", gate.Path+"/scans", batch).refused(403, "not_your_team")
	foreman.do("POST", gate.Path+"/scans", but(batch, object{"people": []uuid.UUID{valley.ID(valley.Worker(7))}})).refused(403, "not_your_team")
	for range 2 {
		if got := foreman.scans(gate, batch); !got.Counted || got.People != 2 || got.flags() != "proxy" {
			t.Errorf("%+v", got)
		}
	}
	if w.present(valley.Home) != 2 || ask[int](w, "SELECT count(*) FROM checkin_scan WHERE by_person IS NOT NULL") != 2 {
		t.Errorf("%d inside", w.present(valley.Home))
	}
}

// Guessing the last four digits of a name ends after five attempts.
func TestNamesCannotBeGuessed(t *testing.T) {
	w := newWorld(t)
	gate := w.point(valley.Home, "screen", "entry", "in")
	p := w.handset()
	for range 5 {
		p.do("POST", gate.Path+"/confirm", object{"name": "工人示例1", "digits": "0000"}).refused(422, "not_known")
	}
	number := valley.IDNumber(1)
	p.do("POST", gate.Path+"/confirm", object{"name": "工人示例1", "digits": number[len(number)-4:]}).refused(429, "too_many_tries")
	w.clock.Advance(11 * time.Minute)
	p.confirms(1, gate)
	if held := ask[string](w, "SELECT string_agg(to_jsonb(c)::text, ' ') FROM checkin_try c"); strings.Contains(held, "工人") {
		t.Error("names are kept")
	}
}

// A cookie that was changed, or is another's, is nobody's.
func TestAForgedCookieIsNobodys(t *testing.T) {
	w := newWorld(t)
	gate := w.point(valley.Home, "screen", "entry", "in")
	p := w.theirs(1, gate)
	u, err := url.Parse(w.http.URL + "/c/")
	if err != nil {
		t.Fatal(err)
	}
	cookies := p.client.Jar.Cookies(u)
	if len(cookies) != 1 {
		t.Fatalf("%v", cookies)
	}
	forged := *cookies[0]
	forged.Path, forged.Value = "/c/", strings.Replace(forged.Value, ".", ".A", 1)
	p.client.Jar.SetCookies(u, []*http.Cookie{&forged})
	p.do("POST", gate.Path+"/scans", w.scan(gate, nil)).refused(401, "unconfirmed")
}

// The screen has codes for ten minutes and shows how many are in.
func TestTheScreen(t *testing.T) {
	w := newWorld(t)
	gate := w.point(valley.Home, "screen", "entry", "in")
	if gate.ScreenPath == nil {
		t.Fatal("no address for the screen")
	}
	screen := w.handset()
	got := read[struct {
		Codes []struct {
			From, Until time.Time
			Size        int
			Path        string
		}
		Certain int
	}](screen.do("GET", *gate.ScreenPath+"/codes", nil))
	if len(got.Codes) != 21 || got.Codes[0].From.After(w.clock.Now()) || !got.Codes[0].Until.After(w.clock.Now()) || got.Codes[0].Path == got.Codes[1].Path {
		t.Fatalf("%d codes: %+v", len(got.Codes), got.Codes[:1])
	}
	screen.do("GET", "/checkin/screen/guess/codes", nil).refused(404, "not_found")
	w.as("section").delete("/checkin-points/" + gate.ID.String()).must(204)
	screen.do("GET", *gate.ScreenPath+"/codes", nil).refused(404, "not_found")
}

// utf16Of is a text as a PDF has it.
func utf16Of(text string) (b []byte) {
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

func TestThePoster(t *testing.T) {
	w := newWorld(t)
	wall, screen := w.point(valley.Home, "printed", "muster", "both"), w.point(valley.Home, "screen", "entry", "in")
	a := w.as("section").get("/checkin-points/" + wall.ID.String() + "/poster").must(200)
	if !a.has(fmt.Sprintf("<%X>", utf16Of("集合点，到达请扫码"))) || !a.has(fmt.Sprintf("%X>", wall.Path)) || a.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("%s", a.Body)
	}
	w.as("section").get("/checkin-points/"+screen.ID.String()+"/poster").refused(422, "not_printed")
}

// A phone of which only name and digits say whose it is: what it scans is taken and
// flagged, and nobody is for certain in or out by it. A code that signs in does not
// prove it.
func TestAPhoneThatNobodyHasProven(t *testing.T) {
	w := newWorld(t)
	gate, muster := w.point(valley.Home, "screen", "entry", "both"), w.point(valley.Home, "screen", "muster", "both")
	p := w.handset()
	p.do("POST", gate.Path+"/code", object{}).refused(401, "unconfirmed")
	if s := p.says(3, gate); !s.has(`"proven":false`) || !s.has(`"phone_tail":null`) {
		t.Errorf("%s", s.Body)
	}
	p.do("POST", gate.Path+"/code", object{}).refused(422, "no_number")
	number := w.numberOf(3)
	if s := p.do("GET", gate.Path+"/state", nil); !s.has(`"phone_tail":"03"`) || s.has(number) {
		t.Errorf("%s", s.Body)
	}
	if got := p.scans(gate, w.scan(gate, nil)); !got.Counted || got.flags() != "unproven" {
		t.Errorf("%+v", got)
	}
	if n := ask[int](w, "SELECT count(*) FROM presence WHERE inside AND fresh_until <= device_time"); n != 1 {
		t.Error("he is there for certain")
	}
	w.clock.Advance(time.Minute)
	if got := p.scans(gate, w.scan(gate, object{"direction": "out"})); !got.Counted || w.present(valley.Home) != 1 {
		t.Errorf("somebody took him out: %+v", got)
	}

	p.do("POST", gate.Path+"/code", object{}).must(200)
	p.do("POST", gate.Path+"/code", object{}).refused(429, "codes_limit")
	first := <-w.codes
	p.do("POST", gate.Path+"/prove", object{"code": "000000x"}).refused(422, "wrong_code")
	w.as("section").post("/session/code/verify", object{"phone": number, "code": first.code}).refused(401, "wrong_code")

	w.evacuates(valley.Home)
	w.clock.Advance(time.Minute)
	if got := p.scans(muster, w.scan(muster, nil)); !got.Counted || !got.Mustered || got.flags() != "unproven" || w.present(valley.Home) != 0 {
		t.Errorf("%+v, %d inside", got, w.present(valley.Home))
	}
	if words := ask[string](w, "SELECT words FROM muster_mark"); words != "手机未验证" {
		t.Errorf("the mark says %q", words)
	}
	p.do("POST", gate.Path+"/prove", object{"code": first.code}).must(200)
	w.clock.Advance(time.Minute)
	if got := p.scans(gate, w.scan(gate, nil)); got.flags() != "" {
		t.Errorf("proven: %+v", got)
	}
	p.do("POST", gate.Path+"/forget", object{}).must(200)
	w.clock.Advance(time.Second)
	if s := p.says(3, gate); !s.has(`"proven":false`) {
		t.Error("proven for whoever comes next")
	}
	if log := w.log.String(); strings.Contains(log, number) || strings.Contains(log, first.code) {
		t.Error("the log has his number or the code")
	}
}
