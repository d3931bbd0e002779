package geo

import (
	"math"
	"strings"

	"muster/internal/errs"
)

// Datum names the coordinate system a position was received in.
type Datum string

// The datums that arrive in China. CGCS2000 (GB 22021) differs from WGS 84 by
// centimetres and is taken as equal. GCJ-02 is the obfuscated datum of public
// maps, BD-09 Baidu's variation of it; both are off by hundreds of metres.
const (
	WGS84Datum    Datum = "wgs84"
	CGCS2000Datum Datum = "cgcs2000"
	GCJ02Datum    Datum = "gcj02"
	BD09Datum     Datum = "bd09"
)

// ParseDatum reads the usual spellings, in any case; errs.Fix for others.
func ParseDatum(s string) (Datum, error) {
	key := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
	switch key {
	case "wgs84", "epsg:4326", "4326":
		return WGS84Datum, nil
	case "cgcs2000", "epsg:4490", "4490":
		return CGCS2000Datum, nil
	case "gcj02":
		return GCJ02Datum, nil
	case "bd09", "bd09ll":
		return BD09Datum, nil
	}
	return "", errs.New(errs.Fix, "datum_unknown", "不认识的坐标系：%q", s).
		With(errs.Detail{Where: "datum", Text: "不认识的坐标系", Mend: "wgs84、cgcs2000、gcj02 或 bd09"})
}

// ToWGS84 converts a position in datum d, in degrees. A datum that is not
// known leaves the numbers as they are.
func (d Datum) ToWGS84(lon, lat float64) LonLat {
	switch d {
	case GCJ02Datum:
		return GCJ02{Lon: lon, Lat: lat}.WGS84()
	case BD09Datum:
		return BD09{Lon: lon, Lat: lat}.WGS84()
	default:
		return LonLat{Lon: lon, Lat: lat}
	}
}

// GCJ02 is a position in GCJ-02 (国测局坐标), in degrees.
type GCJ02 struct{ Lon, Lat float64 }

// BD09 is a position in BD-09 (百度坐标), in degrees.
type BD09 struct{ Lon, Lat float64 }

// GCJ02 converts to GCJ-02; outside the rectangle in which the obfuscation
// applies the numbers do not change.
func (p LonLat) GCJ02() GCJ02 {
	dLon, dLat := gcjShift(p.Lon, p.Lat)
	return GCJ02{Lon: p.Lon + dLon, Lat: p.Lat + dLat}
}

// BD09 converts to BD-09.
func (p LonLat) BD09() BD09 {
	g := p.GCJ02()
	return g.bd09()
}

// WGS84 inverts GCJ-02 to better than a millimetre.
func (g GCJ02) WGS84() LonLat {
	lon, lat := invert(g.Lon, g.Lat, func(lon, lat float64) (float64, float64) {
		dLon, dLat := gcjShift(lon, lat)
		return lon + dLon, lat + dLat
	})
	return LonLat{Lon: lon, Lat: lat}
}

// WGS84 inverts BD-09 to better than a millimetre.
func (b BD09) WGS84() LonLat {
	lon, lat := invert(b.Lon, b.Lat, func(lon, lat float64) (float64, float64) {
		to := GCJ02{Lon: lon, Lat: lat}.bd09()
		return to.Lon, to.Lat
	})
	return GCJ02{Lon: lon, Lat: lat}.WGS84()
}

func (g GCJ02) bd09() BD09 {
	const pi = math.Pi * 3000 / 180
	r := math.Hypot(g.Lon, g.Lat) + 0.00002*math.Sin(g.Lat*pi)
	a := math.Atan2(g.Lat, g.Lon) + 0.000003*math.Cos(g.Lon*pi)
	return BD09{Lon: r*math.Cos(a) + 0.0065, Lat: r*math.Sin(a) + 0.006}
}

// invert finds where forward leads to lon, lat. The shifts change slowly, so
// taking off the remaining difference again and again converges fast.
func invert(lon, lat float64, forward func(lon, lat float64) (float64, float64)) (float64, float64) {
	x, y := lon, lat
	for range 30 {
		fx, fy := forward(x, y)
		dx, dy := fx-lon, fy-lat
		x, y = x-dx, y-dy
		if math.Abs(dx)+math.Abs(dy) < 1e-13 {
			break
		}
	}
	return x, y
}

// gcjShift is what GCJ-02 adds to a WGS 84 position, in degrees.
func gcjShift(lon, lat float64) (dLon, dLat float64) {
	if lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271 {
		return 0, 0
	}
	const axis, ee = semiMajor, 0.00669342162296594323
	east, north := gcjEast(lon-105, lat-35), gcjNorth(lon-105, lat-35)
	sin, cos := math.Sincos(lat * math.Pi / 180)
	m := 1 - ee*sin*sin
	dLon = east * 180 / (axis / math.Sqrt(m) * cos * math.Pi)
	dLat = north * 180 / (axis * (1 - ee) / (m * math.Sqrt(m)) * math.Pi)
	return dLon, dLat
}

// gcjEast is the shift to the east in metres at x, y degrees from 105° E 35° N.
func gcjEast(x, y float64) float64 {
	s := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x))
	s += (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	s += (20*math.Sin(x*math.Pi) + 40*math.Sin(x/3*math.Pi)) * 2 / 3
	s += (150*math.Sin(x/12*math.Pi) + 300*math.Sin(x/30*math.Pi)) * 2 / 3
	return s
}

// gcjNorth is the shift to the north in metres.
func gcjNorth(x, y float64) float64 {
	s := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x))
	s += (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	s += (20*math.Sin(y*math.Pi) + 40*math.Sin(y/3*math.Pi)) * 2 / 3
	s += (160*math.Sin(y/12*math.Pi) + 320*math.Sin(y*math.Pi/30)) * 2 / 3
	return s
}
