package geo

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
)

// nesting reports holes outside of their polygon, holes in holes and parts in
// parts.
func (d *inspection) nesting() {
	outer := int32(0) // of the polygon of ring i
	for i, in := range d.rings {
		if in.number == 0 {
			outer = int32(i)
		} else {
			d.nested(int32(i), outer)
		}
		for j := range d.rings {
			if d.rings[j].box.overlaps(in.box) && i != j && int32(j) != outer && len(d.found) < maxDefects {
				d.nested(int32(i), int32(j))
			}
		}
	}
}

// nested judges ring in relative to ring out.
func (d *inspection) nested(in, out int32) {
	a, b := &d.rings[in], &d.rings[out]
	same := a.polygon == b.polygon
	switch {
	case same && b.number == 0: // a hole and its outer ring
		if at, ok := d.sample(in, out, outside); ok {
			d.report(HoleOutside, at, d.name(in)+"不在外环之内")
		}
	case same && a.number > 0: // two holes
		if at, ok := d.sample(in, out, inside); ok {
			d.report(NestedRing, at, d.name(in)+"在"+d.name(out)+"里面")
		}
	case !same && a.number == 0 && b.number == 0: // two parts
		if at, ok := d.sample(in, out, inside); ok && !d.inHole(in, b.polygon) {
			d.report(NestedRing, at, d.name(in)+"在第 "+strconv.Itoa(b.polygon+1)+" 个面里面")
		}
	}
}

// inHole says whether a part lies in a hole of another polygon.
func (d *inspection) inHole(part int32, polygon int) bool {
	for i, r := range d.rings {
		if r.polygon != polygon || r.number == 0 {
			continue
		}
		_, strays := d.sample(part, int32(i), outside)
		if _, in := d.sample(part, int32(i), inside); in && !strays {
			return true
		}
	}
	return false
}

// sample looks for a point of one ring at a place relative to another ring.
// Rings that do not touch are all in or all out, so one vertex tells; where
// they touch, every stretch between is asked.
func (d *inspection) sample(of, relative int32, want place) (orb.Point, bool) {
	ring := d.rings[of].Ring
	touching := len(d.touches[ringPair{min(of, relative), max(of, relative)}]) > 0
	for i, p := range ring {
		if at := d.locate(p, relative); at == want {
			return p, true
		} else if at != border && !touching {
			return orb.Point{}, false
		}
		if touching && i > 0 {
			mid := orb.Point{(ring[i-1][0] + p[0]) / 2, (ring[i-1][1] + p[1]) / 2}
			if d.locate(mid, relative) == want && !d.nearTouch(mid, ringPair{min(of, relative), max(of, relative)}) {
				return mid, true
			}
		}
	}
	return orb.Point{}, false
}

// nearTouch says whether a point is a touching point but for rounding: the
// middle of an edge is not computed exactly.
func (d *inspection) nearTouch(p orb.Point, pair ringPair) bool {
	return slices.ContainsFunc(d.touches[pair], func(t orb.Point) bool {
		const tiny = 1e-12
		return max(t[0]-p[0], p[0]-t[0]) < tiny && max(t[1]-p[1], p[1]-t[1]) < tiny
	})
}

func (d *inspection) locate(p orb.Point, ring int32) place {
	r := &d.rings[ring]
	if !r.box.overlaps(box{p[0], p[1], p[0], p[1]}) {
		return outside
	}
	if r.tree == nil {
		r.tree = newEdgeTree(ringEdges(r.Ring, ring))
	}
	return r.tree.locate(p)
}

// touchingPairs are the pairs of rings that touch, in a fixed order.
func (d *inspection) touchingPairs() []ringPair {
	pairs := make([]ringPair, 0, len(d.touches))
	for p := range d.touches {
		pairs = append(pairs, p)
	}
	slices.SortFunc(pairs, func(x, y ringPair) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return pairs
}
