package response

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/errs"
	"muster/internal/warning"
)

var allEvents = []Event{Deliver, Open, Acknowledge, Move, CarryOut, Report, Confirm, Verify, Refuse, Recheck, Reenter, GiveUp,
	Upgrade, Release, Expire, Lift, AllowReturn, StopReturn}

// Whatever happens to a target, it goes by the table, and what may not happen
// leaves it where it is and says why in words.
func TestATargetNeverLeavesTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(allMeasures).Draw(t, "measure")
		state, been := Pending, map[State]bool{Pending: true}
		for range rapid.IntRange(1, 40).Draw(t, "events") {
			e := rapid.SampledFrom(allEvents).Draw(t, "event")
			next, ok, err := Next(state, e, m)
			switch {
			case ok && !slices.Contains(Transitions(), Transition{state, e, next}):
				t.Fatalf("%s by %s to %s is not in the table", state, e, next)
			case !ok && next != state:
				t.Fatalf("%s: %s moved to %s without saying so", state, e, next)
			case err != nil && (ok || errs.KindOf(err) == errs.Internal):
				t.Fatalf("%s: %s: %v", state, e, err)
			}
			if m != warning.Evacuate && (next == Moving || next == Reported) || m == warning.Evacuate && next == CarriedOut {
				t.Fatalf("%s reached %s", m, next)
			}
			if e == Upgrade && ok {
				been = map[State]bool{} // everything is asked anew
			}
			state = next
			been[state] = true
			predecessors(t, been, state)
		}
	})
}

// predecessors: nothing is checked that was not reported first, nobody may
// return who was not told that it is over.
func predecessors(t *rapid.T, been map[State]bool, state State) {
	needs := map[State][]State{
		Confirmed: {CarriedOut, Reported}, Verified: {CarriedOut, Reported, Confirmed}, ReturnAllowed: {Inspecting},
		Refused: {CarriedOut, Reported}, Reopened: {CarriedOut, Reported},
	}
	if any := needs[state]; any != nil && !slices.ContainsFunc(any, func(s State) bool { return been[s] }) {
		t.Fatalf("%s was reached without any of %v", state, any)
	}
}

func TestALiveTargetCanAlwaysEnd(t *testing.T) {
	for _, s := range States() {
		for _, m := range allMeasures {
			for _, e := range []Event{Lift, Release, Expire} {
				to, ok, err := Next(s, e, m)
				if s.Live() && (!ok || err != nil || to.Live()) {
					t.Errorf("%s: %s leads to %s, %v, %v", s, e, to, ok, err)
				}
				if !s.Live() && s != ExpiredOpen && (ok || err != nil) {
					t.Errorf("%s is over: %s leads to %s, %v", s, e, to, err)
				}
			}
		}
	}
}

func TestWhoeverLeftComesBackOnlyAfterAnInspection(t *testing.T) {
	for _, m := range allMeasures {
		to, _, _ := Next(Verified, Lift, m)
		if want := map[bool]State{true: Lifted, false: Inspecting}[m == warning.Read || m == warning.Patrol]; to != want {
			t.Errorf("%s is lifted to %s", m, to)
		}
	}
}

func TestEveryStateCanBeReachedAndHasAWord(t *testing.T) {
	reached := map[State]bool{Pending: true}
	for range States() {
		for _, step := range Transitions() {
			if reached[step.From] {
				reached[step.To] = true
			}
		}
	}
	for _, s := range States() {
		if !reached[s] || s.Label() == "" {
			t.Errorf("%s: reached %v, label %q", s, reached[s], s.Label())
		}
	}
	for _, s := range NoticeStates() {
		if s.Label() == "" {
			t.Errorf("%s has no label", s)
		}
	}
}

func TestRefusalsInWords(t *testing.T) {
	for _, c := range []struct {
		from    State
		event   Event
		measure warning.Measure
		kind    errs.Kind
	}{
		{Acknowledged, CarryOut, warning.Evacuate, errs.Fix},
		{Acknowledged, Report, warning.Stop, errs.Fix},
		{Acknowledged, Verify, warning.Evacuate, errs.Conflict},
		{Lifted, Acknowledge, warning.Stop, errs.Gone},
		{Inspecting, Report, warning.Evacuate, errs.Gone},
	} {
		if _, ok, err := Next(c.from, c.event, c.measure); ok || errs.KindOf(err) != c.kind {
			t.Errorf("%s: %s: %v, %v", c.from, c.event, ok, err)
		}
	}
}

// A notice that was answered or is over never goes out again, and whatever order
// receipts come in, the furthest counts.
func TestANoticeOnlyGoesForward(t *testing.T) {
	rank := map[NoticeState]int{Sent: 1, NoticeThere: 2, NoticeRead: 3, Answered: 4}
	rapid.Check(t, func(t *rapid.T) {
		state, furthest := Queued, 0
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			next := rapid.SampledFrom(NoticeStates()).Draw(t, "state")
			if !next.MayFollow(state) {
				continue
			}
			if next == Failed && state != Sent && furthest > 0 {
				t.Fatalf("failed after %s", state)
			}
			if r := rank[next]; r != 0 && r < furthest {
				t.Fatalf("%s after something further on", next)
			} else if r > furthest {
				furthest = r
			}
			state = next
		}
	})
	for _, s := range NoticeStates() {
		for _, end := range []NoticeState{Answered, NotSent, Superseded} {
			if s.MayFollow(end) {
				t.Errorf("%s follows %s", s, end)
			}
		}
	}
}
