package warning

import "time"

// minNotice is the least time between a hold that ends and the draft's going out:
// whoever let it go can still see what he did.
const minNotice = time.Minute

// GoesOut is when a draft goes out by itself after a hold has ended: at the time
// it had, but never sooner than a minute from now.
func GoesOut(planned, now time.Time) time.Time {
	if soonest := now.Add(minNotice); planned.Before(soonest) {
		return soonest
	}
	return planned
}

// SecondLookPatience is how long a second look is waited for; after that the
// officer may publish first and have it looked at afterwards (先发后审,
// operations.md §5).
const SecondLookPatience = 5 * time.Minute

// MayNotWait says whether a question that was asked at an instant has waited long
// enough.
func MayNotWait(asked, now time.Time) bool { return !now.Before(asked.Add(SecondLookPatience)) }

// NeedsSecondLook says whether a warning of a level is published by one person
// alone: yellow and blue are; red, orange and what has no level are not
// (operations.md §5).
func NeedsSecondLook(l Level) bool { return l != Yellow && l != Blue }
