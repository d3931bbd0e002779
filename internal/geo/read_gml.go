package geo

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// gml walks the tree of GML 2 and 3. srsName holds for everything below it.
func (r *reader) gml(e *element, name string, depth int) {
	if depth > maxXMLDepth {
		return
	}
	if title := e.words("name"); title != "" {
		name = title
	}
	for _, k := range e.kids {
		if k.srs != "" {
			r.reference("srsName", k.srs)
			r.latFirst = r.latFirst || strings.HasPrefix(k.srs, "urn:") || strings.Contains(k.srs, "/def/crs/")
		}
		switch k.name {
		case "Polygon", "PolygonPatch", "Rectangle", "Triangle":
			r.area(name, k.name, r.gmlPolygon(k))
		case "LineString", "LineStringSegment":
			r.line(name, k.name, r.gmlPositions(k, 2))
		case "Point":
			for _, at := range r.gmlPositions(k, 2) {
				r.point(name, k.name, at)
			}
		case "Envelope", "boundedBy", "Box":
		default:
			r.gml(k, name, depth+1)
		}
	}
}

func (r *reader) gmlPolygon(e *element) [][]orb.Point {
	var rings [][]orb.Point
	for _, k := range e.kids {
		ring := k.kid("LinearRing")
		if ring == nil {
			continue
		}
		switch k.name {
		case "exterior", "outerBoundaryIs":
			rings = append([][]orb.Point{r.gmlPositions(ring, dimension(e, 2))}, rings...)
		case "interior", "innerBoundaryIs":
			rings = append(rings, r.gmlPositions(ring, dimension(e, 2)))
		}
	}
	return rings
}

func dimension(e *element, otherwise int) int {
	if n, err := strconv.Atoi(e.dim); err == nil && n >= 2 && n <= 4 {
		return n
	}
	return otherwise
}

// gmlPositions reads posList, a run of pos, or coordinates of GML 2.
func (r *reader) gmlPositions(e *element, dim int) []orb.Point {
	dim = dimension(e, dim)
	var all []orb.Point
	for _, k := range e.kids {
		switch k.name {
		case "posList":
			all = append(all, r.gmlNumbers(k, dimension(k, dim))...)
		case "pos":
			if numbers := strings.Fields(k.text.String()); len(numbers) >= 2 {
				all = append(all, r.gmlNumbers(k, len(numbers))...)
			}
		case "pointProperty", "Point", "pointRep":
			all = append(all, r.gmlPositions(k, dim)...)
		}
	}
	if len(all) == 0 {
		all = r.kmlCoordinates(e, e.name)
	}
	return all
}

func (r *reader) gmlNumbers(e *element, dim int) []orb.Point {
	fields := strings.Fields(e.text.String())
	if len(fields)%dim != 0 {
		r.note(e.name, "数字的个数不成对，已略去", "请检查 srsDimension 和数据是否完整")
		return nil
	}
	all := make([]orb.Point, 0, len(fields)/dim)
	for i := 0; i+1 < len(fields); i += dim {
		x, err1 := strconv.ParseFloat(fields[i], 64)
		y, err2 := strconv.ParseFloat(fields[i+1], 64)
		if err1 != nil || err2 != nil {
			r.note(e.name, shortName(fields[i]+" "+fields[i+1])+" 不是一对经纬度，已略去", "请检查数据")
			continue
		}
		all = append(all, orb.Point{x, y})
	}
	return all
}
