package warning

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

var tonight = time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC)

func quietMandate() Mandate {
	return Mandate{ID: uuid.New(), Hazards: []Hazard{Rain, Geohazard}, Levels: []Level{Blue, Red}, Sources: []string{"county"}, MaxKM2: 1000, MaxSites: 10,
		Delay: 10 * time.Minute, From: tonight.Add(-time.Hour), Until: tonight.Add(time.Hour)}
}

func quietDraft(changes ...func(*Forwarding)) Forwarding {
	f := Forwarding{Kind: "relay", Mode: "actual", Intent: "publish", Hazard: Rain, Level: Blue, Source: "county", KM2: 100, Matched: true,
		Targets: []ForwardTarget{{Measure: Read, Certain: true}, {Measure: Patrol, Certain: true}}}
	for _, change := range changes {
		change(&f)
	}
	return f
}

func TestWhatIsForwardedAndWhyNot(t *testing.T) {
	asks := func(m Measure, sleeps, risk bool) func(*Forwarding) {
		return func(f *Forwarding) {
			f.Targets = []ForwardTarget{{Measure: m, Sleeps: sleeps, AtRisk: risk, Certain: true}}
		}
	}
	red := func(f *Forwarding) { f.Level = Red }
	for _, c := range []struct {
		name  string
		draft Forwarding
		why   string
	}{
		{"a quiet one", quietDraft(), ""},
		{"a stop", quietDraft(asks(Stop, false, false)), "measure"},
		{"red rain at a residence at risk", quietDraft(red, asks(Evacuate, true, true)), ""},
		{"blue rain at a residence at risk", quietDraft(asks(Evacuate, true, true)), "measure"},
		{"red rain at a residence that is not", quietDraft(red, asks(Evacuate, true, false)), "measure"},
		{"a person's instruction", quietDraft(func(f *Forwarding) { f.Kind = "instruction" }), "not_relay"},
		{"a drill", quietDraft(func(f *Forwarding) { f.Mode = "exercise" }), "not_relay"},
		{"a lift", quietDraft(func(f *Forwarding) { f.Intent = "lift" }), "lift"},
		{"a doubtful message", quietDraft(func(f *Forwarding) { f.Flags = []Flag{FlagUTCZ, FlagLevelConflict} }), "flagged"},
		{"a harmless flag", quietDraft(func(f *Forwarding) { f.Flags = []Flag{FlagUTCZ} }), ""},
		{"a name that could not be read", quietDraft(func(f *Forwarding) { f.Unread = []string{"汉元县"} }), "names_unread"},
		{"a vague area", quietDraft(func(f *Forwarding) { f.Vague = true }), "not_certain"},
		{"an area of unknown size", quietDraft(func(f *Forwarding) { f.NoArea = true }), "area_unknown"},
		{"exactly as large as signed", quietDraft(func(f *Forwarding) { f.KM2 = 1000 }), ""},
		{"larger", quietDraft(func(f *Forwarding) { f.KM2 = 1000.1 }), "area_too_large"},
		{"too many sites", quietDraft(func(f *Forwarding) { f.Targets = slices.Repeat(f.Targets, 6) }), "sites_too_many"},
	} {
		m, why := Forward([]Mandate{quietMandate()}, c.draft, tonight)
		if (c.why == "") != (m != nil) || c.why != "" && (len(why) == 0 || why[0].Code != c.why || why[0].Text == "") {
			t.Errorf("%s: %v %v", c.name, m != nil, why)
		}
	}
}

func TestTheMandateThatGivesMostTimeIsTaken(t *testing.T) {
	hasty, patient, ended := quietMandate(), quietMandate(), quietMandate()
	patient.Delay, ended.Delay, ended.Revoked = time.Hour, 2*time.Hour, true
	if m, _ := Forward([]Mandate{hasty, patient, ended}, quietDraft(), tonight); m == nil || m.ID != patient.ID {
		t.Errorf("%+v", m)
	}
	for _, at := range []time.Time{hasty.Until, hasty.From.Add(-time.Second)} {
		if m, why := Forward([]Mandate{hasty}, quietDraft(), at); m != nil || why[0].Code != "no_authorisation" {
			t.Errorf("%s: %v", at, why)
		}
	}
}

// Whatever makes a draft larger, stricter or more doubtful never makes it go out.
func TestNothingBecomesAutomaticByBecomingWorse(t *testing.T) {
	worse := []func(*Forwarding){
		func(f *Forwarding) { f.KM2 *= 3 },
		func(f *Forwarding) {
			f.Targets = append(slices.Clone(f.Targets), ForwardTarget{Measure: Stop, Certain: true})
		},
		func(f *Forwarding) { f.Targets = append(slices.Clone(f.Targets), ForwardTarget{Measure: Read}) },
		func(f *Forwarding) { f.Flags = append(f.Flags, FlagAreaInvalid) },
		func(f *Forwarding) { f.Vague = true }, func(f *Forwarding) { f.Released = 1 },
		func(f *Forwarding) { f.Sinks = true }, func(f *Forwarding) { f.NoArea = true },
	}
	rapid.Check(t, func(t *rapid.T) {
		f := quietDraft(func(f *Forwarding) {
			f.KM2 = rapid.Float64Range(0, 2000).Draw(t, "km2")
			f.Level = rapid.SampledFrom([]Level{Red, Blue, Yellow}).Draw(t, "level")
			f.Targets = slices.Repeat(f.Targets, rapid.IntRange(0, 7).Draw(t, "sites"))
		})
		before, _ := Forward([]Mandate{quietMandate()}, f, tonight)
		rapid.SampledFrom(worse).Draw(t, "worse")(&f)
		if after, _ := Forward([]Mandate{quietMandate()}, f, tonight); after != nil && before == nil && len(f.Targets) > 1 {
			t.Errorf("it goes out only now: %+v", f)
		}
	})
}

func TestAReleasedDraftWaitsAMinute(t *testing.T) {
	for _, c := range []struct{ planned, want time.Duration }{{-time.Hour, time.Minute}, {30 * time.Second, time.Minute}, {time.Hour, time.Hour}} {
		if got := GoesOut(tonight.Add(c.planned), tonight); got != tonight.Add(c.want) {
			t.Errorf("%s: %s", c.planned, got.Sub(tonight))
		}
	}
}
