package response

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// course is a target of a unit published at noon; minutes of the milestones in
// order, -1 for one that was not reached.
func course(unit string, reached ...float64) Course {
	times := func(list []float64) Milestones {
		at := make([]time.Time, 6)
		for i, m := range list {
			if m >= 0 {
				at[i] = minute(m)
			}
		}
		return Milestones{at[0], at[1], at[2], at[3], at[4], at[5]}
	}
	return Course{Unit: unit, Published: noon, Ended: minute(600), Reached: times(reached), Due: times([]float64{-1, 5, 15, 45, 75, 135})}
}

func TestTheFiguresOfAUnit(t *testing.T) {
	got := Figures([]Course{
		course("b", 1, 2, 8, 30, 60, 100),
		course("a", 1, 4, 20, 40, 70, 200), // moved late, verified late
		course("a", 1, 3, -1, -1, -1, -1),  // signed and did nothing
		course("a", -1, -1, -1, -1, -1, -1),
		course("b", -1, 1, -1, 20, -1, -1), // reported without a word of moving, never looked at
	})
	if len(got) != 3 || got[0].Unit != "" || got[1].Unit != "a" || got[2].Unit != "b" || got[0].Targets != 5 {
		t.Fatalf("%+v", got)
	}
	if f := got[0].States[AtAcknowledged]; f != (Figure{Reached: 4, Late: 1, Missed: 1, Median: 2 * time.Minute, P90: 4 * time.Minute, Worst: 4 * time.Minute}) {
		t.Errorf("acknowledged %+v", f)
	}
	if f := got[0].States[AtActed]; f != (Figure{Reached: 2, Late: 3, Missed: 2, Median: 8 * time.Minute, P90: 20 * time.Minute, Worst: 20 * time.Minute}) {
		t.Errorf("acted %+v", f)
	}
	if f := got[1].States[AtVerified]; f != (Figure{Reached: 1, Late: 3, Missed: 2, Median: 200 * time.Minute, P90: 200 * time.Minute, Worst: 200 * time.Minute}) {
		t.Errorf("verified in a %+v", f)
	}
	if want := map[string]int{BrokenAct: 1, BrokenAnswer: 1, BrokenConfirm: 1}; !reflect.DeepEqual(got[0].Broken, want) {
		t.Errorf("broken %v", got[0].Broken)
	}
}

func TestATargetStillInTimeIsNotLate(t *testing.T) {
	c := course("a", 1, 2, -1, -1, -1, -1)
	c.Ended = minute(10)
	if f := Figures([]Course{c})[0].States[AtActed]; f.Late != 0 || f.Missed != 1 {
		t.Errorf("%+v", f)
	}
}

func TestAQuantileIsATimeThatWasTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.Int64Range(0, 1e6), 1, 50).Draw(t, "times")
		var took []time.Duration
		for _, n := range list {
			took = append(took, time.Duration(n))
		}
		slices.Sort(took)
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		q := quantile(took, percent)
		below := 0
		for _, d := range took {
			if d <= q {
				below++
			}
		}
		if !slices.Contains(took, q) || below*100 < percent*len(took) {
			t.Fatalf("%d%% of %v is %v", percent, took, q)
		}
	})
}
