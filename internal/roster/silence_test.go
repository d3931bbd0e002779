package roster_test

import (
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/roster"
)

func TestTheSilenceOfAGate(t *testing.T) {
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, 7, day, hour, minute, 0, 0, clock.Shanghai)
	}
	for name, c := range map[string]struct {
		heard, now time.Time
		allowed    time.Duration
		beats      bool
		want       time.Duration
		tooLong    bool
	}{
		"two hours of a morning":               {at(10, 8, 0), at(10, 10, 0), 0, true, 2 * time.Hour, false},
		"and a minute":                         {at(10, 8, 0), at(10, 10, 1), 0, true, 121 * time.Minute, true},
		"since half past nine in the evening":  {at(10, 21, 30), at(11, 5, 59), 0, true, 30 * time.Minute, false},
		"and still at half past seven":         {at(10, 21, 30), at(11, 7, 31), 0, true, 121 * time.Minute, true},
		"since midnight":                       {at(10, 0, 0), at(10, 8, 0), 0, true, 2 * time.Hour, false},
		"a day without a pass":                 {at(10, 12, 0), at(11, 12, 0), 0, false, 16 * time.Hour, false},
		"more than a day without a pass":       {at(10, 12, 0), at(11, 12, 1), 0, false, 16*time.Hour + time.Minute, true},
		"set to ten minutes: at night as well": {at(10, 23, 0), at(10, 23, 11), 10 * time.Minute, true, 11 * time.Minute, true},
		"heard a moment after now":             {at(10, 8, 0), at(10, 7, 59), 0, true, 0, false},
		"three days":                           {at(10, 8, 0), at(13, 8, 0), 0, true, 48 * time.Hour, true},
	} {
		if got := roster.SilentFor(c.heard, c.now, c.allowed, c.beats); got.For != c.want || got.TooLong() != c.tooLong {
			t.Errorf("%s: %s, too long: %v", name, got.For, got.TooLong())
		}
	}
}
