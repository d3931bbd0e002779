package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"muster/internal/errs"
)

// rawShape is a shape as a format writes it: numbers in the order in which they
// stand there. Parts are the polygons of an area; lines and points have one part
// of one ring.
type rawShape struct {
	kind  ShapeKind
	name  string
	where string
	parts [][][]orb.Point
}

// reader gathers the shapes of a text and what there is to say about them.
type reader struct {
	as       ShapeKind
	datum    Datum // what the text itself says
	latFirst bool  // the format writes latitude first: nothing to remark
	shapes   []rawShape
	vertices int
	notes    []errs.Detail
	full     bool
}

func (r *reader) note(where, text, mend string) {
	if len(r.notes) < maxComplaints {
		r.notes = append(r.notes, errs.Detail{Where: where, Text: text, Mend: mend})
	}
}

// add takes a shape until there are too many.
func (r *reader) add(s rawShape) {
	n := 0
	for _, part := range s.parts {
		for _, ring := range part {
			n += len(ring)
		}
	}
	if n == 0 || r.full {
		return
	}
	if len(r.shapes) == maxShapes || r.vertices+n > MaxVertices {
		r.full = true
		return
	}
	r.vertices += n
	s.name = shortName(s.name)
	r.shapes = append(r.shapes, s)
}

func (r *reader) area(name, where string, parts ...[][]orb.Point) {
	r.add(rawShape{AreaShape, name, where, parts})
}

func (r *reader) line(name, where string, at []orb.Point) {
	r.add(rawShape{LineShape, name, where, [][][]orb.Point{{at}}})
}

func (r *reader) point(name, where string, at orb.Point) {
	r.add(rawShape{PointShape, name, where, [][][]orb.Point{{{at}}}})
}

// settle puts longitude first, converts to WGS 84 and closes rings.
func (r *reader) settle(format Format, datum Datum) (Reading, error) {
	if r.full {
		return Reading{}, errs.New(errs.Limit, "read_too_many", "图形太多或太细：最多 %d 个图形、%d 个顶点", maxShapes, MaxVertices).
			With(errs.Detail{Where: "text", Text: "图形太多或太细", Mend: "请先简化边界，或分几次读入"})
	}
	out := Reading{Format: format, Datum: firstDatum(datum, r.datum, WGS84Datum), DatumNeeded: datum == "" && r.datum == ""}
	if datum != "" && r.datum != "" && !sameDatum(datum, r.datum) {
		r.note("datum", fmt.Sprintf("内容里写的是 %s，按您选的 %s 转换", r.datum, datum), "请核对坐标系")
	}
	for _, s := range r.shapes {
		if r.order(&s, &out.Swapped) {
			r.convert(s, out.Datum)
			r.keep(s, &out)
		}
	}
	out.Notes = r.notes
	if len(out.Areas)+len(out.Lines)+len(out.Points) == 0 {
		return out, unreadable(r.notes)
	}
	return out, nil
}

func unreadable(notes []errs.Detail) error {
	if len(notes) == 0 {
		notes = []errs.Detail{{Where: "text", Text: "没有找到坐标", Mend: "请粘贴 GeoJSON、KML、WKT，或每行一对经纬度"}}
	}
	return errs.New(errs.Fix, "area_unreadable", "没有读出任何图形：%s", notes[0].Text).With(notes...)
}

func firstDatum(list ...Datum) Datum {
	for _, d := range list {
		if d != "" {
			return d
		}
	}
	return ""
}

// sameDatum: CGCS2000 is taken as WGS 84.
func sameDatum(a, b Datum) bool {
	geodetic := func(d Datum) bool { return d == WGS84Datum || d == CGCS2000Datum }
	return a == b || geodetic(a) && geodetic(b)
}

// order puts longitude first. In China the two cannot be mistaken for each
// other, so a shape is swapped when that puts all of it into China.
func (r *reader) order(s *rawShape, swapped *bool) bool {
	asIs, turned := true, true
	var bad orb.Point
	s.each(func(p *orb.Point) {
		if !FromPoint(*p).inRange() {
			if asIs {
				bad = *p
			}
			asIs = false
		}
		turned = turned && LonLat{Lon: p[1], Lat: p[0]}.inRange()
	})
	switch {
	case asIs:
		return true
	case turned:
		s.each(func(p *orb.Point) { p[0], p[1] = p[1], p[0] })
		if !r.latFirst && !*swapped {
			*swapped = true
			r.note(s.where, "纬度写在了经度前面，已调换", "请在地图上核对位置")
		}
		return true
	}
	text, mend := FromPoint(bad).complaint()
	if math.Abs(bad[0]) > 400 || math.Abs(bad[1]) > 400 {
		text, mend = "像是以米为单位的投影坐标，不是经纬度", "请先转换为经纬度（度）"
	}
	r.note(s.where, text, mend)
	return false
}

func (s *rawShape) each(do func(*orb.Point)) {
	for _, part := range s.parts {
		for _, ring := range part {
			for i := range ring {
				do(&ring[i])
			}
		}
	}
}

func (r *reader) convert(s rawShape, d Datum) {
	if d == WGS84Datum || d == CGCS2000Datum {
		return
	}
	s.each(func(p *orb.Point) { *p = d.ToWGS84(p[0], p[1]).Point() })
}

func (r *reader) keep(s rawShape, out *Reading) {
	switch s.kind {
	case AreaShape:
		if area := r.closed(s); len(area) > 0 {
			out.Areas = append(out.Areas, NamedArea{s.name, area})
		}
	case LineShape:
		if line := distinct(s.parts[0][0]); len(line) > 1 {
			out.Lines = append(out.Lines, NamedLine{s.name, orb.LineString(line)})
		} else {
			r.note(s.where, "线只有一个位置", "一条线至少要两个不同的位置")
		}
	case PointShape:
		for _, p := range s.parts[0][0] {
			out.Points = append(out.Points, NamedPoint{s.name, FromPoint(p)})
		}
	}
}

// closed makes the rings of an area, said where one was open.
func (r *reader) closed(s rawShape) orb.MultiPolygon {
	var area orb.MultiPolygon
	open := false
	for _, part := range s.parts {
		var polygon orb.Polygon
		for i, raw := range part {
			ring := orb.Ring(distinct(raw))
			if len(ring) > 0 && !ring.Closed() {
				ring, open = append(ring, ring[0]), true
			}
			if len(ring) < 4 {
				r.note(s.where, "一个环不到三个不同的位置，已略去", "一个面至少要三个不同的位置")
				if i == 0 {
					break
				}
				continue
			}
			polygon = append(polygon, ring)
		}
		if len(polygon) > 0 {
			area = append(area, polygon)
		}
	}
	if open && len(area) > 0 {
		r.note(s.where, "边界没有闭合，已把末点连回起点", "请在地图上核对最后一条边")
	}
	return area
}

// distinct leaves out positions that repeat the one before.
func distinct(ps []orb.Point) []orb.Point {
	var kept []orb.Point
	for _, p := range ps {
		if len(kept) == 0 || kept[len(kept)-1] != p {
			kept = append(kept, p)
		}
	}
	return kept
}
