package roster

import (
	"time"

	"github.com/google/uuid"
)

// Fresh is how long a known entry is taken as certain: longer than any shift,
// shorter than a day.
const Fresh = 14 * time.Hour

// Presence (在场) is where a person is taken to be, with the last evidence and
// until when it is fresh. The zero Presence has no evidence.
type Presence struct {
	PersonID   uuid.UUID
	SiteID     uuid.UUID
	Inside     bool
	DeviceTime time.Time
	DeviceID   uuid.UUID
	EventKey   string
	FreshUntil time.Time
}

// Fold takes a pass into a presence. The greatest (time, device, key) wins, so
// that neither the order of arrival nor repetition matters.
func Fold(p Presence, pass Pass) Presence {
	if !p.DeviceTime.IsZero() &&
		comparePassKeys(pass.DeviceTime, p.DeviceTime, pass.DeviceID, p.DeviceID, pass.EventKey, p.EventKey) <= 0 {
		return p
	}
	return Presence{
		PersonID:   pass.PersonID,
		SiteID:     pass.SiteID,
		Inside:     pass.Direction != Out,
		DeviceTime: pass.DeviceTime,
		DeviceID:   pass.DeviceID,
		EventKey:   pass.EventKey,
		FreshUntil: FreshUntil(pass.Direction, pass.DeviceTime),
	}
}

// FreshUntil is until when a pass is certain evidence of being inside: 14 hours
// for a known entry; a pass of unknown direction never is, an exit neither.
func FreshUntil(d Direction, deviceTime time.Time) time.Time {
	if d == In {
		return deviceTime.Add(Fresh)
	}
	return deviceTime
}

// Certainty is how a person counts at the site of the presence.
type Certainty string

// The three answers (operations.md §6, presence).
const (
	Certain  Certainty = "certain"  // 确定在场: inside by fresh evidence
	Possible Certainty = "possible" // 可能在场: inside by stale evidence, or direction unknown
	Away     Certainty = "away"     // 不在场: gone out, or never seen
)

// At says how the person counts at an instant, given this presence.
func (p Presence) At(t time.Time) Certainty {
	switch {
	case !p.Inside || p.DeviceTime.IsZero():
		return Away
	case p.FreshUntil.After(t):
		return Certain
	default:
		return Possible
	}
}
