package warning_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/clock"
	"muster/internal/warning"
)

func TestWhichWindowsHoldDarkHours(t *testing.T) {
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, 7, day, hour, minute, 0, 0, clock.Shanghai)
	}
	for name, c := range map[string]struct {
		from, until time.Time
		want        bool
	}{
		"a morning":                          {at(10, 9, 0), at(10, 12, 0), false},
		"from eight to eight":                {at(10, 8, 0), at(10, 20, 0), true}, // twelve hours: the careful answer
		"up to eight in the evening":         {at(10, 9, 0), at(10, 20, 0), false},
		"a minute longer":                    {at(10, 9, 0), at(10, 20, 1), true},
		"from before eight":                  {at(10, 7, 59), at(10, 9, 0), true},
		"over midnight":                      {at(10, 23, 0), at(11, 1, 0), true},
		"the small hours":                    {at(11, 2, 0), at(11, 4, 0), true},
		"an afternoon into the next morning": {at(10, 18, 0), at(11, 6, 0), true},
		"a day":                              {at(10, 9, 0), at(11, 9, 0), true},
	} {
		// The instant counts, not the zone it is written in.
		from := c.from.UTC()
		if got := warning.HoldsDarkHours(&from, c.until.UTC()); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if !warning.HoldsDarkHours(nil, at(10, 12, 0)) {
		t.Error("a window without a beginning is taken for daylight")
	}
}

// Whatever the window: it holds dark hours exactly when one of its minutes is
// dark, or when it is twelve hours long.
func TestDarkHoursMinuteByMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := time.Date(2026, 7, 10, 0, rapid.IntRange(0, 1439).Draw(t, "from"), 0, 0, clock.Shanghai)
		minutes := rapid.IntRange(1, 1000).Draw(t, "minutes")
		want := minutes >= 720
		for m := range minutes {
			if h := from.Add(time.Duration(m) * time.Minute).Hour(); h >= 20 || h < 8 {
				want = true
			}
		}
		until := from.Add(time.Duration(minutes) * time.Minute)
		if got := warning.HoldsDarkHours(&from, until); got != want {
			t.Fatalf("%s–%s: %v, want %v", from, until, got, want)
		}
	})
}

// An order that reads "before 19:30" at eight in the evening would be read as
// tomorrow's.
func TestAfterDarkPeopleAreMovedAtOnce(t *testing.T) {
	for _, c := range []struct {
		hour, minute int
		want         bool
	}{{7, 59, true}, {8, 0, false}, {19, 29, false}, {19, 30, true}, {23, 0, true}, {2, 0, true}} {
		at := time.Date(2026, 7, 10, c.hour, c.minute, 0, 0, clock.Shanghai)
		if got := warning.TooLateForDaylight(at); got != c.want {
			t.Errorf("%02d:%02d: too late is %v", c.hour, c.minute, got)
		}
	}
	in := warning.Situation{Hazard: warning.FlashFlood, Level: warning.Red, Kind: "residence_own", Sleeps: true, DarkHours: true}
	if p := warning.DefaultPolicy().Propose(in); p.Before != "19:30" {
		t.Errorf("by day: before %q", p.Before)
	}
	in.DarkAlready = true
	if p := warning.DefaultPolicy().Propose(in); p.Measure != warning.Evacuate || p.Before != "" {
		t.Errorf("after dark: %s before %q", p.Measure, p.Before)
	}
}
