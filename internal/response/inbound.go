package response

import (
	"time"

	"github.com/google/uuid"
)

// Push is what a carrier pushed to us, or somebody typed into the answer page, as
// it came. It is kept before it is understood.
type Push struct {
	Account    *uuid.UUID
	Sealed     string // under a place that names its id
	Hash       []byte
	ID         uuid.UUID
	ReceivedAt time.Time
}

// CarrierEvent is one thing that a push says.
type CarrierEvent struct {
	Kind       string     // delivered, seen, heard, key, reply, failed, code
	NoticeID   *uuid.UUID // our idempotency key, when the carrier echoes it
	ProviderID string
	Phones     []string // keyed hashes of the number, under every key; for replies
	Text       string   // of a reply: kept only when it led to nothing
	Digit      string
	PlayedOut  bool
	At         time.Time
	Code       string // of a failure
	Reason     string
	Bad        bool // the receiver's number is wrong
}

// PushVerdict is what became of one event.
type PushVerdict struct {
	Outcome string
	Sites   []Standing
}

// Standing is where a site stands after an answer, and why if nothing changed.
type Standing struct {
	ThreadID uuid.UUID
	SiteID   uuid.UUID
	SiteName string
	State    State
	Changed  bool
	Why      string
}
