package tiles_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/warning"
	"muster/tiles"
)

// overHome is a drawn area with the home and the tunnel in it.
var overHome = postgres.Area{Level: warning.Red, Basis: warning.BasisPolygon, Certain: true, Geometry: orb.MultiPolygon{{{
	{102.34, 29.21}, {102.40, 29.21}, {102.40, 29.27}, {102.34, 29.27}, {102.34, 29.21}}}}}

// overShimian is a county by its code.
var overShimian = postgres.Area{Level: warning.Orange, Basis: warning.BasisGeocode, Certain: true, Regions: []string{string(valley.Shimian)}}

func (w *world) warnings(login string, t tiles.Tile) []*geojson.Feature {
	w.Helper()
	s, err := w.who(login).May(account.SeeWarnings)
	w.must(err)
	return w.features("warnings", "warning", t, s, uuid.Nil)
}

// A published area is seen by whoever is concerned and by nobody else; a lifted
// one by nobody.
func TestAreasOfWarningsInForce(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	here := tileAt(9, 102.36, 29.23)
	if list := w.warnings("province", here); len(list) != 0 {
		t.Fatalf("before anything is published: %d areas", len(list))
	}
	id := w.publish(overHome)
	for login, sees := range map[string]int{"province": 1, "yaan": 1, "shimian": 1, "site": 1, "liangshan": 0, "hanyuan": 0} {
		if list := w.warnings(login, here); len(list) != sees {
			t.Errorf("%s sees %d areas, not %d", login, len(list), sees)
		}
	}
	f := w.warnings("shimian", here)[0]
	for property, want := range map[string]any{"warning": id.String(), "level": "red", "hazard": "flash_flood", "mode": "actual", "state": "active",
		"certain": true, "approximate": nil, "title": "测试用预警", "seq": 1.0} {
		if got := f.Properties[property]; got != want {
			t.Errorf("%s is %v, not %v", property, got, want)
		}
	}
	if bad, err := w.get("worker", "/tiles/warnings/9/401/212.mvt"); err == nil {
		t.Errorf("who may not see warnings gets %d", bad.Code)
	}
	w.must(w.db.Lift(t.Context(), account.Everywhere(), id, 2, "雨停", postgres.Publication{Office: valley.ID("雅安局"), Leader: true,
		By: postgres.Actor{ID: w.who("yaan").UserID, Name: "yaan"}}, w.clock.Now()))
	if list := w.warnings("province", here); len(list) != 0 {
		t.Errorf("after the lift: %d areas", len(list))
	}
}

// An area of codes alone has the outline of its region, and says that it is only
// a sketch.
func TestAnAreaOfCodesHasTheOutlinesOfItsRegions(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	w.publish(overShimian)
	list := w.warnings("province", tileAt(8, 102.36, 29.23))
	if len(list) != 1 || list[0].Properties["approximate"] != true || list[0].Properties["level"] != "orange" {
		t.Fatalf("%+v", list)
	}
	if kind := list[0].Geometry.GeoJSONType(); kind != "Polygon" && kind != "MultiPolygon" {
		t.Error("drawn as a", kind)
	}
}

// The outline on the map is where the area is, to a pixel.
func TestAnAreaIsDrawnWhereItIs(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	w.publish(overHome)
	for _, z := range []int{6, 9, 12} {
		tile := tileAt(z, 102.37, 29.24)
		body, err := w.tiles.Cut(t.Context(), "warnings", tile, account.Everywhere(), uuid.Nil)
		w.must(err)
		layers, err := mvt.Unmarshal(body)
		w.must(err)
		layers.ProjectToWGS84(maptile.New(uint32(tile.X), uint32(tile.Y), maptile.Zoom(z)))
		bounds := maptile.New(uint32(tile.X), uint32(tile.Y), maptile.Zoom(z)).Bound()
		want := intersect(overHome.Geometry.Bound(), bounds)
		got := intersect(layers[0].Features[0].Geometry.Bound(), bounds)
		pixel := (bounds.Max[0] - bounds.Min[0]) / 512
		for i := range 2 {
			if abs(got.Min[i]-want.Min[i]) > pixel || abs(got.Max[i]-want.Max[i]) > pixel {
				t.Errorf("zoom %d: %v, not %v", z, got, want)
			}
		}
	}
}

func intersect(a, b orb.Bound) orb.Bound {
	return orb.Bound{Min: orb.Point{max(a.Min[0], b.Min[0]), max(a.Min[1], b.Min[1])}, Max: orb.Point{min(a.Max[0], b.Max[0]), min(a.Max[1], b.Max[1])}}
}

func abs(x float64) float64 { return max(x, -x) }

// The threads of a warning are on the map with their states, to those whose
// sites they are.
func TestTargetsOfAWarning(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	id := w.publish(overHome)
	w.sql("UPDATE response SET state = 'delivered' WHERE site_id = $1", valley.ID(valley.Home))
	here := tileAt(10, 102.36, 29.23)
	targets := func(login string) []*geojson.Feature {
		s, err := w.who(login).May(account.SeeWarnings)
		w.must(err)
		return w.features("targets", "target", here, s, id)
	}
	for login, sees := range map[string]int{"province": 2, "shimian": 2, "section": 2, "site": 1, "hanyuan": 0} {
		if got := len(targets(login)); got != sees {
			t.Errorf("%s sees %d targets, not %d", login, got, sees)
		}
	}
	f := targets("site")[0]
	if f.Properties["site"] != valley.ID(valley.Home).String() || f.Properties["state"] != "delivered" || f.Properties["level"] != "red" {
		t.Errorf("%+v", f.Properties)
	}
	allowed := []string{"site", "response", "state", "measure", "level", "mode", "certain", "possible", "safe", "missing", "doubted", "since"}
	for property := range f.Properties {
		if !slices.Contains(allowed, property) {
			t.Errorf("property %s", property)
		}
	}
	if list := w.features("targets", "target", here, account.Everywhere(), uuid.New()); len(list) != 0 {
		t.Errorf("another warning has %d targets", len(list))
	}
}

// Regions are the same for everybody who may see sites; counties from zoom 6 on.
func TestOutlinesOfRegions(t *testing.T) {
	w := newWorld(t, tiles.Options{})
	for z, levels := range map[int][]string{5: {"city", "province"}, 6: {"city", "county", "province"}, 10: {"city", "county", "province"}} {
		var got []string
		for _, level := range values(w.features("regions", "region", tileAt(z, 102.36, 29.23), account.Scope{}, uuid.Nil), "level") {
			if !slices.Contains(got, level.(string)) {
				got = append(got, level.(string))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, levels) {
			t.Errorf("zoom %d shows %v", z, got)
		}
	}
	names := values(w.features("regions", "label", tileAt(6, 102.36, 29.23), account.Scope{}, uuid.Nil), "name")
	if !slices.Contains(names, any("石棉县")) {
		t.Errorf("the labels are %v", names)
	}
	for _, f := range w.features("regions", "region", tileAt(8, 102.36, 29.23), account.Scope{}, uuid.Nil) {
		if f.Properties["approximate"] != true {
			t.Errorf("%v does not say that it is a sketch", f.Properties["name"])
		}
	}
}
