package response

import (
	"errors"
	"strings"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/warning"
)

// says wants an error whose text or details hold some words; "" wants none.
func says(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("unexpected: %v", err)
		}
		return
	}
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v does not say %q", err, want)
	}
}

// The columns "to report" and "to confirm" of operations.md §3.
func TestWhatAReportMustBeProvedWith(t *testing.T) {
	for _, c := range []struct {
		name  string
		claim Claim
		want  string
	}{
		{"red: roll call and scans", Claim{warning.Evacuate, warning.Red, false, []Evidence{RollCall, MusterScan}, 0}, ""},
		{"red: a photo is not enough", Claim{warning.Evacuate, warning.Red, false, []Evidence{RollCall, Photo}, 0}, "缺少：集合点扫码或闸机集中离场或视频或电话回拨"},
		{"red: nothing", Claim{warning.Evacuate, warning.Red, false, nil, 0}, "缺少：逐人清点"},
		{"orange: a photo will do", Claim{warning.Evacuate, warning.Orange, false, []Evidence{RollCall, Photo}, 0}, ""},
		{"orange and flagged: as red", Claim{warning.Evacuate, warning.Orange, true, []Evidence{RollCall, Photo}, 0}, "集合点扫码"},
		{"ungraded: as orange", Claim{warning.Evacuate, warning.LevelUnknown, false, []Evidence{RollCall, Photo}, 0}, ""},
		{"yellow: roll call and photo", Claim{warning.Evacuate, warning.Yellow, true, []Evidence{RollCall, Photo}, 0}, ""},
		{"yellow: no photo", Claim{warning.Evacuate, warning.Yellow, false, []Evidence{RollCall, GateBurst}, 0}, "现场照片"},
		{"somebody is missing", Claim{warning.Evacuate, warning.Blue, false, []Evidence{RollCall, Photo}, 1}, "还有1人未找到"},
		{"stop red", Claim{warning.Stop, warning.Red, false, []Evidence{RollCall}, 0}, "停工记录"},
		{"stop yellow: a roll call will do", Claim{warning.Stop, warning.Yellow, false, []Evidence{RollCall}, 0}, ""},
		{"shelter", Claim{warning.Shelter, warning.Red, false, []Evidence{StopRecord}, 0}, ""},
		{"patrol", Claim{warning.Patrol, warning.Blue, false, []Evidence{Photo}, 0}, "巡查记录"},
		{"read", Claim{warning.Read, warning.Red, false, nil, 0}, ""},
	} {
		t.Run(c.name, func(t *testing.T) { says(t, DefaultRules().MayReport(c.claim), c.want) })
	}
}

func TestWhoMayConfirm(t *testing.T) {
	red := Claim{Measure: warning.Evacuate, Level: warning.Red, Evidence: []Evidence{OnSpot}}
	called := Claim{Measure: warning.Evacuate, Level: warning.Red, Evidence: []Evidence{CallBack}}
	for _, c := range []struct {
		name   string
		claim  Claim
		who    Checker
		cutOff bool
		want   string
	}{
		{"the supervisor on the spot", red, Checker{ID: "s", Reporter: "r", Supervises: true}, false, ""},
		{"the supervisor by phone", called, Checker{ID: "s", Reporter: "r", Supervises: true}, false, "监理到场"},
		{"by phone, the road is cut", called, Checker{ID: "s", Reporter: "r", Supervises: true}, true, ""},
		{"whoever reported", red, Checker{ID: "s", Reporter: "s", Supervises: true}, false, "报告人"},
		{"a supervisor with a post in the company", red, Checker{ID: "s", Reporter: "r", Supervises: true, Tied: true}, false, "任职"},
		{"an officer", red, Checker{ID: "o", Reporter: "r", Authority: true}, false, "监理作出"},
	} {
		t.Run(c.name, func(t *testing.T) { says(t, DefaultRules().MayConfirm(c.claim, c.who, c.cutOff), c.want) })
	}
}

func TestWhoMayVerify(t *testing.T) {
	claim := Claim{Measure: warning.Evacuate, Level: warning.Red, Evidence: []Evidence{CallBack}}
	officer := Checker{ID: "o", Reporter: "r", Confirmer: "s", Authority: true}
	for _, c := range []struct {
		name string
		bend func(*Checker)
		want string
	}{
		{"an officer who called back", func(*Checker) {}, ""},
		{"whoever reported", func(w *Checker) { w.Reporter = "o" }, "报告人"},
		{"whoever confirmed", func(w *Checker) { w.Confirmer = "o" }, "现场确认人"},
		{"somebody with a post there", func(w *Checker) { w.Tied = true }, "任职"},
		{"the supervisor", func(w *Checker) { w.Supervises = true }, "监理"},
		{"an officer of another authority", func(w *Checker) { w.Authority = false }, "发布单位"},
		{"by calling himself", func(w *Checker) { w.OwnNumber = true }, "本人号码"},
	} {
		t.Run(c.name, func(t *testing.T) {
			who := officer
			c.bend(&who)
			says(t, DefaultRules().MayVerify(claim, who), c.want)
		})
	}
	t.Run("without having looked", func(t *testing.T) {
		claim.Evidence = []Evidence{RollCall, Photo}
		says(t, DefaultRules().MayVerify(claim, officer), "回拨或监理到场")
	})
}

func TestReasonsForSendingBack(t *testing.T) {
	for _, r := range Refusals() {
		if r.Label() == "" || len([]rune(r.Label())) > DefaultRules().Texts.Widths["reason"] {
			t.Errorf("%s: %q", r, r.Label())
		}
		if r.RingsSupervision() != (r.Label() == "谎报嫌疑") {
			t.Errorf("%s rings", r)
		}
	}
}

// Who gives 准予返回 (operations.md §1.2).
func TestWhoMayAllowAReturn(t *testing.T) {
	whole := ReturnAsk{Measure: warning.Evacuate, Level: warning.Red, By: AtCounty, Checklist: true, Supervisor: true, At: noon}
	for _, c := range []struct {
		name string
		bend func(*ReturnAsk)
		want string
	}{
		{"red by the county", func(*ReturnAsk) {}, ""},
		{"red by the project company", func(a *ReturnAsk) { a.By = AtOwner }, "须由县级"},
		{"yellow by the project company", func(a *ReturnAsk) { a.Level, a.By = warning.Yellow, AtOwner }, ""},
		{"yellow, but something moved", func(a *ReturnAsk) { a.Level, a.By, a.Moved = warning.Yellow, AtOwner, true }, "须由县级"},
		{"never by the section alone", func(a *ReturnAsk) { a.Measure, a.By = warning.Stop, AtSection }, "须由项目公司"},
		{"never by the supervisor alone", func(a *ReturnAsk) { a.Measure, a.By = warning.Stop, AtChief }, "须由项目公司"},
		{"stop by the project company", func(a *ReturnAsk) { a.Measure, a.By = warning.Stop, AtOwner }, ""},
		{"stop by the province", func(a *ReturnAsk) { a.Measure, a.By = warning.Stop, AtProvince }, ""},
		{"no checklist", func(a *ReturnAsk) { a.Checklist = false }, "排查清单"},
		{"not signed", func(a *ReturnAsk) { a.Supervisor = false }, "监理"},
		{"a hazard point without a geologist", func(a *ReturnAsk) { a.HazardPoint = true }, "地质"},
		{"a hazard point with one", func(a *ReturnAsk) { a.HazardPoint, a.Geologist = true, true }, ""},
		{"at night", func(a *ReturnAsk) { a.At = time.Date(2026, 7, 1, 21, 0, 0, 0, clock.Shanghai) }, "白天"},
		{"work may begin again at night", func(a *ReturnAsk) {
			a.Measure, a.At = warning.Stop, time.Date(2026, 7, 1, 21, 0, 0, 0, clock.Shanghai)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			ask := whole
			c.bend(&ask)
			says(t, DefaultRules().MayAllowReturn(ask), c.want)
		})
	}
	if got := DefaultRules().ReturnFor(warning.Evacuate, warning.Blue, false).StopFor(); got != time.Hour {
		t.Errorf("the county may take it back for %v", got)
	}
}

func TestTheRuleBookNamesEveryWrongPlace(t *testing.T) {
	raw := string(DefaultRulesJSON())
	for _, c := range []struct{ name, old, new, where string }{
		{"a channel that does not exist", `"rings": ["voice"`, `"rings": ["pigeon"`, "clocks[0].rings"},
		{"a level twice", `["red"], "ack": 5`, `["red", "orange"], "ack": 5`, "ladder"},
		{"a rung before the one below", `"section": {"at": 5`, `"section": {"at": 1`, "ladder[0].section.at"},
		{"an end before the last rung", `"over": 15`, `"over": 9`, "ladder[0].over"},
		{"a word that carriers refuse", "即刻封闭", "尽快封闭", "(K70)"},
		{"a text that is too long", "请将${site}即刻封闭", "请将${site}即刻全部封闭并安排专人现场看守值守", "(K70)"},
		{"a notice without words", `"kinds": ["late"]`, `"kinds": ["copy"]`, "texts.templates"},
		{"more kept back than there is", `"max": 20, "seconds": 86400, "keep": 5`, `"max": 20, "seconds": 86400, "keep": 20`, "budget.caps.voice[2]"},
		{"no evidence of this kind", `"stop_record"`, `"hearsay"`, "evidence[4]"},
		{"a time of day", `"19:30"`, `"25:30"`, "rules_unreadable"},
		{"an unknown field", `"version"`, `"vershun"`, "rules_unreadable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			broken := strings.Replace(raw, c.old, c.new, 1)
			if broken == raw {
				t.Fatal("nothing was broken")
			}
			_, err := ParseRules([]byte(broken))
			says(t, err, c.where)
			if e, ok := errors.AsType[*errs.Error](err); !ok || e.Kind != errs.Fix {
				t.Errorf("%v", err)
			}
		})
	}
}
