package geo

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func rect(x0, y0, x1, y1 float64) orb.Ring {
	return orb.Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
}

func TestDefects(t *testing.T) {
	big := rect(100, 30, 110, 40)
	for _, c := range []struct {
		name string
		area orb.MultiPolygon
		want []DefectKind
	}{
		{"none", orb.MultiPolygon{{big, rect(102, 32, 103, 33)}, {rect(111, 30, 112, 31)}}, nil},
		{"no area", orb.MultiPolygon{}, nil},
		{"a repeated vertex is none", orb.MultiPolygon{{{{100, 30}, {101, 30}, {101, 30}, {101, 31}, {100, 30}}}}, nil},
		{"a bow tie", orb.MultiPolygon{{{{100, 30}, {101, 31}, {101, 30}, {100, 31}, {100, 30}}}}, []DefectKind{SelfCrossing}},
		{"an eight", orb.MultiPolygon{{{{100, 30}, {101, 31}, {102, 30}, {102, 32}, {101, 31}, {100, 32}, {100, 30}}}}, []DefectKind{SelfTouching}},
		{"a spike", orb.MultiPolygon{{{{100, 30}, {102, 30}, {102, 31}, {102, 30.5}, {101, 32}, {100, 30}}}}, []DefectKind{SelfTouching, SharedEdge}},
		{"a line", orb.MultiPolygon{{{{100, 30}, {101, 31}, {100, 30}, {100, 30}}}}, []DefectKind{DegenerateRing, SharedEdge}},
		{"parts that cross", orb.MultiPolygon{{rect(100, 30, 102, 32)}, {rect(101, 31, 103, 33)}}, []DefectKind{RingCrossing, RingCrossing}},
		{"parts with a border", orb.MultiPolygon{{rect(100, 30, 101, 31)}, {rect(101, 30, 102, 31)}}, []DefectKind{SharedEdge}},
		{"parts with a corner", orb.MultiPolygon{{rect(100, 30, 101, 31)}, {rect(101, 31, 102, 32)}}, nil},
		{"the same part twice", orb.MultiPolygon{{rect(100, 30, 101, 31)}, {rect(100, 30, 101, 31)}}, []DefectKind{SharedEdge, SharedEdge, SharedEdge, SharedEdge}},
		{"a part in a part", orb.MultiPolygon{{big}, {rect(102, 32, 103, 33)}}, []DefectKind{NestedRing}},
		{"a part in a hole", orb.MultiPolygon{{big, rect(102, 32, 105, 35)}, {rect(103, 33, 104, 34)}}, nil},
		{"a hole outside", orb.MultiPolygon{{big, rect(112, 32, 113, 33)}}, []DefectKind{HoleOutside}},
		{"a hole in a hole", orb.MultiPolygon{{big, rect(102, 32, 106, 36), rect(103, 33, 104, 34)}}, []DefectKind{NestedRing}},
		{"a hole across", orb.MultiPolygon{{big, rect(108, 32, 112, 33)}}, []DefectKind{RingCrossing, RingCrossing}},
		{"a hole touching once", orb.MultiPolygon{{big, {{100, 35}, {102, 34}, {102, 36}, {100, 35}}}}, nil},
		{"a hole touching twice", orb.MultiPolygon{{big, {{100, 35}, {105, 34}, {110, 35}, {105, 36}, {100, 35}}}}, []DefectKind{Disconnected}},
		{"a chain of holes", orb.MultiPolygon{{big, {{100, 35}, {105, 34}, {105, 36}, {100, 35}}, {{105, 35}, {110, 35}, {107, 36}, {105, 35}}}}, []DefectKind{Disconnected}},
		{"a hole outside, touching", orb.MultiPolygon{{big, {{100, 35}, {98, 34}, {98, 36}, {100, 35}}}}, []DefectKind{HoleOutside}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var kinds []DefectKind
			for _, d := range Defects(c.area) {
				kinds = append(kinds, d.Kind)
				if d.Text == "" {
					t.Errorf("no words for %v", d)
				}
			}
			slices.Sort(kinds)
			slices.Sort(c.want)
			if !slices.Equal(kinds, c.want) {
				t.Errorf("%v, want %v", Defects(c.area), c.want)
			}
		})
	}
}

// star is a ragged ring of n vertices around a point.
func star(x, y, r float64, n int) orb.Ring {
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		a := 2 * math.Pi * float64(i) / float64(n)
		wobble := r * (0.8 + 0.1*math.Sin(7*a) + 0.05*math.Sin(61*a) + 0.01*math.Sin(float64(i)*2.4))
		ring = append(ring, orb.Point{x + wobble*math.Cos(a), y + wobble*math.Sin(a)})
	}
	return append(ring, ring[0])
}

func TestDefectsOfManyVertices(t *testing.T) {
	sound := orb.MultiPolygon{{star(103, 30, 2, 50_000)}}
	if d := Defects(sound); len(d) > 0 {
		t.Fatalf("a star has %v", d[:1])
	}
	broken := sound.Clone()
	broken[0][0][20_000], broken[0][0][20_003] = broken[0][0][20_003], broken[0][0][20_000]
	first := Defects(broken)
	if len(first) == 0 || first[0].Kind != SelfCrossing {
		t.Fatalf("%v", first)
	}
	if again := Defects(broken); !cmp.Equal(first, again) {
		t.Error("another answer the second time")
	}
}

func TestDefectsGivesUpOnTheHopeless(t *testing.T) {
	// A comb of diagonal teeth, whose boxes all overlap.
	var ring orb.Ring
	for i := range 20_000 {
		x := 100 + float64(i)*1e-5
		ring = append(ring, orb.Point{x, 30}, orb.Point{x + 3.000005, 33})
	}
	ring = append(ring, orb.Point{110, 29}, ring[0])
	if d := Defects(orb.MultiPolygon{{ring}}); len(d) == 0 || d[len(d)-1].Kind != TooComplexToSay {
		t.Errorf("%v", d)
	}
}

func BenchmarkDefects50000(b *testing.B) {
	area := orb.MultiPolygon{{star(103, 30, 2, 50_000)}}
	for b.Loop() {
		Defects(area)
	}
}
