package geo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"muster/internal/errs"
)

const (
	maxCoverRes = 9

	// maxWalk bounds cells visited × edges looked at: a second or two. Half a
	// province of 20,000 vertices takes 3 million.
	maxWalk = 100_000_000

	// overhang is how far descendants may stick out of a cell, as a part of the
	// width of its box. Centres of children lie √(3/7) of the circumradius R
	// away, children are 1/√7 in size, so everything below a cell is within
	// 1.053 R of its centre; the box of a hexagon reaches 0.866 R at least, and
	// 0.866 R × (1 + 2 × 0.12) = 1.074 R. A test measures 0.087.
	overhang = 0.12
)

// drawnGap is, by resolution, how far a cell's real edge (a great circle) is
// from the drawn one at most, in degrees, between 3° and 54° N: measured by a
// test, and a little more. 7.5e-7° are 8 cm, at 54° N; over Sichuan it is 3 cm.
var drawnGap = [maxCoverRes + 1]float64{1.6, 0.11, 0.013, 1.9e-3, 2.6e-4, 3.7e-5, 5.2e-6, 7.5e-7, 1.1e-7, 1.6e-8}

// leafSize is the edge length of a cell, about, in degrees of latitude.
var leafSize = [maxCoverRes + 1]float64{10, 3.8, 1.4, 0.54, 0.2, 0.077, 0.029, 0.011, 0.0042, 0.0016}

// walk goes down the cells that the edges come near.
type walk struct {
	edges  []segment
	all    box    // of all edges
	inside *bands // nil for lines, which have no inside
	res    int
	gap    float64                // an edge this near to a leaf, in degrees, is in it
	near   [maxCoverRes + 1][]run // those near the cells of the current branch, by resolution
	steps  int
	checks int
	ctx    context.Context
	ranges []CellRange
}

func areaWalk(area orb.MultiPolygon, res int) *walk {
	edges := make([]segment, 0, Vertices(area))
	for _, polygon := range area {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				edges = append(edges, segment{ring[i-1], ring[i]})
			}
		}
	}
	return &walk{edges: edges, inside: newBands(edges), res: res}
}

// run covers the edges, and what is inside of them; an edge is in a cell when it
// comes within times the drawn gap.
func (w *walk) run(ctx context.Context, times float64) error {
	if len(w.edges) == 0 {
		return nil
	}
	w.all = w.edges[0].box()
	for _, e := range w.edges {
		w.all = w.all.union(e.box())
	}
	if err := checkCoverable(w.all, w.res); err != nil {
		return err
	}
	all := runsOf(w.edges, leafSize[w.res])
	w.ctx, w.gap = ctx, times*drawnGap[w.res]
	for _, root := range roots() {
		if root.reach.overlaps(w.all) {
			if err := w.visit(root.cell, all); err != nil {
				return err
			}
		}
	}
	return nil
}

// rootCell is a cell of resolution 0 with the box of all below it.
type rootCell struct {
	cell  cellBits
	reach box
}

// roots are the cells of resolution 0 that can be drawn, in ascending order.
var roots = sync.OnceValue(func() []rootCell {
	cells, err := h3.Res0Cells()
	if err != nil {
		panic(fmt.Sprintf("geo: H3 has no cells: %v", err))
	}
	var list []rootCell
	for _, c := range cells {
		if o := outlineOf(cellBits(c)); o != nil {
			list = append(list, rootCell{cellBits(c), o.reach()})
		}
	}
	slices.SortFunc(list, func(a, b rootCell) int { return cmp.Compare(a.cell, b.cell) })
	return list
})

// visit judges a cell by the edges that come near its parent.
func (w *walk) visit(c cellBits, candidates []run) error {
	if err := w.mayGoOn(); err != nil {
		return err
	}
	o := outlineOf(c)
	if o == nil {
		return nil
	}
	res := c.res()
	if res == w.res {
		w.leaf(c, o, candidates)
		return nil
	}
	near := w.nearOf(o.reach(), res, candidates)
	if len(near) == 0 {
		w.whole(c, o)
		return nil
	}
	for digit := range lastDigit + 1 {
		if digit == 1 && len(o.at) != 6 && h3.Cell(c).IsPentagon() {
			continue // a pentagon has no child there
		}
		if err := w.visit(c.child(digit), near); err != nil {
			return err
		}
	}
	return nil
}

// nearOf are the candidates that come into a box.
func (w *walk) nearOf(reach box, res int, candidates []run) []run {
	if !reach.overlaps(w.all) {
		return nil
	}
	if reach.holds(w.all) {
		return candidates
	}
	w.checks += len(candidates)
	w.near[res] = appendTouching(w.near[res][:0], candidates, reach, w.edges)
	return w.near[res]
}

// leaf judges a cell of the resolution asked for.
func (w *walk) leaf(c cellBits, o *outline, candidates []run) {
	reach := o.box.grown(w.gap, w.gap)
	w.checks += len(candidates)
	for i := range candidates {
		if r := &candidates[i]; r.box.overlaps(reach) && w.anyNear(r, o, reach) {
			w.add(c, false)
			return
		}
	}
	w.whole(c, o)
}

func (w *walk) anyNear(r *run, o *outline, reach box) bool {
	edges := w.edges[r.from:r.to]
	w.checks += len(edges)
	for i := range edges {
		if e := &edges[i]; e.mayTouch(reach) && o.near(*e, w.gap) {
			return true
		}
	}
	return false
}

// whole adds a cell that no edge comes near, if it is inside.
func (w *walk) whole(c cellBits, o *outline) {
	if w.inside != nil && w.inside.locate(o.middle()) == inside {
		w.add(c, true)
	}
}

// add appends the cell's descendants, joined with the last range where they
// follow it.
func (w *walk) add(c cellBits, inside bool) {
	lo, hi := c.descendants(w.res)
	if n := len(w.ranges) - 1; n >= 0 {
		last := &w.ranges[n]
		if last.Inside == inside && cellBits(last.Hi).next(w.res) == lo {
			last.Hi = int64(hi)
			return
		}
	}
	w.ranges = append(w.ranges, CellRange{Lo: int64(lo), Hi: int64(hi), Inside: inside})
}

// mayGoOn counts the work and asks now and then whether anybody still wants it.
func (w *walk) mayGoOn() error {
	w.steps++
	if w.checks > maxWalk {
		return errs.New(errs.Limit, "cover_too_complex", "范围太大或边界太复杂，无法计算网格")
	}
	if w.steps%64 == 0 {
		return w.ctx.Err()
	}
	return nil
}
