package geo

import "github.com/paulmach/orb"

// pairs looks at all edges that come near each other.
func (d *inspection) pairs() {
	d.tree = newEdgeTree(d.edges)
	sizes := d.edgeCounts()
	looked := 0
	for i, p := range d.tree.edges {
		goOn := d.tree.search(p.box(), func(j int) bool {
			if j > i {
				looked++
				d.pair(p, d.tree.edges[j], sizes)
			}
			return looked < maxPairs && len(d.found) < maxDefects
		})
		if !goOn {
			if looked >= maxPairs {
				d.report(TooComplexToSay, p.a, "边界太复杂，无法检查")
			}
			return
		}
	}
}

// edgeCounts is the number of edges of each ring.
func (d *inspection) edgeCounts() []int32 {
	counts := make([]int32, len(d.rings))
	for _, e := range d.edges {
		counts[e.ring]++
	}
	return counts
}

func (d *inspection) pair(p, q edge, sizes []int32) {
	how, at := meet(p, q)
	switch {
	case how == apart:
	case how == overlap:
		d.report(SharedEdge, at, d.between(p.ring, q.ring, "有一段边重合"))
	case p.ring == q.ring && neighbours(p, q, sizes[p.ring]):
		// They share a vertex, as they should.
	case p.ring == q.ring && how == cross:
		d.report(SelfCrossing, at, d.name(p.ring)+"自相交")
	case p.ring == q.ring:
		d.report(SelfTouching, at, d.name(p.ring)+"与自己接触")
	case how == cross:
		d.report(RingCrossing, at, d.between(p.ring, q.ring, "相交"))
	default:
		pair := ringPair{min(p.ring, q.ring), max(p.ring, q.ring)}
		d.touches[pair] = append(d.touches[pair], at)
	}
}

// between names two rings, or the one when they are the same.
func (d *inspection) between(a, b int32, what string) string {
	if a == b {
		return d.name(a) + what
	}
	return d.name(min(a, b)) + "与" + d.name(max(a, b)) + what
}

// neighbours says whether one edge ends where the other begins.
func neighbours(p, q edge, count int32) bool {
	gap := p.at - q.at
	return gap == 1 || gap == -1 || gap == count-1 || gap == 1-count
}

// connected reports polygons whose inside falls apart: rings and the points
// where they touch form a graph, and a cycle in it encloses something.
func (d *inspection) connected() {
	type node struct {
		polygon int
		at      orb.Point
		ring    int32 // -1 for a touching point
	}
	parent := map[node]node{}
	var find func(n node) node
	find = func(n node) node {
		up, ok := parent[n]
		if !ok || up == n {
			return n
		}
		root := find(up)
		parent[n] = root
		return root
	}
	type arc struct {
		ring int32
		at   orb.Point
	}
	done := map[arc]bool{}
	for _, pair := range d.touchingPairs() {
		polygon := d.rings[pair.a].polygon
		if polygon != d.rings[pair.b].polygon {
			continue
		}
		for _, at := range d.touches[pair] {
			point := node{polygon: polygon, at: at, ring: -1}
			for _, ring := range []int32{pair.a, pair.b} {
				if done[arc{ring, at}] {
					continue
				}
				done[arc{ring, at}] = true
				r, p := find(node{polygon: polygon, ring: ring}), find(point)
				if r == p {
					d.report(Disconnected, at, d.between(pair.a, pair.b, "相接，把面的内部隔成了两块"))
				}
				parent[r] = p
			}
		}
	}
}
