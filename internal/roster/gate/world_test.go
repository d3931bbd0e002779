package gate_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

// seven is a second after the passes of the samples: 07:04:03 in Sichuan.
var seven = time.Date(2026, 3, 13, 23, 4, 4, 0, time.UTC)

var deviceID = uuid.MustParse("01900000-0000-7000-8000-000000000001")

// house is a server with one device behind a real socket.
type house struct {
	t     *testing.T
	door  *gatetest.Door
	clock *clock.Manual
	url   string
}

// open starts a server that knows one device of a protocol, under the token "t0ken".
func open(t *testing.T, p gate.Protocol, change func(*gatetest.Registered)) *house {
	t.Helper()
	r := gatetest.Registered{Token: "t0ken", Device: gate.Device{ID: deviceID, Protocol: p, Direction: roster.Unknown, System: "site-1"}}
	if change != nil {
		change(&r)
	}
	h := &house{t: t, door: gatetest.New(r), clock: clock.NewManual(seven)}
	server := httptest.NewServer(gate.Handler(h.door, gatetest.Options(h.clock)))
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// post sends a body and returns the status and the answer.
func (h *house) post(path, kind string, body []byte, headers ...string) (int, string) {
	h.t.Helper()
	return h.send("POST", path, kind, body, headers...)
}

func (h *house) send(method, path, kind string, body []byte, headers ...string) (int, string) {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+path, bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// passes are the accepted ones, kept the reasons of quarantine.
func (h *house) passes() (list []gate.Seen) {
	h.door.Look(func(d *gatetest.Door) {
		for _, s := range d.Seen {
			list = append(list, s)
		}
	})
	return list
}

func (h *house) kept() (list []roster.Reason) {
	h.door.Look(func(d *gatetest.Door) {
		for _, s := range d.Kept {
			list = append(list, s.Why)
		}
	})
	return list
}
