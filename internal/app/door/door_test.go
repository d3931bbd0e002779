package door_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/app/door"
	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// site is a door in the valley with its handler on a real socket.
type site struct {
	*testing.T
	db    *postgres.DB
	door  door.Door
	clock *clock.Manual
	url   string
	id    uuid.UUID // of the device HOME
}

var clerk = postgres.Actor{Name: "test"}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{T: t, db: valley.World.Open(t), clock: clock.NewManual(valley.Evening)}
	s.opens(valley.Sealer)
	d, err := s.db.DeviceByKey(t.Context(), valley.DeviceKey(valley.HomeGate))
	if err != nil {
		t.Fatal(err)
	}
	s.id = d.ID
	return s
}

// opens starts the handler, with the given keys.
func (s *site) opens(keys *account.Sealer) {
	s.Helper()
	s.door = door.Door{DB: s.db, Sealer: keys, Clock: s.clock}
	server := httptest.NewServer(gate.Handler(s.door, gate.Options{Clock: s.clock, Log: slog.New(slog.NewTextHandler(s.Output(), nil)), Mask: s.door.Mask}))
	s.Cleanup(server.Close)
	s.url = server.URL
}

// speaks lets the gate of the home speak a protocol; approved or not.
func (s *site) speaks(c postgres.GateConfig, approved bool) {
	s.Helper()
	if err := s.db.PutGate(s.Context(), s.id, c, clerk, s.clock.Now()); err != nil {
		s.Fatal(err)
	}
	if approved {
		if err := s.db.ApproveGate(s.Context(), s.id, clerk, s.clock.Now()); err != nil {
			s.Fatal(err)
		}
	}
}

func (s *site) posts(path, body string) (int, string) {
	s.Helper()
	r, err := http.Post(s.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		s.Fatal(err)
	}
	return r.StatusCode, string(b)
}

func (s *site) count(sql string) (n int) {
	s.Helper()
	if err := s.db.Pool().QueryRow(context.Background(), sql).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

// pass is a record of a worker, so many minutes before now.
func (s *site) pass(key string, worker, minutes int) string {
	return fmt.Sprintf(`{"event_key":%q,"time":%q,"person_id":%q,"direction":"in"}`, key,
		s.clock.Now().Add(-time.Duration(minutes)*time.Minute).Format(time.RFC3339), valley.ID(valley.Worker(worker)))
}

var path = "/gate/push/" + valley.DeviceKey(valley.HomeGate) + "/passes"

func TestADeviceIsHeardOnceTheAuthorityAgrees(t *testing.T) {
	s := newSite(t)
	batch := `{"passes":[` + s.pass("1", 0, 5) + `]}`
	if status, body := s.posts(path, batch); status != http.StatusUnauthorized {
		t.Errorf("nobody registered it: %d %s", status, body)
	}
	s.speaks(postgres.GateConfig{Protocol: "push"}, false)
	if status, body := s.posts(path, batch); status < 400 || !strings.Contains(body, "同意") {
		t.Errorf("nobody agreed: %d %s", status, body)
	}
	s.speaks(postgres.GateConfig{Protocol: "push"}, true)
	if status, body := s.posts(path, batch); status != 200 || s.count("SELECT count(*) FROM pass") != 1 {
		t.Errorf("%d %s", status, body)
	}
	if n := s.count("SELECT count(*) FROM presence WHERE inside"); n != 1 {
		t.Errorf("%d people are inside", n)
	}
}

// A stranger in the middle of a batch, a clock of 1970, and the same batch again:
// the rest counts, once, and what is odd is kept once.
func TestOneBrokenRecordSpoilsNoOther(t *testing.T) {
	s := newSite(t)
	s.speaks(postgres.GateConfig{Protocol: "push"}, true)
	stranger := strings.ReplaceAll(s.pass("2", 1, 4), valley.ID(valley.Worker(1)).String(), uuid.NewString())
	batch := `{"passes":[` + strings.Join([]string{s.pass("1", 0, 5), stranger, `{"event_key":"3","time":"1970-01-01T08:00:00+08:00","card":"77"}`,
		`17`, s.pass("4", 2, 3)}, ",") + `]}`
	for round, want := range []string{"2 0 3", "0 2 3"} {
		status, body := s.posts(path, batch)
		var got struct {
			Accepted, Repeated int
			Quarantined        []struct{ Reason string }
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil || status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		if said := fmt.Sprint(got.Accepted, got.Repeated, len(got.Quarantined)); said != want {
			t.Errorf("round %d: %s, want %s: %s", round, said, want, body)
		}
	}
	if passes, aside := s.count("SELECT count(*) FROM pass"), s.count("SELECT count(*) FROM pass_quarantine"); passes != 2 || aside != 3 {
		t.Errorf("%d passes, %d in quarantine", passes, aside)
	}
	if raw := s.count("SELECT count(*) FROM gate_raw"); raw != 1 {
		t.Errorf("the bytes are kept %d times", raw)
	}
	if named := s.count("SELECT count(*) FROM pass_quarantine WHERE body::text LIKE '%event_key%'"); named != 0 {
		t.Error("quarantine can be read without the key")
	}
}

// The same number with another person is not a repetition.
func TestTheSameNumberWithAnotherContentIsKeptAside(t *testing.T) {
	s := newSite(t)
	s.speaks(postgres.GateConfig{Protocol: "push"}, true)
	s.posts(path, `{"passes":[`+s.pass("1", 0, 5)+`]}`)
	_, body := s.posts(path, `{"passes":[`+s.pass("1", 1, 5)+`]}`)
	if !strings.Contains(body, "conflict") || s.count("SELECT count(*) FROM presence") != 1 {
		t.Error(body)
	}
}

// A digest is any bytes at all; none of them makes a conflict unwritable.
func TestAConflictIsKeptWhateverItsDigestIs(t *testing.T) {
	s := newSite(t)
	device, err := s.db.DeviceByKey(t.Context(), valley.DeviceKey(valley.HomeGate))
	if err != nil {
		t.Fatal(err)
	}
	for _, digest := range []roster.Digest{{1}, {0, 1}, {0xff, 0xfe}, {'"', 0, '\\'}} {
		pass := roster.Pass{DeviceID: s.id, DeviceTime: s.clock.Now(), EventKey: "1", PersonID: valley.ID(valley.Worker(0)),
			SiteID: device.SiteID, Direction: roster.In, ReceivedAt: s.clock.Now(), Content: digest}
		if _, err := s.db.FlushPasses(t.Context(), postgres.PassBatch{Device: device, Passes: []roster.Pass{pass}, At: s.clock.Now()}); err != nil {
			t.Errorf("%x: %v", digest[:4], err)
		}
	}
	if n := s.count("SELECT count(*) FROM pass_quarantine WHERE reason = 'conflict'"); n != 3 {
		t.Errorf("%d conflicts are kept, want 3", n)
	}
}

func TestWhoKnocksIsOfferedForAdoption(t *testing.T) {
	s := newSite(t)
	for range 3 {
		s.posts("/gate/push/no-such-token/passes", `{"passes":[]}`)
	}
	list, err := s.db.UnknownGates(t.Context())
	if err != nil || len(list) != 1 || list[0].Times != 3 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestANonceIsGoodOnce(t *testing.T) {
	s := newSite(t)
	device := gate.Device{ID: s.id}
	for n, want := range []bool{true, false} {
		fresh, err := s.door.Once(t.Context(), device, "n-1", s.clock.Now().Add(5*time.Minute))
		if err != nil || fresh != want {
			t.Errorf("%d: %v %v", n, fresh, err)
		}
	}
	s.clock.Advance(time.Hour)
	if fresh, err := s.door.Once(t.Context(), device, "n-2", s.clock.Now().Add(5*time.Minute)); err != nil || !fresh {
		t.Errorf("%v %v", fresh, err)
	}
	if n := s.count("SELECT count(*) FROM gate_nonce"); n != 1 {
		t.Errorf("%d nonces are remembered", n)
	}
}

// A labour system reports a team, its people and who leaves; twice.
func TestALabourSystemReportsItsPeople(t *testing.T) {
	s := newSite(t)
	device, at := gate.Device{ID: s.id}, s.clock.Now()
	var no int64
	for range 2 {
		var err error
		if no, err = s.door.Team(t.Context(), device, gate.Team{Project: "P-1", CompanyCode: "C", Company: "示例公司", Name: "架子班"}, at); err != nil {
			t.Fatal(err)
		}
		errs, err := s.door.Workers(t.Context(), device, []gate.Worker{
			{TeamNo: no, Name: "示例甲", Document: gate.IDDocument{Kind: "01", Number: valley.IDNumber(90)}},
			{TeamNo: no, Name: "示例乙", Document: gate.IDDocument{Kind: "01", Number: "123"}},
			{TeamNo: no + 1, Name: "示例丙", Document: gate.IDDocument{Kind: "01", Number: valley.IDNumber(91)}},
		}, at)
		if err != nil || errs[0] != nil || errs[1] == nil || errs[2] == nil {
			t.Fatalf("%v %v", errs, err)
		}
	}
	if n := s.count("SELECT count(*) FROM team_member WHERE valid_until IS NULL"); n != 1 {
		t.Errorf("%d members", n)
	}
	left := []gate.Move{{TeamNo: no, Document: gate.IDDocument{Kind: "01", Number: valley.IDNumber(90)}, Day: at.Add(24 * time.Hour)}}
	if errs, err := s.door.Moves(t.Context(), device, left, at); err != nil || errs[0] != nil {
		t.Fatalf("%v %v", errs, err)
	}
	if n := s.count("SELECT count(*) FROM team_member WHERE valid_until IS NULL"); n != 0 {
		t.Errorf("%d members are left", n)
	}
	if _, err := s.door.Result(t.Context(), device, "none"); err == nil {
		t.Error("an unknown request has a result")
	}
}
