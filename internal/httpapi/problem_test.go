package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/postgres/pgtest/valley"
)

// breakIt takes a table away that every reader needs.
func (w *world) breakIt() {
	w.Helper()
	conn, err := pgx.Connect(w.Context(), w.owner)
	if err != nil {
		w.Fatal(err)
	}
	defer conn.Close(w.Context())
	if _, err := conn.Exec(w.Context(), "ALTER TABLE change_counter RENAME TO gone"); err != nil {
		w.Fatal(err)
	}
}

func TestOurOwnFaultShowsNothingOfTheInside(t *testing.T) {
	w := newWorld(t)
	yaan := w.as("yaan")
	w.breakIt()
	a := yaan.get("/map")
	a.refused(http.StatusInternalServerError, "internal")
	for _, inside := range []string{"change_counter", "SELECT", "SQLSTATE", "42P01", ".go", "relation"} {
		if a.has(inside) {
			t.Errorf("the answer shows %q: %s", inside, a.Body)
		}
	}
	if !strings.Contains(w.log.String(), "42P01") {
		t.Error("the cause is not in the log")
	}
}

// RFC 9457: the media type, and the members that it names.
func TestEveryRefusalIsAProblemDocument(t *testing.T) {
	w := newWorld(t)
	yaan := w.as("yaan")
	for name, c := range map[string]struct {
		a      answer
		status int
	}{
		"no route":             {yaan.get("/nothing"), 404},
		"another method":       {yaan.delete("/map"), 405},
		"no session":           {w.nobody().get("/map"), 401},
		"no permission":        {yaan.get("/audit"), 403},
		"not there":            {yaan.get("/sites/" + uuid.NewString()), 404},
		"no id at all":         {yaan.get("/sites/home"), 422},
		"no JSON":              {yaan.post("/preview", "{"), 400},
		"a field of no type":   {yaan.post("/preview", object{"areas": "x", "level": 1, "hazard": 2}), 422},
		"a wrong cursor":       {yaan.get("/sites?cursor=!!!"), 422},
		"a wrong time":         {yaan.get("/sites/" + valley.ID(valley.Home).String() + "/headcount?at=yesterday"), 422},
		"what is our own rule": {yaan.post("/preview", question("yellow", regions("511899"))), 422},
		"an unknown choice": {yaan.post("/warnings", but(instruction("blue", around(valley.Home, 100)), object{"choices": []object{
			{"site_id": uuid.NewString(), "act": "drop", "reason": "x"}}})), 409},
	} {
		var p map[string]any
		if err := json.Unmarshal(c.a.Body, &p); err != nil {
			t.Errorf("%s: %v: %s", name, err, c.a.Body)
			continue
		}
		if c.a.Status != c.status || p["status"] != float64(c.status) || c.a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s %s", name, c.a.Status, c.a.Header.Get("Content-Type"), c.a.Body)
		}
		for _, member := range []string{"type", "title", "detail", "code", "kind"} {
			if s, _ := p[member].(string); s == "" {
				t.Errorf("%s: no %s: %s", name, member, c.a.Body)
			}
		}
		for _, inside := range []string{"fkey", "pkey", "SQLSTATE", "pgx", "muster/internal"} {
			if c.a.has(inside) {
				t.Errorf("%s shows %q: %s", name, inside, c.a.Body)
			}
		}
	}
}

func TestAnUnsafeRequestWantsAnIdempotencyKey(t *testing.T) {
	w := newWorld(t)
	req, _ := http.NewRequest(http.MethodPost, w.http.URL+"/api/v1/warnings", strings.NewReader("{}"))
	req.Header.Set("Content-Type", "application/json")
	req.AddCookie(&http.Cookie{Name: "muster_session", Value: w.as("yaan").cookie})
	res, err := w.http.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var p struct {
		Status int
		Errors []struct{ Location string }
	}
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil || p.Status != 422 {
		t.Fatal(err, p)
	}
	for _, e := range p.Errors {
		if e.Location == "header.Idempotency-Key" {
			return
		}
	}
	t.Errorf("does not ask for the key: %+v", p)
}

// A replica whose clock is wrong would count people wrongly.
func TestReadinessSaysThatTheClocksDiffer(t *testing.T) {
	w := newWorld(t) // its clock stands still in July
	for path, want := range map[string]int{"/healthz": 200, "/readyz": http.StatusServiceUnavailable, "/metrics": 200} {
		res, err := w.http.Client().Get(w.http.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, res.StatusCode, want)
		}
	}
}

func TestListsArePagedWithoutGapOrRepetition(t *testing.T) {
	w := newWorld(t)
	type page struct {
		Items []struct{ Name string }
		Next  *string
	}
	seen, path := map[string]int{}, "/sites?limit=2"
	for range 10 {
		p := read[page](w.as("province").get(path))
		for _, s := range p.Items {
			seen[s.Name]++
		}
		if p.Next == nil {
			break
		}
		path = "/sites?limit=2&cursor=" + *p.Next
	}
	if len(seen) != 6 {
		t.Errorf("%v", seen)
	}
	for name, n := range seen {
		if n != 1 {
			t.Errorf("%s came %d times", name, n)
		}
	}
	if p := read[page](w.as("province").get("/sites?q=S-HOME&kind=residence_own&region=511824")); len(p.Items) != 1 {
		t.Errorf("search: %+v", p)
	}
}

// Rows of the same instant must not fall between two pages.
func TestPagesOfListsByTimeLoseNothing(t *testing.T) {
	w := newWorld(t)
	for n := range 4 {
		w.draft("yaan", instruction("blue", around(valley.Home, 100)))
		w.push(capDocument{id: string(rune('A' + n)), status: "Test"}.bytes())
	}
	for login, list := range map[string]string{"auditor": "/audit", "province": "/warnings", "yaan": "/messages"} {
		type page struct {
			Items []struct {
				ID string
			}
			Next *string
		}
		c := w.as(login)
		seen, path := map[string]bool{}, list+"?limit=2"
		all := read[page](c.get(list + "?limit=200"))
		for range 100 {
			p := read[page](c.get(path))
			for _, line := range p.Items {
				seen[line.ID] = true
			}
			if p.Next == nil {
				break
			}
			path = list + "?limit=2&cursor=" + *p.Next
		}
		if len(all.Items) < 4 || len(seen) != len(all.Items) {
			t.Errorf("%s: %d of %d on the pages", list, len(seen), len(all.Items))
		}
		c.get(list+"?cursor=nonsense!").refused(422, "cursor")
	}
}
