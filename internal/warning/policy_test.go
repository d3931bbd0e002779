package warning

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/errs"
)

// contains says whether one of the reasons holds a piece of text.
func contains(why []string, part string) bool {
	return slices.ContainsFunc(why, func(s string) bool { return strings.Contains(s, part) })
}

func TestModifiers(t *testing.T) {
	for _, c := range []struct {
		name   string
		in     Situation
		want   Measure
		why    string
		before string
		closed bool
	}{
		{name: "2: a flagged residence is moved before dark",
			in:   Situation{Hazard: Rain, Level: Blue, Kind: "residence_own", Sleeps: true, AtRisk: true, RiskReason: "临河30米", DarkHours: true},
			want: Evacuate, why: "夜间避让", before: "19:30", closed: true},
		{name: "2: a residence without flag keeps two people awake",
			in:   Situation{Hazard: Rain, Level: Yellow, Kind: "residence_own", Sleeps: true, DarkHours: true},
			want: Patrol, why: "两人值守不睡"},
		{name: "2: heat does not move anybody before dark",
			in:   Situation{Hazard: Heat, Level: Red, Kind: "residence_own", Sleeps: true, DarkHours: true},
			want: Read, why: "高温红色"},
		{name: "3: geohazard blue and rain blue together, flagged and people sleep",
			in:   Situation{Hazard: Geohazard, Level: Blue, Kind: "residence_own", Sleeps: true, AtRisk: true, OtherFamilies: []Hazard{Rain}},
			want: Evacuate, why: "同时有地质灾害和暴雨预警", closed: true},
		{name: "3: twice the same family is one family",
			in:   Situation{Hazard: Geohazard, Level: Blue, Kind: "residence_own", Sleeps: true, AtRisk: true, OtherFamilies: []Hazard{Geohazard}},
			want: Read, why: "地质灾害蓝色"},
		{name: "3: not without the flag",
			in:   Situation{Hazard: Geohazard, Level: Blue, Kind: "residence_own", Sleeps: true, OtherFamilies: []Hazard{Rain}},
			want: Read, why: "地质灾害蓝色"},
		{name: "4: a quake-affected county counts one level up",
			in:   Situation{Hazard: Rain, Level: Yellow, Kind: "slope", LevelRaised: true},
			want: Stop, why: "提级响应：黄色按橙色", closed: true},
		{name: "4: red stays red",
			in:   Situation{Hazard: Rain, Level: Red, Kind: "slope", LevelRaised: true},
			want: Stop, why: "暴雨红色", closed: true},
		{name: "6: an unknown level is treated as orange",
			in:   Situation{Hazard: Geohazard, Level: LevelUnknown, Kind: "residence_own", Sleeps: true},
			want: Evacuate, why: "按橙色处理", closed: true},
		{name: "6: possible is one letter lower",
			in:   Situation{Hazard: Rain, Level: Red, Kind: "residence_own", Sleeps: true, Possible: true},
			want: Stop, why: "降一档"},
		{name: "6: stop and closed becomes stop",
			in:   Situation{Hazard: Rain, Level: Red, Kind: "slope", Possible: true},
			want: Stop, why: "降一档"},
		{name: "6: never below patrol where people sleep",
			in:   Situation{Hazard: Rain, Level: Yellow, Kind: "residence_own", Sleeps: true, Possible: true},
			want: Patrol, why: "降一档"},
		{name: "6: below patrol where nobody sleeps",
			in:   Situation{Hazard: Rain, Level: Yellow, Kind: "tunnel", Possible: true},
			want: Read, why: "降一档"},
		{name: "7: winter stop and both counts empty",
			in:   Situation{Hazard: Rain, Level: Red, Kind: "residence_own", Sleeps: true, DarkHours: true, SectionStatus: "winter", Empty: true},
			want: Read, why: "只通知看守人"},
		{name: "7: stopped is not empty",
			in:   Situation{Hazard: Rain, Level: Red, Kind: "residence_own", Sleeps: true, SectionStatus: "stopped"},
			want: Evacuate, why: "暴雨红色", closed: true},
		{name: "7: empty is not stopped",
			in:   Situation{Hazard: Rain, Level: Red, Kind: "residence_own", Sleeps: true, SectionStatus: "building", Empty: true},
			want: Evacuate, why: "暴雨红色", closed: true},
		{name: "8: several warnings, the strictest",
			in:   Situation{Hazard: Wind, Level: Red, Kind: "residence_own", Sleeps: true, Concurrent: []Measure{Patrol, Evacuate}},
			want: Evacuate, why: "取最严的措施", closed: true},
		{name: "8: quake shelter comes first by seconds",
			in:   Situation{Hazard: Quake, Variant: EarlyWarning, Level: Red, Kind: "residence_own", Concurrent: []Measure{Evacuate}},
			want: Shelter, why: "以秒计"},
		{name: "people sleep at a yard: the residence column counts too",
			in:   Situation{Hazard: Rain, Level: Red, Kind: "plant", Sleeps: true},
			want: Evacuate, why: "该点位住人", closed: true},
		{name: "a kind nobody knows is a yard",
			in:   Situation{Hazard: Rain, Level: Orange, Kind: "heliport"},
			want: Stop, why: "场站/堆场"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := DefaultPolicy().Propose(c.in)
			if got.Measure != c.want || got.Before != c.before || got.ClosedArea != c.closed {
				t.Errorf("got %s before %q closed %v, want %s %q %v; %v", got.Measure, got.Before, got.ClosedArea, c.want, c.before, c.closed, got.Why)
			}
			if !contains(got.Why, c.why) {
				t.Errorf("no reason says %q: %v", c.why, got.Why)
			}
		})
	}
}

func TestTheOwnMeasureStandsBesideTheStrictest(t *testing.T) {
	got := DefaultPolicy().Propose(Situation{Hazard: Rain, Level: Yellow, Kind: "tunnel", Concurrent: []Measure{Stop}})
	if got.Own != Patrol || got.Measure != Stop {
		t.Errorf("own %s, card %s", got.Own, got.Measure)
	}
}

func TestTheSentenceIsReadyToSend(t *testing.T) {
	got := DefaultPolicy().Propose(Situation{Hazard: Rain, Level: Orange, Kind: "slope"}).Sentence
	want := "请立即停止作业，人员撤出作业面并清点，切断危险电源，设备复位锚固，落实看守。" +
		"请封闭入口，设岗值守，除抢险和经批准人员外一律不得进入。" +
		"远离河沟、低洼和涵洞，警惕水浑、断流、轰鸣声。"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestARuleBookWithFaultsNamesThem(t *testing.T) {
	good := string(DefaultPolicyJSON())
	for _, c := range []struct{ name, old, new, where string }{
		{"a measure nobody knows", `"measure": "read"`, `"measure": "run"`, "measure"},
		{"a level nobody knows", `["blue"]`, `["pink"]`, "levels"},
		{"a hazard nobody knows", `"hazard": "rain", "levels": ["blue"]`, `"hazard": "storm", "levels": ["blue"]`, "hazard"},
		{"a line twice", `"levels": ["blue"]`, `"levels": ["blue", "yellow"]`, "levels"},
		{"a line missing", `"levels": ["blue"]`, `"levels": []`, "rows"},
		{"a column nobody knows", `"tunnel": "tunnel"`, `"tunnel": "cave"`, "kinds.tunnel"},
		{"no version", `"2026-1"`, `""`, "version"},
		{"a flagged site milder than others", `"measure": "patrol", "at_risk": "evacuate"`, `"measure": "patrol", "at_risk": "read"`, "at_risk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !strings.Contains(good, c.old) {
				t.Fatalf("the rule book holds no %s", c.old)
			}
			_, err := ParsePolicy([]byte(strings.Replace(good, c.old, c.new, 1)))
			if !errs.Is(err, errs.Fix) || !strings.Contains(err.Error(), c.where) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := ParsePolicy([]byte(`{`)); !errs.Is(err, errs.Fix) {
		t.Errorf("got %v", err)
	}
}

func anySituation(t *rapid.T) Situation {
	kinds := []string{"residence_own", "residence_rent", "residence_shared", "tunnel", "bridge", "slope", "pit",
		"subgrade", "river_work", "vessel", "plant", "yard", "spoil", "magazine", "other", "unheard of"}
	all := []Measure{Read, Patrol, Stop, KeepOut, Shelter, Evacuate}
	return Situation{
		Hazard:        rapid.SampledFrom(Hazards()).Draw(t, "hazard"),
		Variant:       rapid.SampledFrom([]Variant{Usual, FireNear, EarlyWarning}).Draw(t, "variant"),
		Level:         rapid.SampledFrom(append(Colours(), LevelUnknown)).Draw(t, "level"),
		Kind:          rapid.SampledFrom(kinds).Draw(t, "kind"),
		Sleeps:        rapid.Bool().Draw(t, "sleeps"),
		AtRisk:        rapid.Bool().Draw(t, "risk"),
		WeakCabin:     rapid.Bool().Draw(t, "weak"),
		SectionStatus: rapid.SampledFrom([]string{"building", "stopped", "winter"}).Draw(t, "status"),
		Empty:         rapid.Bool().Draw(t, "empty"),
		Possible:      rapid.Bool().Draw(t, "possible"),
		LevelRaised:   rapid.Bool().Draw(t, "raised"),
		DarkHours:     rapid.Bool().Draw(t, "dark"),
		OtherFamilies: rapid.SliceOfN(rapid.SampledFrom(Hazards()), 0, 2).Draw(t, "families"),
		Concurrent:    rapid.SliceOfN(rapid.SampledFrom(all), 0, 3).Draw(t, "concurrent"),
	}
}

func TestEverySiteGetsAMeasureASentenceAndAReason(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anySituation(t)
		got := DefaultPolicy().Propose(in)
		if !got.Measure.Valid() || !got.Own.Valid() || got.Sentence == "" || len(got.Why) == 0 {
			t.Fatalf("%+v", got)
		}
		if got.Measure.Strictness() < got.Own.Strictness() {
			t.Fatalf("another warning made it milder: %+v", got)
		}
	})
}

// The default table has no line that gets milder as the level goes up. (A valid
// low-danger report is left out: it softens orange geohazard by design.)
func TestAHigherLevelIsNeverMilder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anySituation(t)
		var last Measure
		for _, level := range []Level{Blue, Yellow, Orange, Red} {
			in.Level = level
			got := DefaultPolicy().Propose(in).Measure
			if got.Strictness() < last.Strictness() {
				t.Fatalf("%s asks for %s, the level below for %s: %+v", level, got, last, in)
			}
			last = got
		}
	})
}

func TestAFlaggedSiteIsNeverMilder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anySituation(t)
		in.AtRisk = false
		plain := DefaultPolicy().Propose(in)
		in.AtRisk = true
		if flagged := DefaultPolicy().Propose(in); flagged.Measure.Strictness() < plain.Measure.Strictness() {
			t.Fatalf("flagged %s, plain %s: %+v", flagged.Measure, plain.Measure, in)
		}
	})
}

func TestSeveralWarningsGiveTheStrictest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anySituation(t)
		in.Variant = Usual
		got := DefaultPolicy().Propose(in)
		if want := Strictest(append([]Measure{got.Own}, in.Concurrent...)...); got.Measure != want {
			t.Fatalf("got %s, want %s", got.Measure, want)
		}
	})
}
