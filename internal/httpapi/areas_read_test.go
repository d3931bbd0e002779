package httpapi_test

import (
	"encoding/base64"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"muster/internal/postgres/pgtest/valley"
)

type reading struct {
	Format, Datum string
	DatumNeeded   bool `json:"datum_needed"`
	Swapped       bool
	Areas         []struct {
		Name       string
		Geometry   rawJSON
		KM2        float64
		Repaired   bool
		Difference float64 `json:"difference_km2"`
		Defects    []struct{ Text string }
	}
	Lines []struct {
		Geometry rawJSON
		LengthM  float64 `json:"length_m"`
	}
	Points []struct{ Geometry rawJSON }
	Notes  []struct{ Where, Text, Mend string }
}

type shape struct {
	Geometry rawJSON
	KM2      float64
	Vertices int
	Repaired bool
}

func (r *rawJSON) UnmarshalJSON(b []byte) error { *r = rawJSON(b); return nil }

func (w *world) readArea(body object) reading {
	w.Helper()
	return read[reading](w.as("yaan").post("/areas/read", body))
}

// What somebody pasted is what is matched: a list of corners from WeChat finds
// the residence, once its datum is said.
func TestAPastedListBecomesAWarningArea(t *testing.T) {
	w := newWorld(t)
	text := "石棉沿河（高德坐标）\n东经102.35°，北纬29.22°\n东经102.37°，北纬29.22°\n东经102.37°，北纬29.24°\n东经102.35°，北纬29.24°"
	r := w.readArea(object{"text": text})
	if r.Format != "coords" || r.Datum != "gcj02" || r.DatumNeeded || len(r.Areas) != 1 || r.Areas[0].KM2 < 4 || r.Areas[0].KM2 > 5 {
		t.Fatalf("%+v", r)
	}
	if got := w.sitesUnder(drawn(string(r.Areas[0].Geometry))); got != valley.Home {
		t.Errorf("under it: %q", got)
	}
	if bare := w.readArea(object{"text": "102.35,29.22\n102.37,29.22\n102.37,29.24"}); !bare.DatumNeeded || bare.Datum != "wgs84" {
		t.Errorf("nobody is asked for the datum: %+v", bare)
	}
	file := base64.StdEncoding.EncodeToString([]byte(`{"type":"LineString","coordinates":[[102.35,29.22],[102.37,29.22]]}`))
	if line := w.readArea(object{"file": file, "datum": "wgs84"}); len(line.Lines) != 1 || math.Abs(line.Lines[0].LengthM-1945) > 5 {
		t.Errorf("%+v", line)
	}
}

// A ring that crosses itself comes back mended, with where and how much.
func TestAPastedRingThatCrossesIsMendedInTheOpen(t *testing.T) {
	w := newWorld(t)
	r := w.readArea(object{"text": "POLYGON((102.3 29.2,102.42 29.3,102.42 29.2,102.3 29.3,102.3 29.2))"})
	if len(r.Areas) != 1 || !r.Areas[0].Repaired || len(r.Areas[0].Defects) == 0 || r.Areas[0].Difference <= 0 {
		t.Fatalf("%+v", r)
	}
	w.draft("yaan", instruction("blue", drawn(string(r.Areas[0].Geometry)))) // what came back needs no further consent
	if flat := w.as("yaan").post("/areas/read", object{"text": "POLYGON((102.3 29.2,102.4 29.2,102.5 29.2,102.3 29.2))"}); flat.Status != http.StatusOK || !flat.has("没有面积") {
		t.Errorf("%d %s", flat.Status, flat.Body)
	}
}

func TestWhatCannotBeReadSaysWhere(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		body   object
		status int
		code   string
	}{
		"nothing":    {object{}, 422, "area_unreadable"},
		"words":      {object{"text": "上游三个村"}, 422, "area_unreadable"},
		"an entity":  {object{"text": `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><kml>&e;</kml>`}, 422, "xml_doctype"},
		"a bad file": {object{"file": base64.StdEncoding.EncodeToString([]byte("PK\x03\x04nonsense"))}, 422, "kmz_broken"},
	} {
		p := w.as("yaan").post("/areas/read", c.body).refused(c.status, c.code)
		if p.Kind == "fix" && len(p.Errors) == 0 {
			t.Errorf("%s: does not say where", name)
		}
	}
	began := time.Now()
	w.as("yaan").post("/areas/read", object{"text": strings.Repeat("雨情汛情7月10日20时；", 3_600)}).must(422)
	t.Logf("100 kB of nonsense: %v", time.Since(began).Round(time.Millisecond))
}

// A valley is a line and a distance.
func TestABufferAlongAValley(t *testing.T) {
	w := newWorld(t)
	line := rawJSON(`{"type":"LineString","coordinates":[[102.34,29.21],[102.36,29.231],[102.379,29.251]]}`)
	s := read[shape](w.as("yaan").post("/areas/buffer", object{"geometry": line, "radius_m": 500}))
	if got := w.sitesUnder(drawn(string(s.Geometry))); got != "home tunnel" {
		t.Errorf("under it: %q", got)
	}
	if s.KM2 < 6.5 || s.KM2 > 8 || s.Vertices > 200 {
		t.Errorf("%.2f km², %d vertices", s.KM2, s.Vertices)
	}
	w.as("yaan").post("/areas/buffer", object{"geometry": line, "radius_m": 0}).refused(422, "buffer_radius")
	w.as("yaan").post("/areas/buffer", object{"geometry": rawJSON(`{"type":"Nonsense"}`), "radius_m": 10}).refused(422, "area_unreadable")
}

func TestAreasAreUnitedCutAndIntersected(t *testing.T) {
	w := newWorld(t)
	square := func(west, east string) object {
		return drawn(strings.NewReplacer("W", west, "E", east).Replace(`{"type":"Polygon","coordinates":[[[W,29.2],[E,29.2],[E,29.3],[W,29.3],[W,29.2]]]}`))
	}
	combine := func(op string, a, b object) shape {
		return read[shape](w.as("yaan").post("/areas/combine", object{"op": op, "a": a, "b": b}))
	}
	left, right := square("102.30", "102.37"), square("102.36", "102.40")
	one := combine("union", left, left).KM2
	for op, want := range map[string]float64{"union": 10. / 7, "subtract": 6. / 7, "intersect": 1. / 7} {
		if got := combine(op, left, right).KM2 / one; math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: %.4f of it, want %.4f", op, got, want)
		}
	}
	if got := w.sitesUnder(drawn(string(combine("subtract", square("102.30", "102.40"), around(valley.Home, 800)).Geometry))); got != valley.Tunnel {
		t.Errorf("the circle is not cut out: %q", got)
	}
	if nothing := combine("intersect", square("102.30", "102.31"), square("102.32", "102.33")); string(nothing.Geometry) != "null" || nothing.KM2 != 0 {
		t.Errorf("%+v", nothing)
	}
	bow := drawn(`{"type":"Polygon","coordinates":[[[102.3,29.2],[102.42,29.3],[102.42,29.2],[102.3,29.3],[102.3,29.2]]]}`)
	if !combine("union", bow, left).Repaired {
		t.Error("a shape was mended in silence")
	}
	w.as("yaan").post("/areas/combine", object{"op": "union", "a": left, "b": regions("511824")}).refused(422, "area_missing")
}
