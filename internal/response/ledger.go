package response

import (
	"time"

	"github.com/google/uuid"
)

// Lane is one way out: a channel in a mode. Notices of a lane leave in the order
// of their priority.
type Lane struct {
	Mode    string
	Channel Channel
	Account uuid.UUID // the contract that notices to persons leave by; units have their own
}

// Claimed is a notice that a worker holds until its lease ends.
type Claimed struct {
	ID          uuid.UUID // also the idempotency key towards the carrier
	Epoch       int       // counts the claims; a later one makes this one's word worthless
	Kind        NoticeKind
	AccountID   uuid.UUID
	SummonsID   *uuid.UUID
	PersonID    *uuid.UUID
	PhoneSealed *string
	PhoneHash   *string
	WarningID   *uuid.UUID
	Language    string
	Level       string
	Measure     string
	Wording     Wording
	CreatedAt   time.Time
}

// Done is what became of handing one claimed notice over.
type Done struct {
	ID         uuid.UUID
	Epoch      int // of the claim
	State      NoticeState
	ProviderID string
	Code       string    // why not: the carrier's own code, or a limit
	Reason     string    // in words, without personal data
	NextAt     time.Time // with FailedNow
	At         time.Time
	Untried    bool // it never left: a limit stopped it
}

// Account is a contract with a carrier as it is kept: one mode only, so that a
// drill never leaves by a live one. Robots, horns and systems speak to one unit.
type Account struct {
	ID            uuid.UUID
	Mode          string
	Channel       Channel
	Provider      string
	Name          string
	Priority      int // the lowest first; the others when it fails
	UnitID        *uuid.UUID
	Settings      map[string]string
	SecretsSealed string // JSON of name → value, sealed at channel_account, secrets, id
	HookHash      []byte // of the token in the address that the carrier pushes to; none: it pushes nothing
}

// Clip is a recording of a template in a language (录音). Its name is what the
// contracts' settings and the horns know it by.
type Clip struct {
	Template string
	Language string
}

// Name is V2_evacuate.ii.
func (c Clip) Name() string { return c.Template + "." + c.Language }
