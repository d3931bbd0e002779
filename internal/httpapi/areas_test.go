package httpapi_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
)

// under asks who is under an area, as the province.
func (w *world) under(areas ...object) map[string]target {
	w.Helper()
	p := read[preview](w.as("province").post("/preview", question("yellow", areas...)))
	return byName(p.Targets)
}

func (w *world) sitesUnder(areas ...object) string {
	w.Helper()
	var all []string
	for name := range w.under(areas...) {
		all = append(all, name)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func TestACodeMatchesWhatIsRegisteredBelowIt(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		codes []string
		want  string
	}{
		"a county":              {[]string{"511824"}, "home tunnel"},
		"in twelve digits":      {[]string{"511824000000"}, "home tunnel"},
		"with the country code": {[]string{"156511824"}, "home tunnel"},
		"two counties":          {[]string{"511824", "511823"}, "camp home slope tunnel"},
		"a city with counties":  {[]string{"511800"}, "camp home slope tunnel"},
		"the province":          {[]string{"510000"}, "bridge camp home slope tunnel yard"},
		"another city":          {[]string{"513400"}, "bridge yard"},
	} {
		got := w.under(regions(c.codes...))
		if w.sitesUnder(regions(c.codes...)) != c.want {
			t.Errorf("%s: %s, want %s", name, w.sitesUnder(regions(c.codes...)), c.want)
		}
		for _, hit := range got {
			if !hit.Match.Certain || !slices.Equal(hit.Match.By, []string{"region_code"}) {
				t.Errorf("%s: %s is matched %+v", name, hit.Name, hit.Match)
			}
		}
	}
}

// A township is never widened to its county: the county's sites of unknown
// township are possible, nothing more.
func TestATownshipMakesItsCountyPossibleOnly(t *testing.T) {
	w := newWorld(t)
	w.sql("INSERT INTO region (code, name, level, parent) VALUES ($1, '示例镇', 'township', $2), ('511824102000', '别的镇', 'township', $2)",
		string(valley.Township), string(valley.Shimian))
	w.sql("UPDATE site SET region = $1, recorded_at = $2 WHERE id = $3", string(valley.Township), valley.Evening, valley.ID(valley.Home))
	hits := w.under(regions("511824101"))
	if len(hits) != 2 || !hits[valley.Home].Match.Certain || hits[valley.Tunnel].Match.Certain {
		t.Errorf("%+v", hits)
	}
	if why := strings.Join(hits[valley.Tunnel].Why, ""); !strings.Contains(why, "未登记乡镇") {
		t.Errorf("why: %s", why)
	}
	// Home is known to lie in another township: not even possible.
	if other := w.under(regions("511824102")); len(other) != 1 || other[valley.Tunnel].Match.Certain {
		t.Errorf("%+v", other)
	}
}

func TestATownshipThatIsNotInTheTableIsTakenByItsCounty(t *testing.T) {
	w := newWorld(t)
	hits := w.under(regions("511824999"))
	if len(hits) != 2 || hits[valley.Home].Match.Certain {
		t.Errorf("%+v", hits)
	}
}

func TestARegionThatDoesNotExistIsRefused(t *testing.T) {
	w := newWorld(t)
	for code, want := range map[string]string{"511899": "region_unknown", "518824101": "region_unknown", "51182": "region_invalid",
		"雅安": "region_invalid", "911824": "region_invalid"} {
		w.as("province").post("/preview", question("yellow", regions(code))).refused(422, want)
	}
	w.as("province").post("/preview", question("yellow", regions("999999"))).must(422)
	w.as("province").post("/preview", question("yellow", object{})).refused(422, "area_missing")
}

// An approximate footprint is drawn for people and proves nothing; an official
// one finds sites by position, and says where position and code disagree.
func TestOnlyAnOfficialFootprintMatchesByPosition(t *testing.T) {
	w := newWorld(t)
	w.sql("UPDATE site SET region = $1, recorded_at = $2 WHERE id = $3", string(valley.Hanyuan), valley.Evening, valley.ID(valley.Tunnel))
	if got := w.sitesUnder(regions("511824")); got != valley.Home {
		t.Errorf("by approximation: %s", got)
	}
	if areas := w.as("province").get("/regions/areas").must(200); !areas.has(`"approximate": true`) {
		t.Error("the outlines are not marked as approximate")
	}
	square := orb.MultiPolygon{{{{102.30, 29.20}, {102.45, 29.20}, {102.45, 29.30}, {102.30, 29.30}, {102.30, 29.20}}}}
	if _, err := w.db.ImportFootprints(t.Context(), []postgres.Footprint{{Region: valley.Shimian, Source: "示例测绘", Dated: valley.Evening,
		Datum: geo.WGS84Datum, Area: square}}, postgres.Actor{Name: "test"}, valley.Evening); err != nil {
		t.Fatal(err)
	}
	hits := w.under(regions("511824"))
	home, tunnel := hits[valley.Home], hits[valley.Tunnel]
	if !slices.Equal(home.Match.By, []string{"region_code", "region_position"}) || strings.Contains(strings.Join(home.Why, ""), "不一致") {
		t.Errorf("home: %+v", home)
	}
	if !slices.Equal(tunnel.Match.By, []string{"region_position"}) {
		t.Errorf("tunnel: %+v", tunnel.Match)
	}
	// A site whose code says 石棉 and that stands elsewhere.
	w.sql("UPDATE site SET region = $1, recorded_at = $2 WHERE id = $3", string(valley.Shimian), valley.Evening, valley.ID(valley.Camp))
	camp := w.under(regions("511824"))[valley.Camp]
	if !camp.Match.Certain || !strings.Contains(strings.Join(camp.Why, ""), "登记区划与位置不一致") {
		t.Errorf("camp: %+v", camp)
	}
	if areas := w.as("province").get("/regions/areas").must(200); !areas.has("示例测绘") {
		t.Error("the outline does not name its source")
	}
}

func TestAreasOfEveryShape(t *testing.T) {
	w := newWorld(t)
	home := valley.Positions[valley.Home]
	gcj := geo.FromPoint(home).GCJ02()
	for name, c := range map[string]struct {
		area object
		want string
	}{
		"a polygon":            {drawn(`{"type":"Polygon","coordinates":[[[102.3,29.2],[102.4,29.2],[102.4,29.3],[102.3,29.3],[102.3,29.2]]]}`), "home tunnel"},
		"with a hole":          {drawn(`{"type":"Polygon","coordinates":[[[102.3,29.2],[102.4,29.2],[102.4,29.3],[102.3,29.3],[102.3,29.2]],[[102.37,29.24],[102.37,29.26],[102.39,29.26],[102.39,29.24],[102.37,29.24]]]}`), "home"},
		"a multipolygon":       {drawn(`{"type":"MultiPolygon","coordinates":[[[[102.35,29.22],[102.37,29.22],[102.37,29.24],[102.35,29.24],[102.35,29.22]]],[[[102.65,29.34],[102.67,29.34],[102.67,29.36],[102.65,29.36],[102.65,29.34]]]]}`), "camp home slope"},
		"whose border touches": {drawn(`{"type":"Polygon","coordinates":[[[102.36,29.23],[102.37,29.23],[102.37,29.235],[102.36,29.23]]]}`), "home"},
		"a circle":             {around(valley.Home, 100), "home"},
		"nowhere":              {drawn(`{"type":"Polygon","coordinates":[[[104,32],[104.1,32],[104.1,32.1],[104,32]]]}`), ""},
		"a feature":            {drawn(`{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[102.35,29.22],[102.37,29.22],[102.37,29.24],[102.35,29.24],[102.35,29.22]]]}}`), "home"},
		"across a line":        {drawn(`{"type":"Polygon","coordinates":[[[102.68,29.30],[102.69,29.30],[102.69,29.40],[102.68,29.40],[102.68,29.30]]]}`), "slope"},
		"a circle in GCJ-02":   {object{"datum": "gcj02", "circle": object{"lon": gcj.Lon, "lat": gcj.Lat, "radius_m": 20}}, "home"},
	} {
		if got := w.sitesUnder(c.area); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestAreasThatCannotBe(t *testing.T) {
	w := newWorld(t)
	for name, geojson := range map[string]string{
		"open":          `{"type":"Polygon","coordinates":[[[102.3,29.2],[102.4,29.2],[102.4,29.3],[102.3,29.3]]]}`,
		"swapped":       `{"type":"Polygon","coordinates":[[[29.2,102.3],[29.2,102.4],[29.3,102.4],[29.2,102.3]]]}`,
		"empty":         `{"type":"Polygon","coordinates":[]}`,
		"a point":       `{"type":"Point","coordinates":[102.3,29.2]}`,
		"two vertices":  `{"type":"Polygon","coordinates":[[[102.3,29.2],[102.4,29.2],[102.3,29.2]]]}`,
		"another world": `{"type":"Polygon","coordinates":[[[2.3,48.2],[2.4,48.2],[2.4,48.3],[2.3,48.2]]]}`,
		"words":         `{"type":"Polygon","coordinates":"石棉"}`,
	} {
		p := w.as("province").post("/preview", question("yellow", drawn(geojson))).must(422)
		if !p.has("body.areas[0]") {
			t.Errorf("%s: does not say which area: %s", name, p.Body)
		}
	}
	w.as("province").post("/preview", question("yellow", object{"circle": object{"lon": 102.3, "lat": 29.2, "radius_m": -1}})).must(422)
	w.as("province").post("/preview", question("yellow", object{"circle": object{"lon": 102.3, "lat": 29.2, "radius_m": 1e9}})).must(422)
}

// A self-crossing area is shown mended with what that changed, and stored only
// after somebody has seen and accepted it.
func TestACrossingAreaIsMendedInTheOpen(t *testing.T) {
	w := newWorld(t)
	bow := `{"type":"Polygon","coordinates":[[[102.3,29.2],[102.42,29.3],[102.42,29.2],[102.3,29.3],[102.3,29.2]]]}`
	p := read[preview](w.as("yaan").post("/preview", question("yellow", drawn(bow))))
	if p.Area == nil || p.Area.Repaired == nil || p.Area.Repaired.NowKM2 <= 0 {
		t.Fatalf("area %+v", p.Area)
	}
	refused := w.as("yaan").post("/warnings", instruction("yellow", drawn(bow))).refused(422, "area_invalid")
	if len(refused.Errors) == 0 || !strings.Contains(refused.Errors[0].Location, "经度") {
		t.Errorf("does not say where: %+v", refused.Errors)
	}
	accepted := w.draft("yaan", instruction("yellow", but(drawn(bow), object{"accept_repair": true})))
	again := read[preview](w.as("yaan").get("/warnings/" + accepted.ID.String() + "/preview"))
	if names(again.Targets) != names(p.Targets) {
		t.Errorf("seen %s, stored %s", names(p.Targets), names(again.Targets))
	}
}

// The finest of several areas is certain, the rest possible; the highest level
// that touches a site counts.
func TestSeveralAreasOfOneWarning(t *testing.T) {
	w := newWorld(t)
	hits := w.under(but(around(valley.Home, 300), object{"level": "red"}), but(regions("511824"), object{"certain": false}))
	home, tunnel := hits[valley.Home], hits[valley.Tunnel]
	if home.Level != "red" || !home.Match.Certain || tunnel.Level != "yellow" || tunnel.Match.Certain {
		t.Errorf("home %s %v, tunnel %s %v", home.Level, home.Match.Certain, tunnel.Level, tunnel.Match.Certain)
	}
}

func TestFiftyThousandVerticesAreAnsweredInTime(t *testing.T) {
	w := newWorld(t)
	ring := make(orb.Ring, 0, 50_001)
	for i := range 50_000 {
		x := 102.3 + 0.15*float64(i)/50_000
		ring = append(ring, orb.Point{x, 29.2 + 0.00001*float64(i%2)})
	}
	ring = append(ring, orb.Point{102.45, 29.3}, orb.Point{102.3, 29.3}, ring[0])
	began := time.Now()
	got := w.sitesUnder(drawn(string(geo.MarshalArea(orb.MultiPolygon{{ring}}))))
	if got != "home tunnel" {
		t.Errorf("%q", got)
	}
	t.Logf("%d vertices in %v", len(ring), time.Since(began).Round(time.Millisecond))
}

// Of several shapes the preview answers for all: ground that two of them cover
// counts once, and a defect of the first is not forgotten over the second.
func TestAPreviewAnswersForAllShapes(t *testing.T) {
	w := newWorld(t)
	square := func(west float64) object {
		return drawn(fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]f,29.2],[%[2]f,29.2],[%[2]f,29.3],[%[1]f,29.3],[%[1]f,29.2]]]}`, west, west+0.1))
	}
	of := func(areas ...object) preview {
		return read[preview](w.as("yaan").post("/preview", question("yellow", areas...)))
	}
	one := of(square(102.3)).Area.KM2
	if apart := of(square(102.3), square(102.6)).Area.KM2; math.Abs(apart-2*one) > 0.01*one {
		t.Errorf("two apart are %v km², one is %v", apart, one)
	}
	if over := of(square(102.3), square(102.35)).Area.KM2; math.Abs(over-1.5*one) > 0.01*one {
		t.Errorf("two that overlap by half are %v km², one is %v", over, one)
	}
	bow := drawn(`{"type":"Polygon","coordinates":[[[102.3,29.2],[102.42,29.3],[102.42,29.2],[102.3,29.3],[102.3,29.2]]]}`)
	if both := of(bow, square(102.6)); both.Area.Repaired == nil {
		t.Error("the defect of the first shape is forgotten")
	}
}
