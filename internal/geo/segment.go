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

// run is some edges that follow each other, with the box around them: most
// questions are answered for all of them at once.
type run struct {
	box      box
	from, to int32
}

// runsOf cuts edges into runs no larger than size degrees, and no longer than
// 16 edges; a longer edge is a run by itself.
func runsOf(edges []segment, size float64) []run {
	const longest = 16
	runs := make([]run, 0, len(edges)/8+8)
	for i, e := range edges {
		b := e.box()
		if n := len(runs) - 1; n >= 0 && int32(i)-runs[n].from < longest {
			if joined := runs[n].box.union(b); joined.maxX-joined.minX < size && joined.maxY-joined.minY < size {
				runs[n].box, runs[n].to = joined, int32(i+1)
				continue
			}
		}
		runs = append(runs, run{b, int32(i), int32(i + 1)})
	}
	return runs
}

// appendTouching appends the runs that may come into a box.
func appendTouching(to, runs []run, b box, edges []segment) []run {
	for i := range runs {
		r := &runs[i]
		if r.box.overlaps(b) && (r.to-r.from > 1 || !edges[r.from].passes(b)) {
			to = append(to, *r)
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
	if separates(s.a, s.b, gap, o.at) {
		return false
	}
	ends := [2]orb.Point{s.a, s.b}
	for i := range o.at {
		// The boundary runs counter-clockwise: outside is to the right.
		a, b := o.at[i], o.at[(i+1)%len(o.at)]
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
