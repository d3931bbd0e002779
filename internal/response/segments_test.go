package response

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/warning"
)

// What the officer is shown before publishing is, letter for letter, what will be
// sent; only words that a carrier has approved are locked, and no value is.
func TestTheSegmentsAreTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := largestFacts()
		f.Sentence = strings.Repeat(f.Sentence, rapid.IntRange(0, 20).Draw(t, "length"))
		f.Note = rapid.SampledFrom([]string{"", " ", "注意"}).Draw(t, "note")
		f.Source = rapid.SampledFrom([]string{SourceRelay, SourceAuto, SourceInstruction}).Draw(t, "source")
		f.Exercise = rapid.Bool().Draw(t, "exercise")
		kind := rapid.SampledFrom(NoticeKinds()).Draw(t, "kind")
		c := rapid.SampledFrom(Channels()).Draw(t, "channel")
		w, list, err := DefaultRules().Segments(kind, rapid.SampledFrom(allMeasures).Draw(t, "measure"), c, f)
		if err != nil {
			return
		}
		var all strings.Builder
		for _, s := range list {
			all.WriteString(s.Text)
			if s.Locked != (c.locked() && s.Value == "") {
				t.Errorf("%s: %+v", c, s)
			}
		}
		if all.String() != w.Text {
			t.Errorf("%s %s: shown %q, sent %q", kind, c, all.String(), w.Text)
		}
	})
}

func TestTheCodeIsAValueAndTheOrderIsLocked(t *testing.T) {
	f := largestFacts()
	f.Code = "482915"
	_, list, err := DefaultRules().Segments(NoticeAlert, warning.Evacuate, SMS, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		if (s.Text == f.Code) != (s.Value == "code") || strings.Contains(s.Text, "全员撤至集合点") && !s.Locked {
			t.Errorf("%+v", s)
		}
	}
}
