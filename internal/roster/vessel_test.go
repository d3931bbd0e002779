package roster_test

import (
	"strings"
	"testing"
	"time"

	"muster/internal/errs"
	"muster/internal/geo"
	"muster/internal/roster"
)

func TestWhereAVesselCanBe(t *testing.T) {
	noon := time.Date(2026, 7, 10, 4, 0, 0, 0, time.UTC)
	fix := func(lon, lat, accuracy float64, after time.Duration) roster.Fix {
		return roster.Fix{At: noon.Add(after), Place: geo.LonLat{Lon: lon, Lat: lat}, AccuracyM: accuracy}
	}
	yibin := fix(104.62, 28.77, 10, 0)
	for _, c := range []struct {
		what   string
		now    roster.Fix
		beside *roster.Fix
		has    string
	}{
		{"the first", yibin, nil, ""},
		{"two hours downstream", fix(105.00, 28.80, 10, 2*time.Hour), &yibin, ""},
		{"GPS noise within a second", fix(104.6201, 28.7701, 10, time.Second), &yibin, ""},
		{"two vague ones", fix(104.63, 28.77, 900, time.Second), &yibin, ""},
		{"by plane", fix(106.55, 29.56, 10, time.Hour), &yibin, "走不了这么快"},
		{"by plane, reported late", fix(106.55, 29.56, 10, -time.Hour), &yibin, "走不了这么快"},
		{"swapped", fix(28.77, 104.62, 10, time.Hour), nil, "写反"},
		{"zero", fix(0, 0, 10, time.Hour), nil, "境内"},
		{"a cell tower", fix(104.62, 28.77, 5000, time.Hour), nil, "误差"},
	} {
		err := roster.CheckFix(c.now, c.beside, nil)
		if c.has == "" && err != nil || c.has != "" && (!errs.Is(err, errs.Fix) || !strings.Contains(err.Error(), c.has)) {
			t.Errorf("%s: %v, want %q", c.what, err, c.has)
		}
	}
}
