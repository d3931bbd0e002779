package warning

import (
	"time"

	"muster/internal/clock"
)

// The dark hours (operations.md §1.1, modifier 2), civil time of Asia/Shanghai.
const (
	darkFrom  = 20
	darkUntil = 8
)

// HoldsDarkHours says whether a warning's window holds hours between 20:00 and
// 08:00. Without a beginning the answer is yes, the careful one; a window of
// twelve hours or more always holds some.
func HoldsDarkHours(onset *time.Time, expires time.Time) bool {
	if onset == nil || expires.Sub(*onset) >= (darkFrom-darkUntil)*time.Hour {
		return true
	}
	from, until := onset.In(clock.Shanghai), expires.In(clock.Shanghai)
	day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, clock.Shanghai)
	return until.After(day.Add(darkFrom*time.Hour)) || from.Before(day.Add(darkUntil*time.Hour))
}
