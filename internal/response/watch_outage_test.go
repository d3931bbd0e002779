package response

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// silences are the subjects of the silent gates.
func silences(p Pulse) []Finding {
	var list []Finding
	for _, f := range Judge(p, DefaultLimits) {
		if f.Code == DeviceSilent {
			list = append(list, f)
		}
	}
	return list
}

// fellSilent are so many gates of a network, one heard last every few seconds.
func fellSilent(n int, network string, first time.Time, every time.Duration) []GatePulse {
	list := make([]GatePulse, n)
	for i := range list {
		list[i] = GatePulse{ID: uuid.NewSHA1(uuid.Nil, fmt.Appendf(nil, "%s%d", network, i)), Serial: fmt.Sprint(i), Site: fmt.Sprintf("示例%03d", i/2),
			SiteID:  uuid.NewSHA1(uuid.Nil, fmt.Appendf(nil, "site %s%d", network, i/2)),
			HeardAt: first.Add(time.Duration(i) * every), Beats: true, Address: fmt.Sprintf("%s%d", network, i%250+1)}
	}
	return list
}

func TestANetworkThatIsDownRingsOnce(t *testing.T) {
	noon := time.Date(2026, 7, 10, 4, 0, 0, 0, time.UTC)
	down := noon.Add(-2*time.Hour - time.Second) // the first is just due, the others are within minutes
	gates := fellSilent(200, "10.1.2.", down, 2*time.Second)
	got := silences(Pulse{At: noon, Gates: gates})
	if len(got) != 1 || got[0].Subject != "10.1.2.0/24" || !strings.Contains(got[0].Words, "200台") || !strings.Contains(got[0].Words, "100处") ||
		!strings.Contains(got[0].Words, "示例000、") || !strings.Contains(got[0].Words, "另有88处") || !strings.Contains(got[0].Words, "09:59") {
		t.Fatalf("%d findings: %v", len(got), got)
	}
	// It is the same finding an hour later, and when half of them are heard again.
	for _, p := range []Pulse{{At: noon.Add(time.Hour), Gates: gates}, {At: noon.Add(time.Hour), Gates: gates[100:]}} {
		if later := silences(p); len(later) != 1 || later[0].Subject != got[0].Subject {
			t.Errorf("%d findings later", len(later))
		}
	}
}

func TestWhatIsNoOutageRingsOncePerSite(t *testing.T) {
	noon := time.Date(2026, 7, 10, 4, 0, 0, 0, time.UTC)
	long := noon.Add(-3 * time.Hour)
	nowhere := fellSilent(8, "10.1.2.", long, time.Second)
	for i := range nowhere {
		nowhere[i].Address = ""
	}
	for _, c := range []struct {
		what  string
		gates []GatePulse
		want  int
	}{
		{"four of one network, two sites", fellSilent(4, "10.1.2.", long, time.Second), 2},
		{"eight of eight networks", func() (all []GatePulse) {
			for i := range 8 {
				all = append(all, fellSilent(1, fmt.Sprintf("10.1.%d.", i), long, 0)...)
			}
			return all
		}(), 8},
		{"one every ten minutes, three sites", fellSilent(6, "10.1.2.", long, 10*time.Minute), 3},
		{"whose network nobody knows, four sites", nowhere, 4},
		{"one of each site", func() (all []GatePulse) {
			for i := range 4 {
				all = append(all, fellSilent(8, "10.1.2.", long, time.Second)[2*i])
			}
			return all
		}(), 4},
		{"not yet due", fellSilent(9, "10.1.2.", noon.Add(-119*time.Minute), time.Second), 0},
		{"an outage, and one that was silent before", append(fellSilent(6, "10.1.2.", long, time.Second)[1:], fellSilent(1, "10.1.2.", long.Add(-time.Hour), 0)...), 2},
		{"two outages", append(fellSilent(5, "10.1.2.", long, time.Second), fellSilent(5, "10.1.3.", long, time.Second)...), 2},
	} {
		if got := silences(Pulse{At: noon, Gates: c.gates}); len(got) != c.want {
			t.Errorf("%s: %d findings, want %d: %v", c.what, len(got), c.want, got)
		}
	}
}

// The router of a camp is dead: its three gates, of which nobody knows the network,
// ring once, and the same alarm goes on when a fourth of another network falls silent.
func TestTheGatesOfASiteRingOnce(t *testing.T) {
	noon := time.Date(2026, 7, 10, 4, 0, 0, 0, time.UTC)
	camp := fellSilent(4, "10.1.2.", noon.Add(-3*time.Hour), 15*time.Minute)
	for i := range camp {
		camp[i].SiteID, camp[i].Site = camp[0].SiteID, "示例驻地"
		if i < 3 {
			camp[i].Address = ""
		}
	}
	subject := camp[0].SiteID.String()
	for _, c := range []struct {
		gates []GatePulse
		words string
	}{
		{camp[:1], "“示例驻地”的门禁 0 已3小时没有声音"},
		{camp[:3], "“示例驻地”有3台门禁没有声音，最久的已3小时，现场在场人数可能不准：0、1、2"},
		{camp, "“示例驻地”有4台门禁"},
	} {
		got := silences(Pulse{At: noon, Gates: c.gates})
		if len(got) != 1 || got[0].Subject != subject || !strings.Contains(got[0].Words, c.words) {
			t.Errorf("%d gates: %v", len(c.gates), got)
		}
	}
}
