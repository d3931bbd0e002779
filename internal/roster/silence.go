package roster

import (
	"time"

	"muster/internal/clock"
)

// How long a gate may be silent when nobody said otherwise. One that sends
// heart-beats speaks every minute; one that only reports who passes, and a labour
// system, may have nothing to say for a day on which nobody works.
const (
	SilentWithBeats    = 2 * time.Hour
	SilentWithoutBeats = 16 * time.Hour
)

// The hours in which a gate's silence counts, when nobody said otherwise: at night
// power and network of a site are often off.
const (
	dayBegins = 6
	dayEnds   = 22
)

// Silence is how a gate stands that was heard at one instant and not since.
type Silence struct {
	For     time.Duration // that counts
	Allowed time.Duration
}

// TooLong says whether somebody has to look.
func (s Silence) TooLong() bool { return s.For > s.Allowed }

// SilentFor judges a gate that was last heard at an instant. allowed is what was
// set for it, and counts day and night; 0: two hours for one that sends
// heart-beats, sixteen for others, and only the hours from 6 to 22 (Asia/Shanghai)
// count.
func SilentFor(heard, at time.Time, allowed time.Duration, beats bool) Silence {
	switch {
	case allowed > 0:
		return Silence{max(0, at.Sub(heard)), allowed}
	case beats:
		return Silence{dayHours(heard, at), SilentWithBeats}
	}
	return Silence{dayHours(heard, at), SilentWithoutBeats}
}

// dayHours is how much of a stretch of time lies between 6 and 22 o'clock.
func dayHours(from, until time.Time) time.Duration {
	var sum time.Duration
	day := from.In(clock.Shanghai)
	for day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, clock.Shanghai); day.Before(until); day = day.AddDate(0, 0, 1) {
		begin, end := day.Add(dayBegins*time.Hour), day.Add(dayEnds*time.Hour)
		if begin.Before(from) {
			begin = from
		}
		if end.After(until) {
			end = until
		}
		sum += max(0, end.Sub(begin))
	}
	return sum
}
