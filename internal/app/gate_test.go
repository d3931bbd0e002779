package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/conform"
	"muster/internal/roster/gate/gatetest"
	"muster/internal/roster/gate/simulate"
)

const gateSecret = "0123456789abcdefFEDCBA9876543210"

// gateServer is our own server with one device, and where it is.
func gateServer(t *testing.T, protocol gate.Protocol) (*gatetest.Door, string) {
	t.Helper()
	door := gatetest.New(gatetest.Registered{Token: "t0ken", Device: gate.Device{ID: uuid.New(), Protocol: protocol, Direction: roster.Unknown,
		KeyID: "key-1", SaysIn: true, PerMinute: 1 << 20}})
	if protocol == gate.Push || protocol == gate.RealName {
		door.Devices[0].Secret = []byte(gateSecret)
	}
	door.Strangers = []string{conform.Nobody, "000000198001010013"}
	server := httptest.NewServer(gate.Handler(door, gatetest.Options(clock.System{})))
	t.Cleanup(server.Close)
	return door, server.URL + "/gate/" + string(protocol) + "/t0ken"
}

func TestADayIsSimulatedFromTheCommandLine(t *testing.T) {
	for _, protocol := range gate.Protocols() {
		t.Run(string(protocol), func(t *testing.T) {
			t.Parallel()
			door, url := gateServer(t, protocol)
			people := "11,12,13"
			if protocol == gate.RealName {
				people = "000000198001010021,000000198001010048"
			}
			code, out, said := run(t, "", "gate", "simulate", string(protocol), url, "--key-id", "key-1", "--secret", gateSecret, "--people", people, "--drop", "30", "--repeat")
			if code != ExitOK || !strings.Contains(out, "断网") || !strings.Contains(out, "恢复，补传") || strings.Contains(out+said, "t0ken") {
				t.Fatal(code, out, said)
			}
			door.Look(func(d *gatetest.Door) {
				if want := 4 * (1 + strings.Count(people, ",")); len(d.Seen) != want || len(d.Kept) != 0 {
					t.Errorf("%d passes and %d aside of %d", len(d.Seen), len(d.Kept), want)
				}
			})
		})
	}
}

// A terminal's callbacks fell into an outage; a machine at the site fetches them, twice.
func TestWhatATerminalSawIsFetched(t *testing.T) {
	door, url := gateServer(t, gate.Uface)
	terminal := simulate.NewUface(simulate.Config{Serial: "SIM0001", Clock: clock.System{}})
	server := httptest.NewServer(terminal)
	defer server.Close()
	for i := range 5 {
		terminal.See(simulate.Pass{At: time.Now().Add(-time.Duration(i+1) * time.Minute).Truncate(time.Second), Who: "11", Out: i%2 == 1})
	}
	for range 2 {
		if code, out, said := run(t, "", "gate", "reconcile", server.URL, url, "--password", terminal.Password); code != ExitOK || !strings.Contains(out, "5 条全部送到") || strings.Contains(out+said, "t0ken") {
			t.Fatal(code, out, said)
		}
	}
	door.Look(func(d *gatetest.Door) {
		if len(d.Seen) != 5 {
			t.Errorf("%d passes came", len(d.Seen))
		}
	})
	if code, _, said := run(t, "", "gate", "reconcile", "http://127.0.0.1:1", url); code != ExitFailed || strings.Contains(said, "t0ken") {
		t.Error(code, said)
	}
}

func TestAVendorIsToldWhatIsWrong(t *testing.T) {
	_, url := gateServer(t, gate.ZKTeco)
	if code, out, _ := run(t, "", "gate", "conformance", url); code != ExitOK || !strings.Contains(out, "全部符合") {
		t.Error(code, out)
	}
	wrong := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("OK")) }))
	defer wrong.Close()
	if code, out, _ := run(t, "", "gate", "conformance", wrong.URL+"/x", "--protocol", "zkteco"); code != ExitFailed || !strings.Contains(out, "✗ ") || !strings.Contains(out, "应当：") {
		t.Error(code, out)
	}
	for _, bad := range [][]string{{"gate", "conformance", wrong.URL}, {"gate", "simulate", "telex", url}, {"gate", "simulate", "push", "no address"}} {
		if code, _, said := run(t, "", bad...); code != ExitFailed || said == "" {
			t.Error(bad, code, said)
		}
	}
}
