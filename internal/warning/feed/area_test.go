package feed

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"muster/internal/warning"
)

func TestPolygons(t *testing.T) {
	for _, c := range []struct {
		name    string
		polygon string
		flag    warning.Flag
		parts   int
		outcome Outcome
	}{
		{"closed", square, "", 1, Accepted},
		{"tabs, line ends and double blanks", strings.ReplaceAll(square, " ", " \t\n "), "", 1, Accepted},
		{"signs", strings.ReplaceAll(square, "30.", "+30."), "", 1, Accepted},
		{"open", "30,103 30,103.1 30.1,103.1", warning.FlagRingClosed, 1, Accepted},
		{"crossing itself", "30.00,102.90 30.15,103.10 30.00,103.10 30.15,102.90 30.00,102.90", warning.FlagSelfIntersecting, 1, Held},
		{"longitude first", "102.9,30 103.1,30 103.1,30.15 102.9,30", warning.FlagSwappedAxes, 1, Held},
		{"longitude first below 90 degrees", "86,28 87,28 87,29 86,28", warning.FlagSwappedAxes, 1, Held},
		{"two points", "30,103 30.1,103.1 30,103", warning.FlagAreaInvalid, 0, Held},
		{"one place many times", "30,103 30,103 30,103 30,103", warning.FlagAreaInvalid, 0, Held},
		{"not a number", "30,103 NaN,103.1 30.1,103.1 30,103", warning.FlagAreaInvalid, 0, Held},
		{"infinite", "30,103 30,Inf 30.1,103.1 30,103", warning.FlagAreaInvalid, 0, Held},
		{"hexadecimal", "30,103 0x1e,103.1 30.1,103.1 30,103", warning.FlagAreaInvalid, 0, Held},
		{"underscores", "30,103 3_0,103.1 30.1,103.1 30,103", warning.FlagAreaInvalid, 0, Held},
		{"no such latitude", "30,103 130,203 30.1,103.1 30,103", warning.FlagAreaInvalid, 0, Held},
		{"words", "somewhere", warning.FlagAreaInvalid, 0, Held},
		{"the whole country", "18,74 18,135 53,135 53,74 18,74", warning.FlagAreaTooLarge, 1, Held},
		{"another country", "38.47,-120.14 38.34,-119.95 38.52,-119.74 38.47,-120.14", warning.FlagOutsideChina, 1, Accepted},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, r := one(t, capDoc(square, c.polygon))
			a := m.Claims[0].Area
			if len(a.Geometry) != c.parts || r.Outcome != c.outcome {
				t.Errorf("%d parts, %s %v; want %d, %s", len(a.Geometry), r.Outcome, r.Reasons, c.parts, c.outcome)
			}
			if c.flag != "" {
				wantFlag(t, m, c.flag)
			}
			if m.HasFlag(warning.FlagSwappedAxes) && a.Geometry.Bound().Center()[0] < 70 {
				t.Errorf("what is certain to be swapped is shown where it lies, got %v", a.Geometry.Bound())
			}
		})
	}
}

func TestAnEmptyPolygonIsNormal(t *testing.T) {
	m, r := one(t, capDoc("<polygon>"+square+"</polygon>",
		"<polygon/><circle> </circle><geocode><valueName>CN_ADMIN_6</valueName><value>511802</value></geocode>"))
	if r.Outcome != Accepted || len(m.Flags) != 0 || m.Claims[0].Area.Basis != warning.BasisGeocode {
		t.Errorf("got %s %v flags %v", r.Outcome, r.Reasons, m.Flags)
	}
}

func TestFiftyThousandVertices(t *testing.T) {
	var b strings.Builder
	for i := range 50_000 {
		a := 2 * math.Pi * float64(i) / 50_000
		r := 0.5 + 0.01*math.Sin(300*a)
		fmt.Fprintf(&b, "%.7f,%.7f ", 30+r*math.Sin(a), 103+r*math.Cos(a))
	}
	start := time.Now()
	m, r := one(t, capDoc(square, b.String()))
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
	if r.Outcome != Accepted || len(m.Claims[0].Area.Geometry[0][0]) != 50_001 {
		t.Errorf("got %s %v", r.Outcome, r.Reasons)
	}
}

func TestCircles(t *testing.T) {
	for _, c := range []struct {
		name, circle string
		parts        int
		flag         warning.Flag
	}{
		{"ten kilometres", "30,103 10", 1, ""},
		{"a point", "30,103 0", 1, warning.FlagPointNotArea},
		{"negative", "30,103 -5", 0, warning.FlagAreaInvalid},
		{"a unit mistake", "30,103 10000", 0, warning.FlagAreaInvalid},
		{"no radius", "30,103", 0, warning.FlagAreaInvalid},
		{"swapped", "103,30 10", 1, warning.FlagSwappedAxes},
		{"another country", "32.95,-115.55 10", 0, warning.FlagOutsideChina},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, _ := one(t, capDoc("<polygon>"+square+"</polygon>", "<circle>"+c.circle+"</circle>"))
			if got := len(m.Claims[0].Area.Geometry); got != c.parts {
				t.Errorf("%d parts, want %d", got, c.parts)
			}
			if c.flag != "" {
				wantFlag(t, m, c.flag)
			}
		})
	}
	m, _ := one(t, capDoc("<polygon>"+square+"</polygon>", "<circle>30,103 10</circle>"))
	box := m.Claims[0].Area.Geometry.Bound()
	if height := box.Top() - box.Bottom(); height < 0.179 || height > 0.182 {
		t.Errorf("20 km are 0.180 degrees of latitude, got %f", height)
	}
}

func TestExcludedPolygonsAreKeptApart(t *testing.T) {
	inner := "30.05,102.95 30.05,103.05 30.10,103.05 30.05,102.95"
	m, _ := one(t, capDoc("</polygon>", "</polygon><geocode><valueName>EXCLUDE_POLYGON</valueName><value>"+inner+"</value></geocode>"))
	wantFlag(t, m, warning.FlagExclusion)
	if a := m.Claims[0].Area; len(a.Geometry) != 1 || len(a.Excluded) != 1 {
		t.Errorf("got %d drawn, %d excluded", len(a.Geometry), len(a.Excluded))
	}
}
