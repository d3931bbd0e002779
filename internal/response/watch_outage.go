package response

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/roster"
)

// An outage (断网) is many gates of one network that fell silent at once: one finding
// names them, so that two hundred rows do not hide what has happened.
const (
	outageGates = 5                // fewer ring by site
	outageSpan  = 15 * time.Minute // between the last signs of life of the first and the last
	outageNames = 12               // sites, and gates of a site, that are named; the others are counted
)

// network is the network from which a gate speaks: the /24 of its address, the /64
// of an IPv6 one; "" when it is not known.
func (g GatePulse) network() string {
	ip, err := netip.ParseAddr(g.Address)
	if err != nil {
		return ""
	}
	ip, bits := ip.Unmap().WithZone(""), 64
	if ip.Is4() {
		bits = 24
	}
	p, _ := ip.Prefix(bits) // no length of the two is too long
	return p.String()
}

// tooLong says whether a gate is silent for too long at an instant.
func (g GatePulse) tooLong(at time.Time) bool {
	return roster.SilentFor(g.HeardAt, at, g.SilentAfter, g.Beats).TooLong()
}

// gates says which gates are silent for too long: those of an outage together, the
// others by site, because what silences one gate of a site (its power, its router)
// silences the next. A gate whose network is not known is part of no outage.
func (j *judgement) gates(list []GatePulse) {
	of := map[string][]GatePulse{}
	for _, g := range list {
		of[g.network()] = append(of[g.network()], g)
	}
	at := map[uuid.UUID][]GatePulse{}
	for network, gates := range of {
		outage := []GatePulse(nil)
		if network != "" {
			outage = j.outage(gates)
		}
		if len(outage) > 0 {
			j.add(DeviceSilent, network, "%s", outageWords(network, outage))
		}
		for _, g := range gates {
			if g.tooLong(j.at) && !slices.ContainsFunc(outage, func(o GatePulse) bool { return o.ID == g.ID }) {
				at[g.SiteID] = append(at[g.SiteID], g)
			}
		}
	}
	for site, gates := range at {
		slices.SortFunc(gates, longestSilent)
		j.add(DeviceSilent, site.String(), "%s", siteWords(gates, j.at))
	}
}

func longestSilent(a, b GatePulse) int {
	return cmp.Or(a.HeardAt.Compare(b.HeardAt), cmp.Compare(a.ID.String(), b.ID.String()))
}

// siteWords says of the silent gates of a site, the longest silent first, how many
// and which they are.
func siteWords(gates []GatePulse, at time.Time) string {
	first := gates[0]
	if len(gates) == 1 {
		return fmt.Sprintf("“%s”的门禁 %s 已%s没有声音，现场在场人数可能不准", first.Site, first.Serial, span(at.Sub(first.HeardAt)))
	}
	serials := make([]string, len(gates))
	for i, g := range gates {
		serials[i] = g.Serial
	}
	return fmt.Sprintf("“%s”有%d台门禁没有声音，最久的已%s，现场在场人数可能不准：%s", first.Site, len(gates), span(at.Sub(first.HeardAt)), someOf(serials, "台"))
}

// someOf names the first of a list and counts the others.
func someOf(list []string, unit string) string {
	named := strings.Join(list[:min(len(list), outageNames)], "、")
	if more := len(list) - outageNames; more > 0 {
		named += fmt.Sprintf(" 等，另有%d%s", more, unit)
	}
	return named
}

// outage are the most gates of a network that fell silent within the span, one of
// them for too long already; none when they are few. Those that will be silent for
// too long within the span are counted: the first to be due must not ring alone.
func (j *judgement) outage(gates []GatePulse) []GatePulse {
	var quiet []GatePulse
	for _, g := range gates {
		if g.tooLong(j.at.Add(outageSpan)) {
			quiet = append(quiet, g)
		}
	}
	slices.SortFunc(quiet, longestSilent)
	var most []GatePulse
	for i, end := 0, 0; i < len(quiet); i++ {
		for end < len(quiet) && quiet[end].HeardAt.Sub(quiet[i].HeardAt) <= outageSpan {
			end++
		}
		if end-i > len(most) {
			most = quiet[i:end]
		}
	}
	if len(most) < outageGates || !slices.ContainsFunc(most, func(g GatePulse) bool { return g.tooLong(j.at) }) {
		return nil
	}
	return most
}

// outageWords says how many, since when, and where: the list by site.
func outageWords(network string, gates []GatePulse) string {
	var sites []string
	for _, g := range gates {
		if !slices.Contains(sites, g.Site) {
			sites = append(sites, g.Site)
		}
	}
	slices.Sort(sites)
	return fmt.Sprintf("网络 %s 的%d台门禁在 %s 前后一起没有了声音，像是断网或断电，%d处现场的在场人数可能不准：%s", network, len(gates), gates[0].HeardAt.In(clock.Shanghai).Format("15:04"), len(sites), someOf(sites, "处"))
}
