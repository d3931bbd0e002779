package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"muster/internal/errs"
)

func within(pieces []orb.Polygon, p orb.Point) bool {
	for _, piece := range pieces {
		if planar.PolygonContains(piece, p) {
			return true
		}
	}
	return false
}

// Nobody within the distance is missed, nobody clearly beyond it is added.
func TestABufferHoldsWhatIsWithinTheDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		metres := rapid.Float64Range(1, MaxBufferM).Draw(t, "metres")
		n := rapid.IntRange(1, 6).Draw(t, "vertices")
		line := orb.LineString{{rapid.Float64Range(80, 125).Draw(t, "lon"), rapid.Float64Range(10, 50).Draw(t, "lat")}}
		for range n {
			last := line[len(line)-1]
			line = append(line, orb.Point{last[0] + rapid.Float64Range(-0.5, 0.5).Draw(t, "east"), last[1] + rapid.Float64Range(-0.4, 0.4).Draw(t, "north")})
		}
		pieces, err := Around(line, metres)
		if err != nil {
			t.Fatal(err)
		}
		i := rapid.IntRange(1, len(line)-1).Draw(t, "edge")
		along, way := rapid.Float64Range(0, 1).Draw(t, "along"), rapid.Float64Range(0, 2*math.Pi).Draw(t, "way")
		on := LonLat{line[i-1][0] + along*(line[i][0]-line[i-1][0]), line[i-1][1] + along*(line[i][1]-line[i-1][1])}
		if p := destination(on, way, metres*0.999).Point(); !within(pieces, p) {
			t.Fatalf("%v is within %g m of %v and is missed", p, metres, line)
		}
		far := destination(on, way, metres*1.02)
		if nearest(line, far) > metres*1.015 && within(pieces, far.Point()) {
			t.Fatalf("%v is %g m away and is in", far, nearest(line, far))
		}
	})
}

// nearest is how far a position is from a line, by trying, ever finer.
func nearest(line orb.LineString, from LonLat) float64 {
	best := math.Inf(1)
	for i := 1; i < len(line); i++ {
		middle, reach := 0.5, 0.5
		for range 8 {
			at, here := middle, math.Inf(1)
			for k := -20; k <= 20; k++ {
				f := min(1, max(0, middle+reach*float64(k)/20))
				d := Distance(from, LonLat{line[i-1][0] + f*(line[i][0]-line[i-1][0]), line[i-1][1] + f*(line[i][1]-line[i-1][1])})
				if d < here {
					here, at = d, f
				}
			}
			best = min(best, here)
			middle, reach = at, reach/10
		}
	}
	return best
}

func TestBuffersOfAllShapes(t *testing.T) {
	line := orb.LineString{{102, 29}, {102.1, 29.1}}
	area := orb.Polygon{{{102, 29}, {102.1, 29}, {102.1, 29.1}, {102, 29}}}
	for name, c := range map[string]struct {
		shape   orb.Geometry
		in, out orb.Point
	}{
		"a point":  {orb.Point{102, 29}, orb.Point{102.005, 29}, orb.Point{102.02, 29}},
		"points":   {orb.MultiPoint{{102, 29}, {103, 29}}, orb.Point{103.005, 29}, orb.Point{102.5, 29}},
		"lines":    {orb.MultiLineString{line}, orb.Point{102.055, 29.05}, orb.Point{102.1, 29.05}},
		"an area":  {orb.MultiPolygon{area}, orb.Point{102.07, 29.03}, orb.Point{102.03, 29.07}},
		"its edge": {area, orb.Point{102.05, 28.995}, orb.Point{102.05, 28.98}},
	} {
		pieces, err := Around(c.shape, 1000)
		if err != nil || !within(pieces, c.in) || within(pieces, c.out) {
			t.Errorf("%s: %v in %v, out %v", name, err, within(pieces, c.in), !within(pieces, c.out))
		}
	}
}

func TestBuffersThatCannotBe(t *testing.T) {
	long := orb.LineString{}
	for i := range 6000 {
		long = append(long, orb.Point{100 + float64(i)*0.002, 30 + 0.01*float64(i%2)})
	}
	for name, c := range map[string]struct {
		shape  orb.Geometry
		metres float64
		kind   errs.Kind
	}{
		"no distance":  {orb.Point{102, 29}, 0, errs.Fix},
		"kilometres":   {orb.Point{102, 29}, 1e6, errs.Fix},
		"not a number": {orb.Point{102, 29}, math.NaN(), errs.Fix},
		"swapped":      {orb.Point{29, 102}, 10, errs.Fix},
		"nothing":      {orb.LineString{}, 10, errs.Fix},
		"too fine":     {long, 10, errs.Limit},
	} {
		if _, err := Around(c.shape, c.metres); !errs.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
