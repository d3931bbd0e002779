package geo

import (
	"math"
	"sync/atomic"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"
)

// outline is a cell's boundary as it is drawn, with its box.
type outline struct {
	cell cellBits
	at   []orb.Point // counter-clockwise, not closed; none when it can't be drawn
	box  box
}

// outlines keeps the cells drawn last, each in one of two slots: asking H3 takes
// a microsecond, as long as all else that is done about a cell, and warnings
// come back to the same places. A province has 110,000 cells down to resolution
// 7, which take 20 MB.
var outlines [1 << outlineBits]atomic.Pointer[outline]

const outlineBits = 18

// outlineOf draws a cell. It is nil near the antimeridian and the poles, where
// a drawing in longitude and latitude is torn.
func outlineOf(c cellBits) *outline {
	const fibonacci = 0x9e3779b97f4a7c15 // spreads neighbours
	slot := uint64(c) * fibonacci >> (64 - outlineBits)
	o := outlines[slot].Load()
	if o != nil && o.cell != c {
		slot ^= 1
		o = outlines[slot].Load()
	}
	if o == nil || o.cell != c {
		o = draw(c)
		outlines[slot].Store(o)
	}
	if len(o.at) == 0 {
		return nil
	}
	return o
}

func draw(c cellBits) *outline {
	o := &outline{cell: c, box: box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}}
	boundary, err := h3.CellToBoundary(h3.Cell(c))
	if err != nil {
		return o
	}
	ring := make([]orb.Point, len(boundary))
	for i, p := range boundary {
		ring[i] = orb.Point{p.Lng, p.Lat}
		o.box = o.box.union(box{p.Lng, p.Lat, p.Lng, p.Lat})
	}
	if o.box.maxX-o.box.minX < 180 {
		o.at = ring
	}
	return o
}

// middle is a point well inside of the cell.
func (o *outline) middle() orb.Point {
	return orb.Point{(o.box.minX + o.box.maxX) / 2, (o.box.minY + o.box.maxY) / 2}
}

// reach is a box that holds all descendants of the cell.
func (o *outline) reach() box {
	return o.box.grown(overhang*(o.box.maxX-o.box.minX), overhang*(o.box.maxY-o.box.minY))
}
