package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// place is where a point lies relative to a ring.
type place int

const (
	outside place = iota
	inside
	border
)

// locate says where a point lies relative to the rings whose edges the tree
// holds, by the number of edges a ray to the east meets. It is exact.
func (t *edgeTree) locate(p orb.Point) place {
	crossed, on := false, false
	t.search(box{p[0], p[1], math.Inf(1), p[1]}, func(i int) bool {
		e := t.edges[i]
		hit, touches := rayMeets(e.a, e.b, p)
		on = touches
		crossed = crossed != hit
		return !on
	})
	switch {
	case on:
		return border
	case crossed:
		return inside
	default:
		return outside
	}
}

// rayMeets says whether the ray from p to the east crosses the edge from a to
// b, and whether p lies on the edge. An edge owns its lower end only, so that a
// ray through a vertex is counted once.
func rayMeets(a, b, p orb.Point) (crosses, on bool) {
	if a[1] == b[1] {
		return false, a[1] == p[1] && between(a, b, p)
	}
	if p[1] < min(a[1], b[1]) || p[1] > max(a[1], b[1]) {
		return false, false
	}
	s := side(a, b, p)
	if s == 0 {
		return false, true
	}
	if (a[1] <= p[1]) == (b[1] <= p[1]) {
		return false, false
	}
	return (s > 0) == (b[1] > a[1]), false
}
