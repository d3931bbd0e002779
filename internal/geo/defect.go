package geo

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
)

// DefectKind is what is wrong with an area (OGC 06-103r4 §6.1.11).
type DefectKind string

// The kinds of defect.
const (
	SelfCrossing    DefectKind = "self_crossing"   // 自相交: a ring crosses itself
	SelfTouching    DefectKind = "self_touching"   // 自接触: a ring touches itself
	RingCrossing    DefectKind = "ring_crossing"   // 环相交: two rings cross
	SharedEdge      DefectKind = "shared_edge"     // 边重合: two edges run along each other
	HoleOutside     DefectKind = "hole_outside"    // 洞在面外
	NestedRing      DefectKind = "nested_ring"     // 嵌套: a hole in a hole, a part in a part
	Disconnected    DefectKind = "disconnected"    // 内部不连通: holes cut the inside in two
	DegenerateRing  DefectKind = "degenerate_ring" // 环退化: fewer than three different vertices
	TooComplexToSay DefectKind = "too_complex"     // 太复杂: gave up looking
)

const (
	maxDefects = 100
	// maxPairs bounds the pairs of edges looked at: a second or so. Real
	// boundaries need a few for each vertex.
	maxPairs = 50_000_000
)

// Defect is one place where an area isn't valid.
type Defect struct {
	Kind DefectKind `json:"kind"`
	At   LonLat     `json:"at"`
	Text string     `json:"text"` // Chinese, for the person who drew it
}

// Defects finds why an area isn't valid in the sense of ST_IsValid: it is, when
// there are none. The same area gives the same defects in the same order, at
// most 100 of them. 50,000 vertices take some tens of milliseconds.
func Defects(area orb.MultiPolygon) []Defect {
	d := newInspection(area)
	d.degenerate()
	if len(d.edges) > 0 {
		d.pairs()
	}
	if len(d.found) == 0 { // where rings cross, inside and outside mean nothing
		d.nesting()
		d.connected()
	}
	slices.SortStableFunc(d.found, func(a, b Defect) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.At.Lon, b.At.Lon), cmp.Compare(a.At.Lat, b.At.Lat))
	})
	return d.found
}

// inspection is the state of looking for defects in one area.
type inspection struct {
	rings   []ringAt
	edges   []edge
	tree    *edgeTree
	touches map[ringPair][]orb.Point
	seen    map[Defect]bool
	found   []Defect
}

// ringAt is a ring with its place in the area.
type ringAt struct {
	orb.Ring
	polygon, number int // number 0 is the outer ring
	box             box
	tree            *edgeTree // made when somebody asks
}

type ringPair struct{ a, b int32 }

func newInspection(area orb.MultiPolygon) *inspection {
	d := &inspection{touches: map[ringPair][]orb.Point{}, seen: map[Defect]bool{}}
	for i, polygon := range area {
		for j, ring := range polygon {
			n := int32(len(d.rings))
			edges := ringEdges(ring, n)
			d.rings = append(d.rings, ringAt{Ring: ring, polygon: i, number: j, box: boxOf(ring)})
			d.edges = append(d.edges, edges...)
		}
	}
	return d
}

// ringEdges are the sides of a ring, without those of no length.
func ringEdges(ring orb.Ring, number int32) []edge {
	edges := make([]edge, 0, len(ring))
	for i := 1; i < len(ring); i++ {
		if ring[i-1] != ring[i] {
			edges = append(edges, edge{ring[i-1], ring[i], number, int32(len(edges))})
		}
	}
	return edges
}

func boxOf(ring orb.Ring) box {
	b := ring.Bound()
	return box{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
}

// report notes a defect once.
func (d *inspection) report(kind DefectKind, at orb.Point, text string) {
	f := Defect{Kind: kind, At: FromPoint(at), Text: text}
	if len(d.found) < maxDefects && !d.seen[f] {
		d.seen[f] = true
		d.found = append(d.found, f)
	}
}

// name is how a person counts: 第 1 个面的外环, 第 2 个面的第 1 个洞.
func (d *inspection) name(ring int32) string {
	r := d.rings[ring]
	if r.number == 0 {
		return fmt.Sprintf("第 %d 个面的外环", r.polygon+1)
	}
	return fmt.Sprintf("第 %d 个面的第 %d 个洞", r.polygon+1, r.number)
}

func (d *inspection) degenerate() {
	for i, r := range d.rings {
		different := map[orb.Point]bool{}
		for _, p := range r.Ring {
			if different[p] = true; len(different) == 3 {
				break
			}
		}
		if len(different) < 3 {
			at := orb.Point{}
			if len(r.Ring) > 0 {
				at = r.Ring[0]
			}
			d.report(DegenerateRing, at, d.name(int32(i))+"没有面积")
		}
	}
}
