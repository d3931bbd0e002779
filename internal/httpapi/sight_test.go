package httpapi_test

import (
	"slices"
	"testing"
	"time"

	"muster/internal/postgres/pgtest/valley"
)

// Several warnings over one site stand side by side; lifting one leaves the
// other's measure as it was.
func TestSeveralWarningsStandSideBySide(t *testing.T) {
	w := newWorld(t)
	first := w.publish("shimian", instruction("yellow", around(valley.Home, 500)))
	measure := w.targets("shimian", first.ID)[valley.Home].Measure
	second := w.publish("province", but(instruction("red", around(valley.Home, 500)), object{"hazard": "geohazard"}))
	site := read[struct {
		Warnings []struct{ Measure string }
	}](w.as("site").get("/sites/" + valley.ID(valley.Home).String()))
	if len(site.Warnings) != 2 || site.Warnings[0].Measure != "evacuate" {
		t.Errorf("the strictest does not come first: %+v", site.Warnings)
	}
	w.as("province").post("/warnings/"+second.ID.String()+"/lift", because(2, "x")).must(200)
	if got := w.targets("shimian", first.ID)[valley.Home].Measure; got != measure {
		t.Errorf("%s became %s", measure, got)
	}
}

// A county sees a province's warning where it touches the county, and nothing of
// the other counties.
func TestACountySeesOnlyItsPartOfAProvincesWarning(t *testing.T) {
	w := newWorld(t)
	done := w.publish("province", instruction("yellow", regions("511824", "511823", "513435")))
	if done.Totals.Sites != 6 {
		t.Fatalf("%d sites", done.Totals.Sites)
	}
	path := "/warnings/" + done.ID.String()
	if got := w.targets("shimian", done.ID); len(got) != 2 {
		t.Errorf("targets: %v", got)
	}
	if p := read[preview](w.as("shimian").get(path + "/preview")); len(p.Targets) != 2 {
		t.Errorf("preview: %s", names(p.Targets))
	}
	w.as("shimian").post(path+"/revise/preview", instruction("yellow", regions("511824"))).refused(403, "not_ours")
	w.as("shimian").post(path+"/revise", versioned(2, instruction("yellow", regions("511824")))).refused(403, "not_ours")
	if got := w.targets("section", done.ID); len(got) != 2 {
		t.Errorf("a section's targets: %v", got)
	}
	if got := w.targets("site", done.ID); len(got) != 1 {
		t.Errorf("a site's targets: %v", got)
	}
}

// The totals of a warning are those of the part that one may see.
func TestTheTotalsAreOfOnesOwnPart(t *testing.T) {
	w := newWorld(t)
	w.inside(valley.CampGate, 6, 7)
	done := w.publish("province", instruction("yellow", regions("511824", "511823", "513435")))
	got := read[warningBody](w.as("section").get("/warnings/" + done.ID.String()))
	if got.Totals.Sites != 2 || got.Totals.Certain != 0 {
		t.Errorf("a section learns of %d sites and %d people", got.Totals.Sites, got.Totals.Certain)
	}
}

func TestAWarningThatMakesNoSenseIsRefusedWithEachReason(t *testing.T) {
	w := newWorld(t)
	p := w.as("yaan").post("/warnings", object{"hazard": "aliens", "level": "pink", "title": "", "expires": valley.Evening.Add(-time.Hour),
		"areas": []object{}}).refused(422, "warning_invalid")
	var where []string
	for _, e := range p.Errors {
		where = append(where, e.Location)
	}
	for _, want := range []string{"body.hazard", "body.level", "body.title", "body.basis", "body.expires", "body.areas"} {
		if !slices.Contains(where, want) {
			t.Errorf("%s is not named in %v", want, where)
		}
	}
}
