package response

import (
	"time"

	"github.com/google/uuid"

	"muster/internal/warning"
)

// Pulse is the state of the machine at one instant, as far as silence can be
// read from it.
type Pulse struct {
	At        time.Time
	Skew      time.Duration // the database's clock minus ours
	Lanes     []LanePulse
	Accounts  []AccountPulse
	Climb     Waiting // open duties whose next look is past
	Unchecked int     // open duties without a next look
	Pushes    Waiting // kept and not understood
	Documents Waiting // kept and not understood
	Replies   Waiting // for the desk
	Live      int     // active warnings that are no exercise
	Overtime  Waiting // active warnings past their time
	Feeds     []FeedPulse
	Gates     []GatePulse
	Upstreams []UpstreamPulse
	Drafts    []DraftPulse // red and orange, still of use, no exercise
	Vessels   []VesselPulse
	Unmanned  []Unmanned
}

// Waiting is how much waits, and since when the oldest does.
type Waiting struct {
	Count  int
	Oldest *time.Time // nil: nothing waits
}

// Age is how long the oldest has been waiting.
func (w Waiting) Age(at time.Time) time.Duration {
	if w.Oldest == nil {
		return 0
	}
	return max(0, at.Sub(*w.Oldest))
}

// LanePulse is what has not left yet by one channel in one mode.
type LanePulse struct {
	Mode     string
	Channel  Channel
	Overdue  Waiting // queued or in hand past the time of hand-over; by that time
	Retrying int     // refused for now, past that time; who waits for a number's interval is not counted
	Leases   Waiting // in the hands of a worker whose lease is over; by the end of the lease
	Ready    Waiting // could be taken now; by the instant from which they could
	Open     bool    // an account is there to leave by
}

// AccountPulse is how a contract did in the last minutes.
type AccountPulse struct {
	ID       uuid.UUID
	Name     string
	Mode     string
	Channel  Channel
	Attempts int
	Failed   int
}

// FeedPulse is a feed that should speak at least so often.
type FeedPulse struct {
	Name        string
	Title       string
	SilentAfter time.Duration
	HeardAt     time.Time
}

// GatePulse is a gate in service that was heard in the last days.
type GatePulse struct {
	ID          uuid.UUID
	Serial      string
	SiteID      uuid.UUID
	Site        string
	HeardAt     time.Time
	SilentAfter time.Duration // 0: the default
	Beats       bool          // it sends heart-beats
	Address     string        // from which it spoke last; "": not known
}

// UpstreamPulse is a platform above that fails, and since when.
type UpstreamPulse struct {
	ID           uuid.UUID
	Name         string
	FailingSince time.Time
}

// DraftPulse is a draft that waits for a person.
type DraftPulse struct {
	ID        uuid.UUID
	Title     string
	Level     warning.Level
	CreatedAt time.Time
}

// VesselPulse is a vessel that lies in the area of a warning in force, no exercise,
// and is none of its targets: nobody has told it.
type VesselPulse struct {
	WarningID uuid.UUID
	Title     string
	Level     warning.Level
	SiteID    uuid.UUID
	Name      string
}

// Unmanned is an authority with a live warning in its territory and nobody on
// tonight's roster.
type Unmanned struct {
	ID   uuid.UUID
	Name string
}
