package gate

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// Door is what stands behind the handler. Every method is told the time by its
// arguments and returns only after what it wrote is committed: a device throws
// its records away when it has been answered.
type Door interface {
	Registry
	Store
	Labour
}

// Registry knows the devices (设备台账).
type Registry interface {
	// Device finds who calls. Failures by kind:
	//   errs.SignIn     nobody is registered under this: the caller is offered
	//                   for adoption ([Registry.Unknown]) and refused
	//   errs.Held       registered, and the approval (项目申请, 主管部门同意) is missing
	//   errs.Forbidden  disabled
	// A refused device keeps its records and sends them when it is let in. The
	// list of addresses and the rate are looked at by the handler.
	Device(ctx context.Context, c Claim) (Device, error)

	// Unknown puts a device that nobody registered into the adoption queue
	// (待认领). The same device again is the same row. Anybody can make it be
	// called: bound what is kept.
	Unknown(ctx context.Context, h Hello) error

	// Beat is a sign of life. It is called for heart-beats and handshakes, not for
	// passes: [Store.Passes] is one as well.
	Beat(ctx context.Context, d Device, b Beat) error

	// Once says whether a nonce is new for this device and remembers it until the
	// given instant, after which its timestamp is refused anyway. All replicas
	// share the memory.
	Once(ctx context.Context, d Device, nonce string, until time.Time) (fresh bool, err error)

	// Orders lists what the device shall do next, for devices that ask (ZKTeco).
	// An order is listed until [Registry.Done] is called for it.
	Orders(ctx context.Context, d Device, at time.Time) ([]Order, error)

	// Shows is what is asked for at the device's site now, for gates that show it
	// to whoever passes, or let nobody in.
	Shows(ctx context.Context, d Device) (Showing, error)

	// Done is the device's word about an order; code 0 and above is success.
	// An order that is not known is no error.
	Done(ctx context.Context, d Device, order int64, code int, at time.Time) error
}

// Store keeps what devices send.
type Store interface {
	// Keep stores a request before it is read and names it. The same bytes from
	// the same device are the same row. The body holds names and numbers of
	// people: it is stored sealed.
	Keep(ctx context.Context, r Raw) (uuid.UUID, error)

	// Passes takes records in the order in which they came, in one transaction,
	// and returns one verdict for each, in that order. A record whose Why is not
	// empty goes to quarantine under that reason; of the others the people are
	// resolved ([UnknownPerson] to quarantine) and the key (device, time, event
	// key) decides between [Accepted], [Repeated] and [Conflict]. An error means
	// that nothing was written: the device will send it all again.
	Passes(ctx context.Context, d Device, raw uuid.UUID, at time.Time, seen []Seen) ([]Verdict, error)
}

// Labour takes what a labour system (劳务实名制系统) reports besides passes, by the
// national real-name dialect. Repeating a report changes nothing.
type Labour interface {
	// Team registers a team (班组) and returns its number (teamSysNo); the same
	// team of the same project and company has the same number.
	Team(ctx context.Context, d Device, t Team, at time.Time) (sysNo int64, err error)

	// Workers registers people in a team: one answer for each, in order; nil is
	// success, an errs.Error names what is wrong with that one.
	Workers(ctx context.Context, d Device, list []Worker, at time.Time) ([]error, error)

	// Moves records who joined or left the project (进退场), as Workers does.
	Moves(ctx context.Context, d Device, list []Move, at time.Time) ([]error, error)

	// Settle keeps the result of a request under its serial code.
	Settle(ctx context.Context, d Device, code string, r Result, at time.Time) error

	// Result finds what Settle kept; errs.NotFound otherwise.
	Result(ctx context.Context, d Device, code string) (Result, error)
}
