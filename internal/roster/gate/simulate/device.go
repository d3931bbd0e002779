package simulate

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
)

// Pass is somebody going through the gate.
type Pass struct {
	At  time.Time // to the second, as terminals have it
	Who string    // employee number; real-name dialect: number of the identity card
	Out bool
}

// Device is a terminal, or a labour system.
type Device interface {
	// See puts a pass into the device's memory.
	See(p Pass)

	// Send does what the device does when its line is up: handshake or heart-beat,
	// then everything that waits. It returns at the first thing that was not
	// acknowledged; that and what comes after it stay in memory.
	Send(ctx context.Context) error

	// Waiting is how many passes are not acknowledged yet.
	Waiting() int
}

// Config is how a device is set up.
type Config struct {
	URL    string // the address up to and with the token: http://host/gate/hikvision/TOKEN
	Serial string
	Key    string // push API: key id; real-name dialect: appid
	Secret string // push API: signing key, "" for a path token alone; real-name dialect: appsecret
	Batch  int    // passes in one request; 0: what the protocol allows
	HTTP   *http.Client
	Clock  clock.Clock
}

var makers = map[string]func(Config) Device{
	"push":      func(c Config) Device { return &pusher{Config: c, memory: memory{most: 1000}} },
	"realname":  func(c Config) Device { return &labourSystem{Config: c, memory: memory{most: 20}} },
	"hikvision": func(c Config) Device { return &hikvision{Config: c, memory: memory{most: 1}} },
	"zkteco":    func(c Config) Device { return &zkteco{Config: c, memory: memory{most: 5000}} },
	"dahua":     func(c Config) Device { return &dahua{Config: c, memory: memory{most: 10}} },
	"uniview":   func(c Config) Device { return &uniview{Config: c, memory: memory{most: 1}} },
	"uface":     func(c Config) Device { return NewUface(c) },
}

// Protocols are the words that [New] knows.
func Protocols() []string {
	list := make([]string, 0, len(makers))
	for word := range makers {
		list = append(list, word)
	}
	slices.Sort(list)
	return list
}

// New sets up a device of a protocol; errs.Fix for one that is not known.
func New(protocol string, c Config) (Device, error) {
	make, ok := makers[protocol]
	if !ok {
		return nil, errs.New(errs.Fix, "protocol_unknown", "不认识的协议，可用：%s", strings.Join(Protocols(), "、"))
	}
	if c.HTTP == nil {
		c.HTTP = http.DefaultClient
	}
	return make(c), nil
}

// memory is what a device has not been acknowledged for.
type memory struct {
	waiting []seen
	counter int // numbers what is seen, from 1
	most    int // of one request
}

// seen is a pass with the number that the device gave it.
type seen struct {
	Pass
	n int
}

// See implements Device.
func (m *memory) See(p Pass) {
	m.counter++
	m.waiting = append(m.waiting, seen{p, m.counter})
}

// Waiting implements Device.
func (m *memory) Waiting() int { return len(m.waiting) }

// send hands over what waits, batch by batch, and forgets what was acknowledged.
func (m *memory) send(batch int, hand func([]seen) error) error {
	if batch <= 0 || batch > m.most {
		batch = m.most
	}
	for len(m.waiting) > 0 {
		n := min(batch, len(m.waiting))
		if err := hand(m.waiting[:n]); err != nil {
			return err
		}
		m.waiting = m.waiting[n:]
	}
	return nil
}

// refused is how a device sees an answer that is no acknowledgement.
func refused(status int, body []byte) error {
	return fmt.Errorf("没有确认：HTTP %d %.200s", status, body)
}

var china = time.FixedZone("", 8*3600)

// wall is a time as the terminal's screen shows it.
func wall(t time.Time) string { return t.In(china).Format(time.DateTime) }
