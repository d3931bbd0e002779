package response

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/warning"
)

// noon is an ordinary Wednesday, by day.
var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, clock.Shanghai)

// line writes a step as people read it in the rule book: 5 R1 takeover voice,sms,app.
func line(s Step) string {
	var ways []string
	for _, c := range s.Channels {
		ways = append(ways, string(c))
	}
	return strings.TrimSpace(fmt.Sprintf("%g %s#%d %s %s", s.After.Minutes(), s.Party, s.Round, s.Kind, strings.Join(ways, ",")))
}

func lines(steps []Step) []string {
	var list []string
	for _, s := range steps {
		list = append(list, line(s))
	}
	return list
}

func wantLines(t *testing.T, got []Step, want ...string) {
	t.Helper()
	if !slices.Equal(lines(got), want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(lines(got), "\n  "), strings.Join(want, "\n  "))
	}
}

// Each row of the table in operations.md §2.2.
func TestTheLadderRowByRow(t *testing.T) {
	const r1, r2 = "takeover voice,sms,app", "takeover voice,sms,app"
	for _, c := range []struct {
		name    string
		measure warning.Measure
		level   warning.Level
		sleeps  bool
		due     int
		steps   []string
	}{
		{"evacuate red", warning.Evacuate, warning.Red, true, 5, []string{
			"0 site#1 alert voice,sms,app,robot,horn", "2 site#2 alert voice", "5 site#3 alert voice",
			"5 section#1 " + r1, "5 supervisor#1 copy sms,app", "10 owner#1 " + r2, "10 parent#1 copy sms,app", "15 county#1 late"}},
		{"shelter red", warning.Shelter, warning.Red, true, 5, []string{
			"0 site#1 alert voice,sms,app,robot,horn", "2 site#2 alert voice", "5 site#3 alert voice",
			"5 section#1 " + r1, "5 supervisor#1 copy sms,app", "10 owner#1 " + r2, "10 parent#1 copy sms,app", "15 county#1 late"}},
		{"evacuate blue", warning.Evacuate, warning.Blue, true, 10, []string{
			"0 site#1 alert voice,sms,app,robot", "5 site#2 alert voice", "10 site#3 alert voice",
			"10 section#1 " + r1, "10 supervisor#1 copy sms,app", "15 owner#1 " + r2, "15 parent#1 copy sms,app", "20 county#1 late"}},
		{"an unknown level is an orange one", warning.Evacuate, warning.LevelUnknown, true, 10, []string{
			"0 site#1 alert voice,sms,app,robot", "5 site#2 alert voice", "10 site#3 alert voice",
			"10 section#1 " + r1, "10 supervisor#1 copy sms,app", "15 owner#1 " + r2, "15 parent#1 copy sms,app", "20 county#1 late"}},
		{"stop orange", warning.Stop, warning.Orange, false, 10, []string{
			"0 site#1 alert sms,app,robot", "3 site#2 alert voice", "8 site#3 alert voice",
			"10 section#1 " + r1, "10 supervisor#1 copy sms,app", "20 owner#1 " + r2, "20 parent#1 copy sms,app", "30 county#1 late"}},
		{"keep out yellow", warning.KeepOut, warning.Yellow, false, 30, []string{
			"0 site#1 alert sms,app", "20 site#2 alert voice",
			"30 section#1 " + r1, "30 supervisor#1 copy sms,app", "60 owner#1 " + r2, "60 parent#1 copy sms,app", "90 county#1 late"}},
		{"patrol orange", warning.Patrol, warning.Orange, false, 15, []string{
			"0 site#1 alert sms,app", "10 site#2 alert voice", "15 site#3 alert voice",
			"20 section#1 " + r1, "20 supervisor#1 copy sms,app", "40 owner#1 " + r2, "40 parent#1 copy sms,app", "60 county#1 late"}},
		{"patrol yellow, people sleep here", warning.Patrol, warning.Yellow, true, 30, []string{
			"0 site#1 alert sms,app", "30 site#2 alert voice",
			"60 section#1 takeover sms,app,voice", "60 supervisor#1 copy sms,app", "120 owner#1 takeover sms,app,voice", "120 parent#1 copy sms,app", "180 county#1 late"}},
		{"patrol yellow, nobody sleeps here: no calls", warning.Patrol, warning.Yellow, false, 30, []string{
			"0 site#1 alert sms,app",
			"60 section#1 takeover sms,app", "60 supervisor#1 copy sms,app", "120 owner#1 takeover sms,app", "120 parent#1 copy sms,app", "180 county#1 late"}},
		{"read", warning.Read, warning.Red, true, 8 * 60, []string{"0 site#1 alert app,robot"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Situation{Measure: c.measure, Level: c.level, Sleeps: c.sleeps, WindowEnd: noon.Add(8 * time.Hour)}
			p := DefaultRules().Plan(MustAcknowledge, s, noon)
			wantLines(t, p.Steps, c.steps...)
			if p.Due != noon.Add(time.Duration(c.due)*time.Minute) {
				t.Errorf("due %v after publishing", p.Due.Sub(noon))
			}
		})
	}
}

// What bends the ladder (§2.1, §2.4).
func TestTheLadderBends(t *testing.T) {
	base := Situation{Measure: warning.Stop, Level: warning.Red}
	for _, c := range []struct {
		name  string
		bend  func(*Situation)
		steps []string
	}{
		{"no signal: the section at once, horn, and the next site with signal", func(s *Situation) { s.NoSignal = true }, []string{
			"0 site#1 alert sms,app,robot,horn", "0 neighbour#1 takeover voice,sms,app", "0 section#1 alert voice,sms,app", "0 supervisor#1 copy sms,app",
			"3 site#2 alert voice", "8 site#3 alert voice", "20 owner#1 takeover voice,sms,app", "20 parent#1 copy sms,app", "30 county#1 late"}},
		{"nobody responsible: owner and county at once", func(s *Situation) { s.Nobody = true }, []string{
			"0 site#1 alert robot", "0 supervisor#1 copy sms,app", "0 owner#1 alert voice,sms,app", "0 parent#1 copy sms,app",
			"0 county#1 takeover voice,sms,app", "30 county#1 late"}},
		{"somebody went back in: site, section and county by voice", func(s *Situation) { s.Reopened = true }, []string{
			"0 site#1 reentry sms,app,robot,voice", "0 section#1 reentry voice,sms,app", "0 supervisor#1 copy sms,app", "0 county#1 reentry voice,sms,app",
			"3 site#2 reentry voice", "8 site#3 reentry voice", "20 owner#1 takeover voice,sms,app", "20 parent#1 copy sms,app", "30 county#1 late"}},
		{"an upgrade asks anew", func(s *Situation) { s.Upgrade = true }, []string{
			"0 site#1 upgrade sms,app,robot", "3 site#2 upgrade voice", "8 site#3 upgrade voice", "10 section#1 takeover voice,sms,app",
			"10 supervisor#1 copy sms,app", "20 owner#1 takeover voice,sms,app", "20 parent#1 copy sms,app", "30 county#1 late"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := base
			c.bend(&s)
			wantLines(t, DefaultRules().Plan(MustAcknowledge, s, noon).Steps, c.steps...)
		})
	}
}

func TestAtNightOnlyReadingWaits(t *testing.T) {
	late := time.Date(2026, 7, 1, 23, 30, 0, 0, clock.Shanghai)
	r := DefaultRules()
	read := r.Plan(MustAcknowledge, Situation{Measure: warning.Read, Level: warning.Yellow, WindowEnd: late.Add(24 * time.Hour)}, late)
	if got := late.Add(read.Steps[0].After); got != time.Date(2026, 7, 2, 6, 30, 0, 0, clock.Shanghai) {
		t.Errorf("reading is asked for at %v", got)
	}
	patrol := r.Plan(MustAcknowledge, Situation{Measure: warning.Patrol, Level: warning.Yellow, Sleeps: true}, late)
	wantLines(t, patrol.Steps[:2], "0 site#1 alert sms,app", "30 site#2 alert voice")
}

// The authority rungs of §2.2: one digest, again at the interval, a call to city
// and province only for red 撤 and 避.
func TestTheDigestsOfAnAuthority(t *testing.T) {
	for _, c := range []struct {
		name    string
		party   Party
		measure warning.Measure
		level   warning.Level
		every   int
		steps   []string
	}{
		{"county, evacuate red", AtCounty, warning.Evacuate, warning.Red, 10, []string{"10 county#1 digest voice,sms,app,robot", "20 county#2 digest sms,app,robot"}},
		{"city, evacuate red", AtCity, warning.Evacuate, warning.Red, 10, []string{"15 city#1 digest voice,sms,app,robot", "25 city#2 digest sms,app,robot"}},
		{"province, shelter red", AtProvince, warning.Shelter, warning.Red, 10, []string{"20 province#1 digest voice,sms,app,robot", "30 province#2 digest sms,app,robot"}},
		{"city, evacuate yellow: no call", AtCity, warning.Evacuate, warning.Yellow, 15, []string{"30 city#1 digest sms,app,robot"}},
		{"province, evacuate orange", AtProvince, warning.Evacuate, warning.Orange, 15, []string{"45 province#1 digest sms,app,robot"}},
		{"county, stop red", AtCounty, warning.Stop, warning.Red, 20, []string{"20 county#1 digest sms,app,robot"}},
		{"province, stop red", AtProvince, warning.Stop, warning.Red, 20, []string{"60 province#1 digest sms,app,robot"}},
		{"province, stop yellow: not on the ladder", AtProvince, warning.Stop, warning.Yellow, 0, nil},
		{"city, patrol orange", AtCity, warning.Patrol, warning.Orange, 0, []string{"90 city#1 digest sms,app,robot"}},
		{"county, patrol blue", AtCounty, warning.Patrol, warning.Blue, 0, []string{"120 county#1 digest sms,app,robot"}},
		{"county, read: the next morning's list", AtCounty, warning.Read, warning.Red, 0, []string{"1200 county#1 digest app"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := DefaultRules().Oversee(c.party, Situation{Measure: c.measure, Level: c.level}, noon)
			wantLines(t, p.Steps, c.steps...)
			if p.Every != time.Duration(c.every)*time.Minute {
				t.Errorf("every %v", p.Every)
			}
		})
	}
}
