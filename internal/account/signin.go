package account

import "time"

// The lock after wrong passwords: as many failures within the window close the
// login until the oldest of them is that old.
const (
	FailuresAllowed = 5
	FailureWindow   = 15 * time.Minute
)

// LockedUntil decides from the times of recent failures (newest last) whether a
// login is locked at an instant, and until when.
func LockedUntil(failures []time.Time, at time.Time) (time.Time, bool) {
	var recent []time.Time
	for _, f := range failures {
		if at.Sub(f) < FailureWindow {
			recent = append(recent, f)
		}
	}
	if len(recent) < FailuresAllowed {
		return time.Time{}, false
	}
	return recent[len(recent)-FailuresAllowed].Add(FailureWindow), true
}
