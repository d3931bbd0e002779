package geo

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"muster/internal/errs"
)

const square = `[[104,30],[105,30],[105,31],[104,31],[104,30]]`

func TestParseArea(t *testing.T) {
	one := orb.MultiPolygon{{{{104, 30}, {105, 30}, {105, 31}, {104, 31}, {104, 30}}}}
	two := append(one.Clone(), one[0].Clone())
	for name, c := range map[string]struct {
		text string
		want orb.MultiPolygon
	}{
		"a polygon":             {`{"type":"Polygon","coordinates":[` + square + `]}`, one},
		"a multipolygon":        {`{"type":"MultiPolygon","coordinates":[[` + square + `],[` + square + `]]}`, two},
		"a feature":             {`{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[` + square + `]}}`, one},
		"a collection":          {`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[` + square + `]}}]}`, one},
		"a geometry collection": {`{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":[` + square + `]}]}`, one},
		"with heights":          {`{"type":"Polygon","coordinates":[[[104,30,500],[105,30,500],[105,31,0],[104,31,0],[104,30,500]]]}`, one},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseArea([]byte(c.text))
			if err != nil || !got.Equal(c.want) {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

func TestParseAreaSaysWhatIsWrongAndWhere(t *testing.T) {
	polygon := func(rings string) string { return `{"type":"Polygon","coordinates":[` + rings + `]}` }
	for name, c := range map[string]struct{ text, where, says string }{
		"open":            {polygon(`[[104,30],[105,30],[105,31],[104,31]]`), "coordinates[0]", "没有闭合"},
		"too few":         {polygon(square + `,[[104,30],[104,31],[104,30]]`), "coordinates[1]", "只有 3 个顶点"},
		"swapped":         {polygon(`[[30,104],[30,105],[31,105],[31,104],[30,104]]`), "coordinates[0][0]", "写反"},
		"far away":        {polygon(`[[104,30],[105,30],[2.35,48.85],[104,30]]`), "coordinates[0][2]", "不在中国"},
		"one number":      {polygon(`[[104,30],[105],[105,31],[104,30]]`), "coordinates[0][1]", "不是一对"},
		"a null":          {polygon(`[[104,30],[105,null],[105,31],[104,30]]`), "coordinates[0][1]", "不在中国"},
		"text":            {polygon(`[["104","30"]]`), "coordinates", "不是数字"},
		"no rings":        {polygon(``), "coordinates", "空"},
		"nothing":         {`{"type":"FeatureCollection","features":[]}`, "", "没有面"},
		"a line":          {`{"type":"Feature","geometry":{"type":"LineString","coordinates":[[104,30],[105,30]]}}`, "geometry.type", "不是面"},
		"no geometry":     {`{"type":"Feature","geometry":null}`, "geometry.type", "不是面"},
		"not JSON":        {`<Polygon/>`, "", "不是 GeoJSON"},
		"in a collection": {`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[104,30]]]]}}]}`, "features[0].geometry.coordinates[0][0]", "只有 1 个"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseArea([]byte(c.text))
			e, ok := errors.AsType[*errs.Error](err)
			if !ok || e.Kind != errs.Fix || len(e.Details) == 0 {
				t.Fatalf("%v", err)
			}
			d := e.Details[0]
			if d.Where != c.where || !strings.Contains(d.Text, c.says) || d.Mend == "" {
				t.Errorf("%+v, want %q saying %q", d, c.where, c.says)
			}
		})
	}
}

func TestParseAreaRefusesWhatIsTooMuch(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"type":"Polygon","coordinates":[[`)
	for i := range MaxVertices {
		fmt.Fprintf(&b, "[%g,30],", 100+float64(i)*1e-5)
	}
	b.WriteString(`[100,30]]]}`)
	if _, err := ParseArea([]byte(b.String())); !errs.Is(err, errs.Limit) {
		t.Errorf("too many vertices: %v", err)
	}
	nested := strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 50) + strings.Repeat(`]}`, 50)
	if _, err := ParseArea([]byte(nested)); !errs.Is(err, errs.Fix) {
		t.Errorf("nested: %v", err)
	}
	if _, err := ParseArea(make([]byte, maxAreaBytes+1)); !errs.Is(err, errs.Limit) {
		t.Errorf("too long: %v", err)
	}
}

func TestAreasComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := LonLat{Lon: rapid.Float64Range(90, 120).Draw(t, "lon"), Lat: rapid.Float64Range(10, 45).Draw(t, "lat")}
		area, err := Circle(p, rapid.Float64Range(0, 500_000).Draw(t, "radius"))
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParseArea(MarshalArea(area))
		if err != nil || !cmp.Equal(back, area) {
			t.Errorf("%v", err)
		}
	})
}

func TestCircleHoldsTheTrueCircle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		center := LonLat{Lon: rapid.Float64Range(80, 130).Draw(t, "lon"), Lat: rapid.Float64Range(10, 50).Draw(t, "lat")}
		radius := math.Pow(10, rapid.Float64Range(0, 5.9).Draw(t, "exponent"))
		area, err := Circle(center, radius)
		if err != nil {
			t.Fatal(err)
		}
		tree := newEdgeTree(ringEdges(area[0][0], 0))
		over := 1.001
		if radius > 300_000 {
			over = 1.005
		}
		for range 50 {
			bearing := rapid.Float64Range(0, 2*math.Pi).Draw(t, "bearing")
			if tree.locate(destination(center, bearing, radius).Point()) == outside {
				t.Errorf("a point of the circle is outside")
			}
			if tree.locate(destination(center, bearing, radius*over).Point()) == inside {
				t.Errorf("a point %g radii away is inside", over)
			}
		}
		if d := Distance(center, destination(center, 1, radius)); math.Abs(d-radius) > 1e-3 {
			t.Errorf("went %g m, came %g m", radius, d)
		}
	})
}

func TestCircleRefusesWhatIsNone(t *testing.T) {
	chengdu := LonLat{Lon: 104.07, Lat: 30.66}
	for _, r := range []float64{-1, math.NaN(), math.Inf(1), MaxRadiusM + 1} {
		if _, err := Circle(chengdu, r); !errs.Is(err, errs.Fix) {
			t.Errorf("radius %g: %v", r, err)
		}
	}
	if _, err := Circle(LonLat{Lon: 30.66, Lat: 104.07}, 1000); !errs.Is(err, errs.Fix) || !strings.Contains(err.Error(), "写反") {
		t.Errorf("swapped: %v", err)
	}
	area, err := Circle(chengdu, 0)
	if km := SquareKm(area) * 1e6; err != nil || km < 3.14 || km > 3.15 {
		t.Errorf("a point: %g m², %v", km, err)
	}
}

func TestSquareKmOnTheEllipsoid(t *testing.T) {
	sphere := 510_065_621.724 // km², the surface of WGS 84 (NIMA TR8350.2)
	if got := 2 * 2 * math.Pi * zone(90) / 1e6; math.Abs(got-sphere) > 0.01 {
		t.Errorf("the Earth has %f km², want %f", got, sphere)
	}
	withHole := orb.MultiPolygon{{
		{{104, 30}, {105, 30}, {105, 31}, {104, 31}, {104, 30}},
		{{104.4, 30.4}, {104.4, 30.6}, {104.6, 30.6}, {104.6, 30.4}, {104.4, 30.4}},
	}}
	full, hole := SquareKm(orb.MultiPolygon{withHole[0][:1]}), SquareKm(orb.MultiPolygon{withHole[0][1:]})
	if got := SquareKm(withHole); math.Abs(got-(full-hole)) > 1e-6 || full < 10_600 || full > 10_650 {
		t.Errorf("%f km² with, %f without, %f the hole", got, full, hole)
	}
	disc, _ := Circle(LonLat{Lon: 104, Lat: 30}, 10_000)
	if got := SquareKm(disc); math.Abs(got-314.16) > 0.3 {
		t.Errorf("a disc of 10 km has %f km²", got)
	}
	if Vertices(withHole) != 10 {
		t.Errorf("%d vertices", Vertices(withHole))
	}
}
