package httpapi_test

import (
	"testing"

	"muster/internal/postgres/pgtest/valley"
)

// A site is told what a report must be proved with before it reports.
func TestASiteKnowsWhatItsReportNeeds(t *testing.T) {
	w := newWorld(t)
	w.evacuates(valley.Home)
	mine := read[struct {
		Items []struct {
			Measure string
			Proof   [][]struct{ Code, Label string }
		}
	}](w.as("site").get("/me/responses"))
	if len(mine.Items) != 1 || mine.Items[0].Measure != "evacuate" {
		t.Fatalf("%+v", mine)
	}
	alone, choice := false, false
	for _, group := range mine.Items[0].Proof {
		alone = alone || len(group) == 1 && group[0].Code == "roll_call"
		choice = choice || len(group) > 1
	}
	if !alone || !choice {
		t.Errorf("a roll call and one thing more: %+v", mine.Items[0].Proof)
	}
}
