package geo

import (
	"math"

	"github.com/paulmach/orb"

	"muster/internal/errs"
)

const (
	// MaxRadiusM is the largest circle taken, in metres. A warning that wide
	// would hold half of China; a larger number is a unit mistake (CAP 1.2
	// writes kilometres, national files have been seen with metres).
	MaxRadiusM = 1_000_000

	// minRadiusM is the disc that stands for a circle of radius 0, which CAP
	// uses for a point.
	minRadiusM = 1.0

	// circleSides keeps the overshoot of the circumscribed polygon at 0.03 %
	// of the radius.
	circleSides = 128
)

// Circle is the geodesic circle around a position, radius in metres on the
// WGS 84 ellipsoid, as a polygon that contains it: nobody inside the circle is
// missed, and nobody further out than 0.1 % of the radius is added (up to
// 300 km; 0.5 % at 1,000 km). A radius below 1 m, also 0, gives a disc of 1 m.
// Negative, infinite and NaN radii, those above MaxRadiusM and positions that
// are not Valid are refused (errs.Fix).
func Circle(center LonLat, radiusM float64) (orb.MultiPolygon, error) {
	if err := center.Valid(); err != nil {
		return nil, err
	}
	if !(radiusM >= 0 && radiusM <= MaxRadiusM) {
		return nil, errs.New(errs.Fix, "circle_radius", "圆的半径不正确：%g 米", radiusM).
			With(errs.Detail{Where: "radius", Text: "半径应为 0–1000 公里", Mend: "请核对半径的单位"})
	}
	radiusM = max(radiusM, minRadiusM)
	// Edges are straight in longitude/latitude, so how far inside the vertices
	// they run depends on the latitude: measure, and widen by what is missing.
	const slack = 1e-6 // a micrometre per metre, against rounding
	ring := circumscribe(center, radiusM/math.Cos(math.Pi/circleSides))
	for nearest := inradius(center, ring); nearest < radiusM; nearest = inradius(center, ring) {
		reach := Distance(center, FromPoint(ring[0]))
		ring = circumscribe(center, reach*radiusM/nearest*(1+slack))
	}
	return orb.MultiPolygon{{ring}}, nil
}

// circumscribe is a closed counter-clockwise ring of vertices at one distance.
func circumscribe(center LonLat, metres float64) orb.Ring {
	ring := make(orb.Ring, 0, circleSides+1)
	for i := range circleSides {
		bearing := -2 * math.Pi * float64(i) / circleSides
		ring = append(ring, destination(center, bearing, metres).Point())
	}
	return append(ring, ring[0])
}

// inradius is how near to the centre the edges of a ring come, in metres.
func inradius(center LonLat, ring orb.Ring) float64 {
	nearest := math.Inf(1)
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		for _, t := range []float64{0.35, 0.45, 0.5, 0.55, 0.65} {
			p := LonLat{Lon: a[0] + t*(b[0]-a[0]), Lat: a[1] + t*(b[1]-a[1])}
			nearest = min(nearest, Distance(center, p))
		}
	}
	return nearest
}
