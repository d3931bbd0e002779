package geo

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func TestApproximateFootprintsTileTheSketch(t *testing.T) {
	cells := ApproximateFootprints()
	if len(cells) != 183 {
		t.Fatalf("%d counties", len(cells))
	}
	total := 0.0
	for _, r := range BuiltinRegions() {
		cell, ok := cells[r.Code]
		if ok != (r.Level == County) {
			t.Errorf("%s: footprint %v", r.Name, ok)
		}
		if !ok {
			continue
		}
		if d := Defects(cell); len(d) > 0 {
			t.Errorf("%s: %v", r.Name, d)
		}
		if newEdgeTree(ringEdges(cell[0][0], 0)).locate(r.Position.Point()) != inside {
			t.Errorf("%s is not where its point is", r.Name)
		}
		total += SquareKm(cell)
	}
	if sketch := SquareKm(orb.MultiPolygon{{provinceSketch}}); math.Abs(total-sketch) > 1 {
		t.Errorf("the counties have %.0f km², the province %.0f", total, sketch)
	} else if sketch < 460_000 || sketch > 520_000 {
		t.Errorf("the province has 486,000 km², the sketch %.0f", sketch)
	}
	if !cmp.Equal(cells, ApproximateFootprints()) {
		t.Error("another drawing the second time")
	}
}
