package tiles_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
	"muster/tiles"
)

// the valley and its surroundings
const west, south, east, north = 102.3, 28.9, 102.85, 29.45

// sums adds up a source layer over the whole valley.
func (w *world) sums(layer string, z int, s account.Scope) (t total) {
	w.Helper()
	for _, tile := range covering(z, west, south, east, north) {
		t.add(w.features("sites", layer, tile, s, uuid.Nil))
	}
	return t
}

// everyLayer compares the sums of each zoom with the desk's own list.
func (w *world) everyLayer(who string, s account.Scope, at time.Time) {
	w.Helper()
	want := w.known(s, at)
	for z := range 13 {
		for layer, zooms := range map[string][2]int{"county": {0, 9}, "cell": {6, 11}, "site": {12, 16}} {
			if z < zooms[0] || z > zooms[1] {
				continue
			}
			if got := w.sums(layer, z, s); got != want {
				w.Errorf("%s at zoom %d, layer %s: %+v, the list says %+v", who, z, layer, got, want)
			}
		}
	}
}

// Whoever looks, at whatever zoom: the sums are those of the sites that he may
// see, no more, no less.
func TestSumsOfEveryZoomAreThoseOfTheSitesInScope(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	people := 0
	for _, u := range valley.Users() {
		if s, err := w.who(u.Login).May(account.SeeSites); err == nil {
			people++
			w.everyLayer(u.Login, s, valley.Evening)
		}
	}
	if people < 10 {
		t.Errorf("only %d accounts see sites", people)
	}
	w.everyLayer("nobody", account.Scope{}, valley.Evening)
	w.everyLayer("a township", account.Scope{Ranges: []account.CodeRange{{Lo: "511824101000", Hi: "511824102000"}}}, valley.Evening)
	w.everyLayer("two ranges that overlap", account.Scope{Ranges: []account.CodeRange{{Lo: "511800000000", Hi: "511900000000"},
		{Lo: "511824000000", Hi: "513500000000"}}}, valley.Evening)
}

// The city sees the yard beyond its border because it supervises the yard's
// project; the county sees neither the yard nor its neighbour county.
func TestEachSeesItsOwn(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	home, yard := tileAt(12, 102.36, 29.23), tileAt(12, 102.805, 28.955)
	for _, c := range []struct {
		login string
		tile  tiles.Tile
		sees  []string
	}{
		{"province", home, []string{valley.Home, valley.Tunnel}},
		{"shimian", home, []string{valley.Home, valley.Tunnel}},
		{"hanyuan", home, nil},
		{"site", home, []string{valley.Home}},
		{"yaan", yard, []string{valley.Yard}},
		{"shimian", yard, nil},
		{"liangshan", yard, []string{valley.Bridge, valley.Yard}},
	} {
		var got []string
		for _, name := range values(w.features("sites", "site", c.tile, w.scope(c.login), uuid.Nil), "name") {
			got = append(got, name.(string))
		}
		slices.Sort(got)
		if !slices.Equal(got, c.sees) {
			t.Errorf("%s sees %v, not %v", c.login, got, c.sees)
		}
	}
}

// Nothing on the map names a person.
func TestASiteCarriesNoMoreThanIsDocumented(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	allowed := []string{"id", "kind", "sleeps", "at_risk", "certain", "possible", "name"}
	list := w.features("sites", "site", tileAt(12, 102.36, 29.23), w.scope("province"), uuid.Nil)
	if len(list) != 2 {
		t.Fatalf("%d sites", len(list))
	}
	for _, f := range list {
		if n, ok := f.ID.(float64); !ok || n < 1 || n > 1<<53 {
			t.Errorf("feature id %v", f.ID)
		}
		for property := range f.Properties {
			if !slices.Contains(allowed, property) {
				t.Errorf("property %s", property)
			}
		}
		if id, _ := f.Properties["id"].(string); id != valley.ID(f.Properties["name"].(string)).String() {
			t.Errorf("id %v of %v", id, f.Properties["name"])
		}
	}
}

// People come and go: the numbers follow, and those of every zoom agree.
func TestNumbersFollowTheGates(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	everywhere := account.Everywhere()
	before := w.known(everywhere, valley.Evening)
	at := valley.Evening.Add(time.Minute)
	for n := range 3 {
		w.pass(valley.HomeGate, valley.Home, valley.Worker(n), roster.In, at.Add(time.Duration(n)*time.Second))
	}
	w.pass(valley.CampGate, valley.Camp, valley.Worker(7), roster.In, at)
	at = at.Add(time.Minute)
	w.must(w.tiles.Refresh(t.Context(), []uuid.UUID{valley.ID(valley.Home), valley.ID(valley.Camp)}, at))
	if now := w.known(everywhere, at); now.Certain != before.Certain+4 {
		t.Fatalf("the valley has %+v, before %+v", now, before)
	}
	w.everyLayer("after they came", everywhere, at)

	w.pass(valley.HomeGate, valley.Home, valley.Worker(0), roster.Out, at)
	w.must(w.tiles.Refresh(t.Context(), []uuid.UUID{valley.ID(valley.Home)}, at))
	w.everyLayer("after one left", everywhere, at)

	// Nobody rings when time goes by: certain becomes possible with the recount.
	late := at.Add(roster.Fresh + time.Hour)
	w.must(w.tiles.Recount(t.Context(), late))
	if now := w.known(everywhere, late); now.Certain != 0 || now.Possible == 0 {
		t.Fatalf("a day later %+v", now)
	}
	w.everyLayer("a day later", everywhere, late)
}

// A site is moved to another county, closed, opened again, made; the numbers go
// with it and nothing is left behind.
func TestNumbersFollowTheSites(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	w.pass(valley.HomeGate, valley.Home, valley.Worker(1), roster.In, valley.Evening)
	for _, step := range []struct{ what, sql string }{
		{"moved", `UPDATE site SET geom = ST_SetSRID(ST_MakePoint(102.70, 29.40), 4326), region = '511823000000', h3_5 = c.h3_5, h3_7 = c.h3_7
			FROM (SELECT h3_5, h3_7 FROM site WHERE name = 'camp') c WHERE name = 'home'`},
		{"closed", `UPDATE site SET closed_at = '2026-07-10T13:00:00Z' WHERE name = 'home'`},
		{"its name changed while closed", `UPDATE site SET name = 'old home' WHERE name = 'home'`},
		{"open again", `UPDATE site SET closed_at = NULL WHERE name = 'old home'`},
		{"a new one", `INSERT INTO site SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'code', 'N', 'name', 'new'))).*
			FROM site s WHERE name = 'tunnel'`},
	} {
		w.sql(step.sql)
		w.must(w.tiles.Refresh(t.Context(), []uuid.UUID{valley.ID(valley.Home)}, valley.Evening))
		for _, login := range []string{"province", "hanyuan", "shimian", "section"} {
			w.everyLayer(login+", "+step.what, w.scope(login), valley.Evening)
		}
	}
}

// Two replicas hear of the same people: they are counted once.
func TestTwoReplicasRefreshAtOnce(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	other := worldOn(t, w.db, tiles.Options{})
	w.pass(valley.HomeGate, valley.Home, valley.Worker(1), roster.In, valley.Evening)
	w.sql("UPDATE site SET name = name || '!'")
	done := make(chan error, 8)
	for i := range cap(done) {
		go func() {
			server := []*tiles.Server{w.tiles, other.tiles}[i%2]
			done <- server.Refresh(t.Context(), []uuid.UUID{valley.ID(valley.Home)}, valley.Evening)
		}()
	}
	for range cap(done) {
		w.must(<-done)
	}
	w.everyLayer("after both", account.Everywhere(), valley.Evening)
}

func TestAnswersOfALayer(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	address := func(z int, lon, lat float64) string {
		tile := tileAt(z, lon, lat)
		return fmt.Sprintf("/tiles/sites/%d/%d/%d.mvt", tile.Z, tile.X, tile.Y)
	}
	home := address(12, 102.36, 29.23)
	full, err := w.get("province", home)
	w.must(err)
	if full.Code != http.StatusOK || full.Body.Len() == 0 || !strings.HasPrefix(full.Header().Get("Cache-Control"), "private") {
		t.Errorf("a full tile: %d, %d bytes, %q", full.Code, full.Body.Len(), full.Header().Get("Cache-Control"))
	}
	same, err := w.get("province", home, "If-None-Match", full.Header().Get("ETag"))
	w.must(err)
	if same.Code != http.StatusNotModified || same.Body.Len() != 0 {
		t.Errorf("the same again: %d, %d bytes", same.Code, same.Body.Len())
	}
	for _, login := range []string{"hanyuan", "liangshan"} {
		if empty, err := w.get(login, home); err != nil || empty.Code != http.StatusNoContent || empty.Body.Len() != 0 {
			t.Errorf("%s gets %d (%v)", login, empty.Code, err)
		}
	}
	if _, err := w.get("auditor", home); !errs.Is(err, errs.Forbidden) {
		t.Errorf("who sees no sites gets %v", err)
	}
	for bad, kind := range map[string]errs.Kind{
		"/tiles/sites/17/0/0.mvt": errs.Fix, "/tiles/sites/3/9/0.mvt": errs.Fix, "/tiles/sites/x/0/0.mvt": errs.Fix,
		"/tiles/sites/3/1/1.png": errs.NotFound, "/tiles/people/3/1/1.mvt": errs.NotFound, "/tiles/": errs.NotFound,
		"/tiles/targets/3/1/1.mvt": errs.Fix, "/tiles/targets/3/1/1.mvt?warning=x": errs.Fix, "/tiles/proxy/1/1/1": errs.NotFound,
		"/tiles/files/../style.json": errs.NotFound,
	} {
		if _, err := w.get("province", bad); errs.KindOf(err) != kind || err == nil {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
