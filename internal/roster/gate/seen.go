package gate

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/roster"
)

// Seen is one record of a device in canonical form. A device that saw a face, a
// card or a code says the same thing; temperature, masks, names, pictures and
// scores are not part of it.
type Seen struct {
	// Time is the device's own, to the microsecond, in UTC; zero when it cannot
	// be read (then Why says so).
	Time time.Time

	// Key tells records of one device and one instant apart. It is what the
	// protocol numbers its records by; because the key of a pass has the time in
	// it, a numbering that starts again after a factory reset does no harm.
	// Nothing in it can be read back to a person.
	Key string

	Person    Person
	Direction roster.Direction // by the reader, else the device, else the payload
	Reader    string           // reader, door or channel, "" when not said
	Method    Method

	// Replay is true when the device itself calls the record history.
	Replay bool

	// Project is the project code for which a labour system reports the record.
	Project string

	// Content digests what the device said. The same key with the same content is
	// a repetition, with another it is a conflict; unlike Direction it does not
	// depend on how the device is registered.
	Content string

	// Why is the reason for which the record cannot be taken; "" when it can.
	Why roster.Reason

	// Body is the record as it came, without faces: what quarantine keeps, sealed.
	// It can be any bytes.
	Body []byte
}

// Late is how old a record may be and still be news: what comes later corrects
// history and counts, and must not raise a live alarm.
const Late = 10 * time.Minute

// History says whether the record tells of the past.
func (s Seen) History(received time.Time) bool {
	return s.Replay || received.Sub(s.Time) > Late
}

// Person is how a device names somebody; the first field that is set counts. A
// device's number that is a valid citizen's number is an IDNumber.
type Person struct {
	ID       uuid.UUID // ours
	IDNumber string    // of an identity document; upper case, not checked
	System   string    // another system's name; "" for Device.System
	Code     string    // the number there: employee number, PIN
	Card     string    // card number, as the reader prints it
}

// IsZero says whether nobody is named.
func (p Person) IsZero() bool { return p == Person{} }

// Method is how somebody was recognised.
type Method string

// The methods; a device's own code that is none of them is OtherMethod.
const (
	Face        Method = "face"
	Card        Method = "card"
	Finger      Method = "finger"
	Palm        Method = "palm"
	QR          Method = "qr"
	Password    Method = "password"
	Document    Method = "document" // identity card
	ByHand      Method = "by_hand"  // opened for somebody, emergency passage
	OtherMethod Method = "other"
)

// Outcome is what became of a record.
type Outcome string

// The outcomes. All of them are acknowledged to the device.
const (
	Accepted    Outcome = "accepted"    // a new pass
	Repeated    Outcome = "repeated"    // there already, with the same content
	Quarantined Outcome = "quarantined" // kept for a person to look at
	Ignored     Outcome = "ignored"     // understood, and not a pass: refused entry, door, heart-beat
)

// Verdict is what became of one record.
type Verdict struct {
	Outcome Outcome
	Reason  roster.Reason // of quarantine
}

// Reasons of quarantine beside those of the time (roster.Judge).
const (
	Unreadable    roster.Reason = "unreadable"     // 无法读懂: the record, or its time
	Nobody        roster.Reason = "nobody"         // 没有人员标识: a success that names nobody
	UnknownPerson roster.Reason = "unknown_person" // 未登记人员
	Conflict      roster.Reason = "conflict"       // 同一编号内容不同
	OtherSerial   roster.Reason = "other_serial"   // 设备序列号与登记不符: two devices at one address
)

// ReasonText says a reason of quarantine in Chinese, to the device's keeper.
func ReasonText(r roster.Reason) string {
	switch r {
	case Unreadable:
		return "这条记录读不懂，已留存待查"
	case Nobody:
		return "这条记录没有写明是谁，已留存待查"
	case UnknownPerson:
		return "没有登记这个人，已留存待查"
	case Conflict:
		return "同一编号已有内容不同的打卡，已留存待查"
	case OtherSerial:
		return "设备序列号与登记的不同，可能有两台设备共用一个地址，已留存待查"
	}
	return r.Label()
}

// knownMethod is the method, or OtherMethod for a word that is none.
func knownMethod(m Method) Method {
	switch m {
	case Face, Card, Finger, Palm, QR, Password, Document, ByHand:
		return m
	}
	return OtherMethod
}

// upper is how numbers of identity documents are written.
func upper(number string) string { return strings.ToUpper(strings.TrimSpace(number)) }
