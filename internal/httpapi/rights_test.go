package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
)

// example is a request to a route, once to something inside the caller's place
// and once to something outside of it. The paths of the route's parameters are
// filled in by the places below.
type example struct {
	method, path string
	body         func(w *world) any
	place        string // what {id} names: site, warning, draft, document; empty: nothing that lies anywhere
	office       bool   // acts in the name of an authority: a role without one is refused
	done         int    // the status when it is allowed
	outside      int    // the status outside of the place; 404 when zero
}

func none(*world) any { return nil }

func lines(*world) any { return []byte("单位名称,单位类型\n") }

// examples is one request for every route that takes a session. A route that is
// not here fails the test.
var examples = []example{
	{"GET", "/map", none, "", false, 200, 0},
	{"GET", "/sites", none, "", false, 200, 0},
	{"GET", "/sites/{id}", none, "site", false, 200, 0},
	{"GET", "/sites/{id}/headcount", none, "site", false, 200, 0},
	{"GET", "/sites/{id}/documents", none, "site", false, 200, 0},
	{"GET", "/sites/{id}/evening-count", none, "site", false, 200, 0},
	{"POST", "/sites/{id}/evening-count", func(*world) any { return evening(5, 1) }, "site", false, 201, 0},
	{"GET", "/sites/{id}/positions", none, "site", false, 200, 0},
	{"POST", "/sites/{id}/positions", func(*world) any { return object{"lon": 102.36, "lat": 29.23, "datum": "wgs84"} }, "site", false, 422, 0},
	{"GET", "/sites/{id}/corrections", none, "site", false, 200, 0},
	{"GET", "/sites/{id}/leaves", none, "site", false, 200, 0},
	{"POST", "/sites/{id}/leaves", func(*world) any { return object{"person_id": valley.ID(valley.Worker(0))} }, "site", false, 201, 0},
	{"POST", "/sites/{id}/leaves/{leave}/end", none, "site", false, 204, 0},
	{"POST", "/sites/{id}/documents", func(*world) any { return panorama(64) }, "site", false, 201, 0},
	{"GET", "/sites/{id}/checkin-points", none, "site", false, 200, 0},
	{"POST", "/sites/{id}/checkin-points", func(*world) any { return object{"title": "大门", "kind": "screen", "purpose": "entry"} }, "site", false, 201, 0},
	{"GET", "/sites/{id}/checkins", none, "site", false, 200, 0},
	{"DELETE", "/checkin-points/{id}", none, "point", false, 204, 0},
	{"GET", "/checkin-points/{id}/poster", none, "point", false, 200, 0},
	{"GET", "/gates", none, "", false, 200, 0},
	{"POST", "/gates/unknown/{id}/adopt", none, "stranger", false, 201, 0},
	{"GET", "/devices/{id}/gate", none, "terminal", false, 200, 0},
	{"PUT", "/devices/{id}/gate", func(*world) any { return object{"protocol": "zkteco"} }, "terminal", false, 200, 0},
	{"POST", "/devices/{id}/gate/approve", none, "terminal", false, 204, 0},
	{"POST", "/devices/{id}/gate/refuse", asks(object{"reason": "装错了点位"}), "terminal", false, 204, 0},
	{"POST", "/devices/{id}/gate/apply", none, "refused", false, 204, 0},
	{"GET", "/devices/{id}/sites", none, "terminal", false, 200, 0},
	{"PUT", "/devices/{id}/sites", func(*world) any { return object{"items": []object{}} }, "terminal", false, 200, 0},
	{"POST", "/devices/{id}/orders", func(*world) any { return object{"kind": "say_info"} }, "terminal", false, 204, 0},
	{"GET", "/devices/{id}/quarantine", none, "terminal", false, 200, 0},
	{"GET", "/documents/{id}/content", none, "document", false, 200, 0},
	{"GET", "/regions", none, "", false, 200, 0},
	{"GET", "/regions/areas", none, "", false, 200, 0},
	{"GET", "/messages", none, "", false, 200, 0},
	{"GET", "/messages/{id}/raw", none, "message", false, 200, 0},
	{"POST", "/preview", func(*world) any { return question("blue", around(valley.Home, 500)) }, "", true, 200, 0},
	{"POST", "/sites", asks(newSite), "new", false, 201, 403},
	{"PUT", "/sites/{id}", asks(but(newSite, object{"version": 1})), "copy", false, 200, 0},
	{"GET", "/sites/{id}/curve", none, "site", false, 200, 0},
	{"GET", "/projects", none, "", false, 200, 0},
	{"GET", "/projects/{id}", none, "project", false, 200, 0},
	{"POST", "/projects", asks(newProject), "new", false, 201, 403},
	{"PUT", "/projects/{id}", asks(but(newProject, object{"version": "$version", "region": "$territory"})), "project", false, 200, 0},
	{"GET", "/sections", none, "", false, 200, 0},
	{"GET", "/sections/{id}", none, "section", false, 200, 0},
	{"POST", "/sections", asks(but(newSection, object{"project_id": "$project"})), "far", false, 201, 403},
	{"PUT", "/sections/{id}", asks(but(newSection, object{"version": "$version"})), "section", false, 200, 0},
	{"GET", "/companies", none, "", false, 200, 0},
	{"GET", "/companies/{id}", none, "company", false, 200, 0},
	{"POST", "/companies", asks(newCompany), "", false, 201, 0},
	{"PUT", "/companies/{id}", asks(but(newCompany, object{"version": 1})), "company", false, 200, 0},
	{"GET", "/posts", none, "", false, 200, 0},
	{"GET", "/feeds", none, "", false, 200, 0},
	{"GET", "/people", none, "", false, 200, 0},
	{"GET", "/people/{id}", none, "person", false, 200, 0},
	{"POST", "/people", asks(object{"name": "新人示例", "post": newPost}), "new", false, 201, 0},
	{"PUT", "/people/{id}", asks(object{"version": 1, "name": "新名示例"}), "person", false, 200, 0},
	{"POST", "/people/{id}/posts", asks(newPost), "person", false, 201, 0},
	{"PUT", "/posts/{id}", asks(object{"version": 1, "role": "night_watch", "seat": "B"}), "post", false, 200, 0},
	{"GET", "/devices", none, "", false, 200, 0},
	{"GET", "/devices/{id}", none, "device", false, 200, 0},
	{"POST", "/devices", asks(but(newDevice, object{"serial": "$new"})), "new", false, 201, 0},
	{"PUT", "/devices/{id}", asks(but(newDevice, object{"version": 1, "disabled": true})), "device", false, 200, 0},
	{"POST", "/devices/{id}/key", asks(object{"version": 1}), "device", false, 200, 0},
	{"GET", "/sites/export.xlsx", none, "", false, 200, 0},
	{"GET", "/projects/export.xlsx", none, "", false, 200, 0},
	{"GET", "/sections/export.xlsx", none, "", false, 200, 0},
	{"GET", "/projects/contact_list.xlsx", none, "", false, 200, 0},
	{"GET", "/sections/contract_staff.xlsx", none, "", false, 200, 0},
	{"GET", "/people/export.xlsx", none, "", false, 200, 0},
	{"GET", "/devices/export.xlsx", none, "", false, 200, 0},
	{"GET", "/warnings/export.xlsx", none, "", false, 200, 0},
	{"GET", "/warnings/{id}/targets/export.xlsx", none, "warning", false, 200, 0},
	{"GET", "/warnings/{id}/board/export.xlsx", none, "warning", false, 200, 0},
	{"GET", "/companies/export.xlsx", none, "", false, 200, 0},
	{"GET", "/gates/export.xlsx", none, "", false, 200, 0},
	{"GET", "/standing-authorisations/export.xlsx", none, "", false, 200, 0},
	{"GET", "/messages/export.xlsx", none, "", false, 200, 0},
	{"GET", "/inbound/export.xlsx", none, "", false, 200, 0},
	{"GET", "/alarms/export.xlsx", none, "", false, 200, 0},
	{"GET", "/verify/export.xlsx", none, "", false, 200, 0},
	{"GET", "/responses/{id}/muster/export.xlsx", none, "moving evacuate", false, 200, 0},
	{"GET", "/evening-counts/export.xlsx", none, "", false, 200, 0},
	{"GET", "/audit/export.xlsx", none, "", false, 200, 0},
	{"GET", "/warnings/{id}/print", none, "warning", false, 200, 0},
	{"POST", "/areas/read", func(*world) any { return object{"text": "102.3,29.2\n102.4,29.2\n102.4,29.3"} }, "", false, 200, 0},
	{"POST", "/areas/buffer", func(*world) any {
		return object{"geometry": rawJSON(`{"type":"Point","coordinates":[102.3,29.2]}`), "radius_m": 500}
	}, "", false, 200, 0},
	{"POST", "/areas/combine", func(*world) any {
		return object{"op": "union", "a": around(valley.Home, 500), "b": around(valley.Tunnel, 500)}
	}, "", false, 200, 0},
	{"GET", "/warnings", none, "", false, 200, 0},
	{"POST", "/warnings", func(*world) any { return instruction("blue", around(valley.Home, 500)) }, "", true, 201, 0},
	{"GET", "/warnings/{id}", none, "warning", false, 200, 0},
	{"PUT", "/warnings/{id}", func(*world) any { return versioned(1, instruction("blue", around(valley.Home, 600))) }, "draft", false, 200, 0},
	{"GET", "/warnings/{id}/preview", none, "draft", false, 200, 0},
	{"POST", "/warnings/{id}/publish", func(*world) any { return versioned(1, nil) }, "draft", true, 200, 0},
	{"POST", "/warnings/{id}/discard", func(*world) any { return because(1, "重复") }, "draft", false, 200, 0},
	{"POST", "/warnings/{id}/revise/preview", func(*world) any { return instruction("blue", around(valley.Home, 700)) }, "own", true, 200, 0},
	{"POST", "/warnings/{id}/revise", func(*world) any { return versioned(2, instruction("blue", around(valley.Home, 700))) }, "own", true, 200, 0},
	{"POST", "/warnings/{id}/lift", func(*world) any { return because(2, "雨停") }, "own", true, 200, 0},
	{"GET", "/warnings/{id}/targets", none, "warning", false, 200, 0},
	{"GET", "/me/duty", none, "", true, 200, 0},
	{"POST", "/me/duty/take-over", func(*world) any { return object{"words": "平稳"} }, "", true, 201, 0},
	{"GET", "/standing-authorisations", none, "", false, 200, 0},
	{"POST", "/standing-authorisations", func(w *world) any { return mandate(w, object{}) }, "", true, 201, 0},
	{"POST", "/standing-authorisations/{id}/revoke", func(*world) any { return object{"reason": "汛期结束"} }, "standing", false, 200, 0},
	{"POST", "/warnings/{id}/take", func(*world) any { return object{} }, "draft", false, 200, 0},
	{"POST", "/warnings/{id}/hold", func(*world) any { return object{"reason": "核对区域"} }, "draft", false, 200, 0},
	{"POST", "/warnings/{id}/names", func(*world) any {
		return object{"version": 1, "name": "汉元县", "answer": "not_meant", "reason": "误写"}
	}, "unread", false, 200, 0},
	{"POST", "/warnings/{id}/release", func(*world) any { return object{} }, "held", false, 200, 0},
	{"POST", "/warnings/{id}/merge", func(w *world) any { return object{"version": 1, "into": w.into} }, "merging", false, 200, 0},
	{"POST", "/warnings/{id}/revise/draft", func(*world) any { return versioned(2, instruction("blue", around(valley.Home, 700))) }, "own", true, 201, 0},
	{"POST", "/warnings/{id}/revise/plan", func(*world) any { return instruction("blue", around(valley.Home, 700)) }, "own", true, 200, 0},
	{"GET", "/warnings/{id}/plan", none, "draft", false, 200, 0},
	{"POST", "/warnings/{id}/second-look/ask", func(*world) any { return object{"version": 1, "by": "officer"} }, "draft", true, 200, 0},
	{"POST", "/warnings/{id}/second-look/approve", func(*world) any { return object{"version": 1} }, "asked", true, 200, 0},
	{"POST", "/warnings/{id}/second-look/refuse", func(*world) any { return object{"version": 1, "words": "区域偏大"} }, "asked", true, 200, 0},
	{"POST", "/messages/paste", func(*world) any {
		return object{"text": "今夜有雨 " + uuid.NewString(), "source_words": "工作群"}
	}, "", false, 201, 0},
	{"GET", "/warnings/{id}/attachments", none, "drafted", false, 200, 0},
	{"POST", "/warnings/{id}/attachments", func(*world) any { return panorama(64) }, "draft", false, 201, 0},
	{"GET", "/attachments/{id}/content", none, "attachment", false, 200, 0},
	{"GET", "/audit", none, "", false, 200, 0},
	{"POST", "/imports/{kind}", lines, "", false, 200, 0},
	{"GET", "/imports/{kind}/template.xlsx", none, "", false, 200, 0},
	{"GET", "/teams", none, "", false, 200, 0},
	{"GET", "/teams/{id}", none, "team", false, 200, 0},
	{"GET", "/teams/export.xlsx", none, "", false, 200, 0},
	{"GET", "/certificates/export.xlsx", none, "", false, 200, 0},
	{"GET", "/certificates/{id}", none, "certificate", false, 200, 0},
	{"GET", "/sites/{id}/shifts", none, "site", false, 200, 0},
	{"GET", "/certificates", none, "", false, 200, 0},
	{"PUT", "/certificates/{id}/document", asks(object{"document_id": nil}), "certificate", false, 204, 0},
	{"POST", "/users", func(*world) any {
		return map[string]string{"login": "u" + uuid.NewString()[:8], "title": "新", "password": "long enough"}
	}, "", false, 201, 0},
	{"POST", "/users/{id}/grants", func(*world) any {
		return map[string]string{"role": "viewer", "place_kind": "authority", "place": "雅安局（示例）"}
	}, "user", false, 204, 0},
	{"DELETE", "/users/{id}", none, "user", false, 204, 0},
	{"GET", "/stream", none, "", false, 200, 0},
	{"GET", "/warnings/{id}/board", none, "warning", false, 200, 0},
	{"GET", "/warnings/{id}/board/summary", none, "warning", false, 200, 0},
	{"GET", "/warnings/{id}/report", none, "warning", false, 200, 0},
	{"GET", "/warnings/{id}/report.xlsx", none, "warning", false, 200, 0},
	{"POST", "/warnings/{id}/oversight/acknowledge", none, "watched", true, 200, 0},
	{"POST", "/responses/acknowledge", says(nil), "pending evacuate", false, 200, 403},
	{"POST", "/responses/move", says(nil), "acknowledged evacuate", false, 200, 403},
	{"POST", "/responses/carry-out", says(object{"evidence": []string{"stop_record"}}), "acknowledged stop", false, 200, 403},
	{"POST", "/responses/report", says(object{"evidence": []string{"roll_call", "gate_burst"}}), "moving evacuate", false, 200, 403},
	{"POST", "/responses/confirm", says(object{"evidence": []string{"on_spot"}}), "reported evacuate", false, 200, 403},
	{"POST", "/responses/verify", says(object{"evidence": []string{"call_back"}}), "reported evacuate", false, 200, 403},
	{"POST", "/responses/refuse", says(object{"reason": "no_roll_call"}), "reported evacuate", false, 200, 403},
	{"POST", "/responses/reopen", says(nil), "reported evacuate", false, 200, 403},
	{"POST", "/responses/call", says(object{"person_id": valley.ID(valley.NameOfLead), "outcome": "no_answer"}), "pending evacuate", false, 200, 403},
	{"GET", "/responses/{id}", none, "pending evacuate", false, 200, 0},
	{"GET", "/responses/{id}/muster", none, "moving evacuate", false, 200, 0},
	{"POST", "/responses/{id}/photos", func(*world) any { return picture(64, 48) }, "moving evacuate", false, 201, 0},
	{"GET", "/photos/{id}/content", none, "photo", false, 200, 0},
	{"POST", "/responses/{id}/muster/marks", func(*world) any {
		return object{"marks": []object{{"id": uuid.New(), "person_id": valley.ID(valley.NameOfLead), "state": "safe", "evidence": "roll_call", "at": valley.Evening}}}
	}, "moving evacuate", false, 200, 403},
	{"POST", "/sites/{id}/evacuation", func(*world) any { return object{"reason": "看不准"} }, "site", false, 201, 0},
	{"POST", "/responses/{id}/stand-down", says(nil), "self", false, 200, 0},
	{"POST", "/responses/{id}/inspection", says(object{"checklist": []string{"边坡"}}), "inspecting stop", false, 200, 0},
	{"POST", "/responses/{id}/return", says(nil), "inspected", false, 200, 0},
	{"POST", "/responses/{id}/return/stop", says(nil), "return_allowed stop", false, 200, 0},
	{"GET", "/inbound", none, "", false, 200, 0},
	{"POST", "/inbound/{id}/{seq}/seen", none, "reply", false, 204, 0},
	{"GET", "/me/responses", none, "", false, 200, 0},
	{"GET", "/me/notices", none, "", false, 200, 0},
	{"POST", "/me/notices/{id}/read", none, "notice", false, 204, 0},
	{"GET", "/alarms", none, "", false, 200, 0},
	{"GET", "/vocabulary", none, "", false, 200, 0},
	{"GET", "/voice-clips", none, "", false, 200, 0},
	{"POST", "/voice-clips", func(*world) any { return silence(1) }, "", false, 201, 0},
}

func TestEveryRouteHasAnExample(t *testing.T) {
	w := newWorld(t)
	for _, r := range w.api.Routes() {
		has := slices.ContainsFunc(examples, func(e example) bool { return e.method == r.Method && e.path == r.Path })
		if open := r.Permission == ""; !open && !has {
			t.Errorf("nobody checks who may %s %s", r.Method, r.Path)
		} else if open && r.Key == "" && r.Path != "/session" && r.Path != "/session/wechat" && !strings.HasPrefix(r.Path, "/session/code") {
			t.Errorf("%s %s is open to everybody", r.Method, r.Path)
		}
	}
	for _, e := range examples {
		if !slices.ContainsFunc(w.api.Routes(), func(r route) bool { return r.Method == e.method && r.Path == e.path }) {
			t.Errorf("%s %s is no route", e.method, e.path)
		}
	}
}

// What the document describes and what is guarded are the same list.
func TestEveryOperationOfTheDocumentIsInTheTable(t *testing.T) {
	w := newWorld(t)
	described := 0
	for path, item := range w.api.OpenAPI().Paths {
		for method, op := range map[string]bool{"GET": item.Get != nil, "POST": item.Post != nil, "PUT": item.Put != nil,
			"DELETE": item.Delete != nil, "PATCH": item.Patch != nil, "HEAD": item.Head != nil, "OPTIONS": item.Options != nil} {
			if !op {
				continue
			}
			described++
			if !slices.ContainsFunc(w.api.Routes(), func(r route) bool { return r.Method == method && r.Path == path }) {
				t.Errorf("%s %s is served and guarded by nobody", method, path)
			}
		}
	}
	if described < 25 {
		t.Errorf("only %d operations are described", described)
	}
	if !w.nobody().get("/openapi.json").must(200).has(`"openapi":"3.1`) {
		t.Error("the document is not OpenAPI 3.1")
	}
}

// holder is a user whose rights are tried, with something inside and something
// outside of the place. Nothing is outside of the province.
type holder struct {
	login           string
	inside, outside string // names of sites
	authority       string
}

var holders = []holder{
	{"province", valley.Home, "", "省厅"},
	{"yaan", valley.Home, valley.Bridge, "雅安局"},
	{"yaan-leader", valley.Camp, valley.Bridge, "雅安局"},
	{"shimian", valley.Home, valley.Camp, "石棉局"},
	{"viewer", valley.Slope, valley.Bridge, "雅安局"},
	{"unit-admin", valley.Tunnel, valley.Camp, ""},
	{"owner", valley.Camp, valley.Bridge, ""},
	{"section", valley.Home, valley.Camp, ""},
	{"deputy", valley.Tunnel, valley.Slope, ""},
	{"site", valley.Home, valley.Tunnel, ""},
	{"supervisor", valley.Home, valley.Camp, ""},
	{"lab", "", valley.Home, ""},
	{"parent", valley.Home, valley.Camp, ""},
	{"worker", valley.Home, valley.Tunnel, ""},
	{"auditor", "", valley.Home, ""},
	{"security", "", valley.Home, ""},
	{"system", "", valley.Home, ""},
	{"support", "", valley.Home, ""},
}

func TestEveryRoleIsTried(t *testing.T) {
	for _, role := range account.Roles() {
		if !slices.ContainsFunc(holders, func(h holder) bool { return roleOf(h.login) == role }) {
			t.Errorf("nobody tries what %s may", role)
		}
	}
}

// TestTheRightsMatrix walks route × role × inside/outside. What is expected is
// worked out from the table of roles: no permission 403, permission elsewhere
// 404, else it is done.
func TestTheRightsMatrix(t *testing.T) {
	w := newWorld(t)
	s := newScenery(w)
	for _, e := range examples {
		if a := s.call(w.nobody(), e, s.free(e)); a.Status != http.StatusUnauthorized {
			t.Errorf("nobody: %s %s: %d", e.method, e.path, a.Status)
		}
		for _, h := range holders {
			perm := s.permission(e)
			may := roleOf(h.login).May(perm)
			try := func(where, site string, want int) {
				if where == "inside" && site == "" || e.place != "" && site == "" {
					return
				}
				if a := s.call(w.as(h.login), e, s.thing(e, h, site)); a.Status != want {
					t.Errorf("%s (%s) %s: %s %s: %d, want %d: %.200s", h.login, roleOf(h.login), where, e.method, e.path, a.Status, want, a.Body)
				}
			}
			switch {
			case !may:
				try("inside", firstOf(h.inside, valley.Home), http.StatusForbidden)
				try("outside", firstOf(h.outside, valley.Bridge), http.StatusForbidden)
			default:
				try("inside", firstOf(h.inside, here(e)), e.done)
				if e.place != "" && e.place != "message" && e.place != "user" {
					try("outside", h.outside, firstStatus(e.outside, http.StatusNotFound))
				}
			}
		}
	}
}

func firstStatus(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}

// here: an operation that lies nowhere is also done by those who have no site.
func here(e example) string {
	if e.place == "" || e.place == "user" || e.place == "message" {
		return valley.Home
	}
	return ""
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func roleOf(login string) account.Role {
	for _, u := range valley.Users() {
		if u.Login == login {
			return u.Role
		}
	}
	return ""
}

// scenery is what the requests are about.
type scenery struct {
	w         *world
	message   uuid.UUID
	documents map[string]uuid.UUID // by site
	active    map[string]uuid.UUID // of the province, by site
	at        string               // the site that the last thing is at
	adopting  uuid.UUID            // the site for the device that knocked last
}

func newScenery(w *world) *scenery {
	s := &scenery{w: w, documents: map[string]uuid.UUID{}, active: map[string]uuid.UUID{}}
	s.message = read[pushed](w.with(valley.CountyKey).post("/feeds/county/messages", []byte("no warning at all")).must(202)).RawID
	for _, site := range []string{valley.Home, valley.Tunnel, valley.Slope, valley.Camp, valley.Bridge} {
		d := postgres.Document{File: postgres.NewFile(uuid.Nil, "other", "x.pdf", "application/pdf", 4, make([]byte, 32), valley.Evening), SiteID: valley.ID(site), Kind: "other"}
		if err := w.db.AddDocument(w.Context(), account.Everywhere(), d, postgres.Actor{Name: "test"}, valley.Evening); err != nil {
			w.Fatal(err)
		}
		s.documents[site] = d.ID
		s.put(d.ObjectKey)
		s.active[site] = w.publish("province", instruction("blue", around(site, 50))).ID
	}
	w.asOwner("ALTER TABLE response DISABLE TRIGGER legal_step") // the scenes below put threads into any state
	return s
}

func (s *scenery) permission(e example) account.Permission {
	for _, r := range s.w.api.Routes() {
		if r.Method == e.method && r.Path == e.path {
			return r.Permission
		}
	}
	return ""
}

// thing is the id of what the request is about: made anew where the request
// uses it up.
func (s *scenery) thing(e example, h holder, site string) string {
	switch e.place {
	case "site":
		s.at = site
		return valley.ID(site).String()
	case "new", "far", "copy", "project", "section", "company", "person", "post", "device", "certificate":
		return s.registered(e.place, h, site)
	case "document":
		return s.documents[site].String()
	case "team":
		if h.login == "site" && site == h.outside {
			site = valley.Camp // teams are of sections: the next site's is his own
		}
		return ask[string](s.w, `INSERT INTO team (id, section_id, name, recorded_at)
			SELECT gen_random_uuid(), section_id, gen_random_uuid()::text, $2 FROM site WHERE id = $1 RETURNING id::text`, valley.ID(site), valley.Evening)
	case "message":
		return s.message.String()
	case "point":
		return s.point(site).String()
	case "terminal":
		return s.gate(site).String()
	case "refused":
		id := s.gate(site)
		s.w.sql("UPDATE gate SET refused_at = recorded_at, refused_reason = '装错了点位' WHERE device_id = $1", id)
		return id.String()
	case "stranger":
		return s.stranger(site).String()
	case "warning":
		return s.active[site].String()
	case "standing":
		return s.standing(h, site)
	case "user":
		return ask[string](s.w, "INSERT INTO app_user (id, login, title, password_hash, recorded_at) VALUES (gen_random_uuid(), 'x' || substr(md5(random()::text), 1, 12), 'x', '', $1) RETURNING id::text", valley.Evening)
	case "attachment":
		return s.attachment(h, site)
	case "drafted":
		return s.warningOf("draft", h, site).String()
	case "draft", "own", "held", "asked", "merging", "unread":
		return s.warningOf(e.place, h, site).String()
	}
	return s.responding(e.place, h, site)
}

func (s *scenery) free(e example) string {
	return s.thing(e, holder{authority: "省厅"}, valley.Home)
}

// warningOf makes a draft, or a warning in force, of the holder's own authority
// for what is inside, and of another one for what is outside.
func (s *scenery) warningOf(what string, h holder, site string) uuid.UUID {
	author := map[string]string{"省厅": "province", "雅安局": "yaan", "石棉局": "shimian"}[h.authority]
	if site == h.outside || author == "" {
		author = map[string]string{valley.Camp: "hanyuan", valley.Slope: "hanyuan", valley.Bridge: "liangshan"}[site]
	}
	if author == "" {
		author = "province"
	}
	if what == "own" {
		return s.w.publish(author, instruction("blue", around(site, 50))).ID
	}
	id := s.w.draft(author, instruction("blue", around(site, 50))).ID
	switch what {
	case "held":
		s.w.as(author).post("/warnings/"+id.String()+"/hold", object{"reason": "核对区域"}).must(http.StatusOK)
	case "unread":
		s.w.sql("INSERT INTO unread_name (warning_id, seq, name) VALUES ($1, 1, '汉元县')", id)
	case "merging":
		s.w.into = s.w.publish(author, instruction("blue", around(site, 60))).ID
	case "asked":
		s.ask(id, h, author)
	}
	return id
}

// ask puts a question about a draft to the holder's own office, from somebody else.
func (s *scenery) ask(id uuid.UUID, h holder, author string) {
	office := firstOf(h.authority, map[string]string{"province": "省厅", "yaan": "雅安局", "shimian": "石棉局", "hanyuan": "汉源局", "liangshan": "凉山局"}[author])
	s.w.sql(`INSERT INTO second_look (id, warning_id, mode, version, authority_id, way, asked_by, asked_at)
		SELECT gen_random_uuid(), $1, 'actual', 1, $2, 'officer', id, $3 FROM app_user WHERE login = 'yaan2'`, id, valley.ID(office), valley.Evening)
}

func (s *scenery) call(c caller, e example, id string) answer {
	s.w.Helper()
	leave := ""
	if strings.Contains(e.path, "/leaves") && e.method == "POST" {
		leave = s.onLeave(id)
	}
	path := strings.NewReplacer("{id}", id, "{kind}", "companies", "{seq}", "0", "{leave}", leave).Replace(e.path)
	if strings.HasPrefix(e.path, "/responses/") && !strings.Contains(e.path, "{id}") {
		return c.send(e.method, path, but(e.body(s.w).(object), object{"ids": []string{id}}))
	}
	switch e.path {
	case "/gates/unknown/{id}/adopt":
		return c.send(e.method, path, object{"site_id": s.adopting, "purpose": "presence", "direction": "both"})
	case "/sites/{id}/documents":
		if e.method == "POST" {
			path += "?kind=panorama&file_name=a.jpg"
		}
	case "/responses/{id}/photos":
		path += "?taken_at=2026-07-10T20:00:00Z"
	case "/warnings/{id}/attachments":
		if e.method == "POST" {
			path += "?file_name=a.jpg"
		}
	case "/sites/{id}/evening-count":
		path += "?day=2026-07-10"
	case "/posts":
		path += "?unit_kind=site&unit_id=" + valley.ID(valley.Home).String()
	case "/imports/{kind}":
		path += "?dry_run=true"
	case "/voice-clips":
		if e.method == "POST" {
			path += "?template=V2_evacuate&language=ii"
		}
	case "/stream":
		return c.peek(path)
	}
	body := e.body(s.w)
	if o, is := body.(object); is {
		body = s.filled(o)
	}
	return c.send(e.method, path, body)
}

// onLeave gives a worker a post at a site, and a leave from it.
func (s *scenery) onLeave(site string) (leave string) {
	worker := valley.ID(valley.Worker(0))
	s.w.sql(`INSERT INTO post (id, person_id, unit_kind, unit_id, role, valid_from, recorded_at)
		VALUES (gen_random_uuid(), $1, 'site', $2, 'worker', $3, $3)`, worker, site, valley.Evening)
	return ask[string](s.w, `INSERT INTO leave (id, person_id, site_id, valid_from, recorded_at)
		VALUES (gen_random_uuid(), $1, $2, $3, $3) RETURNING id::text`, worker, site, valley.Evening)
}

// A right that is held in one place is not carried into another.
func TestTwoGrantsDoNotLeakIntoEachOther(t *testing.T) {
	w := newWorld(t)
	// 石棉's duty officer also has a look at 凉山, where he may not publish.
	w.grant("shimian", account.Viewer, postgres.GrantPlace{Authority: valley.ID("凉山局")})
	shimian := w.as("shimian")
	shimian.get("/sites/" + valley.ID(valley.Bridge).String()).must(200)
	draft := w.draft("liangshan", instruction("blue", around(valley.Bridge, 500)))
	shimian.get("/warnings/" + draft.ID.String()).must(200)
	shimian.post("/warnings/"+draft.ID.String()+"/publish", versioned(1, nil)).refused(404, "not_found")
	shimian.post("/warnings/"+draft.ID.String()+"/discard", because(1, "x")).refused(404, "not_found")
	p := read[preview](shimian.post("/preview", question("blue", around(valley.Bridge, 500))))
	if len(p.Targets) != 0 {
		t.Error("a draft of 石棉 reaches into 凉山")
	}
}

// Who leads the duty in one place is an officer in another, and needs a second
// look there.
func TestLeadingHereIsNotLeadingThere(t *testing.T) {
	w := newWorld(t)
	w.grant("liangshan", account.DutyLeader, postgres.GrantPlace{Authority: valley.ID("石棉局")})
	there := w.draftOf("liangshan", "凉山局", instruction("red", around(valley.Bridge, 500)))
	w.as("liangshan").post("/warnings/"+there.String()+"/publish", versioned(1, nil)).refused(403, "second_look")
	here := w.draft("shimian", instruction("red", around(valley.Home, 500)))
	w.as("liangshan").post("/warnings/"+here.ID.String()+"/publish", versioned(1, nil)).must(200)
}

// Who holds two offices publishes each draft in the name of the one it is of.
func TestADraftIsPublishedInTheNameOfItsOwnAuthority(t *testing.T) {
	w := newWorld(t)
	w.grant("shimian", account.DutyOfficer, postgres.GrantPlace{Authority: valley.ID("凉山局")})
	draft := w.draft("liangshan", instruction("blue", around(valley.Bridge, 500)))
	got := read[warningBody](w.as("shimian").post("/warnings/"+draft.ID.String()+"/publish", versioned(1, nil)))
	if got.Authority.ID != valley.ID("凉山局") || got.Totals.Sites != 1 {
		t.Errorf("published in the name of %s over %d sites", got.Authority.Name, got.Totals.Sites)
	}
}

// A city's link to a project in another prefecture gives the same rights there,
// as long as it lasts.
func TestASupervisionLinkReachesOutsideTheTerritory(t *testing.T) {
	w := newWorld(t)
	yard := "/sites/" + valley.ID(valley.Yard).String()
	w.as("yaan").get(yard).must(200)
	w.as("shimian").get(yard).must(404)
	w.sql("UPDATE supervision SET until_at = $1 WHERE project_id = $2", valley.Evening, valley.ID("P3"))
	w.as("yaan").get(yard).must(404)
}

func TestDevicesAndFeedsHaveKeysOfTheirOwn(t *testing.T) {
	w := newWorld(t)
	passes := map[string]any{"passes": []any{entry("1", valley.Evening, 0, "in")}}
	for _, c := range []caller{w.nobody(), w.with(valley.StrangeKey), w.with(valley.CountyKey), w.as("province")} {
		c.post("/passes", passes).must(http.StatusUnauthorized)
	}
	for _, c := range []caller{w.nobody(), w.with(valley.StrangeKey), w.with(valley.DeviceKey(valley.HomeGate)), w.as("province")} {
		c.post("/feeds/county/messages", []byte("<alert/>")).must(http.StatusUnauthorized)
	}
	w.with(valley.CountyKey).post("/feeds/nation/messages", []byte("<alert/>")).refused(http.StatusForbidden, "feed_name")
	w.with(valley.CountyKey).get("/map").refused(http.StatusUnauthorized, "signed_out") // a key is no session

	w.sql("UPDATE device SET disabled_at = $1 WHERE serial = $2", valley.Evening, valley.HomeGate)
	w.with(valley.DeviceKey(valley.HomeGate)).post("/passes", passes).refused(http.StatusUnauthorized, "device_key")
	if n := ask[int](w, "SELECT count(*) FROM raw_message"); n != 0 {
		t.Errorf("%d documents were taken in", n)
	}
}
