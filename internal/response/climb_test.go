package response

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/warning"
)

var redPlan = DefaultRules().Plan(MustAcknowledge, Situation{Measure: warning.Evacuate, Level: warning.Red}, noon)

func minute(n float64) time.Time { return noon.Add(time.Duration(n * float64(time.Minute))) }

func TestAClimbMinuteByMinute(t *testing.T) {
	c := redPlan.Climb(0, noon, noon)
	wantLines(t, c.Run, "0 site#1 alert voice,sms,app,robot,horn")
	if c.Next != minute(2) {
		t.Errorf("next %v", c.Next)
	}
	c = redPlan.Climb(c.Done, noon, minute(1.9))
	wantLines(t, c.Run)
	c = redPlan.Climb(c.Done, noon, minute(2))
	wantLines(t, c.Run, "2 site#2 alert voice")
	c = redPlan.Climb(c.Done, noon, minute(5))
	wantLines(t, c.Run, "5 site#3 alert voice", "5 section#1 takeover voice,sms,app", "5 supervisor#1 copy sms,app")
	c = redPlan.Climb(c.Done, noon, minute(10))
	if redPlan.Last(c.Done) {
		t.Error("the project company has just been called")
	}
	c = redPlan.Climb(c.Done, noon, minute(15))
	wantLines(t, c.Run)
	if !redPlan.Last(c.Done) || !c.Next.IsZero() {
		t.Errorf("the climb should be over: %+v", c)
	}
}

func TestAfterAGapOnlyTheLastRoundIsRun(t *testing.T) {
	c := redPlan.Climb(0, noon, minute(7))
	wantLines(t, c.Run, "0 site#1 alert sms,app,robot,horn", "5 site#3 alert voice", "5 section#1 takeover voice,sms,app", "5 supervisor#1 copy sms,app")
	wantLines(t, c.Skipped, "0 site#1 alert voice", "2 site#2 alert voice")
}

func TestAClockThatGoesBackRunsNothingTwice(t *testing.T) {
	c := redPlan.Climb(2, noon, noon.Add(-time.Hour))
	wantLines(t, c.Run)
	if c.Done != 2 || c.Next != minute(5) {
		t.Errorf("%+v", c)
	}
}

func TestADeadRungIsSkippedAtOnce(t *testing.T) {
	c := redPlan.Skip(1, 0, noon, minute(1))
	wantLines(t, c.Run, "5 section#1 takeover voice,sms,app", "5 supervisor#1 copy sms,app")
	wantLines(t, c.Skipped, "2 site#2 alert voice", "5 site#3 alert voice")
	if c.Next != minute(10) {
		t.Errorf("next %v", c.Next)
	}
	c = redPlan.Skip(c.Done, 2, noon, minute(2))
	if !redPlan.Last(c.Done) || len(c.Run) != 0 {
		t.Errorf("nobody is left: %+v", c)
	}
	if again := redPlan.Skip(c.Done, 2, noon, minute(3)); again.Done != c.Done || len(again.Run)+len(again.Skipped) != 0 {
		t.Errorf("%+v", again)
	}
}

// The carrier says at minute six that the first rung's phone is off; the section was
// called at five and has until ten.
func TestARungThatIsFoundDeadLate(t *testing.T) {
	before := redPlan.Climb(0, noon, minute(5))
	c := redPlan.Skip(before.Done, 0, noon, minute(6))
	wantLines(t, c.Run)
	if c.Done != before.Done || c.Next != minute(10) {
		t.Errorf("%+v", c)
	}
}

func TestADigestGoesOnForEver(t *testing.T) {
	p := DefaultRules().Oversee(AtCounty, Situation{Measure: warning.Evacuate, Level: warning.Red}, noon)
	c := p.Climb(0, noon, minute(10))
	wantLines(t, c.Run, "10 county#1 digest voice,sms,app,robot")
	c = p.Climb(c.Done, noon, minute(20))
	wantLines(t, c.Run, "20 county#2 digest sms,app,robot")
	c = p.Climb(c.Done, noon, minute(30))
	wantLines(t, c.Run, "30 county#3 digest sms,app,robot")
	c = p.Climb(c.Done, noon, minute(75)) // the server was down
	wantLines(t, c.Run, "70 county#7 digest sms,app,robot")
	if c.Next != minute(80) || p.Last(c.Done) {
		t.Errorf("%+v", c)
	}
	if again := p.Climb(c.Done, noon, minute(75)); len(again.Run) != 0 || again.Done != c.Done {
		t.Errorf("%+v", again)
	}
}

// Whatever the clock does and whichever rung is dead, no round of a rung, party and channel runs twice, and
// in the end every one of them was run or skipped.
func TestNothingRunsTwiceAndNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Situation{
			Measure: rapid.SampledFrom(allMeasures).Draw(t, "measure"), Level: rapid.SampledFrom(warning.Colours()).Draw(t, "level"),
			Sleeps: rapid.Bool().Draw(t, "sleeps"), NoSignal: rapid.Bool().Draw(t, "no signal"), Nobody: rapid.Bool().Draw(t, "nobody"),
			Reopened: rapid.Bool().Draw(t, "reopened"), WindowEnd: minute(600),
		}
		kind := rapid.SampledFrom([]DutyKind{MustAcknowledge, MustAct, MustReport, MustConfirm, MustVerify, MustRecheck, MustInspect, MustLift}).Draw(t, "kind")
		p := DefaultRules().Plan(kind, s, noon)
		seen := map[string]int{}
		done := 0
		visits := append(rapid.SliceOfN(rapid.Float64Range(-60, 2000), 0, 12).Draw(t, "minutes"), 1e6)
		for _, m := range visits {
			c := p.Climb(done, noon, minute(m))
			if m < 1e6 && rapid.Bool().Draw(t, "dead") {
				c = p.Skip(done, rapid.IntRange(-1, 5).Draw(t, "rung"), noon, minute(m))
			}
			if c.Done < done {
				t.Fatalf("went back from %d to %d", done, c.Done)
			}
			if c.Next.IsZero() != (c.Done == len(p.Steps)) {
				t.Fatalf("next %v with %d of %d done", c.Next, c.Done, len(p.Steps))
			}
			done = c.Done
			for _, step := range slices.Concat(c.Run, c.Skipped) {
				for _, channel := range step.Channels {
					one := step
					one.Channels = []Channel{channel}
					seen[line(one)]++
				}
			}
		}
		for _, step := range p.Steps {
			for _, channel := range step.Channels {
				one := step
				one.Channels = []Channel{channel}
				if seen[line(one)] != 1 {
					t.Fatalf("%s happened %d times", line(one), seen[line(one)])
				}
			}
		}
	})
}
