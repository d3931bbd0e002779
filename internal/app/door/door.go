// Package door lets the gates' protocols (roster/gate) meet the database: it
// finds who a caller is, keeps what was sent, and hands passes on.
package door

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

// Door implements gate.Door over the database.
type Door struct {
	DB     *postgres.DB
	Sealer *account.Sealer
	Clock  clock.Clock
}

var _ gate.Door = Door{}

// Mask is the keyed digest for event keys (gate.Options.Mask): what a device sends
// again after a change of keys has the same key as before.
func (d Door) Mask(text string) string { return d.Sealer.Lasting("gate", text) }

// Device implements gate.Registry.
func (d Door) Device(ctx context.Context, c gate.Claim) (gate.Device, error) {
	g, err := d.find(ctx, c)
	if errs.Is(err, errs.NotFound) {
		return gate.Device{}, errs.New(errs.SignIn, "device_unknown", "没有登记这台设备，已列入待认领")
	}
	if err != nil {
		return gate.Device{}, err
	}
	device, err := d.device(g)
	switch {
	case err != nil:
		return device, err
	case g.DisabledAt != nil:
		return device, errs.New(errs.Forbidden, "device_disabled", "这台设备已停用")
	case g.ApprovedAt == nil:
		return device, errs.New(errs.Held, "device_held", "这台设备还没有经主管部门同意，记录请保留，同意后会收下")
	}
	return device, nil
}

func (d Door) find(ctx context.Context, c gate.Claim) (postgres.Gate, error) {
	switch {
	case c.Token != "":
		return d.DB.GateByToken(ctx, string(c.Protocol), account.KeyHash(c.Token))
	case c.KeyID != "":
		return d.DB.GateByKeyID(ctx, string(c.Protocol), c.KeyID)
	}
	list, err := d.DB.BareGates(ctx, string(c.Protocol), c.Serial)
	if err != nil {
		return postgres.Gate{}, err
	}
	for _, g := range list {
		if comesFrom(prefixes(g.Addresses), c.Address) {
			return g, nil
		}
	}
	return postgres.Gate{}, errs.New(errs.NotFound, "not_found", "没有这台设备")
}

// comesFrom: a device that comes without a token is only believed at an address
// that was registered for it.
func comesFrom(list []netip.Prefix, at netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(at.Unmap()) })
}

func (d Door) device(g postgres.Gate) (gate.Device, error) {
	out := gate.Device{ID: g.ID, SiteID: g.SiteID, Protocol: gate.Protocol(g.Protocol), Serial: g.Serial, Direction: directionOf(g.Direction),
		Readers: map[string]roster.Direction{}, SaysIn: g.SaysIn, System: g.System, Addresses: prefixes(g.Addresses), PerMinute: g.PerMinute}
	if g.BareSerial != "" {
		out.Serial = g.BareSerial
	}
	for reader, dir := range g.Readers {
		out.Readers[reader] = directionOf(dir)
	}
	if g.KeyID != nil {
		out.KeyID = *g.KeyID
	}
	if g.ClockOffset != nil {
		out.Offset = time.Duration(*g.ClockOffset) * time.Millisecond
	}
	if g.SecretSealed != nil {
		secret, err := d.Sealer.Open("gate", "secret", g.ID.String(), *g.SecretSealed)
		if err != nil {
			return out, err
		}
		out.Secret = []byte(secret)
	}
	if g.Zone != "" {
		zone, err := time.LoadLocation(g.Zone)
		if err != nil {
			return out, errs.New(errs.Internal, "gate_zone", "a device's time zone cannot be read").Because(err)
		}
		out.Zone = zone
	}
	return out, nil
}

func directionOf(word string) roster.Direction {
	if word == "in" || word == "out" {
		return roster.Direction(word)
	}
	return roster.Unknown
}

// prefixes are the addresses that can be read; they were checked when written.
func prefixes(list []string) []netip.Prefix {
	var out []netip.Prefix
	for _, text := range list {
		if p, err := netip.ParsePrefix(text); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// Unknown implements gate.Registry.
func (d Door) Unknown(ctx context.Context, h gate.Hello) error {
	return d.DB.KnockedGate(ctx, postgres.UnknownGate{Protocol: string(h.Protocol), Serial: h.Serial, Address: h.Address.String(), Model: h.Model, LastAt: h.At})
}

// Beat implements gate.Registry.
func (d Door) Beat(ctx context.Context, device gate.Device, b gate.Beat) error {
	beat := postgres.GateBeat{Device: device.ID, At: b.At, Serial: b.Serial, Model: b.Model, Firmware: b.Firmware, Twin: b.Twin}
	if b.Address.IsValid() {
		beat.Address = b.Address.String()
	}
	if ahead, known := b.Offset(); known {
		beat.Ahead = &ahead
	}
	if b.Backlog >= 0 {
		beat.Backlog = &b.Backlog
	}
	return d.DB.BeatGate(ctx, beat)
}

// Once implements gate.Registry.
func (d Door) Once(ctx context.Context, device gate.Device, nonce string, until time.Time) (bool, error) {
	return d.DB.GateOnce(ctx, device.ID, nonce, until, d.Clock.Now())
}

// Orders implements gate.Registry.
func (d Door) Orders(ctx context.Context, device gate.Device, _ time.Time) ([]gate.Order, error) {
	list, err := d.DB.GateOrders(ctx, device.ID)
	orders := make([]gate.Order, len(list))
	for i, o := range list {
		orders[i] = gate.Order{ID: o.ID, Kind: gate.OrderKind(o.Kind), Door: o.Door}
		if o.FromAt != nil && o.ToAt != nil {
			orders[i].From, orders[i].To = *o.FromAt, *o.ToAt
		}
	}
	return orders, err
}

// Shows implements gate.Registry.
func (d Door) Shows(ctx context.Context, device gate.Device) (gate.Showing, error) {
	list, err := d.DB.AtGate(ctx, device.SiteID)
	var s gate.Showing
	for _, g := range list {
		s.Warnings = append(s.Warnings, gate.Shown{Title: g.Title, Level: string(g.Level), Measure: string(g.Measure), Sentence: g.Sentence, Exercise: g.Exercise})
		s.RefuseEntry = s.RefuseEntry || g.Refuses()
	}
	return s, err
}

// Done implements gate.Registry.
func (d Door) Done(ctx context.Context, device gate.Device, order int64, code int, at time.Time) error {
	return d.DB.GateOrderDone(ctx, device.ID, order, code, at)
}

// rawNames is the space of the ids of kept requests: the same bytes of the same
// device are the same row.
var rawNames = uuid.MustParse("c1f0a2a5-6a53-4a45-8a9c-7d1d3c0c1e55")

// Keep implements gate.Store.
func (d Door) Keep(ctx context.Context, r gate.Raw) (uuid.UUID, error) {
	id := uuid.NewSHA1(rawNames, append(r.DeviceID[:], r.SHA256[:]...))
	return id, d.DB.KeepRaw(ctx, postgres.GateRaw{ID: id, DeviceID: r.DeviceID, Protocol: string(r.Protocol), At: r.At, Path: r.Path, Query: r.Query,
		ContentType: r.ContentType, BodySealed: d.Sealer.Seal("gate_raw", "body", id.String(), string(r.Body)), Dropped: r.Dropped, SHA256: r.SHA256[:]})
}
