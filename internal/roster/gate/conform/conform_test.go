package conform_test

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

const secret = "0123456789abcdefFEDCBA9876543210"

var noon = time.Date(2026, 7, 21, 4, 0, 0, 0, time.UTC)

func options(protocol, url string) conform.Options {
	return conform.Options{Protocol: protocol, Config: simulate.Config{URL: url + "/gate/" + protocol + "/t0ken", Serial: "SIM0001", Key: "key-1", Secret: secret, Clock: clock.NewManual(noon)}}
}

// ours starts our own server, which knows nobody by the kit's name.
func ours(t *testing.T, protocol string) *httptest.Server {
	t.Helper()
	door := gatetest.New(gatetest.Registered{Token: "t0ken", Device: gate.Device{ID: uuid.MustParse("01900000-0000-7000-8000-000000000001"),
		Protocol: gate.Protocol(protocol), Direction: roster.Unknown, KeyID: "key-1"}})
	if protocol == "push" || protocol == "realname" {
		door.Devices[0].Secret = []byte(secret)
	}
	door.Strangers = []string{conform.Nobody, "000000198001010013"}
	server := httptest.NewServer(gate.Handler(door, gatetest.Options(clock.NewManual(noon))))
	t.Cleanup(server.Close)
	return server
}

func TestOurServerConforms(t *testing.T) {
	for _, protocol := range simulate.Protocols() {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			r, err := conform.Run(t.Context(), options(protocol, ours(t, protocol).URL))
			if err != nil || !r.OK() || len(r.Findings) < 5 {
				t.Errorf("%v\n%s", err, r)
			}
			if !strings.Contains(r.String(), "全部符合") {
				t.Error(r)
			}
		})
	}
}

// wrong are servers as they are found: each says what is not so.
var wrong = map[string]http.HandlerFunc{
	"says yes to everything": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("OK")) },
	"says no to everything":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
	"is a web page":          func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>欢迎</html>")) },
}

func TestWrongServersAreFoundOut(t *testing.T) {
	for name, server := range wrong {
		s := httptest.NewServer(server)
		defer s.Close()
		for _, protocol := range simulate.Protocols() {
			t.Run(name+"/"+protocol, func(t *testing.T) {
				r, err := conform.Run(t.Context(), options(protocol, s.URL))
				if err != nil || r.OK() {
					t.Errorf("%v\n%s", err, r)
				}
				for _, f := range r.Findings {
					if f.Wrong != "" && (f.Mend == "" || f.Asked == "") {
						t.Errorf("no words: %+v", f)
					}
				}
			})
		}
	}
}

func replace(a *httptest.ResponseRecorder, old, text string) {
	body := strings.ReplaceAll(a.Body.String(), old, text)
	a.Body.Reset()
	a.Body.WriteString(body)
}

func TestAServerThatIsNotThere(t *testing.T) {
	r, err := conform.Run(t.Context(), options("hikvision", "http://127.0.0.1:1"))
	if err != nil || r.OK() || strings.Contains(r.String(), "t0ken") {
		t.Errorf("%v\n%s", err, r)
	}
	if _, err := conform.Run(t.Context(), conform.Options{Protocol: "telex"}); err == nil {
		t.Error("a protocol that is none")
	}
}
