package response

import (
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/warning"
)

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 7, day, hour, minute, 0, 0, clock.Shanghai)
}

// The table of operations.md §2.4.
func TestWhenADutyIsDue(t *testing.T) {
	windowEnd := at(2, 20, 0)
	for _, c := range []struct {
		name    string
		kind    DutyKind
		measure warning.Measure
		level   warning.Level
		drill   time.Duration
		opened  time.Time
		due     time.Time
	}{
		{"moving, red", MustAct, warning.Evacuate, warning.Red, 0, at(1, 12, 0), at(1, 12, 10)},
		{"moving, orange", MustAct, warning.Evacuate, warning.Orange, 0, at(1, 12, 0), at(1, 12, 20)},
		{"moving, yellow", MustAct, warning.Evacuate, warning.Yellow, 0, at(1, 12, 0), at(1, 12, 30)},
		{"moving, yellow, before dark", MustAct, warning.Evacuate, warning.Yellow, 0, at(1, 19, 10), at(1, 19, 30)},
		{"moving, yellow, it is dark already", MustAct, warning.Evacuate, warning.Yellow, 0, at(1, 19, 30), at(1, 20, 0)},
		{"stopping, red", MustAct, warning.Stop, warning.Red, 0, at(1, 12, 0), at(1, 12, 20)},
		{"closing, blue", MustAct, warning.KeepOut, warning.Blue, 0, at(1, 12, 0), at(1, 13, 0)},
		{"the first round", MustAct, warning.Patrol, warning.Orange, 0, at(1, 12, 0), at(1, 13, 0)},
		{"sheltering", MustAct, warning.Shelter, warning.Orange, 0, at(1, 12, 0), at(1, 12, 10)},
		{"everybody out, red, no drill", MustReport, warning.Evacuate, warning.Red, 0, at(1, 12, 0), at(1, 12, 30)},
		{"everybody out, red, drilled in 5 min", MustReport, warning.Evacuate, warning.Red, 5 * time.Minute, at(1, 12, 0), at(1, 12, 15)},
		{"everybody out, red, drilled in 16 min", MustReport, warning.Evacuate, warning.Red, 16 * time.Minute, at(1, 12, 0), at(1, 12, 24)},
		{"everybody out, orange: twice", MustReport, warning.Evacuate, warning.Orange, 16 * time.Minute, at(1, 12, 0), at(1, 12, 48)},
		{"everybody out, blue: three times", MustReport, warning.Evacuate, warning.Blue, 16 * time.Minute, at(1, 12, 0), at(1, 13, 12)},
		{"everybody out, blue, before dark", MustReport, warning.Evacuate, warning.Blue, 0, at(1, 18, 45), at(1, 19, 30)},
		{"confirmed, red", MustConfirm, warning.Evacuate, warning.Red, 0, at(1, 12, 0), at(1, 12, 30)},
		{"confirmed, orange", MustConfirm, warning.Evacuate, warning.Orange, 0, at(1, 12, 0), at(1, 13, 0)},
		{"confirmed, yellow", MustConfirm, warning.Evacuate, warning.Yellow, 0, at(1, 12, 0), at(1, 14, 0)},
		{"stop confirmed, red", MustConfirm, warning.Stop, warning.Red, 0, at(1, 12, 0), at(1, 13, 0)},
		{"stop confirmed, yellow: by the next shift", MustConfirm, warning.Stop, warning.Yellow, 0, at(1, 12, 0), at(1, 20, 0)},
		{"the shift changes too soon: by the one after", MustConfirm, warning.Stop, warning.Yellow, 0, at(1, 19, 30), at(2, 8, 0)},
		{"verified, red", MustVerify, warning.Evacuate, warning.Red, 0, at(1, 12, 0), at(1, 13, 0)},
		{"verified, orange", MustVerify, warning.Evacuate, warning.Orange, 0, at(1, 12, 0), at(1, 14, 0)},
		{"verified, blue: before the warning ends", MustVerify, warning.Evacuate, warning.Blue, 0, at(1, 12, 0), windowEnd},
		{"verified, shelter", MustVerify, warning.Shelter, warning.Red, 0, at(1, 12, 0), at(1, 13, 0)},
		{"looked at again, red: every two hours", MustRecheck, warning.Evacuate, warning.Red, 0, at(1, 12, 0), at(1, 14, 0)},
		{"looked at again, red: and at 22:00", MustRecheck, warning.Evacuate, warning.Red, 0, at(1, 21, 0), at(1, 22, 0)},
		{"looked at again, red: and at 02:00", MustRecheck, warning.Evacuate, warning.Red, 0, at(1, 0, 30), at(1, 2, 0)},
		{"looked at again, orange: every four hours", MustRecheck, warning.Evacuate, warning.Orange, 0, at(1, 21, 0), at(2, 1, 0)},
		{"looked at again, yellow: at 22:00", MustRecheck, warning.Evacuate, warning.Yellow, 0, at(1, 12, 0), at(1, 22, 0)},
		{"looked at again, stop red", MustRecheck, warning.Stop, warning.Red, 0, at(1, 12, 0), at(1, 20, 0)},
		{"the next round, orange", MustRecheck, warning.Patrol, warning.Orange, 0, at(1, 12, 0), at(1, 14, 0)},
		{"the next round, blue", MustRecheck, warning.Patrol, warning.Blue, 0, at(1, 12, 0), at(1, 16, 0)},
		{"inspected, red", MustInspect, warning.Evacuate, warning.Red, 0, at(1, 12, 0), at(2, 0, 0)},
		{"inspected, yellow", MustInspect, warning.Stop, warning.Yellow, 0, at(1, 12, 0), at(2, 12, 0)},
		{"no re-check of a mild stop", MustRecheck, warning.Stop, warning.Blue, 0, at(1, 12, 0), time.Time{}},
		{"reading asks for nothing more", MustAct, warning.Read, warning.Red, 0, at(1, 12, 0), time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Situation{Measure: c.measure, Level: c.level, DrillTime: c.drill, WindowEnd: windowEnd}
			if got := DefaultRules().Plan(c.kind, s, c.opened).Due; !got.Equal(c.due) {
				t.Errorf("due %v, want %v", got, c.due)
			}
		})
	}
}

// What happens when a clock runs out: the last column of §2.4.
func TestWhoHearsOfALateDuty(t *testing.T) {
	red := Situation{Measure: warning.Evacuate, Level: warning.Red, WindowEnd: noon.Add(24 * time.Hour)}
	for _, c := range []struct {
		kind  DutyKind
		steps []string
	}{
		{MustAct, []string{"10 section#1 late voice,sms,app", "10 owner#1 late voice,sms,app"}},
		{MustReport, []string{"30 owner#1 late voice,sms,app", "30 county#1 late app"}},
		{MustConfirm, []string{"0 supervisor#1 confirm voice,sms,app", "30 chief_supervisor#1 late voice,sms,app", "60 county#1 late app"}},
		{MustVerify, []string{"0 publisher#1 verify app", "60 city#1 late app"}},
		{MustRecheck, []string{"90 site#1 recheck sms,app", "120 county#1 late"}},
		{MustInspect, []string{"720 owner#1 late voice,sms,app"}},
		{MustLift, []string{"0 publisher#1 lift_due voice,sms,app", "30 publisher_leader#1 lift_due voice,sms,app"}},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			wantLines(t, DefaultRules().Plan(c.kind, red, noon).Steps, c.steps...)
		})
	}
}

func TestWhichDutyAStateOpens(t *testing.T) {
	for _, c := range []struct {
		state   State
		measure warning.Measure
		level   warning.Level
		atRisk  bool
		want    DutyKind
	}{
		{Pending, warning.Read, warning.Blue, false, MustAcknowledge},
		{Unanswered, warning.Stop, warning.Red, false, MustAcknowledge},
		{Reopened, warning.Evacuate, warning.Red, false, MustAcknowledge},
		{Acknowledged, warning.Evacuate, warning.Red, false, MustAct},
		{Acknowledged, warning.Read, warning.Red, false, ""},
		{Moving, warning.Evacuate, warning.Red, false, MustReport},
		{Refused, warning.Evacuate, warning.Red, false, MustReport},
		{Refused, warning.Stop, warning.Red, false, MustAct},
		{CarriedOut, warning.Stop, warning.Red, false, MustConfirm},
		{CarriedOut, warning.Patrol, warning.Red, false, MustRecheck},
		{CarriedOut, warning.Read, warning.Red, false, ""},
		{Reported, warning.Evacuate, warning.Blue, false, MustConfirm},
		{Confirmed, warning.Evacuate, warning.Red, false, MustVerify},
		{Confirmed, warning.Evacuate, warning.Orange, true, MustVerify},
		{Confirmed, warning.Evacuate, warning.Orange, false, ""}, // by lot
		{Verified, warning.Evacuate, warning.Red, false, MustRecheck},
		{Verified, warning.Stop, warning.Blue, false, ""},
		{ExpiredOpen, warning.Evacuate, warning.Red, false, ""}, // the publisher's, once per warning
		{Inspecting, warning.Evacuate, warning.Red, false, MustInspect},
		{ReturnAllowed, warning.Evacuate, warning.Red, false, ""},
		{Released, warning.Evacuate, warning.Red, false, ""},
	} {
		got, ok := DefaultRules().NextDuty(c.state, c.measure, c.level, c.atRisk)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s, %s %s: %q %v, want %q", c.state, c.measure, c.level, got, ok, c.want)
		}
	}
}

func TestWhoIsToldAtOnce(t *testing.T) {
	r := DefaultRules()
	wantLines(t, r.Tell(NoticeStarted), "0 section#1 started voice,sms,app", "0 owner#1 started voice,sms,app", "0 county#1 started voice,sms,app")
	wantLines(t, r.Tell(NoticeSupport), "0 county#1 support voice,sms,app")
	wantLines(t, r.Tell(NoticeLifted), "0 #1 lifted sms,app,robot")
}
