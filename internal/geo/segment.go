package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// segment is one straight edge.
type segment struct{ a, b orb.Point }

func (s segment) box() box {
	return box{
		min(s.a[0], s.b[0]), min(s.a[1], s.b[1]),
		max(s.a[0], s.b[0]), max(s.a[1], s.b[1]),
	}
}

// mayTouch says whether the box of an edge overlaps a box.
func (s *segment) mayTouch(b box) bool {
	return (s.a[0] >= b.minX || s.b[0] >= b.minX) && (s.a[0] <= b.maxX || s.b[0] <= b.maxX) &&
		(s.a[1] >= b.minY || s.b[1] >= b.minY) && (s.a[1] <= b.maxY || s.b[1] <= b.maxY)
}

// passes says that an edge does not touch a box that its own box overlaps: the
// box is on one side of the line. It may be wrong by the rounding of float64,
// so the box has to be drawn wider than it must.
func (s *segment) passes(b box) bool {
	dx, dy := s.b[0]-s.a[0], s.b[1]-s.a[1]
	halfX, halfY := (b.maxX-b.minX)/2, (b.maxY-b.minY)/2
	if math.Abs(dx) < halfX && math.Abs(dy) < halfY {
		return false // too short to be worth the question
	}
	offset := dx*(b.minY+halfY-s.a[1]) - dy*(b.minX+halfX-s.a[0])
	return math.Abs(offset) > math.Abs(dx)*halfY+math.Abs(dy)*halfX
}

// appendTouching appends the edges that come into a box.
func appendTouching(to, edges []segment, b box) []segment {
	for i := range edges {
		if e := &edges[i]; e.mayTouch(b) && !e.passes(b) {
			to = append(to, *e)
		}
	}
	return to
}

func (b box) grown(x, y float64) box {
	return box{b.minX - x, b.minY - y, b.maxX + x, b.maxY + y}
}

// near says whether an edge comes within gap degrees of the drawn cell. Two
// convex figures are apart if and only if a side of one of them separates them.
func (o *outline) near(s segment, gap float64) bool {
	if separates(s.a, s.b, gap, o.at[:o.n]) {
		return false
	}
	ends := [2]orb.Point{s.a, s.b}
	for i := range o.n {
		// The boundary runs counter-clockwise: outside is to the right.
		a, b := o.at[i], o.at[(i+1)%o.n]
		if allRight(a, b, gap, ends[:]) {
			return false
		}
	}
	return true
}

// separates says whether all points are more than gap away from the line
// through a and b, on the same side.
func separates(a, b orb.Point, gap float64, points []orb.Point) bool {
	return allRight(a, b, gap, points) || allRight(b, a, gap, points)
}

// allRight says whether all points lie more than gap to the right of the line
// from a to b.
func allRight(a, b orb.Point, gap float64, points []orb.Point) bool {
	dx, dy := b[0]-a[0], b[1]-a[1]
	limit := gap * (math.Abs(dx) + math.Abs(dy)) // at least gap × length
	for _, p := range points {
		if dy*(p[0]-a[0])-dx*(p[1]-a[1]) <= limit {
			return false
		}
	}
	return true
}
