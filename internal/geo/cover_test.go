package geo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"
	"pgregory.net/rapid"

	"muster/internal/errs"
)

// ragged is a closed ring around a point, n vertices at wobbling distances up
// to r degrees of latitude: simple, but not convex.
func ragged(seed uint64, x, y, r float64, n int) orb.Ring {
	rng := rand.New(rand.NewPCG(seed, 1))
	var amp, phase [6]float64
	for k := range amp {
		amp[k], phase[k] = rng.Float64()/float64(k+2), rng.Float64()*2*math.Pi
	}
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		s := 0.0
		for k := range amp {
			s += amp[k] * math.Sin(float64(3*k+2)*a+phase[k])
		}
		d := r * (0.6 + 0.2*s + min(0.1, 20/float64(n))*rng.Float64())
		ring = append(ring, orb.Point{x + d*math.Cos(a)*1.15, y + d*math.Sin(a)})
	}
	return append(ring, ring[0])
}

// county is a ragged area with a hole and an exclave.
func county(seed uint64, x, y, r float64, n int) orb.MultiPolygon {
	return orb.MultiPolygon{
		{ragged(seed, x, y, r, n), ragged(seed+1, x, y, r/8, max(4, n/8))},
		{ragged(seed+2, x+1.6*r, y, r/6, max(4, n/8))},
	}
}

func drawArea(t *rapid.T) orb.MultiPolygon {
	x, y := rapid.Float64Range(74, 134).Draw(t, "lon"), rapid.Float64Range(6, 52).Draw(t, "lat")
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		area, err := Circle(LonLat{x, y}, rapid.Float64Range(1, 60_000).Draw(t, "radius"))
		if err != nil {
			t.Fatal(err)
		}
		return area
	case 1: // a sliver
		w := rapid.Float64Range(1e-9, 1e-4).Draw(t, "width")
		return orb.MultiPolygon{{{{x, y}, {x + 1, y + 0.3}, {x + 1, y + 0.3 + w}, {x, y}}}}
	default:
		return county(rapid.Uint64().Draw(t, "seed"), x, y, rapid.Float64Range(0.001, 0.4).Draw(t, "size"), rapid.IntRange(24, 200).Draw(t, "vertices"))
	}
}

// polyfill asks h3-go for the cells of an area, part by part.
func polyfill(t interface{ Fatal(...any) }, area orb.MultiPolygon, res int, mode h3.ContainmentMode) map[int64]bool {
	cells := map[int64]bool{}
	for _, polygon := range area {
		var g h3.GeoPolygon
		for i, ring := range polygon {
			loop := make(h3.GeoLoop, 0, len(ring))
			for _, p := range ring[:len(ring)-1] {
				loop = append(loop, h3.LatLng{Lat: p[1], Lng: p[0]})
			}
			if i == 0 {
				g.GeoLoop = loop
			} else {
				g.Holes = append(g.Holes, loop)
			}
		}
		list, err := h3.PolygonToCellsExperimental(g, res, mode)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			cells[int64(c)] = true
		}
	}
	return cells
}

func covered(c Cover, cell int64) (in, sure bool) {
	i, found := slices.BinarySearchFunc(c.Ranges, cell, func(r CellRange, cell int64) int {
		switch {
		case r.Hi < cell:
			return -1
		case r.Lo > cell:
			return 1
		}
		return 0
	})
	return found, found && c.Ranges[i].Inside
}

// The reference decides by the drawn cells, as we do but for the gap: where we
// differ, an edge must only graze the cell. (h3-go 4.5.0 also overlooks a hole
// that lies in the middle of a cell.)
func TestCoverIsWhatH3SaysButForTheGap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		area := drawArea(t)
		res := rapid.IntRange(5, 7).Draw(t, "res")
		cover, err := CoverArea(context.Background(), area, res)
		if err != nil {
			t.Fatal(err)
		}
		overlap, full := polyfill(t, area, res, h3.ContainmentOverlapping), polyfill(t, area, res, h3.ContainmentFull)
		for cell := range overlap {
			if in, sure := covered(cover, cell); !in || sure && !full[cell] {
				t.Errorf("cell %x: covered %v, inside %v, h3 full %v", cell, in, sure, full[cell])
			}
		}
		edges := areaWalk(area, res).edges
		for _, r := range cover.Ranges {
			for c := cellBits(r.Lo); int64(c) <= r.Hi; c = c.next(res) {
				if h3.Cell(c).IsValid() && (!overlap[int64(c)] || full[int64(c)] && !r.Inside) && !grazed(c, edges, 4*drawnGap[res]) && !holdsHole(c, area) {
					t.Errorf("cell %x: inside %v, but h3 overlap %v full %v", uint64(c), r.Inside, overlap[int64(c)], full[int64(c)])
				}
			}
		}
	})
}

func grazed(c cellBits, edges []segment, gap float64) bool {
	o := outlineOf(c)
	return slices.ContainsFunc(edges, func(e segment) bool { return o.near(e, gap) && !o.near(e, -gap) })
}

func holdsHole(c cellBits, area orb.MultiPolygon) bool {
	o := outlineOf(c)
	return slices.ContainsFunc(area, func(p orb.Polygon) bool {
		return slices.ContainsFunc(p[1:], func(hole orb.Ring) bool {
			b := boxOf(hole)
			return o.box.holds(b)
		})
	})
}

func TestEveryPointOfTheAreaIsCovered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		area := drawArea(t)
		res := rapid.IntRange(4, 8).Draw(t, "res")
		cover, err := CoverArea(context.Background(), area, res)
		if err != nil {
			t.Fatal(err)
		}
		edges := areaWalk(area, res).edges
		points := append([]orb.Point(nil), area[0][0]...)
		bound := area.Bound().Pad(0.01)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for range 300 {
			points = append(points, orb.Point{
				bound.Min[0] + rng.Float64()*(bound.Max[0]-bound.Min[0]),
				bound.Min[1] + rng.Float64()*(bound.Max[1]-bound.Min[1]),
			})
		}
		for _, p := range points {
			in, sure := covered(cover, CellAt(FromPoint(p), res))
			at := bruteLocate(edges, p)
			if at != outside && !in || at != inside && sure {
				t.Fatalf("%v is %v of the area; covered %v, inside %v", p, at, in, sure)
			}
		}
	})
}

// bruteLocate asks every edge.
func bruteLocate(edges []segment, p orb.Point) place {
	crossed := false
	for _, e := range edges {
		hit, on := rayMeets(e.a, e.b, p)
		if on {
			return border
		}
		crossed = crossed != hit
	}
	if crossed {
		return inside
	}
	return outside
}

// An area made of cells has its edges exactly where cells are drawn.
func TestAnAreaMadeOfCells(t *testing.T) {
	center, _ := h3.LatLngToCell(h3.LatLng{Lat: 30.1, Lng: 102.9}, 7)
	disk, _ := center.GridDisk(6)
	loops, err := h3.CellsToMultiPolygon(disk)
	if err != nil {
		t.Fatal(err)
	}
	ring := orb.Ring{}
	for _, p := range loops[0].GeoLoop {
		ring = append(ring, orb.Point{p.Lng, p.Lat})
	}
	ring = append(ring, ring[0])
	area := orb.MultiPolygon{{ring}}
	cover, err := CoverArea(context.Background(), area, 7)
	if err != nil {
		t.Fatal(err)
	}
	sure := 0
	rng := rand.New(rand.NewPCG(5, 5))
	edges := areaWalk(area, 7).edges
	for i := 1; i < len(ring); i++ {
		for range 200 { // within a decimetre of the border
			s := rng.Float64()
			p := orb.Point{
				ring[i-1][0] + s*(ring[i][0]-ring[i-1][0]) + (rng.Float64()-0.5)*1e-6,
				ring[i-1][1] + s*(ring[i][1]-ring[i-1][1]) + (rng.Float64()-0.5)*1e-6,
			}
			in, certain := covered(cover, CellAt(FromPoint(p), 7))
			if at := bruteLocate(edges, p); at != outside && !in || at != inside && certain {
				t.Fatalf("%v: %v, covered %v, inside %v", p, at, in, certain)
			}
		}
	}
	for _, c := range disk {
		if _, s := covered(cover, int64(c)); s {
			sure++
		}
	}
	if sure == 0 || sure >= len(disk) {
		t.Errorf("%d of %d cells are inside", sure, len(disk))
	}
}

func TestDrawnGapIsTheGap(t *testing.T) {
	unit := func(p h3.LatLng) [3]float64 {
		lat, lon := radians(p.Lat), radians(p.Lng)
		return [3]float64{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for res := range maxCoverRes + 1 {
		widest := 0.0
		for range 3000 {
			c, _ := h3.LatLngToCell(h3.LatLng{Lat: 3 + 51*rng.Float64(), Lng: 73 + 63*rng.Float64()}, res)
			ring, _ := c.Boundary()
			for i, p := range ring {
				q := ring[(i+1)%len(ring)]
				a, b := unit(p), unit(q)
				x, y, z := a[0]+b[0], a[1]+b[1], a[2]+b[2]
				lat, lon := degrees(math.Atan2(z, math.Hypot(x, y))), degrees(math.Atan2(y, x))
				dx, dy := q.Lng-p.Lng, q.Lat-p.Lat
				widest = max(widest, math.Abs(dx*(lat-p.Lat)-dy*(lon-p.Lng))/math.Hypot(dx, dy))
			}
		}
		if widest > drawnGap[res] || widest < drawnGap[res]/4 {
			t.Errorf("resolution %d: the gap is up to %.3g°, the table says %.3g°", res, widest, drawnGap[res])
		}
	}
}

func TestDescendantsStayWithinReach(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for res := range 6 {
		for range 100 {
			c, _ := h3.LatLngToCell(h3.LatLng{Lat: 3 + 51*rng.Float64(), Lng: 73 + 63*rng.Float64()}, res)
			reach := outlineOf(cellBits(c)).reach()
			descendants, _ := c.Children(res + 4)
			for _, d := range descendants {
				if o := draw(cellBits(d)); !reach.holds(o.box) {
					t.Fatalf("%v at resolution %d sticks out of %v too far", d, res+4, c)
				}
			}
		}
	}
}

func TestCoverHoldsAroundAPentagon(t *testing.T) {
	// One of the twelve is in the Yellow Sea, off Dalian.
	rng := rand.New(rand.NewPCG(9, 9))
	for res := 2; res <= 7; res++ {
		area, err := Circle(LonLat{Lon: 122.3, Lat: 39.1}, 20_000)
		if err != nil {
			t.Fatal(err)
		}
		cover, err := CoverArea(context.Background(), area, res)
		if err != nil {
			t.Fatal(err)
		}
		edges := areaWalk(area, res).edges
		for range 20_000 {
			p := orb.Point{122 + 0.6*rng.Float64(), 38.8 + 0.6*rng.Float64()}
			in, sure := covered(cover, CellAt(FromPoint(p), res))
			if at := bruteLocate(edges, p); at != outside && !in || at != inside && sure {
				t.Fatalf("resolution %d, %v: %v, covered %v, inside %v", res, p, at, in, sure)
			}
		}
	}
}

func TestCoverStopsAndRefuses(t *testing.T) {
	area := orb.MultiPolygon{{star(103, 30, 2, 20_000)}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := CoverArea(ctx, area, 7); err != context.Canceled {
		t.Errorf("nobody waits, but: %v", err)
	}
	for _, res := range []int{-1, 10} {
		if _, err := CoverArea(context.Background(), area, res); !errs.Is(err, errs.Fix) {
			t.Errorf("resolution %d: %v", res, err)
		}
	}
	if _, err := CoverArea(context.Background(), orb.MultiPolygon{{rect(-170, 30, 170, 60)}}, 5); !errs.Is(err, errs.Fix) {
		t.Errorf("around the world: %v", err)
	}
	if c, err := CoverArea(context.Background(), nil, 7); err != nil || len(c.Ranges) > 0 {
		t.Errorf("nothing: %v, %v", c, err)
	}
	var comb orb.Ring // every edge comes near every cell
	for i := range 40_000 {
		comb = append(comb, orb.Point{75, 10 + float64(i)*1e-3}, orb.Point{135, 10.0005 + float64(i)*1e-3})
	}
	comb = append(comb, comb[0])
	if _, err := CoverArea(context.Background(), orb.MultiPolygon{{comb}}, 9); !errs.Is(err, errs.Limit) {
		t.Errorf("a hopeless area: %v", err)
	}
}

func TestCellsOfGeometry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(98, 107).Draw(t, "lon"), rapid.Float64Range(26, 33).Draw(t, "lat")
		line := orb.LineString{{x, y}}
		for range rapid.IntRange(1, 5).Draw(t, "vertices") {
			last := line[len(line)-1]
			line = append(line, orb.Point{
				last[0] + rapid.Float64Range(-0.05, 0.05).Draw(t, "dx"),
				last[1] + rapid.Float64Range(-0.05, 0.05).Draw(t, "dy"),
			})
		}
		cells, err := CellsOfGeometry(line, 7)
		if err != nil || !slices.IsSorted(cells) {
			t.Fatalf("%v, %v", cells, err)
		}
		for i := 1; i < len(line); i++ {
			for s := 0.0; s <= 1; s += 0.01 {
				p := LonLat{line[i-1][0] + s*(line[i][0]-line[i-1][0]), line[i-1][1] + s*(line[i][1]-line[i-1][1])}
				if _, ok := slices.BinarySearch(cells, CellAt(p, 7)); !ok {
					t.Errorf("%v is on the line, its cell is not among them", p)
				}
			}
		}
	})
	if _, err := CellsOfGeometry(orb.Polygon{rect(98, 26, 108, 34)}, 7); !errs.Is(err, errs.Limit) {
		t.Errorf("a province as a site: %v", err)
	}
	if _, err := CellsOfGeometry(orb.MultiPoint{{103, 30}}, 7); !errs.Is(err, errs.Fix) {
		t.Errorf("a cloud of points: %v", err)
	}
	cells, err := CellsOfGeometry(orb.LineString{{103, 30}, {103, 30}}, 7)
	if err != nil || len(cells) != 1 || cells[0] != CellAt(LonLat{103, 30}, 7) {
		t.Errorf("a line of no length: %v, %v", cells, err)
	}
}

func BenchmarkCover(b *testing.B) {
	circle, _ := Circle(LonLat{103.1, 30.2}, 17_000)
	for name, area := range map[string]orb.MultiPolygon{
		"circle":   circle,
		"county":   county(7, 103, 30, 0.5, 2000),
		"province": county(7, 103, 30, 2.6, 16_000),
	} {
		for _, res := range []int{6, 7} {
			b.Run(fmt.Sprintf("%s/%d", name, res), func(b *testing.B) {
				var c Cover
				for b.Loop() {
					c, _ = CoverArea(b.Context(), area, res)
				}
				b.ReportMetric(float64(len(c.Ranges)), "ranges")
			})
		}
	}
}
