package geo

import (
	"context"

	"github.com/paulmach/orb"

	"muster/internal/errs"
)

// CellRange is a run of H3 cells, both ends included, in the order of their
// numbers.
type CellRange struct {
	Lo, Hi int64
	// Inside says that every position whose key is in the range lies in the
	// area. Otherwise each has to be judged.
	Inside bool
}

// Cover is the H3 cells at one resolution that an area overlaps: no position of
// the area has its key elsewhere.
type Cover struct {
	Res    int
	Ranges []CellRange // ascending, without overlap
}

// Cells bounds, from above, how many cells the ranges hold.
func (c Cover) Cells() int {
	n := 0
	for _, r := range c.Ranges {
		for at := cellBits(r.Lo); int64(at) <= r.Hi; at = at.next(c.Res) {
			n++
		}
	}
	return n
}

// CoverArea covers an area with cells of a resolution from 0 to 9, to be
// compared with keys of that same resolution. It walks down the hierarchy with
// the edges that come near each cell, so its cost follows the border of the
// area, not its surface: a county of 2,000 vertices takes about a millisecond.
// It stops when ctx ends, and refuses (errs.Limit) what would take more than
// seconds.
//
// The area need not be valid: inside means an odd number of rings around.
func CoverArea(ctx context.Context, area orb.MultiPolygon, res int) (Cover, error) {
	w := areaWalk(area, res)
	if err := w.run(ctx, 2); err != nil {
		return Cover{}, err
	}
	return Cover{Res: res, Ranges: w.ranges}, nil
}

// coverable is where the walk may go: China with the largest circle around it,
// far from the antimeridian and the poles.
var coverable = box{50, -10, 160, 70}

func checkCoverable(b box, res int) error {
	if res < 0 || res > maxCoverRes {
		return errs.New(errs.Fix, "cover_resolution", "网格级别应在 0–%d", maxCoverRes)
	}
	if b.minX < coverable.minX || b.maxX > coverable.maxX || b.minY < coverable.minY || b.maxY > coverable.maxY {
		return errs.New(errs.Fix, "cover_range", "范围超出了中国及周边")
	}
	return nil
}
