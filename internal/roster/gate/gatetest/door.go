// Package gatetest is a door that keeps everything in memory, for tests of what
// comes in by the gates.
package gatetest

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/roster/gate"
)

// Registered is a device with how it is found.
type Registered struct {
	gate.Device
	Token string
	Bare  bool  // may come without a token, by its serial
	Held  error // why it is refused, if it is
}

// Door remembers what came. Its fields may be set before it is used and read
// under [Door.Look].
type Door struct {
	mu sync.Mutex

	Devices   []Registered
	Strangers []string // person codes and numbers that nobody knows
	Down      error    // what Keep and Passes fail with

	Hellos   []gate.Hello
	Beats    []gate.Beat
	Raws     []gate.Raw
	Seen     map[Key]gate.Seen // accepted passes
	Kept     []gate.Seen       // quarantine
	Commands []gate.Order
	Showing  gate.Showing
	Dones    map[int64]int
	Teams    map[string]int64
	People   []gate.Worker
	Movers   []gate.Move
	Results  map[string]gate.Result
	nonces   map[string]time.Time
}

// Key is that of a pass.
type Key struct {
	Device uuid.UUID
	At     int64
	Event  string
}

// New makes an empty door.
func New(devices ...Registered) *Door {
	return &Door{Devices: devices, Seen: map[Key]gate.Seen{}, Dones: map[int64]int{}, Teams: map[string]int64{},
		Results: map[string]gate.Result{}, nonces: map[string]time.Time{}}
}

// Options are those of a handler for tests.
func Options(c clock.Clock) gate.Options {
	return gate.Options{Clock: c, Log: slog.New(slog.DiscardHandler), Mask: Mask}
}

// Mask is a keyed digest for tests.
func Mask(text string) string {
	m := hmac.New(sha256.New, []byte("a key for tests"))
	m.Write([]byte(text))
	return hex.EncodeToString(m.Sum(nil)[:12])
}

// Look reads the door's fields while nobody writes them.
func (d *Door) Look(f func(*Door)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f(d)
}

// Device implements gate.Registry.
func (d *Door) Device(_ context.Context, c gate.Claim) (gate.Device, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, r := range d.Devices {
		if r.Protocol == c.Protocol && r.answersTo(c) {
			return r.Device, r.Held
		}
	}
	return gate.Device{}, errs.New(errs.SignIn, "device_unknown", "没有登记这台设备")
}

func (r Registered) answersTo(c gate.Claim) bool {
	switch {
	case c.Token != "":
		return r.Token == c.Token
	case c.KeyID != "":
		return r.KeyID == c.KeyID
	}
	return r.Bare && r.Serial == c.Serial
}

// Unknown implements gate.Registry.
func (d *Door) Unknown(_ context.Context, h gate.Hello) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Hellos = append(d.Hellos, h)
	return nil
}

// Beat implements gate.Registry.
func (d *Door) Beat(_ context.Context, device gate.Device, b gate.Beat) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Beats = append(d.Beats, b)
	for i := range d.Devices {
		if off, known := b.Offset(); known && d.Devices[i].ID == device.ID {
			d.Devices[i].Offset = off
		}
	}
	return nil
}

// Once implements gate.Registry.
func (d *Door) Once(_ context.Context, device gate.Device, nonce string, until time.Time) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := device.ID.String() + nonce
	if _, used := d.nonces[key]; used {
		return false, nil
	}
	d.nonces[key] = until
	return true, nil
}

// Orders implements gate.Registry.
func (d *Door) Orders(context.Context, gate.Device, time.Time) ([]gate.Order, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var open []gate.Order
	for _, o := range d.Commands {
		if _, done := d.Dones[o.ID]; !done {
			open = append(open, o)
		}
	}
	return open, nil
}

// Shows implements gate.Registry.
func (d *Door) Shows(context.Context, gate.Device) (gate.Showing, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.Showing, nil
}

// Done implements gate.Registry.
func (d *Door) Done(_ context.Context, _ gate.Device, order int64, code int, _ time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Dones[order] = code
	return nil
}

// Keep implements gate.Store.
func (d *Door) Keep(_ context.Context, r gate.Raw) (uuid.UUID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Raws = append(d.Raws, r)
	return uuid.NewSHA1(r.DeviceID, r.SHA256[:]), d.Down
}

// Passes implements gate.Store.
func (d *Door) Passes(_ context.Context, device gate.Device, _ uuid.UUID, _ time.Time, seen []gate.Seen) ([]gate.Verdict, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Down != nil {
		return nil, d.Down
	}
	verdicts := make([]gate.Verdict, len(seen))
	for i, s := range seen {
		verdicts[i] = d.pass(device, s)
	}
	return verdicts, nil
}

func (d *Door) pass(device gate.Device, s gate.Seen) gate.Verdict {
	key := Key{device.ID, s.Time.UnixMicro(), s.Key}
	before, there := d.Seen[key]
	switch {
	case s.Why != "":
	case slices.Contains(d.Strangers, s.Person.Code+s.Person.IDNumber):
		s.Why = gate.UnknownPerson
	case there && before.Content == s.Content:
		return gate.Verdict{Outcome: gate.Repeated}
	case there:
		s.Why = gate.Conflict
	default:
		d.Seen[key] = s
		return gate.Verdict{Outcome: gate.Accepted}
	}
	d.Kept = append(d.Kept, s)
	return gate.Verdict{Outcome: gate.Quarantined, Reason: s.Why}
}
