package gate_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/internal/errs"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/gatetest"
)

const onePass = `{"passes":[{"event_key":"1","time":"2026-03-14T07:04:03+08:00","external":{"code":"1"}}]}`

// endless is a body of a gigabyte that is never in memory; it tells how much was taken.
type endless struct{ left, taken int64 }

func (e *endless) Read(b []byte) (int, error) {
	n := min(int64(len(b)), e.left)
	if n == 0 {
		return 0, io.EOF
	}
	e.left, e.taken = e.left-n, e.taken+n
	return int(n), nil
}

func TestAGigabyteIsRefusedWithoutBeingRead(t *testing.T) {
	for name, length := range map[string]int64{"announced": 1 << 30, "not announced": -1} {
		t.Run(name, func(t *testing.T) {
			h := open(t, gate.Push, nil)
			body := &endless{left: 1 << 30}
			r := httptest.NewRequestWithContext(t.Context(), "POST", passesPath, body)
			r.ContentLength = length
			w := httptest.NewRecorder()
			gate.Handler(h.door, gatetest.Options(h.clock)).ServeHTTP(w, r)
			if w.Code != 413 || !strings.Contains(w.Body.String(), "请分批发送") || body.taken > 9<<20 {
				t.Error(w.Code, w.Body.String(), body.taken)
			}
		})
	}
}

// A request that breaks off leaves nothing behind, and is not acknowledged.
func TestHalfARequest(t *testing.T) {
	h := open(t, gate.ZKTeco, nil)
	c, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = fmt.Fprintf(c, "POST /gate/zkteco/t0ken/iclock/cdata?table=ATTLOG HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n1\t2026-03-14 07:04:03\t0\t1\n")
	_ = c.(*net.TCPConn).CloseWrite()
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != 400 || len(h.door.Raws) != 0 || len(h.passes()) != 0 {
		t.Error(answer.Status, h.door.Raws)
	}
}

func TestTooManyRequests(t *testing.T) {
	h := open(t, gate.Push, func(r *gatetest.Registered) { r.PerMinute = 2 })
	status := func() int { s, _ := h.post(passesPath, "application/json", []byte(onePass)); return s }
	if a, b, c := status(), status(), status(); a != 200 || b != 200 || c != 429 {
		t.Error(a, b, c)
	}
	h.clock.Advance(30 * time.Second)
	if a, b := status(), status(); a != 200 || b != 429 {
		t.Error("half a minute later:", a, b)
	}
}

func TestStrangersAreSlowedDown(t *testing.T) {
	h := open(t, gate.Push, nil)
	var last int
	for range 70 {
		last, _ = h.post("/gate/push/guess/passes", "application/json", []byte(onePass))
	}
	if last != 429 || len(h.door.Hellos) != 60 {
		t.Error(last, len(h.door.Hellos))
	}
}

func TestWhoIsLetIn(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*gatetest.Registered)
		status int
		code   string
	}{
		"from its address": {func(r *gatetest.Registered) { r.Addresses = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} }, 200, ""},
		"from another":     {func(r *gatetest.Registered) { r.Addresses = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")} }, 403, "address"},
		"not approved":     {func(r *gatetest.Registered) { r.Held = errs.New(errs.Held, "not_approved", "等待主管部门同意") }, 409, "not_approved"},
		"disabled":         {func(r *gatetest.Registered) { r.Held = errs.New(errs.Forbidden, "disabled", "设备已停用") }, 403, "disabled"},
		"another token":    {func(r *gatetest.Registered) { r.Token = "other" }, 401, "device_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, gate.Push, c.change)
			status, answer := h.post(passesPath, "application/json", []byte(onePass))
			if status != c.status || !strings.Contains(answer, c.code) {
				t.Error(status, answer)
			}
			if adopted := len(h.door.Hellos) == 1; adopted != (c.status == 401) {
				t.Error("adoption queue:", h.door.Hellos)
			}
		})
	}
}

func TestTheAddressBehindOurProxy(t *testing.T) {
	ours := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.1/32")}
	for name, c := range map[string]struct {
		proxies   []netip.Prefix
		forwarded string
		want      string
	}{
		"no proxy of ours: the header is a lie": {nil, "1.2.3.4", "127.0.0.1"},
		"one":                                   {ours, "1.2.3.4", "1.2.3.4"},
		"two":                                   {ours, "1.2.3.4, 10.0.0.1", "1.2.3.4"},
		"what the device put before":            {ours, "9.9.9.9, 1.2.3.4", "1.2.3.4"},
		"nonsense":                              {ours, "unknown", "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t, gate.Push, nil)
			o := gatetest.Options(h.clock)
			o.Proxies = c.proxies
			r := httptest.NewRequestWithContext(t.Context(), "POST", passesPath, strings.NewReader(onePass))
			r.RemoteAddr = "127.0.0.1:5000"
			r.Header.Set("X-Forwarded-For", c.forwarded)
			gate.Handler(h.door, o).ServeHTTP(httptest.NewRecorder(), r)
			if got := h.door.Raws[0].Address.String(); got != c.want {
				t.Error(got)
			}
		})
	}
}

func TestAddressesThatAreNone(t *testing.T) {
	h := open(t, gate.Push, nil)
	for _, path := range []string{"/gate/", "/gate/push/t0ken/nothing", "/gate/other/t0ken", "/iclock/shell?SN=x"} {
		if status, answer := h.post(path, "", nil); status != 404 && status != 401 || answer == "" {
			t.Error(path, status, answer)
		}
	}
}

// What is kept is what came: the path without its token, the digest of all of it.
func TestWhatIsKept(t *testing.T) {
	h := open(t, gate.Push, nil)
	h.post(passesPath+"?a=1&pushcommkey=x", "application/json", []byte(onePass))
	r := h.door.Raws[0]
	if r.Path != "/gate/push/…/passes" || r.Query != "a=1" || string(r.Body) != onePass || r.DeviceID != deviceID || !r.At.Equal(seven) || r.Dropped != 0 {
		t.Errorf("%+v", r)
	}
}

// Nothing about people and no key stands in what is logged.
func TestNothingPrivateIsLogged(t *testing.T) {
	h := realNameHouse(t)
	var log strings.Builder
	o := gatetest.Options(h.clock)
	o.Log = slog.New(slog.NewTextHandler(&log, nil))
	server := httptest.NewServer(gate.Handler(h.door, o))
	defer server.Close()
	f := signedForm("WorkerAttendance.Add", `{"projectCode":"P1","dataList":[{"idCardNumber":"`+specimen+`"}]}`, "n1", seven.Add(time.Hour))
	v := url.Values{}
	for name, value := range f {
		v.Set(name, value)
	}
	answer, err := http.PostForm(server.URL+realPath, v)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	for _, secret := range []string{specimen, "t0ken", appSecret, f["sign"]} {
		if strings.Contains(log.String(), secret) {
			t.Error("logged:", secret)
		}
	}
	if !strings.Contains(log.String(), "signature_time") {
		t.Error("nothing logged:", log.String())
	}
}
