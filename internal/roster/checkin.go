package roster

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"time"
)

// CheckinStep is how long one dynamic code (动态码) is shown (RFC 6238 §5.2).
const CheckinStep = 30 * time.Second

// CheckinStepOf is the time step of an instant (RFC 6238 §4.2, T0 = 0).
func CheckinStepOf(at time.Time) int64 { return at.Unix() / int64(CheckinStep/time.Second) }

// CheckinCode is the code that a screen shows in a time step: eight digits of
// HMAC-SHA-1 (RFC 4226 §5.3, RFC 6238).
func CheckinCode(secret []byte, step int64) string {
	m := hmac.New(sha1.New, secret)
	_ = binary.Write(m, binary.BigEndian, step) // a hash takes everything
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%08d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%100_000_000)
}

// MatchCheckinCode finds the time step of a code that was scanned at an instant:
// that of the instant, or one before or after it, as the screen's clock and the
// phone's may differ and a person needs a moment (RFC 6238 §5.2).
func MatchCheckinCode(secret []byte, code string, scanned time.Time) (step int64, ok bool) {
	now := CheckinStepOf(scanned)
	for _, s := range []int64{now, now - 1, now + 1} {
		if subtle.ConstantTimeCompare([]byte(CheckinCode(secret, s)), []byte(code)) == 1 {
			return s, true
		}
	}
	return 0, false
}

// Fence is where a phone was, as far as it can be told.
type Fence string

// The three answers.
const (
	FenceInside  Fence = "inside"  // 在范围内
	FenceOutside Fence = "outside" // 在范围外
	FenceUnknown Fence = "unknown" // 位置不明: not said, or too vague to tell
)

// vague is an accuracy with which nothing can be told: a phone that knows its
// cell tower and no more.
const vague = 200

// FenceOf judges a position by its distance from the site and the accuracy that
// the phone states, both in metres. Inside and outside are said only when the whole
// circle of the accuracy allows it to be so: inside when some of it lies within the
// radius, outside when none does. A vague position outside proves nothing.
func FenceOf(distance, accuracy, radius float64) Fence {
	accuracy = max(0, accuracy)
	switch {
	case accuracy > vague:
		return FenceUnknown
	case distance-accuracy <= radius:
		return FenceInside
	}
	return FenceOutside
}
