package dispatch_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch"
)

const alarmSecret = "whsec_c2VjcmV0IGJldHdlZW4gdHdvIHBhcnRpZXM="

// siren is the other system that alarms go to.
type siren struct {
	*httptest.Server
	t *testing.T

	mu     sync.Mutex
	calls  [][]string // code/state of each alarm
	status int
}

func newSiren(t *testing.T) *siren {
	s := &siren{t: t, status: http.StatusNoContent}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *siren) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.status >= 400 {
		w.WriteHeader(s.status)
		return
	}
	body, _ := io.ReadAll(r.Body)
	var said struct {
		Type   string
		At     time.Time `json:"timestamp"`
		Alarms []struct{ Code, Label, State, Words, Playbook string }
	}
	if err := json.Unmarshal(body, &said); err != nil || said.Type != "alarm" {
		s.t.Errorf("%s: %v", body, err)
	}
	if _, _, err := channel.CheckWebhook(alarmSecret, r.Header, body, said.At); err != nil {
		s.t.Error(err)
	}
	var list []string
	for _, a := range said.Alarms {
		if list = append(list, a.Code+"/"+a.State); a.Label == "" || a.Words == "" || !strings.HasSuffix(a.Playbook, a.Code+".md") {
			s.t.Errorf("%+v", a)
		}
	}
	s.calls = append(s.calls, list)
	w.WriteHeader(s.status)
}

func (s *siren) answers(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// heard gives the calls since it was asked the last time.
func (s *siren) heard() [][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

func (s *siren) expect(when string, want ...[]string) {
	s.t.Helper()
	if got := s.heard(); !slices.EqualFunc(got, want, slices.Equal) {
		s.t.Errorf("%s: the siren heard %v, want %v", when, got, want)
	}
}

// post is a watchman's post: a database with a clock, and what watches it.
type post struct {
	t     *testing.T
	dsn   pgtest.Database
	db    *postgres.DB
	clock *clock.Manual
	log   *bytes.Buffer
}

func newPost(t *testing.T) *post {
	t.Helper()
	d := valley.World.Clone(t)
	db, err := postgres.Open(t.Context(), d.AppDSN, 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return &post{t: t, dsn: d, db: db, clock: clock.NewManual(valley.Evening), log: &bytes.Buffer{}}
}

// watchdog makes one; the valley's clock is not the database's.
func (p *post) watchdog(change ...func(*dispatch.WatchdogOptions)) *dispatch.Watchdog {
	o := dispatch.WatchdogOptions{Store: p.db, Limits: response.DefaultLimits, Clock: p.clock, Log: slog.New(slog.NewTextHandler(p.log, nil))}
	o.Limits.Skew = 1 << 62
	for _, do := range change {
		do(&o)
	}
	return dispatch.NewWatchdog(o)
}

func (p *post) exits(c dispatch.ExitConfig) func(*dispatch.WatchdogOptions) {
	p.t.Helper()
	exits, err := dispatch.OpenAlarmExits(c, p.clock)
	if err != nil {
		p.t.Fatal(err)
	}
	return func(o *dispatch.WatchdogOptions) { o.Exits = append(o.Exits, exits...) }
}

func (p *post) to(s *siren) func(*dispatch.WatchdogOptions) {
	return p.exits(dispatch.ExitConfig{URL: s.URL + "/hook?key=not-to-be-logged", Secret: alarmSecret})
}

// round advances the clock, looks once, and waits for the exits.
func (p *post) round(w *dispatch.Watchdog, later time.Duration) {
	p.clock.Advance(later)
	w.Round(p.t.Context())
	w.Settle()
}

func (p *post) do(sql string, args ...any) {
	p.t.Helper()
	if _, err := p.db.Pool().Exec(p.t.Context(), sql, args...); err != nil {
		p.t.Fatal(err)
	}
}

// stall makes clocks that nobody looks at.
func (p *post) stall() {
	p.do(`INSERT INTO duty (id, mode, kind, subject_kind, subject_id, opened_at, due_at, next_at)
		VALUES (gen_random_uuid(), 'actual', 'acknowledge', 'response', gen_random_uuid(), $1, $1, $1)`, p.clock.Now().Add(-2*time.Minute))
}

func (p *post) unstall() {
	p.do("UPDATE duty SET state = 'done', next_at = NULL, ended_at = opened_at")
}

func (p *post) asOwner(sql string) {
	p.t.Helper()
	conn, err := pgx.Connect(p.t.Context(), p.dsn.OwnerDSN)
	if err != nil {
		p.t.Fatal(err)
	}
	defer conn.Close(p.t.Context())
	if _, err := conn.Exec(p.t.Context(), sql); err != nil {
		p.t.Fatal(err)
	}
}
