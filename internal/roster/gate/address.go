package gate

import (
	"net/http"
	"net/netip"
	"strings"
)

// addressOf is where a request comes from: the last address that a proxy of ours
// did not set.
func (h *handler) addressOf(r *http.Request) netip.Addr {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	address := from.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && within(h.Proxies, address); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		address = hop.Unmap()
	}
	return address
}

// allowed says whether a device may come from an address; an empty list allows any.
func allowed(list []netip.Prefix, a netip.Addr) bool {
	return len(list) == 0 || within(list, a)
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
