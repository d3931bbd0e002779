package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// provinceSketch is the province as one would draw it on a napkin, clockwise
// from the north-west: good to some ten kilometres. It is no boundary; what is
// made from it must be labelled 示意.
var provinceSketch = orb.Ring{
	{97.40, 33.60}, {97.65, 33.95}, {98.40, 34.10}, {98.85, 33.95}, {99.00, 33.40}, {99.35, 32.95},
	{100.10, 32.80}, {100.70, 33.10}, {101.20, 33.20}, {101.75, 33.20}, {102.00, 33.60}, {102.25, 34.00},
	{102.80, 34.25}, {103.15, 34.15}, {103.25, 33.80}, {103.80, 33.60}, {104.25, 33.45}, {104.35, 33.05},
	{104.60, 32.80}, {105.10, 32.78}, {105.50, 32.80}, {106.05, 32.85}, {106.60, 32.70}, {107.05, 32.70},
	{107.45, 32.45}, {108.00, 32.25}, {108.45, 32.10}, {108.50, 31.60}, {108.15, 31.15}, {108.00, 30.85},
	{107.55, 30.60}, {107.30, 30.20}, {107.00, 29.95}, {106.75, 30.05}, {106.30, 30.20}, {105.95, 30.40},
	{105.65, 30.10}, {105.70, 29.80}, {105.45, 29.50}, {105.60, 29.25}, {106.10, 28.95}, {106.30, 28.70},
	{106.10, 28.35}, {106.25, 27.95}, {105.90, 27.75}, {105.35, 27.72}, {105.20, 28.00}, {104.75, 27.92},
	{104.40, 27.88}, {104.20, 28.20}, {103.85, 28.45}, {103.65, 28.00}, {103.40, 27.55},
	{103.00, 27.25}, {102.95, 26.75}, {103.00, 26.45}, {102.50, 26.25}, {101.90, 26.10}, {101.55, 26.25},
	{101.35, 26.60}, {101.15, 27.05}, {100.80, 27.75}, {100.35, 27.85}, {100.05, 28.25}, {99.55, 28.45}, {99.20, 28.30},
	{99.10, 29.20}, {98.95, 30.10}, {98.80, 31.00}, {98.50, 31.75}, {97.70, 32.55}, {97.40, 33.00}, {97.40, 33.60},
}

// ApproximateFootprints sketches each county of the built-in table (示意): the
// part of the province that is nearer to the county's representative point
// than to any other. It stands in until somebody imports official boundaries,
// and is wrong by kilometres. The cells tile the sketch of the province
// without gap or overlap. Cities and the province are unions of these.
func ApproximateFootprints() map[Region]orb.MultiPolygon {
	var counties []RegionInfo
	for _, r := range BuiltinRegions() {
		if r.Level == County {
			counties = append(counties, r)
		}
	}
	cells := make(map[Region]orb.MultiPolygon, len(counties))
	for _, mine := range counties {
		ring := provinceSketch
		for _, other := range counties {
			if other.Code != mine.Code {
				ring = clip(ring, nearerTo(mine.Position, other.Position))
			}
		}
		cells[mine.Code] = orb.MultiPolygon{{rounded(ring)}}
	}
	return cells
}

// halfPlane is the side a·x + b·y <= c.
type halfPlane struct{ a, b, c float64 }

func (h halfPlane) beyond(p orb.Point) float64 { return h.a*p[0] + h.b*p[1] - h.c }

// nearerTo is the side of the perpendicular bisector on which p lies, with
// degrees of longitude shortened as in the middle of the province.
func nearerTo(p, other LonLat) halfPlane {
	const shorten = 0.86 * 0.86 // cos² 30.5°
	a, b := (other.Lon-p.Lon)*shorten, other.Lat-p.Lat
	midLon, midLat := (p.Lon+other.Lon)/2, (p.Lat+other.Lat)/2
	return halfPlane{a: a, b: b, c: a*midLon + b*midLat}
}

// clip keeps the part of a closed ring on one side of a line (I. Sutherland and
// G. Hodgman, CACM 17, 1974).
func clip(ring orb.Ring, h halfPlane) orb.Ring {
	var kept orb.Ring
	for i := 1; i < len(ring); i++ {
		from, to := ring[i-1], ring[i]
		f, t := h.beyond(from), h.beyond(to)
		if f <= 0 {
			kept = append(kept, from)
		}
		if f < 0 && t > 0 || f > 0 && t < 0 {
			s := f / (f - t)
			kept = append(kept, orb.Point{from[0] + s*(to[0]-from[0]), from[1] + s*(to[1]-from[1])})
		}
	}
	if len(kept) > 0 {
		kept = append(kept, kept[0])
	}
	return kept
}

// rounded puts a ring on a grid of 1e-5° (a metre), so that neighbours, which
// compute a common corner in different ways, agree on it.
func rounded(ring orb.Ring) orb.Ring {
	var out orb.Ring
	for _, p := range ring {
		q := orb.Point{math.Round(p[0]*1e5) / 1e5, math.Round(p[1]*1e5) / 1e5}
		if len(out) == 0 || out[len(out)-1] != q {
			out = append(out, q)
		}
	}
	return out
}
