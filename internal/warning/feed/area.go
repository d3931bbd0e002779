package feed

import (
	"strings"

	"github.com/paulmach/orb"

	"muster/internal/geo"
	"muster/internal/warning"
)

// maxFanOut is the surface in km² above which an area is taken for a mistake
// until a person has looked: twice the province.
const maxFanOut = 1_000_000

// axes is how a source writes a pair of coordinates.
type axes int

const (
	latFirst  axes = iota // CAP: latitude, longitude
	eitherWay             // 12379: not stated, told by the range of China
)

// orient brings pairs as written (first, second) to longitude before latitude.
// No position in China survives a swap, so a swap is certain when all pairs lie
// in China the other way round.
func orient(pairs []orb.Point, a axes) (ring []orb.Point, swapped, ok bool) {
	ring = make([]orb.Point, len(pairs))
	straight, crossed, legal := true, true, true
	for i, p := range pairs {
		ring[i] = orb.Point{p[1], p[0]}
		straight = straight && geo.FromPoint(ring[i]).Valid() == nil
		crossed = crossed && geo.FromPoint(p).Valid() == nil
		legal = legal && p[0] >= -90 && p[0] <= 90 && p[1] >= -180 && p[1] <= 180
	}
	if !straight && crossed {
		return pairs, true, true
	}
	return ring, false, legal && (a == latFirst || straight)
}

// pairsOf reads "a,b a,b …", split by any blanks.
func pairsOf(s string) ([]orb.Point, bool) {
	var out []orb.Point
	for _, field := range strings.Fields(strings.ReplaceAll(s, "，", ",")) {
		a, b, ok := strings.Cut(field, ",")
		first, okA := decimal(a)
		second, okB := decimal(b)
		if !ok || !okA || !okB {
			return nil, false
		}
		out = append(out, orb.Point{first, second})
	}
	return out, true
}

// readPolygon reads the text of a polygon; nil when it is no area. Blank text
// is normal and means nothing.
func (d *draft) readPolygon(s string, a axes) orb.Polygon {
	if strings.TrimSpace(s) == "" {
		return nil
	}
	pairs, ok := pairsOf(s)
	if !ok || len(pairs) > geo.MaxVertices {
		return d.noArea()
	}
	points, ok := d.place(pairs, a)
	if !ok {
		return d.noArea()
	}
	ring := orb.Ring(points)
	if len(ring) > 0 && !ring.Closed() {
		if a == eitherWay {
			d.flag(warning.FlagLineNotArea) // 12379: open means a line
			return nil
		}
		ring = append(ring, ring[0])
		d.flag(warning.FlagRingClosed)
	}
	if len(ring) < 4 {
		return d.noArea()
	}
	// One crossing is enough to call a person; looking for all of them would let
	// a hostile document of many tangled rings take minutes.
	if d.HasFlag(warning.FlagSelfIntersecting) {
		return orb.Polygon{ring}
	}
	if defects := geo.Defects(orb.MultiPolygon{{ring}}); len(defects) > 0 {
		return d.defective(ring, defects[0])
	}
	if ring.Orientation() == orb.CW {
		ring.Reverse()
	}
	return orb.Polygon{ring}
}

// place orients coordinates and says what it had to assume.
func (d *draft) place(pairs []orb.Point, a axes) ([]orb.Point, bool) {
	points, swapped, ok := orient(pairs, a)
	if !ok {
		return nil, false
	}
	switch {
	case a == eitherWay:
		d.flag(warning.FlagAxisAssumed)
	case swapped:
		d.flag(warning.FlagSwappedAxes)
		d.hold("swapped_axes", "坐标的经纬度疑似颠倒，已按颠倒后的位置显示，请人工确认")
	}
	for _, p := range points {
		if geo.FromPoint(p).Valid() != nil {
			d.flag(warning.FlagOutsideChina)
			break
		}
	}
	return points, true
}

// defective keeps a ring that crosses or touches itself as it was drawn, for
// the person who decides about its repair; a ring without inside is no area.
func (d *draft) defective(ring orb.Ring, defect geo.Defect) orb.Polygon {
	if defect.Kind == geo.DegenerateRing {
		return d.noArea()
	}
	d.flag(warning.FlagSelfIntersecting)
	d.hold("self_intersecting", "预警区域的图形有误（"+defect.Text+"），请人工确认后修复")
	return orb.Polygon{ring}
}

func (d *draft) noArea() orb.Polygon {
	d.flag(warning.FlagAreaInvalid)
	return nil
}

// readCircle reads "a,b radius" with the radius in a unit of so many metres: a
// geodesic circle, as a polygon. A radius of 0 means a point, which CAP allows.
// ok is false for what is no circle.
func (d *draft) readCircle(s string, a axes, unit float64) (area orb.MultiPolygon, ok bool) {
	centre, radius, ok := d.circle(s, a)
	if !ok {
		d.flag(warning.FlagAreaInvalid)
		return nil, false
	}
	if radius == 0 {
		d.flag(warning.FlagPointNotArea)
	}
	if centre.Valid() != nil {
		return nil, true // abroad, flagged by place: nothing of ours lies there
	}
	area, err := geo.Circle(centre, radius*unit)
	if err != nil {
		d.flag(warning.FlagAreaInvalid)
	}
	return area, err == nil
}

func (d *draft) circle(s string, a axes) (centre geo.LonLat, radius float64, ok bool) {
	fields := strings.Fields(s)
	if len(fields) != 2 {
		return centre, 0, false
	}
	radius, okRadius := decimal(fields[1])
	pairs, okCentre := pairsOf(fields[0])
	if !okRadius || !okCentre || len(pairs) != 1 || radius < 0 {
		return centre, 0, false
	}
	points, ok := d.place(pairs, a)
	if !ok {
		return centre, 0, false
	}
	return geo.FromPoint(points[0]), radius, true
}

// checkArea looks at the finished area of a claim.
func (d *draft) checkArea(a *warning.ClaimArea) {
	if geo.SquareKm(a.Geometry) > maxFanOut {
		d.flag(warning.FlagAreaTooLarge)
		d.hold("area_too_large", "预警区域超过100万平方公里，请人工确认")
	}
	if d.HasFlag(warning.FlagAreaInvalid) {
		d.hold("area_invalid", "预警区域中有无效的图形，未采用，请人工确认")
	}
}
