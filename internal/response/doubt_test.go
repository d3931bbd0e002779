package response

import (
	"testing"
	"time"

	"muster/internal/warning"
)

func TestWhatMakesAReportDoubtful(t *testing.T) {
	sound := ReportFacts{
		Measure: warning.Evacuate, Evidence: []Evidence{RollCall, MusterScan}, Took: 20 * time.Minute, DrillTime: 18 * time.Minute,
		People: 60, Certain: 60, Beds: 62, Evening: -1, At: noon,
	}
	for _, c := range []struct {
		name string
		bend func(*ReportFacts)
		code string
	}{
		{"a sound one", func(*ReportFacts) {}, ""},
		{"one kind of evidence", func(r *ReportFacts) { r.Evidence = []Evidence{RollCall, RollCall} }, "single_evidence"},
		{"half of a drill's time", func(r *ReportFacts) { r.Took = 8 * time.Minute }, "too_fast"},
		{"two minutes, no drill held", func(r *ReportFacts) { r.Took, r.DrillTime = 2*time.Minute, 0 }, "too_fast"},
		{"three people less than passes say", func(r *ReportFacts) { r.People, r.Certain, r.Beds = 59, 62, -1 }, "headcount_diff"},
		{"one of ten", func(r *ReportFacts) { r.People, r.Certain, r.Beds = 9, 10, -1 }, "headcount_diff"},
		{"somebody where nobody should be", func(r *ReportFacts) { r.People, r.Certain, r.Beds = 1, 0, -1 }, "headcount_diff"},
		{"fewer than in the evening", func(r *ReportFacts) { r.Evening = 70 }, "headcount_diff"},
		{"a difference with words", func(r *ReportFacts) { r.Evening, r.Evidence = 70, append(r.Evidence, Words) }, ""},
		{"somebody went in", func(r *ReportFacts) { r.InwardPass = true }, "reentry"},
		{"an old photo", func(r *ReportFacts) { r.PhotoUsed = true }, "photo_reused"},
		{"refused last month", func(r *ReportFacts) { r.LastRefused = noon.AddDate(0, -1, 0) }, "refused_before"},
		{"refused last year", func(r *ReportFacts) { r.LastRefused = noon.AddDate(-1, 0, 0) }, ""},
		{"no signal", func(r *ReportFacts) { r.NoSignal = true }, "no_signal"},
		{"great danger", func(r *ReportFacts) { r.BigDanger = true }, "danger_big"},
		{"the first time", func(r *ReportFacts) { r.First = true }, "first_evacuation"},
		{"a stop that was quick and is shown by one record", func(r *ReportFacts) {
			r.Measure, r.Took, r.Evidence = warning.Stop, time.Minute, []Evidence{StopRecord}
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := sound
			c.bend(&in)
			got := DefaultRules().Doubts(in)
			if c.code == "" && len(got) > 0 || c.code != "" && (len(got) != 1 || got[0].Code != c.code || got[0].Text == "") {
				t.Errorf("%+v, want %q", got, c.code)
			}
		})
	}
}
