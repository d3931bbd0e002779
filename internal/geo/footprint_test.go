package geo

import (
	"bytes"
	"strings"
	"testing"

	"muster/internal/reftest"
)

func feature(properties, ring string) string {
	return `{"type":"Feature","properties":` + properties + `,"geometry":{"type":"Polygon","coordinates":[` + ring + `]}}`
}

func TestParseFootprints(t *testing.T) {
	file := `{"type":"FeatureCollection","features":[` + strings.Join([]string{
		feature(`{"name":"甲县","gb":"156513322"}`, square),
		feature(`{"name":"乙县","adcode":511824}`, square),
		feature(`{"name":"丙县","adcode":"510181","gb":null}`, square),
		feature(`{"name":"甲县又一次","gb":156513322}`, square),
		feature(`{"name":"无码"}`, square),
		feature(`{"name":"错码","gb":"51x"}`, square),
		feature(`{"name":"开口","adcode":510182}`, `[[104,30],[105,30],[105,31],[104,31]]`),
		feature(`{"name":7,"adcode":510182}`, square),
		`{"type":"Feature","properties":{"name":"线","adcode":510183},"geometry":{"type":"LineString","coordinates":[[104,30],[105,30]]}}`,
	}, ",") + `]}`
	list, wrong := ParseFootprints(strings.NewReader(file), WGS84Datum)
	if len(list) != 3 || list[0].Code != "513322000000" || list[1].Code != "511824000000" || list[2].Name != "丙县" {
		t.Errorf("%+v", list)
	}
	for _, where := range []string{"features[3]", "features[4].properties", "features[5].properties", "features[6].geometry.coordinates[0]", "features[7].properties", "features[8].geometry.type"} {
		found := false
		for _, d := range wrong {
			found = found || d.Where == where && d.Text != ""
		}
		if !found {
			t.Errorf("nothing is said about %s: %v", where, wrong)
		}
	}
}

func TestParseFootprintsOfWhatIsNone(t *testing.T) {
	for _, file := range []string{``, `{}`, `[]`, `{"type":"FeatureCollection"}`, `{"type":"FeatureCollection","features":[3]}`} {
		if list, wrong := ParseFootprints(strings.NewReader(file), WGS84Datum); len(list) != 0 || len(wrong) == 0 {
			t.Errorf("%q: %v, %v", file, list, wrong)
		}
	}
}

func TestParseFootprintsInAnotherDatum(t *testing.T) {
	file := `{"type":"FeatureCollection","features":[` + feature(`{"name":"甲县","gb":"156513322"}`, square) + `]}`
	list, wrong := ParseFootprints(strings.NewReader(file), GCJ02Datum)
	if len(wrong) > 0 || len(list) != 1 {
		t.Fatal(wrong)
	}
	if d := Distance(FromPoint(list[0].Area[0][0][0]), LonLat{Lon: 104, Lat: 30}); d < 300 || d > 600 {
		t.Errorf("moved by %.0f m", d)
	}
}

func TestParseFootprintsOfTheCounties(t *testing.T) {
	raw, ok := reftest.Read(t, "data/sichuan-counties.geojson")
	if !ok {
		return
	}
	list, wrong := ParseFootprints(bytes.NewReader(raw), WGS84Datum)
	if len(list) != 183 || len(wrong) != 0 {
		t.Fatalf("%d counties, %v", len(list), wrong)
	}
	total := 0.0
	for _, f := range list {
		info, known := LookupRegion(f.Code)
		if !known || info.Name != f.Name {
			t.Errorf("%s %s is not in the table", f.Code, f.Name)
		}
		if newBands(areaWalk(f.Area, 0).edges).locate(info.Position.Point()) == outside {
			t.Errorf("%s: the representative point is outside", f.Name)
		}
		if d := Defects(f.Area); len(d) > 0 {
			t.Errorf("%s: %v", f.Name, d)
		}
		total += SquareKm(f.Area)
	}
	if total < 484_000 || total > 488_000 {
		t.Errorf("the province has 486,000 km², these counties %.0f", total)
	}
}
