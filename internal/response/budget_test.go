package response

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// ago gives attempts so many minutes before noon.
func ago(list ...float64) []time.Time {
	var times []time.Time
	for _, m := range list {
		times = append(times, minute(-m))
	}
	return times
}

func many(n int, apart float64) []time.Time {
	var times []time.Time
	for i := range n {
		times = append(times, minute(-2-apart*float64(i)))
	}
	return times
}

func TestWhatABudgetAllows(t *testing.T) {
	day := many(15, 80) // one every 80 minutes
	for _, c := range []struct {
		name    string
		channel Channel
		past    []time.Time
		episode []time.Time
		kind    NoticeKind
		want    Verdict
	}{
		{"the first call", Voice, nil, nil, NoticeAlert, Verdict{OK: true}},
		{"a second within the minute waits", Voice, ago(0.5), ago(0.5), NoticeAlert, Verdict{Wait: true, Until: minute(0.5)}},
		{"a minute later", Voice, ago(1), ago(1), NoticeAlert, Verdict{OK: true}},
		{"three calls in the first five minutes", Voice, ago(5, 3), ago(5, 3), NoticeAlert, Verdict{OK: true}},
		{"the fourth is too many", Voice, ago(4, 3, 2), ago(4, 3, 2), NoticeAlert, Verdict{Until: minute(1), Wait: true}},
		{"the fourth is too many for two more minutes", Voice, ago(3, 2, 1), ago(3, 2, 1), NoticeAlert, Verdict{Until: minute(2), Code: "voice_episode_start"}},
		{"four in the hour of an episode", Voice, ago(50, 40, 30, 20), ago(50, 40, 30, 20), NoticeAlert, Verdict{Until: minute(10), Code: "voice_hour"}},
		{"the fifth is kept for an upgrade", Voice, ago(50, 40, 30, 20), ago(50, 40, 30, 20), NoticeUpgrade, Verdict{OK: true}},
		{"not even an upgrade gets a sixth", Voice, ago(50, 40, 30, 20, 10), nil, NoticeUpgrade, Verdict{Until: minute(10), Code: "voice_hour"}},
		{"fifteen in the day", Voice, day, nil, NoticeAlert, Verdict{Until: day[14].Add(24 * time.Hour), Code: "voice_day"}},
		{"five are kept for upgrades", Voice, day, nil, NoticeUpgrade, Verdict{OK: true}},
		{"the longest limit counts", Voice, append(ago(55, 54, 53, 52), many(16, 70)[1:]...), nil, NoticeAlert, Verdict{Until: many(16, 70)[11].Add(24 * time.Hour), Code: "voice_day"}},
		{"eight messages of an episode", SMS, many(8, 10), many(8, 10), NoticeUpgrade, Verdict{Code: "sms_episode"}},
		{"its end is told all the same", SMS, many(8, 10), many(8, 10), NoticeLifted, Verdict{OK: true}},
		{"a ninth in another episode", SMS, many(8, 10), nil, NoticeAlert, Verdict{OK: true}},
		{"fifty messages in a day", SMS, many(50, 10), nil, NoticeAlert, Verdict{Until: minute(-2 - 490).Add(24 * time.Hour), Code: "sms_day"}},
		{"a group waits for its minute", Robot, many(0, 0), nil, NoticeAlert, Verdict{OK: true}},
		{"the screen has no limit", App, many(99, 0.1), many(99, 0.1), NoticeAlert, Verdict{OK: true}},
		{"attempts in the future count: the clock was put back", Voice, ago(-0.5), nil, NoticeAlert, Verdict{Until: minute(1.5), Code: "voice_minute"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := DefaultRules().Budget.Allow(c.channel, c.past, c.episode, c.kind, noon)
			if got.Code != "" && got.Words == "" {
				t.Error("a limit has no words")
			}
			got.Words = ""
			if got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestAGroupTakesTwentyCardsAMinute(t *testing.T) {
	got := DefaultRules().Budget.Allow(Robot, many(20, 0), nil, NoticeAlert, minute(-1.5))
	if !got.Wait || got.Until != minute(-1) {
		t.Errorf("%+v", got)
	}
}

func TestBackOff(t *testing.T) {
	for attempt, want := range map[int]int{1: 2, 2: 4, 3: 8, 4: 16, 5: 30, 6: 30, 1000: 30} {
		if got := DefaultRules().Retry.After(attempt); got != time.Duration(want)*time.Second {
			t.Errorf("attempt %d waits %v", attempt, got)
		}
	}
	if DefaultRules().Retry.For() != 30*time.Minute {
		t.Error("how long a notice is tried")
	}
}

// However it is asked for, a number is never called more than the carriers allow.
func TestNoNumberIsCalledTooOften(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var calls []time.Time
		at := noon
		for range rapid.IntRange(1, 120).Draw(t, "tries") {
			at = at.Add(time.Duration(rapid.IntRange(1, 1800).Draw(t, "seconds")) * time.Second)
			if DefaultRules().Budget.Allow(Voice, calls, calls, rapid.SampledFrom([]NoticeKind{NoticeAlert, NoticeUpgrade, NoticeLifted}).Draw(t, "kind"), at).OK {
				calls = append(calls, at)
			}
			for window, most := range map[time.Duration]int{time.Minute: 1, time.Hour: 5, 24 * time.Hour: 20} {
				if n := len(newest(calls, func(c time.Time) bool { return c.After(at.Add(-window)) })); n > most {
					t.Fatalf("%d calls within %v", n, window)
				}
			}
		}
	})
}
