package geo

import (
	"context"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"muster/internal/errs"
)

// maxGeometryCells bounds the index rows of one line or polygon. A road of
// 1,000 km has some 600 cells at resolution 7.
const maxGeometryCells = 20_000

// CellAt is the H3 cell of a position, as it is stored. The position must be
// Valid and res from 0 to 15; else it is 0, which is no cell.
func CellAt(p LonLat, res int) int64 {
	c, err := h3.LatLngToCell(h3.LatLng{Lat: p.Lat, Lng: p.Lon}, res)
	if err != nil {
		return 0
	}
	return int64(c)
}

// CellsOfGeometry is every H3 cell that a line, polygon or multipolygon
// overlaps, in ascending order. Two geometries that intersect share a cell, but
// not the other way round; one that has a cell inside of an area's [Cover] does
// intersect the area, because a cover keeps twice the distance from the area's
// edges that is kept here. A point has the one of CellAt. Above 20,000 cells
// it is refused (errs.Limit), other geometries are errs.Fix.
func CellsOfGeometry(g orb.Geometry, res int) ([]int64, error) {
	var w *walk
	switch g := g.(type) {
	case orb.Point:
		return []int64{CellAt(FromPoint(g), res)}, nil
	case orb.LineString:
		w = &walk{edges: lineEdges(g), res: res}
	case orb.Polygon:
		w = areaWalk(orb.MultiPolygon{g}, res)
	case orb.MultiPolygon:
		w = areaWalk(g, res)
	default:
		return nil, errs.New(errs.Fix, "geometry_kind", "只能是点、线或面")
	}
	if err := w.run(context.Background(), 1); err != nil {
		return nil, err
	}
	return expand(w.ranges, res)
}

func lineEdges(line orb.LineString) []segment {
	edges := make([]segment, 0, len(line))
	for i := 1; i < len(line); i++ {
		edges = append(edges, segment{line[i-1], line[i]})
	}
	return edges
}

// expand lists the cells of some ranges.
func expand(ranges []CellRange, res int) ([]int64, error) {
	var cells []int64
	for _, r := range ranges {
		for c := cellBits(r.Lo); int64(c) <= r.Hi; c = c.next(res) {
			if len(cells) == maxGeometryCells {
				return nil, errs.New(errs.Limit, "geometry_too_large", "范围太大：超过 %d 个网格", maxGeometryCells)
			}
			if h3.Cell(c).IsValid() { // a pentagon leaves gaps
				cells = append(cells, int64(c))
			}
		}
	}
	return cells, nil
}

// cellBits is an H3 index seen as what it is: four bits of resolution, seven of
// base cell, then three for each of fifteen digits, of which the unused are 7
// (H3 documentation, "H3 index representations").
type cellBits uint64

const (
	resShift  = 52
	baseShift = 45
	lastDigit = 6
)

func digitShift(res int) int { return 3 * (15 - res) }

func (c cellBits) res() int { return int(c>>resShift) & 15 }

// child replaces the unused digit of the next resolution.
func (c cellBits) child(digit int) cellBits {
	res := c.res() + 1
	c += 1 << resShift
	return c&^(7<<digitShift(res)) | cellBits(digit)<<digitShift(res)
}

// descendants is the first and the last possible cell at a finer resolution.
func (c cellBits) descendants(res int) (lo, hi cellBits) {
	lo, hi = c, c
	for lo.res() < res {
		lo, hi = lo.child(0), hi.child(lastDigit)
	}
	return lo, hi
}

// next is the index that follows c at its resolution.
func (c cellBits) next(res int) cellBits {
	for r := res; r > 0; r-- {
		shift := digitShift(r)
		if c>>shift&7 < lastDigit {
			return c + 1<<shift
		}
		c &^= 7 << shift
	}
	return c + 1<<baseShift
}
