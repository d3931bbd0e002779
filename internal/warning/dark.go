package warning

import (
	"time"

	"muster/internal/clock"
)

// The dark hours (operations.md §1.1, modifier 2), civil time of Asia/Shanghai.
const (
	darkFrom  = 20
	darkUntil = 8
	movedBy   = 19*60 + 30 // minutes after midnight
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

// TooLateForDaylight says whether, at an instant, "before 19:30" has passed or
// lies only beyond the night: people are then moved at once.
func TooLateForDaylight(at time.Time) bool {
	local := at.In(clock.Shanghai)
	minute := local.Hour()*60 + local.Minute()
	return minute >= movedBy || minute < darkUntil*60
}
