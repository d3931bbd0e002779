package httpapi_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

type listed struct {
	Items []struct {
		ID        uuid.UUID
		Code      string
		Name      *string
		Phone     *string
		IDNumber  *string `json:"id_number"`
		Serial    string
		Status    string
		Disclosed string
		Version   int
		Ties      []struct {
			Kind, Role string
			ID         uuid.UUID
			Unit       struct{ Name string }
			Version    int
		}
	}
	Next *string
}

func (l listed) names() string {
	var all []string
	for _, x := range l.Items {
		switch {
		case x.Name != nil:
			all = append(all, *x.Name)
		default:
			all = append(all, x.Serial)
		}
	}
	return strings.Join(all, " ")
}

func (w *world) list(login, path string) listed {
	w.Helper()
	return read[listed](w.as(login).get(path))
}

func TestListsAreSearchedAndNarrowed(t *testing.T) {
	w := newWorld(t)
	w.sql("UPDATE site SET closed_at = $1, recorded_at = $1 WHERE id = $2", valley.Evening, valley.ID(valley.Slope))
	for path, want := range map[string]string{
		"/sites":               "bridge camp home tunnel yard",
		"/sites?status=closed": "slope",
		"/sites?q=HO":          "home",
		"/sites?q=s-tun":       "tunnel",
		"/sites?kind=bridge":   "bridge",
		"/sites?region=511824": "home tunnel",
		"/sites?project=" + valley.ID("P3").String(): "yard",
		"/sites?section=" + valley.ID("A2").String(): "camp",
		"/projects":                                          "示例工程P1 示例工程P2 示例工程P3",
		"/projects?q=p2":                                     "示例工程P2",
		"/projects?region=511800":                            "示例工程P1",
		"/projects?status=stopped":                           "",
		"/sections?kind=supervision":                         "JL1合同段",
		"/sections?project=" + valley.ID("P2").String():      "B1合同段",
		"/companies?kind=parent":                             "示例集团",
		"/companies?q=施工":                                    "示例施工一 示例施工二",
		"/devices?q=gat":                                     "",
		"/devices?q=home":                                    "HOME",
		"/devices?kind=attendance":                           "PUNCH",
		"/devices?site=" + valley.ID(valley.Tunnel).String(): "PUNCH TUNNEL",
		"/devices?status=silent&region=513400":               "BRIDGE",
		"/people?kind=section_lead":                          "合同段乙示例 合同段甲示例",
		"/people?q=驻地":                                       "驻地甲示例",
		"/people?site=" + valley.ID(valley.Camp).String():    "工人示例6 工人示例7 工人示例8 工人示例9",
		"/people?q=" + valley.PhoneOfLead:                    "驻地甲示例",
		"/people?q=" + valley.IDNumber(3):                    "工人示例3",
	} {
		if got := w.list("province-leader", path).names(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	w.as("province").get("/people?kind=king").refused(422, "word_unknown")
	w.as("province").get("/sites?limit=500").must(422)
	w.as("province").get("/sites?cursor=nonsense").refused(422, "cursor")
}

// Pages of one row each, put together, are the list.
func TestPagesFollowEachOther(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/sites", "/projects", "/sections", "/companies", "/devices", "/people"} {
		whole := w.list("province-leader", path+"?limit=200")
		var pages []string
		for cursor := ""; ; {
			p := w.list("province-leader", path+"?limit=1&cursor="+url.QueryEscape(cursor))
			pages = append(pages, p.names())
			if p.Next == nil || len(pages) > len(whole.Items) {
				break
			}
			cursor = *p.Next
		}
		if got := strings.Join(pages, " "); got != whole.names() || len(whole.Items) < 3 {
			t.Errorf("%s: %q, whole %q", path, got, whole.names())
		}
	}
}

// Each list holds what the caller's places hold, and says no more about people
// than his role may see. The full looks are written down.
func TestPeopleAreShownByRole(t *testing.T) {
	w := newWorld(t)
	lead := "/people/" + valley.ID(valley.NameOfLead).String()
	type shown = struct {
		Name, Phone, Disclosed string
		IDNumber               *string `json:"id_number"`
	}
	see := func(login string) shown { return read[shown](w.as(login).get(lead)) }
	looks := func() int {
		return ask[int](w, "SELECT count(*) FROM audit WHERE act = 'see_people' AND noun = 'person'")
	}
	if got := see("yaan"); got.Name != "驻****" || got.Phone != "199****0001" || got.Disclosed != "masked" || looks() != 0 {
		t.Errorf("a duty officer on a quiet evening: %+v, %d looks", got, looks())
	}
	if got := see("section"); got.Name != valley.NameOfLead || got.Phone != valley.PhoneOfLead || got.Disclosed != "full" || looks() != 1 {
		t.Errorf("his own section: %+v, %d looks", got, looks())
	}
	w.publish("province", instruction("blue", around(valley.Home, 100)))
	if got := see("yaan"); got.Disclosed != "full" || looks() != 2 {
		t.Errorf("a duty officer during a warning: %+v, %d looks", got, looks())
	}
	w.as("hanyuan").get(lead).refused(404, "not_found")
	worker := read[shown](w.as("section").get("/people/" + valley.ID(valley.Worker(3)).String()))
	if worker.IDNumber == nil || *worker.IDNumber != "999***************" {
		t.Errorf("an ID number is shown: %+v", worker)
	}
	if got := w.list("section", "/people?limit=200"); strings.Contains(got.names(), "工人示例7") || !strings.Contains(got.names(), "工人示例3") {
		t.Errorf("a section sees %s", got.names())
	}
	if got := w.list("hanyuan", "/people").names(); !strings.Contains(got, "工****") || strings.Contains(got, "工人示例") {
		t.Errorf("a county sees %s", got)
	}
	w.as("viewer").get("/people").must(403)
}

func TestASiteIsMadeMovedAndClosed(t *testing.T) {
	w := newWorld(t)
	gcj := rawJSON(`{"type":"Point","coordinates":[102.3625,29.2270]}`)
	body := object{"section_id": valley.ID("A1"), "code": "S-new", "name": "新驻地（示例）", "kind": "residence_own", "sleeps": true, "at_risk": true,
		"risk_reason": "沟口", "datum": "gcj02", "geometry": gcj, "signal": "weak", "muster_point": "上方平台", "route": "沿便道向上", "closes_gate": true, "beds": 20}
	section := w.as("section").once("new site")
	type made = struct {
		ID       uuid.UUID
		Version  int
		Route    string
		Region   struct{ Code string }
		Geometry struct{ Coordinates [2]float64 }
		ClosedAt *time.Time `json:"closed_at"`
	}
	site := read[made](section.post("/sites", body).must(201))
	if again := read[made](section.post("/sites", body)); again.ID != site.ID || site.Version != 1 || site.Route != "沿便道向上" || site.Region.Code != string(valley.Shimian) {
		t.Fatalf("%+v, then %+v", site, again)
	}
	if x := site.Geometry.Coordinates; x[0] > 102.3615 || x[0] < 102.3590 {
		t.Errorf("stored at %v: GCJ-02 was taken as WGS 84", x)
	}
	if got := w.sitesUnder(drawn(fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[2]v]]]}`,
		site.Geometry.Coordinates[0]-0.0004, site.Geometry.Coordinates[1]-0.0002, site.Geometry.Coordinates[0]+0.0003, site.Geometry.Coordinates[1]+0.0009))); got != "新驻地（示例）" {
		t.Errorf("the matcher finds %q", got)
	}
	path := "/sites/" + site.ID.String()
	moved := read[made](w.as("section").put(path, but(body, object{"version": 1, "section_id": valley.ID("A1"), "name": "改名（示例）", "from": valley.Evening.Add(-time.Hour)})))
	if moved.Version != 2 || ask[int](w, "SELECT count(*) FROM history WHERE noun = 'site' AND noun_id = $1", site.ID) != 2 {
		t.Errorf("version %d", moved.Version)
	}
	w.as("section").put(path, but(body, object{"version": 1})).refused(409, "version")
	w.publish("province", instruction("blue", around(valley.Home, 2000)))
	w.as("section").put(path, but(body, object{"version": 2, "closed": true})).refused(409, "site_warned")
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE noun = 'site' AND noun_id = $1 AND act IN ('create_site', 'change_site')", site.ID.String()); n != 2 {
		t.Errorf("%d lines in the audit trail", n)
	}
}

func TestWhatOfASiteIsRefused(t *testing.T) {
	w := newWorld(t)
	good := object{"section_id": valley.ID("A1"), "code": "S-x", "name": "示例", "kind": "yard", "sleeps": false, "at_risk": false, "datum": "wgs84",
		"geometry": rawJSON(`{"type":"Point","coordinates":[102.36,29.23]}`), "signal": "good"}
	for name, c := range map[string]struct {
		change object
		code   string
		where  string
	}{
		"a risk without a reason":      {object{"at_risk": true}, "registry_invalid", "risk_reason"},
		"sleepers without a muster":    {object{"sleeps": true}, "registry_invalid", "muster_point"},
		"a kind that is none":          {object{"kind": "castle"}, "registry_invalid", "kind"},
		"tomorrow":                     {object{"from": valley.Evening.Add(time.Hour)}, "registry_invalid", "from"},
		"swapped axes":                 {object{"geometry": rawJSON(`{"type":"Point","coordinates":[29.23,102.36]}`)}, "site_shape", "geometry"},
		"two points":                   {object{"geometry": rawJSON(`{"type":"MultiPoint","coordinates":[[102.36,29.23],[102.37,29.23]]}`)}, "site_shape", "geometry"},
		"a bow tie":                    {object{"geometry": rawJSON(`{"type":"Polygon","coordinates":[[[102.3,29.2],[102.4,29.3],[102.4,29.2],[102.3,29.3],[102.3,29.2]]]}`)}, "site_shape", "geometry"},
		"a region that does not exist": {object{"region": "511899"}, "registry_invalid", "region"},
	} {
		if p := w.as("section").post("/sites", but(good, c.change)).refused(422, c.code); len(p.Errors) == 0 || p.Errors[0].Location != c.where || p.Errors[0].Mend == "" {
			t.Errorf("%s: %+v", name, p.Errors)
		}
	}
	w.as("section").post("/sites", but(good, object{"code": "S-home"})).refused(409, "taken")
}

func TestAPersonIsEnteredChangedAndPosted(t *testing.T) {
	w := newWorld(t)
	body := object{"name": "新来示例", "phone": "+86 199-0000-0777", "id_number": valley.IDNumber(20), "post": object{"unit_kind": "section", "unit_id": valley.ID("A1"), "role": "safety"}}
	p := read[listed](answerAsList(w.as("section").post("/people", body).must(201))).Items[0]
	if p.Phone == nil || *p.Phone != "19900000777" || len(p.Ties) != 1 || p.Ties[0].Role != "safety" {
		t.Fatalf("%+v", p)
	}
	if clear := ask[int](w, "SELECT count(*) FROM person WHERE phone_sealed LIKE '%0777%' OR id_sealed LIKE '%' || $1 || '%'", valley.IDNumber(20)); clear != 0 {
		t.Error("a number is stored in the clear")
	}
	known := w.as("section").post("/people", but(body, object{"name": "别名示例"})).refused(409, "person_known")
	if strings.Contains(fmt.Sprint(known), valley.IDNumber(20)) {
		t.Error("the refusal repeats the number")
	}
	path := "/people/" + p.ID.String()
	changed := read[listed](answerAsList(w.as("section").put(path, object{"version": 1, "name": "改名示例", "phone": ""}))).Items[0]
	if *changed.Name != "改名示例" || changed.Phone != nil || changed.IDNumber == nil || changed.Version != 2 {
		t.Errorf("%+v", changed)
	}
	w.as("section").put(path, object{"version": 1, "name": "又改示例"}).refused(409, "version")
	ended := w.as("section").put("/posts/"+p.Ties[0].ID.String(), object{"version": 1, "role": "safety", "from": valley.Evening.Add(-time.Hour), "until": valley.Evening.Add(-time.Minute)}).must(200)
	if !ended.has(`"until":"2026-07-10T13:29:00Z"`) {
		t.Errorf("%s", ended.Body)
	}
	if got := w.list("section", "/people?q=改名").names(); got != "" {
		t.Errorf("somebody without a post is still listed: %s", got)
	}
	if got := w.list("section", "/people?q=改名&status=former").names(); got != "改名示例" {
		t.Errorf("former people: %q", got)
	}
	for name, bad := range map[string]object{"an ID number": {"id_number": "999999190001010000"}, "a phone": {"phone": "12345"}, "no tie": {"post": nil}} {
		p := w.as("section").post("/people", but(but(body, object{"name": "另一示例", "id_number": valley.IDNumber(21), "phone": "19900000778"}), bad)).must(422)
		if name != "no tie" && p.has(fmt.Sprint(firstValue(bad))) {
			t.Errorf("%s: the refusal repeats it: %s", name, p.Body)
		}
	}
}

func firstValue(o object) any {
	for _, v := range o {
		return v
	}
	return nil
}

// answerAsList reads one thing by the type of a list.
func answerAsList(a answer) answer {
	a.Body = []byte(`{"items":[` + string(a.Body) + `]}`)
	return a
}

func TestADeviceIsRegisteredAndItsKeyShownOnce(t *testing.T) {
	w := newWorld(t)
	type keyed = struct {
		Device struct {
			ID      uuid.UUID
			Version int
			Status  string
		}
		Key *string
	}
	body := object{"serial": "NEW-1", "site_id": valley.ID(valley.Home), "purpose": "presence", "direction": "both"}
	section := w.as("section").once("a device")
	first, again := read[keyed](section.post("/devices", body).must(201)), read[keyed](section.post("/devices", body))
	if first.Key == nil || again.Key != nil || first.Device.ID != again.Device.ID {
		t.Fatalf("%+v, then %+v", first, again)
	}
	if n := ask[int](w, "SELECT count(*) FROM idempotency WHERE answer::text LIKE '%device\\_%'"); n != 0 {
		t.Error("the key is kept with the answer")
	}
	passes := object{"passes": []any{entry("1", valley.Evening, 0, "in")}}
	w.with(*first.Key).post("/passes", passes).must(200)
	path := "/devices/" + first.Device.ID.String()
	second := read[keyed](w.as("section").post(path+"/key", object{"version": first.Device.Version}))
	w.with(*first.Key).post("/passes", passes).must(401)
	w.with(*second.Key).post("/passes", passes).must(200)
	w.as("section").put(path, but(object{"version": second.Device.Version, "disabled": true}, object{"site_id": valley.ID(valley.Home), "purpose": "presence", "direction": "both"})).must(200)
	w.with(*second.Key).post("/passes", passes).must(401)
	w.as("section").post("/devices", but(body, object{"serial": "HOME"})).refused(409, "taken")
	w.as("section").post("/devices", but(body, object{"serial": "NEW-2", "site_id": valley.ID(valley.Camp)})).refused(404, "not_found")
}

// A pass moves the curve at its own time, and a warning stands in its window.
func TestTheCurveOfASite(t *testing.T) {
	w := newWorld(t)
	at := valley.Evening
	w.with(valley.DeviceKey(valley.HomeGate)).post("/passes", object{"passes": []any{
		entry("1", at.Add(-20*time.Hour), 0, "in"), entry("2", at.Add(-2*time.Hour), 0, "out"),
		entry("3", at.Add(-3*time.Hour), 1, "in"), entry("4", at.Add(-90*time.Minute), 2, "unknown"),
	}}).must(200)
	w.publish("province", instruction("blue", around(valley.Home, 100)))
	type point = struct {
		At                time.Time
		Certain, Possible int
	}
	c := read[struct {
		Points   []point
		Warnings []struct{ Measure string }
	}](w.as("site").get("/sites/" + valley.ID(valley.Home).String() + "/curve"))
	if len(c.Points) != 289 || len(c.Warnings) != 1 {
		t.Fatalf("%d points, %d warnings", len(c.Points), len(c.Warnings))
	}
	for _, p := range c.Points {
		h := read[point](w.as("site").get("/sites/" + valley.ID(valley.Home).String() + "/headcount?at=" + url.QueryEscape(p.At.Format(time.RFC3339))))
		if h.Certain != p.Certain || h.Possible != p.Possible {
			t.Fatalf("at %v the curve says %d and %d, the headcount %d and %d", p.At, p.Certain, p.Possible, h.Certain, h.Possible)
		}
	}
	if last := c.Points[288]; last.Certain != 1 || last.Possible != 1 {
		t.Errorf("now: %+v", last)
	}
	w.as("site").get("/sites/"+valley.ID(valley.Home).String()+"/curve?from=2026-01-01T00:00:00Z").refused(422, "curve_window")
}
