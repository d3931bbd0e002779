package roster_test

import (
	"testing"

	"pgregory.net/rapid"

	"muster/internal/geo"
	"muster/internal/roster"
)

// Whichever of the two datums a silent phone meant, it is within what is said of the
// accuracy; a phone that says its datum is believed to the metre.
func TestAPositionOfUnknownDatumIsHonestAboutIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(97, 109).Draw(t, "lon"), rapid.Float64Range(26, 34.5).Draw(t, "lat")
		at, accuracy := roster.ReadFix(lon, lat, "unknown", 20)
		for _, meant := range []geo.Datum{geo.WGS84Datum, geo.GCJ02Datum} {
			if off := geo.Distance(at, meant.ToWGS84(lon, lat)); off > accuracy-20+1 {
				t.Fatalf("%s: %.0f m off, said to be within %.0f m", meant, off, accuracy-20)
			}
			if exact, said := roster.ReadFix(lon, lat, string(meant), 20); exact != meant.ToWGS84(lon, lat) || said != 20 {
				t.Fatalf("%s: %v within %.0f m", meant, exact, said)
			}
		}
	})
}
