package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"muster/internal/errs"
)

// The range of positions that can be stored. It holds all of China with its
// seas, and no position of it survives having longitude and latitude swapped.
const (
	MinLon, MaxLon = 73.0, 136.0
	MinLat, MaxLat = 3.0, 54.0
)

// LonLat is a position in WGS 84 (EPSG:4326), in degrees.
type LonLat struct {
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

// FromPoint reads a stored position, longitude first.
func FromPoint(p orb.Point) LonLat { return LonLat{Lon: p[0], Lat: p[1]} }

// Point is the position as it is stored, longitude first.
func (p LonLat) Point() orb.Point { return orb.Point{p.Lon, p.Lat} }

func (p LonLat) String() string { return fmt.Sprintf("%.6f,%.6f", p.Lon, p.Lat) }

// Valid refuses (errs.Fix) what can't be a position in China, and says so when
// longitude and latitude look swapped.
func (p LonLat) Valid() error {
	text, mend := p.complaint()
	if text == "" {
		return nil
	}
	return errs.New(errs.Fix, "position_invalid", "位置不正确：%s", text).
		With(errs.Detail{Where: "position", Text: text, Mend: mend})
}

// complaint says what is wrong with a position and how to mend it; "" when
// nothing is.
func (p LonLat) complaint() (text, mend string) {
	switch {
	case !finite(p.Lon) || !finite(p.Lat):
		return "经纬度不是有限的数", "请填写以度为单位的十进制数"
	case p.inRange():
		return "", ""
	case LonLat{Lon: p.Lat, Lat: p.Lon}.inRange():
		return fmt.Sprintf("经度 %g、纬度 %g 像是写反了", p.Lon, p.Lat), "请把经度写在前面，纬度写在后面"
	default:
		return fmt.Sprintf("经度 %g、纬度 %g 不在中国范围内", p.Lon, p.Lat), "经度应在 73–136 度，纬度应在 3–54 度"
	}
}

func (p LonLat) inRange() bool {
	return p.Lon >= MinLon && p.Lon <= MaxLon && p.Lat >= MinLat && p.Lat <= MaxLat
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
