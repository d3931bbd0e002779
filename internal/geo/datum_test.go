package geo

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/reftest"
)

func TestGCJ02OfKnownPlaces(t *testing.T) {
	raw, ok := reftest.Read(t, "devices/vectors.json")
	if !ok {
		return
	}
	var v struct {
		GCJ02 []struct {
			Name     string
			WGS, GCJ [2]float64 // latitude first in this file
		}
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.GCJ02) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.GCJ02 {
		t.Run(c.Name, func(t *testing.T) {
			p := LonLat{Lon: c.WGS[1], Lat: c.WGS[0]}
			want := LonLat{Lon: c.GCJ[1], Lat: c.GCJ[0]}
			g := p.GCJ02()
			if d := Distance(LonLat(g), want); !(d < 0.001) {
				t.Errorf("to GCJ-02: %v, want %v (%.4f m off)", g, want, d)
			}
			if d := Distance(GCJ02(want).WGS84(), p); !(d < 0.001) {
				t.Errorf("back to WGS 84: %.4f m off", d)
			}
		})
	}
}

func TestConversionsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := LonLat{
			Lon: rapid.Float64Range(MinLon, MaxLon).Draw(t, "lon"),
			Lat: rapid.Float64Range(MinLat, MaxLat).Draw(t, "lat"),
		}
		for name, back := range map[string]LonLat{"GCJ-02": p.GCJ02().WGS84(), "BD-09": p.BD09().WGS84()} {
			if math.Abs(back.Lon-p.Lon) > 1e-9 || math.Abs(back.Lat-p.Lat) > 1e-9 {
				t.Errorf("%s: %v came back as %v", name, p, back)
			}
		}
	})
}

func TestDatumNames(t *testing.T) {
	for text, want := range map[string]Datum{
		"WGS84": WGS84Datum, "EPSG:4326": WGS84Datum, "CGCS-2000": CGCS2000Datum, "gcj-02": GCJ02Datum, "BD09LL": BD09Datum,
	} {
		if got, err := ParseDatum(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if _, err := ParseDatum("西安80"); err == nil {
		t.Error("西安80 was taken for a datum we can convert")
	}
	chengdu := LonLat{Lon: 104.06584, Lat: 30.65742}
	if got := GCJ02Datum.ToWGS84(chengdu.Lon, chengdu.Lat); Distance(got, chengdu) < 300 {
		t.Errorf("GCJ-02 was taken as it is: %v", got)
	}
	if got := CGCS2000Datum.ToWGS84(chengdu.Lon, chengdu.Lat); got != chengdu {
		t.Errorf("CGCS2000 is WGS 84 to a centimetre, got %v", got)
	}
}
