package gate

import (
	"log/slog"
	"net/http"
	"net/netip"

	"muster/internal/clock"
	"muster/internal/errs"
)

// Options are what the handler needs besides the door.
type Options struct {
	Clock clock.Clock
	Log   *slog.Logger

	// Mask makes a keyed digest for what must not be readable in an event key or
	// a digest of content (numbers of identity documents). It is the same on all
	// replicas and for as long as devices may send something again (30 days).
	Mask func(text string) string

	// Proxies are the addresses whose X-Forwarded-For is believed.
	Proxies []netip.Prefix

	// MaxBody is the largest request in bytes, before and after decompression;
	// 0: 8 MiB. A face terminal sends a picture with every pass.
	MaxBody int64

	// PerMinute is how many requests a minute one device may make; 0: 600
	// (devices.md §2.1). A caller whom nobody knows gets a tenth of it.
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
	h := &handler{Door: door, Options: o, rates: newRates()}
	mux := http.NewServeMux()
	h.mountPush(mux)
	h.mountRealName(mux)
	h.mountHikvision(mux)
	h.mountZKTeco(mux)
	h.mountDahua(mux)
	h.mountUniview(mux)
	h.mountUface(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, errs.New(errs.NotFound, "no_gate", "没有这个地址；设备地址形如 /gate/协议/令牌，见 docs/gates.md"))
	})
	return mux
}

type handler struct {
	Door
	Options
	rates *rates
}

// route is one address of a protocol.
type route struct {
	protocol Protocol

	// claim adds what the request says about its sender beside the token; may be nil.
	claim func(r *http.Request, c *Claim)

	// peek finds in the body who sends it, where nothing else says so; may be nil.
	peek func(body []byte, c *Claim)

	// take reads the request and answers it. What it returns is given to refuse.
	take func(v *visit) error

	// refuse answers in the protocol's words that the request was not taken.
	refuse func(w http.ResponseWriter, err error)
}

// on makes a handler of a route.
func (h *handler) on(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{h: h, w: w, r: r, at: h.Clock.Now(), address: h.addressOf(r)}
		err := v.enter(rt)
		if err == nil {
			err = rt.take(v)
		}
		if err != nil {
			v.log(rt.protocol, err)
			rt.refuse(w, err)
		}
	}
}
