package simulate_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"muster/internal/clock"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
	"muster/internal/roster/gate/simulate"
)

// evening is after the day that is played: 19:30 in Sichuan.
var evening = time.Date(2026, 7, 21, 11, 30, 0, 0, time.UTC)

const secret = "0123456789abcdefFEDCBA9876543210"

// site is Muster with one device at it.
type site struct {
	door   *gatetest.Door
	config simulate.Config
}

// build starts a server that knows one device of a protocol.
func build(t *testing.T, protocol string) *site {
	t.Helper()
	door := gatetest.New(gatetest.Registered{Token: "t0ken", Device: gate.Device{ID: uuid.MustParse("01900000-0000-7000-8000-000000000001"),
		Protocol: gate.Protocol(protocol), Direction: roster.Unknown, SaysIn: true, PerMinute: 1 << 30}})
	c := clock.NewManual(evening)
	server := httptest.NewServer(gate.Handler(door, gatetest.Options(c)))
	t.Cleanup(server.Close)
	s := &site{door: door, config: simulate.Config{URL: server.URL + "/gate/" + protocol + "/t0ken", Serial: "SIM0001", Clock: c, HTTP: http.DefaultClient}}
	if protocol == "realname" || protocol == "push" {
		s.config.Key, s.config.Secret = "key-1", secret
		door.Devices[0].KeyID, door.Devices[0].Secret = "key-1", []byte(secret)
	}
	return s
}

// day is what happens at a gate: people go in and out.
func day(protocol string, n int) []simulate.Pass {
	list := make([]simulate.Pass, n)
	for i := range list {
		who := fmt.Sprint(10000 + i%7)
		if protocol == "realname" {
			who = citizens[i%len(citizens)]
		}
		list[i] = simulate.Pass{At: evening.Add(-10*time.Hour + time.Duration(i)*13*time.Minute/2).Truncate(time.Second), Who: who, Out: i%5 > 2}
	}
	return list
}

// citizens are numbers that are formed well and belong to nobody: the region is 000000.
var citizens = []string{citizen("00000019800101001"), citizen("00000019800101002"), citizen("00000019800101003")}

func citizen(digits string) string {
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(digits[i]-'0') * w
	}
	return digits + string("10X98765432"[sum%11])
}

// play sends a day over a line until the device has been acknowledged for all of it.
func (s *site) play(t interface{ Fatal(...any) }, protocol string, passes []simulate.Pass, faults []simulate.Fault) {
	config := s.config
	config.HTTP = &http.Client{Transport: &simulate.Line{Faults: func(n int) simulate.Fault {
		if n < len(faults) {
			return faults[n]
		}
		return simulate.Fine
	}}}
	device, err := simulate.New(protocol, config)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range passes {
		device.See(p)
	}
	for range 3*len(faults) + 3 {
		err = device.Send(ctx(t))
		if err == nil && device.Waiting() == 0 {
			break
		}
	}
	if u, once := device.(*simulate.Uface); once {
		err = s.bring(ctx(t), u)
	}
	if err != nil || device.Waiting() != 0 {
		t.Fatal(device.Waiting(), "passes still wait:", err)
	}
}

// seen writes what is behind the door, one line for a pass.
func (s *site) seen() (list []string) {
	s.door.Look(func(d *gatetest.Door) {
		for _, p := range d.Seen {
			list = append(list, line(p.Time, p.Person.Code+p.Person.IDNumber, p.Direction == roster.Out))
		}
	})
	slices.Sort(list)
	return list
}

func wanted(passes []simulate.Pass) []string {
	list := make([]string, len(passes))
	for i, p := range passes {
		list[i] = line(p.At, p.Who, p.Out)
	}
	slices.Sort(list)
	return list
}

func line(at time.Time, who string, out bool) string {
	return fmt.Sprint(at.UTC().Format(time.RFC3339), " ", who, " ", out)
}

// same compares with what there should be; Uface and Uniview do not say a direction.
func same(protocol string, got, want []string) bool {
	if protocol == "uface" || protocol == "uniview" {
		want = slices.Clone(want)
		for i := range want {
			want[i] = strings.Replace(want[i], " true", " false", 1)
		}
		slices.Sort(want)
	}
	return slices.Equal(got, want)
}

// On any line, with requests dropped, cut in half, answered to nobody or sent
// twice, every pass arrives once; played again, the day changes nothing.
func TestADayArrivesOnceOnAnyLine(t *testing.T) {
	for _, protocol := range simulate.Protocols() {
		t.Run(protocol, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				s := build(t, protocol)
				passes := day(protocol, rapid.IntRange(1, 40).Draw(rt, "passes"))
				faults := rapid.SliceOfN(rapid.SampledFrom([]simulate.Fault{simulate.Fine, simulate.Dropped, simulate.Half, simulate.Unheard, simulate.Repeated}), 0, 25).Draw(rt, "line")
				s.config.Batch = rapid.IntRange(0, 9).Draw(rt, "batch")
				s.play(rt, protocol, passes, faults)
				want := wanted(passes)
				if got := s.seen(); !same(protocol, got, want) {
					rt.Fatalf("got %v\nwant %v", got, want)
				}
				s.play(rt, protocol, passes, nil)
				if got := s.seen(); !same(protocol, got, want) {
					rt.Fatalf("played again: %v", got)
				}
				s.door.Look(func(d *gatetest.Door) {
					if len(d.Kept) != 0 {
						rt.Fatalf("in quarantine: %+v", d.Kept)
					}
				})
			})
		})
	}
}

// The pictures that every device sends are nowhere behind the door.
func TestNoFaceComesIn(t *testing.T) {
	mark := []byte(simulate.FaceMark)
	for _, protocol := range simulate.Protocols() {
		t.Run(protocol, func(t *testing.T) {
			s := build(t, protocol)
			s.play(t, protocol, day(protocol, 12), nil)
			dropped := 0
			s.door.Look(func(d *gatetest.Door) {
				for _, r := range d.Raws {
					dropped += r.Dropped
					if bytes.Contains(r.Body, mark) || bytes.Contains(r.Body, []byte("dGhpcy1pcy1hLWZhY2Ut")) {
						t.Errorf("%.300s", r.Body)
					}
				}
			})
			if dropped == 0 && protocol != "push" {
				t.Error("no picture was sent")
			}
		})
	}
}

// A two-hour outage: the backlog comes in one go and is known as history.
func TestABacklogIsHistory(t *testing.T) {
	s := build(t, "zkteco")
	passes := day("zkteco", 60)
	s.play(t, "zkteco", passes, []simulate.Fault{simulate.Dropped, simulate.Dropped, simulate.Dropped})
	s.door.Look(func(d *gatetest.Door) {
		for _, p := range d.Seen {
			if !p.History(evening) {
				t.Errorf("news: %+v", p)
			}
		}
	})
}

func TestATerminalDoesWhatItIsTold(t *testing.T) {
	s := build(t, "zkteco")
	s.door.Commands = []gate.Order{{ID: 7, Kind: gate.Unlock}}
	s.play(t, "zkteco", day("zkteco", 1), nil)
	if code, done := s.door.Dones[7]; !done || code != 0 {
		t.Error(s.door.Dones)
	}
}

func TestAProtocolThatIsNone(t *testing.T) {
	if _, err := simulate.New("telex", simulate.Config{}); err == nil || !strings.Contains(err.Error(), "hikvision") {
		t.Error(err)
	}
}
