// Package clock is the present moment as a value that is handed in. Nothing
// below the shells asks the machine for the time; decisions take it as an
// argument.
package clock

import (
	"sync"
	"time"
)

// Clock tells the present moment.
type Clock interface{ Now() time.Time }

// System is the machine's clock, in UTC.
type System struct{}

// Now implements Clock.
func (System) Now() time.Time { return time.Now().UTC() }

// Manual is a clock that a test or a replay pushes by hand.
type Manual struct {
	mu sync.Mutex
	at time.Time
}

// NewManual starts a manual clock at an instant.
func NewManual(at time.Time) *Manual { return &Manual{at: at} }

// Now implements Clock.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.at
}

// Advance moves the clock.
func (m *Manual) Advance(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at = m.at.Add(d)
}

// Shanghai is the zone of civil days (UTC+8 all year since 1991).
var Shanghai = time.FixedZone("Asia/Shanghai", 8*3600)
