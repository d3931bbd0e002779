package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// edge is one side of a ring, with the ring it belongs to and its place there.
type edge struct {
	a, b orb.Point
	ring int32 // index among all rings of the area
	at   int32 // index of b in the ring
}

func (e edge) box() box {
	return box{
		min(e.a[0], e.b[0]), min(e.a[1], e.b[1]),
		max(e.a[0], e.b[0]), max(e.a[1], e.b[1]),
	}
}

// box is a rectangle in longitude and latitude, its border included.
type box struct{ minX, minY, maxX, maxY float64 }

func (b box) overlaps(o box) bool {
	return b.minX <= o.maxX && o.minX <= b.maxX && b.minY <= o.maxY && o.minY <= b.maxY
}

func (b box) holds(o box) bool {
	return b.minX <= o.minX && o.maxX <= b.maxX && b.minY <= o.minY && o.maxY <= b.maxY
}

func (b box) union(o box) box {
	return box{min(b.minX, o.minX), min(b.minY, o.minY), max(b.maxX, o.maxX), max(b.maxY, o.maxY)}
}

// edgeTree is a packed R-tree over edges (S. Leutenegger's sort-tile-recursive
// order): node i of a level holds the nodes i*fanout … of the level below.
type edgeTree struct {
	edges  []edge
	levels [][]box // leaves first
}

const fanout = 8

func newEdgeTree(edges []edge) *edgeTree {
	t := &edgeTree{edges: tiled(edges)}
	level := make([]box, len(edges))
	for i, e := range t.edges {
		level[i] = e.box()
	}
	for len(level) > 1 {
		t.levels = append(t.levels, level)
		var up []box
		for group := range slices.Chunk(level, fanout) {
			all := group[0]
			for _, b := range group[1:] {
				all = all.union(b)
			}
			up = append(up, all)
		}
		level = up
	}
	t.levels = append(t.levels, level)
	return t
}

// tiled orders edges so that neighbours in the slice are neighbours on the map.
func tiled(edges []edge) []edge {
	out := slices.Clone(edges)
	byX := func(a, b edge) int { return cmp.Compare(a.a[0]+a.b[0], b.a[0]+b.b[0]) }
	byY := func(a, b edge) int { return cmp.Compare(a.a[1]+a.b[1], b.a[1]+b.b[1]) }
	slices.SortStableFunc(out, byX)
	strip := fanout * int(math.Ceil(math.Sqrt(float64(len(out))/fanout)))
	for group := range slices.Chunk(out, max(strip, 1)) {
		slices.SortStableFunc(group, byY)
	}
	return out
}

// search calls yield with the index of each edge whose box overlaps b, until
// it returns false.
func (t *edgeTree) search(b box, yield func(i int) bool) bool {
	top := len(t.levels) - 1
	for i := range t.levels[top] {
		if !t.descend(top, i, b, yield) {
			return false
		}
	}
	return true
}

func (t *edgeTree) descend(level, i int, b box, yield func(i int) bool) bool {
	if !t.levels[level][i].overlaps(b) {
		return true
	}
	if level == 0 {
		return yield(i)
	}
	below := t.levels[level-1]
	for j := i * fanout; j < min((i+1)*fanout, len(below)); j++ {
		if !t.descend(level-1, j, b, yield) {
			return false
		}
	}
	return true
}
