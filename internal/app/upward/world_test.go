package upward_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/app/door"
	"muster/internal/app/upward"
	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster/gate"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const appSecret = "0123456789abcdefFEDCBA9876543210"

// end is one Muster: a database and its gates on a real socket.
type end struct {
	*testing.T
	db    *postgres.DB
	clock *clock.Manual
	url   string
}

func newEnd(t *testing.T, c *clock.Manual, front func(http.Handler) http.Handler) *end {
	t.Helper()
	e := &end{T: t, db: valley.World.Open(t), clock: c}
	d := door.Door{DB: e.db, Sealer: valley.Sealer, Clock: c}
	server := httptest.NewServer(front(gate.Handler(d, gate.Options{Clock: c, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Mask: d.Mask})))
	t.Cleanup(server.Close)
	e.url = server.URL
	return e
}

func (e *end) speaks(serial string, c postgres.GateConfig) string {
	e.Helper()
	device, err := e.db.DeviceByKey(e.Context(), valley.DeviceKey(serial))
	e.must(err)
	if c.Protocol == "realname" {
		c.SecretSealed = valley.Sealer.Seal("gate", "secret", device.ID.String(), appSecret)
	}
	e.must(e.db.PutGate(e.Context(), device.ID, c, clerk, e.clock.Now()))
	e.must(e.db.ApproveGate(e.Context(), device.ID, clerk, e.clock.Now()))
	return e.url + "/gate/" + c.Protocol + "/" + valley.DeviceKey(serial)
}

var clerk = postgres.Actor{Name: "test"}

func (e *end) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

func (e *end) count(sql string, args ...any) (n int) {
	e.Helper()
	e.must(e.db.Pool().QueryRow(context.Background(), sql, args...).Scan(&n))
	return n
}

// story is a Muster of a project, and the platform above it.
type story struct {
	*end             // ours
	above  *end      // theirs
	push   [2]string // addresses of our gates: presence, and attendance only
	up     uuid.UUID
	front  *front
	logged bytes.Buffer
	sent   int
}

// front stands before the platform: it counts reports and can be what they meet
// instead.
type front struct {
	sync.Mutex
	calls   map[string]int
	instead func(w http.ResponseWriter, method string, form string) bool
}

func (f *front) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		form := string(body)
		method := form[strings.Index(form, "method=")+len("method="):]
		method, _, _ = strings.Cut(method, "&")
		f.Lock()
		f.calls[method]++
		instead := f.instead
		f.Unlock()
		if instead == nil || !instead(w, method, form) {
			next.ServeHTTP(w, r)
		}
	})
}

// meets sets what reports meet instead of the platform; nil: the platform.
func (s *story) meets(f func(w http.ResponseWriter, method, form string) bool) {
	s.front.Lock()
	defer s.front.Unlock()
	s.front.instead, s.front.calls = f, map[string]int{}
}

// crew is how many people of the story have a number of their own in valley.IDNumber,
// from first on: the platform does not know them.
const (
	first = 20
	crew  = 3
)

func crewName(n int) string { return fmt.Sprintf("班组示例%d", n) }

func newStory(t *testing.T) *story {
	t.Helper()
	s := &story{front: &front{calls: map[string]int{}}}
	through := func(h http.Handler) http.Handler { return h }
	s.end = newEnd(t, clock.NewManual(valley.Evening), through)
	s.above = newEnd(t, clock.NewManual(valley.Evening), s.front.before)
	for i, serial := range []string{valley.HomeGate, valley.Punch} {
		s.push[i] = s.speaks(serial, postgres.GateConfig{Protocol: "push", System: "terminal", PerMinute: 1 << 20}) + "/passes"
	}
	team, err := s.db.PutTeam(t.Context(), postgres.LabourTeam{ProjectCode: "P1", Company: "示例劳务", Name: "1号班"}, s.clock.Now())
	s.must(err)
	for n := range crew {
		s.must(s.db.PutWorker(t.Context(), valley.Sealer, postgres.LabourWorker{TeamNo: team, Name: crewName(n), IDNumber: valley.IDNumber(first + n),
			Phone: "", WorkType: "020", Leader: n == 0}, s.clock.Now()))
	}
	s.configure(s.above.speaks(valley.HomeGate, postgres.GateConfig{Protocol: "realname", KeyID: "key-1", PerMinute: 1 << 20}), time.Time{})
	s.later(time.Second)
	return s
}

func (s *story) configure(url string, from time.Time) {
	s.Helper()
	s.up = valley.ID("upstream")
	project, err := s.db.FindPlace(s.Context(), "project", "P1")
	s.must(err)
	s.must(s.db.PutUpstream(s.Context(), postgres.Upstream{ID: s.up, Name: "上级示例", ProjectID: project.Project, ProjectCode: "UP-1", URL: url, AppID: "key-1",
		SecretSealed: valley.Sealer.Seal("upstream", "secret", s.up.String(), appSecret), FromAt: from}, clerk, s.clock.Now()))
}

// later lets time go on at both ends.
func (s *story) later(d time.Duration) {
	s.clock.Advance(d)
	s.above.clock.Advance(d)
}

// passes lets somebody of the crew pass at one of our gates, so many minutes ago.
func (s *story) passes(who, minutes int, direction string) {
	s.passesAt(0, valley.IDNumber(first+who), minutes, direction)
}

func (s *story) passesAt(device int, number string, minutes int, direction string) {
	s.Helper()
	s.sent++
	body := fmt.Sprintf(`{"passes":[{"event_key":"%d","time":%q,"id_number":%q,"direction":%q}]}`, s.sent,
		s.clock.Now().Add(-time.Duration(minutes)*time.Minute).Format(time.RFC3339), number, direction)
	r, err := http.Post(s.push[device], "application/json", strings.NewReader(body))
	s.must(err)
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	s.must(err)
	if !strings.Contains(string(answer), `"accepted":1`) {
		s.Fatal(r.StatusCode, string(answer))
	}
}

// forwarder is a process that forwards.
func (s *story) forwarder() upward.Forwarder {
	return upward.Forwarder{DB: s.db, Sealer: valley.Sealer, Clock: s.clock, Log: slog.New(slog.NewTextHandler(&s.logged, nil)),
		Pause: func(context.Context) error { return nil }}
}

// forwards lets two minutes go by and has a round.
func (s *story) forwards() {
	s.Helper()
	s.later(2 * time.Minute)
	s.must(s.forwarder().Round(s.Context()))
}

func (s *story) state() postgres.Upstream {
	s.Helper()
	u, err := s.db.UpstreamNamed(s.Context(), "上级示例")
	s.must(err)
	return u
}

func (s *story) refused() []postgres.UpstreamRefused {
	s.Helper()
	list, err := s.db.UpstreamRefusals(s.Context(), s.up, 100)
	s.must(err)
	return list
}

// arrived insists on how many passes the platform has, and that none wait for it here.
func (s *story) arrived(want int) {
	s.Helper()
	if n, open := s.above.count("SELECT count(*) FROM pass"), s.count("SELECT count(*) FROM upstream_item WHERE state IN ('waiting', 'sent')"); n != want || open != 0 {
		s.Errorf("the platform has %d passes, want %d; %d things wait here", n, want, open)
	}
}
