package geo

import (
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// side says on which side of the line from a to b the point c lies: +1 left,
// -1 right, 0 on it. The sign is exact: where the rounding of float64 could
// change it, it is computed again without any (J. R. Shewchuk, 1997).
func side(a, b, c orb.Point) int {
	l := (a[0] - c[0]) * (b[1] - c[1])
	r := (a[1] - c[1]) * (b[0] - c[0])
	det := l - r
	const bound = 3.3306690738754716e-16 // (3 + 16ε)ε
	if math.Abs(det) > bound*(math.Abs(l)+math.Abs(r)) {
		return sign(det)
	}
	if a == c || b == c || a == b {
		return 0
	}
	return exactSide(a, b, c)
}

func exactSide(a, b, c orb.Point) int {
	diff := func(x, y float64) *big.Rat {
		return new(big.Rat).Sub(new(big.Rat).SetFloat64(x), new(big.Rat).SetFloat64(y))
	}
	l := new(big.Rat).Mul(diff(a[0], c[0]), diff(b[1], c[1]))
	r := new(big.Rat).Mul(diff(a[1], c[1]), diff(b[0], c[0]))
	return l.Cmp(r)
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	default:
		return 0
	}
}

// between says whether c, known to be on the line through a and b, lies on the
// edge between them, ends included.
func between(a, b, c orb.Point) bool {
	return min(a[0], b[0]) <= c[0] && c[0] <= max(a[0], b[0]) &&
		min(a[1], b[1]) <= c[1] && c[1] <= max(a[1], b[1])
}

// meeting is how two edges meet.
type meeting int

const (
	apart   meeting = iota
	touch           // in one point, which is an end of one of them
	cross           // in one point, the ends of neither
	overlap         // along a stretch
)

// meet says how two edges meet, and a point where.
func meet(p, q edge) (meeting, orb.Point) {
	pa, pb := side(q.a, q.b, p.a), side(q.a, q.b, p.b)
	qa, qb := side(p.a, p.b, q.a), side(p.a, p.b, q.b)
	switch {
	case pa == 0 && pb == 0 && qa == 0 && qb == 0:
		return meetInLine(p, q)
	case pa*pb < 0 && qa*qb < 0:
		return cross, crossing(p, q)
	case pa == 0 && between(q.a, q.b, p.a):
		return touch, p.a
	case pb == 0 && between(q.a, q.b, p.b):
		return touch, p.b
	case qa == 0 && between(p.a, p.b, q.a):
		return touch, q.a
	case qb == 0 && between(p.a, p.b, q.b):
		return touch, q.b
	}
	return apart, orb.Point{}
}

// meetInLine is meet for edges on one line.
func meetInLine(p, q edge) (meeting, orb.Point) {
	var shared []orb.Point
	add := func(on bool, c orb.Point) {
		if on && (len(shared) == 0 || shared[0] != c) {
			shared = append(shared, c)
		}
	}
	add(between(q.a, q.b, p.a), p.a)
	add(between(q.a, q.b, p.b), p.b)
	add(between(p.a, p.b, q.a), q.a)
	add(between(p.a, p.b, q.b), q.b)
	switch len(shared) {
	case 0:
		return apart, orb.Point{}
	case 1:
		return touch, shared[0]
	default:
		return overlap, shared[0]
	}
}

// crossing is where two edges that cross do, rounded.
func crossing(p, q edge) orb.Point {
	dx, dy := p.b[0]-p.a[0], p.b[1]-p.a[1]
	ex, ey := q.b[0]-q.a[0], q.b[1]-q.a[1]
	t := ((q.a[0]-p.a[0])*ey - (q.a[1]-p.a[1])*ex) / (dx*ey - dy*ex)
	if !finite(t) {
		return p.a
	}
	return orb.Point{p.a[0] + t*dx, p.a[1] + t*dy}
}
