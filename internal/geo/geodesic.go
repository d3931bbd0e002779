package geo

import "math"

// The ellipsoid of WGS 84.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257223563
	semiMinor  = semiMajor * (1 - flattening)
)

// Distance is the length in metres of the geodesic between two positions
// (T. Vincenty, Survey Review 176, 1975; good to a millimetre). For points
// nearly opposite each other on the globe, where the method does not converge,
// it is the great-circle distance.
func Distance(a, b LonLat) float64 {
	u1, u2 := reduced(a.Lat), reduced(b.Lat)
	sinU1, cosU1 := math.Sincos(u1)
	sinU2, cosU2 := math.Sincos(u2)
	l := radians(b.Lon - a.Lon)
	lambda := l
	for range 100 {
		sinL, cosL := math.Sincos(lambda)
		sinSigma := math.Hypot(cosU2*sinL, cosU1*sinU2-sinU1*cosU2*cosL)
		if sinSigma == 0 {
			return 0
		}
		cosSigma := sinU1*sinU2 + cosU1*cosU2*cosL
		sigma := math.Atan2(sinSigma, cosSigma)
		sinAlpha := cosU1 * cosU2 * sinL / sinSigma
		cosSq := 1 - sinAlpha*sinAlpha
		cos2m := 0.0 // along the equator
		if cosSq > 0 {
			cos2m = cosSigma - 2*sinU1*sinU2/cosSq
		}
		next := l + longitudeTerm(sinAlpha, cosSq, sigma, sinSigma, cosSigma, cos2m)
		if math.Abs(next-lambda) < 1e-12 {
			k := newSeries(cosSq)
			return semiMinor * k.a * (sigma - k.deltaSigma(sinSigma, cosSigma, cos2m))
		}
		lambda = next
	}
	return greatCircle(a, b)
}

// destination is the position at a distance in metres from p on a bearing in
// radians clockwise from north.
func destination(p LonLat, bearing, metres float64) LonLat {
	sinA1, cosA1 := math.Sincos(bearing)
	sinU1, cosU1 := math.Sincos(reduced(p.Lat))
	sigma1 := math.Atan2(sinU1, cosU1*cosA1)
	sinAlpha := cosU1 * sinA1
	cosSq := 1 - sinAlpha*sinAlpha
	k := newSeries(cosSq)
	first := metres / (semiMinor * k.a)
	sigma := first
	var sinS, cosS, cos2m float64
	for range 100 {
		cos2m = math.Cos(2*sigma1 + sigma)
		sinS, cosS = math.Sincos(sigma)
		next := first + k.deltaSigma(sinS, cosS, cos2m)
		done := math.Abs(next-sigma) < 1e-14
		sigma = next
		if done {
			break
		}
	}
	t := sinU1*sinS - cosU1*cosS*cosA1
	lat := math.Atan2(sinU1*cosS+cosU1*sinS*cosA1, (1-flattening)*math.Hypot(sinAlpha, t))
	lambda := math.Atan2(sinS*sinA1, cosU1*cosS-sinU1*sinS*cosA1)
	l := lambda - longitudeTerm(sinAlpha, cosSq, sigma, sinS, cosS, cos2m)
	return LonLat{Lon: p.Lon + degrees(l), Lat: degrees(lat)}
}

// series holds Vincenty's A and B for one geodesic.
type series struct{ a, b float64 }

func newSeries(cosSq float64) series {
	u := cosSq * (semiMajor*semiMajor - semiMinor*semiMinor) / (semiMinor * semiMinor)
	return series{
		a: 1 + u/16384*(4096+u*(-768+u*(320-175*u))),
		b: u / 1024 * (256 + u*(-128+u*(74-47*u))),
	}
}

func (k series) deltaSigma(sinS, cosS, cos2m float64) float64 {
	return k.b * sinS * (cos2m + k.b/4*(cosS*(2*cos2m*cos2m-1)-
		k.b/6*cos2m*(4*sinS*sinS-3)*(4*cos2m*cos2m-3)))
}

// longitudeTerm is the difference between longitude on the auxiliary sphere
// and on the ellipsoid.
func longitudeTerm(sinAlpha, cosSq, sigma, sinS, cosS, cos2m float64) float64 {
	c := flattening / 16 * cosSq * (4 + flattening*(4-3*cosSq))
	return (1 - c) * flattening * sinAlpha * (sigma + c*sinS*(cos2m+c*cosS*(2*cos2m*cos2m-1)))
}

func greatCircle(a, b LonLat) float64 {
	const meanRadius = (2*semiMajor + semiMinor) / 3
	sinLat, sinLon := math.Sin(radians(b.Lat-a.Lat)/2), math.Sin(radians(b.Lon-a.Lon)/2)
	h := sinLat*sinLat + math.Cos(radians(a.Lat))*math.Cos(radians(b.Lat))*sinLon*sinLon
	return 2 * meanRadius * math.Asin(math.Sqrt(min(1, h)))
}

// reduced is the reduced latitude in radians of a latitude in degrees.
func reduced(lat float64) float64 {
	return math.Atan((1 - flattening) * math.Tan(radians(lat)))
}

func radians(deg float64) float64 { return deg * math.Pi / 180 }
func degrees(rad float64) float64 { return rad * 180 / math.Pi }
