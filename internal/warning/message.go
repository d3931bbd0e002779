package warning

import (
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// Status is what a message is for (CAP 1.2 alert/status). Only Actual is ever
// acted on.
type Status string

// The statuses.
const (
	StatusActual   Status = "actual"   // 实战
	StatusExercise Status = "exercise" // 演练: for the participants that the note names
	StatusSystem   Status = "system"   // machine traffic
	StatusTest     Status = "test"     // 测试
	StatusDraft    Status = "draft"    // 草稿
)

// Valid says whether s is one of the five words.
func (s Status) Valid() bool {
	switch s {
	case StatusActual, StatusExercise, StatusSystem, StatusTest, StatusDraft:
		return true
	}
	return false
}

// MsgType is the nature of a message (CAP 1.2 alert/msgType).
type MsgType string

// The message types.
const (
	MsgAlert  MsgType = "alert"  // 首次
	MsgUpdate MsgType = "update" // 更新, 续发: supersedes what it references, wholly
	MsgCancel MsgType = "cancel" // 解除
	MsgAck    MsgType = "ack"    // machine traffic
	MsgError  MsgType = "error"  // machine traffic
)

// Valid says whether t is one of the five words.
func (t MsgType) Valid() bool {
	switch t {
	case MsgAlert, MsgUpdate, MsgCancel, MsgAck, MsgError:
		return true
	}
	return false
}

// Basis is how the area of a claim was given, finest first.
type Basis string

// The bases. Office is an upper bound and never certain; of a text, only the
// regions that a bulletin names in full are.
const (
	BasisPolygon Basis = "polygon" // drawn area
	BasisCircle  Basis = "circle"  // centre and radius
	BasisGeocode Basis = "geocode" // codes of regions
	BasisOffice  Basis = "office"  // only the territory of the issuing office (发布单位)
	BasisText    Basis = "text"    // words only
)

// Reference names an earlier message. CAP gives all three parts; 12379 gives
// the bare id of the first message of the episode, so Sender and Sent may be
// empty.
type Reference struct {
	Sender string
	ID     string
	Sent   time.Time
}

// Message is a document as its source meant it (预警信息). In CAP its identity
// is the triple of Sender, ID and Sent.
type Message struct {
	Format     string // cap, cma
	ID         string // the identifier as sent
	NationalID string // office code _ entry time, the key that joins all Chinese sources; empty elsewhere
	Sender     string // CAP sender, or the office's full name
	SenderName string // CAP senderName, what people know the sender by; never the signing person that 12379 puts there
	SenderCode string // 14-digit office code of 12379; its first six digits are the office's area, of a bulletin those alone
	Sent       time.Time
	Status     Status
	MsgType    MsgType
	AllClear   bool // an Update that ends the warning (responseType AllClear, or 解除 in the headline)
	References []Reference
	Scope      string // public, restricted, private
	Inner      bool   // secClassification Inner (内部): must not be sent on
	Note       string
	Headline   string
	Flags      []Flag
	Unread     []string // names of places that a bulletin's text has and that could not be found, as written
	Claims     []Claim
}

// Claim is one thing that a message says: hazard, level, time and area. One
// message may carry several levels, areas or languages; the unit of matching is
// the claim.
type Claim struct {
	// Group joins languages: claims of one message with the same group say the
	// same thing in different languages.
	Group          int
	Language       string // as given; en-US when CAP gives none
	EventCode      string
	Event          string
	Hazard         Hazard
	Level          Level
	LevelSource    string // field, headline, parameter, text; empty when the level is unknown
	Onset          time.Time
	Expires        time.Time
	ExpiresDefault bool // Expires is our default validity, not the sender's
	Headline       string
	Description    string
	Instruction    string
	Area           ClaimArea
}

// ClaimArea is where a claim holds: the union of Geometry and Regions, less
// Excluded. A site that lies only in Possible is matched as possible.
type ClaimArea struct {
	Basis    Basis
	Text     string           // areaDesc
	Regions  []string         // 12-digit codes (GB/T 2260 and beyond), finest, certain
	Possible []string         // 12-digit codes of coarser regions, possible only
	Geometry orb.MultiPolygon // WGS 84, lon lat, members may overlap: their union is meant; nil when nothing usable was drawn
	Excluded orb.MultiPolygon // to be subtracted (DWD EXCLUDE_POLYGON)
}

// Issuer is what people call the sender.
func (m Message) Issuer() string {
	if m.SenderName != "" {
		return m.SenderName
	}
	return m.Sender
}

// Ends says whether the message ends the warning it refers to.
func (m Message) Ends() bool { return m.MsgType == MsgCancel || m.AllClear }

// Dispatchable says whether the message may lead to a warning at an instant:
// status Actual, an Alert or Update that is not an all-clear, and at least one
// claim that has not expired. Everything else is kept and shown, never sent.
func (m Message) Dispatchable(now time.Time) bool {
	if m.Status != StatusActual || m.Ends() {
		return false
	}
	if m.MsgType != MsgAlert && m.MsgType != MsgUpdate {
		return false
	}
	for _, c := range m.Claims {
		if c.Expires.IsZero() || now.Before(c.Expires) {
			return true
		}
	}
	return false
}

// HasFlag says whether the message carries a flag.
func (m Message) HasFlag(f Flag) bool {
	for _, have := range m.Flags {
		if have == f {
			return true
		}
	}
	return false
}

// Groups gives one claim for each thing that is said, in Chinese where there is
// Chinese, else in the first language.
func (m Message) Groups() []Claim {
	var out []Claim
	at := map[int]int{}
	for _, c := range m.Claims {
		i, seen := at[c.Group]
		switch {
		case !seen:
			at[c.Group] = len(out)
			out = append(out, c)
		case isChinese(c.Language) && !isChinese(out[i].Language):
			out[i] = c
		}
	}
	return out
}

func isChinese(language string) bool {
	return strings.HasPrefix(strings.ToLower(language), "zh")
}

// Level is the highest level among the claims; LevelUnknown without any.
func (m Message) Level() Level {
	if len(m.Claims) == 0 {
		return LevelUnknown
	}
	top := m.Claims[0].Level
	for _, c := range m.Claims[1:] {
		top = Higher(top, c.Level)
	}
	return top
}
