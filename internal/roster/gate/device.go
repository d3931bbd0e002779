package gate

import (
	"net/netip"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/roster"
)

// Protocol is what a device speaks. The word is part of its address:
// /gate/{protocol}/{token}/….
type Protocol string

// The protocols.
const (
	Push      Protocol = "push"      // Muster's own, docs/gates.md
	RealName  Protocol = "realname"  // 全国建筑工人管理服务信息平台 dialect, devices.md §1
	Hikvision Protocol = "hikvision" // ISAPI HTTP listening, devices.md §2.1
	Dahua     Protocol = "dahua"     // EventHttpUpload, devices.md §2.2
	ZKTeco    Protocol = "zkteco"    // attendance and access push, devices.md §2.3
	Uniview   Protocol = "uniview"   // LAPI, devices.md §2.4
	Uface     Protocol = "uface"     // callbacks, devices.md §2.5
)

// Protocols lists them all, in the order in which people are shown them.
func Protocols() []Protocol {
	return []Protocol{Push, RealName, Hikvision, ZKTeco, Dahua, Uniview, Uface}
}

// Claim is how a caller says who it is. It is looked up by the first of Token,
// KeyID and Serial that is set; a Serial beside the others is only compared with
// the registered one. Where a Serial is all there is, the address belongs to the
// question: two devices with one serial are told apart by their address lists.
type Claim struct {
	Protocol Protocol
	Token    string // of the path: random, one per device; compared by hash
	KeyID    string // of a signature: the push API's key, the real-name dialect's appid
	Serial   string // what the device calls itself; proves nothing
	Address  netip.Addr
	At       time.Time
}

// Device is what the registry says about a caller.
type Device struct {
	ID       uuid.UUID
	SiteID   uuid.UUID
	Protocol Protocol
	Serial   string // "": not known yet, the first Beat that names one may settle it

	// Direction is that of the whole device; roster.Unknown for one that works
	// both ways. Readers says it for single readers or doors, which count more.
	Direction roster.Direction
	Readers   map[string]roster.Direction

	// Secret signs: the push API's key, the dialect's appsecret, ZKTeco's
	// communication key. Empty where the token of the path is all there is.
	Secret []byte

	// KeyID is the registered one (push API: key, real-name dialect: appid); a
	// request that names another is refused. Empty: not compared.
	KeyID string

	// SaysIn is set for ZKTeco terminals on which people choose in or out: only
	// then does status 0 mean in; otherwise it is what nobody ever chose.
	SaysIn bool

	// System is the name space of the numbers that the device gives to people
	// (Person.Code when Person.System is empty).
	System string

	// Zone is that of times sent without one; nil: Asia/Shanghai.
	Zone *time.Location

	// Addresses from which the device may come; empty: any.
	Addresses []netip.Prefix

	// PerMinute is how many requests a minute are answered; 0: the default.
	PerMinute int

	// Offset is how far the device's clock is ahead of ours by its latest beat,
	// 0 when unknown. It is what tells a clock that is 8 hours behind from a
	// backlog of 8 hours.
	Offset time.Duration
}

// zone is where the device's clock hangs.
func (d Device) zone() *time.Location {
	if d.Zone == nil {
		return clock.Shanghai
	}
	return d.Zone
}

// Hello is a device that nobody registered. Texts are cut to 64 characters and
// hold letters, digits and - _ . : only.
type Hello struct {
	Protocol Protocol
	Serial   string // may be empty: then the address is all that is known
	Model    string
	Address  netip.Addr
	At       time.Time
}

// Beat is a sign of life with what the device says about itself.
type Beat struct {
	At       time.Time // when it reached us
	Clock    time.Time // the device's own time; zero: not said
	Serial   string
	Model    string
	Firmware string
	Address  netip.Addr
	Backlog  int  // records the device still has to send; -1: not said
	Twin     bool // the serial is not the registered one: two devices share an address
}

// Offset is how far the device's clock is ahead; known only when it said its time.
func (b Beat) Offset() (ahead time.Duration, known bool) {
	if b.Clock.IsZero() {
		return 0, false
	}
	return b.Clock.Sub(b.At), true
}

// Raw is a request as it came, without faces and templates, before it is read.
type Raw struct {
	DeviceID    uuid.UUID
	Protocol    Protocol
	At          time.Time
	Address     netip.Addr
	Path        string // without the token
	Query       string
	ContentType string
	Body        []byte   // what is left after [Strip]
	Dropped     int      // how many bytes of pictures and templates were dropped
	SHA256      [32]byte // of the bytes as they came, before anything was dropped
}
