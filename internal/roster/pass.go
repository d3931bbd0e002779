package roster

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Pass (打卡) is what a device saw. Its key is (DeviceID, DeviceTime, EventKey);
// DeviceTime is the device's own time as sent, to the microsecond.
type Pass struct {
	DeviceID   uuid.UUID
	DeviceTime time.Time
	EventKey   string
	PersonID   uuid.UUID
	SiteID     uuid.UUID
	Direction  Direction
	ReceivedAt time.Time
	Content    Digest // of what the device said; zero: what is above is all
}

// Digest is a SHA-256; in words it is hexadecimal.
type Digest [sha256.Size]byte

// MarshalText implements [encoding.TextMarshaler].
func (d Digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// Reason is why a pass is kept in quarantine and not taken.
type Reason string

// The reasons that a device's time gives.
const (
	Clock1970 Reason = "clock_1970" // 设备时钟未设置
	ZoneError Reason = "zone_error" // 时区错误
	TooOld    Reason = "too_old"    // 超过三十天
	Future    Reason = "future"     // 时间在未来
)

var reasons = words("隔离原因",
	word(Clock1970, "设备时钟未设置，停在出厂时间"),
	word(ZoneError, "设备时间差整 8 小时左右，像是时区设置错误"),
	word(TooOld, "设备时间在三十天以前"),
	word(Future, "设备时间在未来"),
)

// Label says the reason in Chinese.
func (r Reason) Label() string { return reasons.label(r) }

const (
	oldest      = 30 * 24 * time.Hour // the oldest pass that is taken
	ahead       = 5 * time.Minute     // how far a device's clock may be ahead
	zoneSlack   = 5 * time.Minute     // how far from a whole hour a zone error may be
	factoryYear = 2010                // factory clocks start in 1970 or 2000
)

// Judge says why a pass with this device time cannot be taken, "" when it can:
// outside −30 d … +5 min of the time of receipt it goes to quarantine.
func Judge(deviceTime, receivedAt time.Time) Reason {
	off := deviceTime.Sub(receivedAt)
	switch {
	case deviceTime.Year() < factoryYear:
		return Clock1970
	case off < -oldest:
		return TooOld
	case off <= ahead:
		return ""
	}
	if hours := off.Round(time.Hour); (off-hours).Abs() <= zoneSlack && hours >= 7*time.Hour && hours <= 9*time.Hour {
		return ZoneError
	}
	return Future
}

// comparePassKeys orders passes by time, device and key, byte by byte as
// PostgreSQL orders timestamptz, uuid and text COLLATE "C".
func comparePassKeys(at1, at2 time.Time, device1, device2 uuid.UUID, key1, key2 string) int {
	if c := at1.Compare(at2); c != 0 {
		return c
	}
	if c := bytes.Compare(device1[:], device2[:]); c != 0 {
		return c
	}
	return strings.Compare(key1, key2)
}
