package response

import (
	"slices"
	"time"
)

// Budget is how often a number may be tried on each channel (operations.md §2.2;
// the carriers' own limits are above these).
type Budget struct {
	Patience int               `json:"patience"` // seconds: a shorter wait is waited for, a longer one is a limit
	Caps     map[Channel][]Cap `json:"caps"`
}

// Cap is one limit: at most Max attempts in the last so many seconds, of which
// Keep are kept back for an upgrade.
type Cap struct {
	Max     int    `json:"max"`
	Seconds int    `json:"seconds,omitempty"` // 0: ever
	Keep    int    `json:"keep,omitempty"`
	Episode bool   `json:"episode,omitempty"` // counts the attempts of this episode only
	Code    string `json:"code"`
	Words   string `json:"words"`
}

// Verdict is whether a number may be tried now. The zero time in Until with OK
// false is a limit that does not end.
type Verdict struct {
	OK    bool
	Wait  bool      // not yet, but soon: try again at Until
	Until time.Time // when the limit ends
	Code  string    // of the limit, when neither OK nor Wait
	Words string
}

// Allow looks at the attempts on a number through a channel in the last 24
// hours, and at those of this episode. A limit that stops a notice moves it to the next
// channel and counts as unanswered at once; a wait does not. Attempts later than
// at (a clock was put back) count as well. What is kept back is for upgrades; the
// lift ends the episode and its limits with it: whoever was told is told.
func (b Budget) Allow(c Channel, past, inEpisode []time.Time, kind NoticeKind, at time.Time) Verdict {
	verdict := Verdict{OK: true}
	for _, limit := range b.Caps[c] {
		attempts := past
		if limit.Episode {
			attempts = inEpisode
		}
		if limit.Episode && kind == NoticeLifted {
			continue
		}
		until, hit := limit.until(attempts, kind == NoticeUpgrade, at)
		if !hit {
			continue
		}
		found := b.verdict(limit, until, at)
		if verdict.OK || worse(found, verdict) {
			verdict = found
		}
	}
	return verdict
}

func (b Budget) verdict(limit Cap, until, at time.Time) Verdict {
	if !until.IsZero() && until.Sub(at) <= time.Duration(b.Patience)*time.Second {
		return Verdict{Wait: true, Until: until}
	}
	return Verdict{Until: until, Code: limit.Code, Words: limit.Words}
}

// worse: a limit is worse than a wait, a longer one worse than a shorter.
func worse(a, b Verdict) bool {
	if a.Wait != b.Wait {
		return b.Wait
	}
	if a.Until.IsZero() || b.Until.IsZero() {
		return a.Until.IsZero() && !b.Until.IsZero()
	}
	return a.Until.After(b.Until)
}

// until is when enough attempts have left the window.
func (l Cap) until(attempts []time.Time, upgrade bool, at time.Time) (until time.Time, hit bool) {
	may := l.Max
	if !upgrade {
		may -= l.Keep
	}
	window := time.Duration(l.Seconds) * time.Second
	inside := newest(attempts, func(t time.Time) bool { return window == 0 || t.After(at.Add(-window)) })
	if len(inside) < may {
		return time.Time{}, false
	}
	if window == 0 || may == 0 {
		return time.Time{}, true
	}
	return inside[may-1].Add(window), true
}

// Backoff is how a notice that failed for now is tried again. Seconds.
type Backoff struct {
	First  int `json:"first"`
	Most   int `json:"most"`
	GiveUp int `json:"give_up"`
}

// After is the wait after a failed attempt, counted from 1: doubling from First
// to Most.
func (b Backoff) After(attempt int) time.Duration {
	wait := b.First
	for i := 1; i < attempt && wait < b.Most; i++ {
		wait *= 2
	}
	return time.Duration(min(wait, b.Most)) * time.Second
}

// For is how long a notice is tried before it has failed for good.
func (b Backoff) For() time.Duration { return time.Duration(b.GiveUp) * time.Second }

// newest gives the times that are kept, latest first.
func newest(times []time.Time, keep func(time.Time) bool) []time.Time {
	var list []time.Time
	for _, t := range times {
		if keep(t) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b time.Time) int { return b.Compare(a) })
	return list
}
