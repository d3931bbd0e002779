package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Vertices counts the vertices of all rings, the closing one of each included.
func Vertices(area orb.MultiPolygon) int {
	n := 0
	for _, polygon := range area {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	return n
}

// SquareKm is the surface on the WGS 84 ellipsoid, in square kilometres, of an
// area whose edges are straight in longitude/latitude. Holes count off; parts
// that overlap count twice.
func SquareKm(area orb.MultiPolygon) float64 {
	total := 0.0
	for _, polygon := range area {
		for i, ring := range polygon {
			if a := ringArea(ring); i == 0 {
				total += a
			} else {
				total -= a
			}
		}
	}
	return total / 1e6
}

// ringArea is the surface inside a ring in square metres: the integral along
// the ring of the surface between an edge and the equator (Simpson's rule,
// exact to 1e-9 for edges up to a degree).
func ringArea(ring orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		mean := (zone(a[1]) + 4*zone((a[1]+b[1])/2) + zone(b[1])) / 6
		sum += radians(b[0]-a[0]) * mean
	}
	return math.Abs(sum)
}

// zone is the surface in square metres between the equator and a latitude, for
// one radian of longitude (J. P. Snyder, USGS Professional Paper 1395, 3-12).
func zone(lat float64) float64 {
	e := math.Sqrt(flattening * (2 - flattening))
	sin := math.Sin(radians(lat))
	return semiMinor * semiMinor / 2 * (sin/(1-e*e*sin*sin) + math.Atanh(e*sin)/e)
}
