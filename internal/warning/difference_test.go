package warning_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"muster/internal/warning"
)

func TestAnUpdateTellsOnlyThoseItConcerns(t *testing.T) {
	stop := warning.Standing{Level: warning.Yellow, Measure: warning.Stop, Certain: true}
	leave := warning.Standing{Level: warning.Red, Measure: warning.Evacuate, ClosedArea: true, Certain: true}
	got := warning.Diff(
		map[string]warning.Standing{"stays": stop, "worse": stop, "gone": stop},
		map[string]warning.Standing{"stays": stop, "worse": leave, "new": leave},
		[]string{"stays", "worse", "new", "gone", "never"})
	want := warning.Difference[string]{Added: []string{"new"}, Stays: []string{"stays"}, Changed: []string{"worse"}, Released: []string{"gone"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Each part of what is asked for has to be told when it changes.
func TestEveryPartOfAStandingCounts(t *testing.T) {
	was := warning.Standing{Level: warning.Yellow, Measure: warning.Stop, Certain: true}
	for name, now := range map[string]warning.Standing{
		"level":       {Level: warning.Red, Measure: warning.Stop, Certain: true},
		"measure":     {Level: warning.Yellow, Measure: warning.Patrol, Certain: true},
		"closed area": {Level: warning.Yellow, Measure: warning.Stop, Certain: true, ClosedArea: true},
		"certainty":   {Level: warning.Yellow, Measure: warning.Stop},
	} {
		d := warning.Diff(map[int]warning.Standing{1: was}, map[int]warning.Standing{1: now}, []int{1})
		if !slices.Equal(d.Changed, []int{1}) {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

// Every site is in exactly one list, and applying the difference to what stood
// gives what shall stand.
func TestADifferenceIsCompleteAndApplies(t *testing.T) {
	standing := rapid.MapOf(rapid.IntRange(0, 9), rapid.Custom(func(t *rapid.T) warning.Standing {
		return warning.Standing{Level: rapid.SampledFrom(warning.Colours()).Draw(t, "level"), Measure: warning.Read, Certain: rapid.Bool().Draw(t, "certain")}
	}))
	rapid.Check(t, func(t *rapid.T) {
		before, after := standing.Draw(t, "before"), standing.Draw(t, "after")
		d := warning.Diff(before, after, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
		got := map[int]warning.Standing{}
		for _, k := range d.Stays {
			got[k] = before[k]
		}
		for _, k := range append(slices.Clone(d.Added), d.Changed...) {
			got[k] = after[k]
		}
		if diff := cmp.Diff(after, got); diff != "" {
			t.Fatal(diff)
		}
		if n := len(d.Stays) + len(d.Changed) + len(d.Released); n != len(before) {
			t.Fatalf("%d of %d accounted for", n, len(before))
		}
	})
}
