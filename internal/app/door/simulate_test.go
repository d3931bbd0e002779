package door_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/simulate"
)

const appSecret = "0123456789abcdefFEDCBA9876543210"

// living lets time go on as people pass.
type living struct {
	simulate.Device
	clock *clock.Manual
}

func (l living) See(p simulate.Pass) {
	if later := p.At.Sub(l.clock.Now()); later > 0 {
		l.clock.Advance(later)
	}
	l.Device.See(p)
}

// device registers the gate of the home for a protocol, gives ten workers a number
// on it, and switches a terminal on.
func (s *site) device(protocol string, batch int, faults []simulate.Fault) (simulate.Device, []string) {
	s.Helper()
	c := postgres.GateConfig{Protocol: protocol, System: "terminal", KeyID: "key-1", SaysIn: true, PerMinute: 1 << 20}
	if protocol == "push" || protocol == "realname" {
		c.SecretSealed = valley.Sealer.Seal("gate", "secret", s.id.String(), appSecret)
	}
	s.speaks(c, true)
	who := make([]string, 10)
	for n := range who {
		who[n] = fmt.Sprint(10001 + n)
		if protocol == "realname" {
			who[n] = valley.IDNumber(n)
		}
		s.exec("INSERT INTO external_id (noun, system, code, noun_id) VALUES ('person', 'terminal', $1, $2) ON CONFLICT DO NOTHING", who[n], valley.ID(valley.Worker(n)))
	}
	line := &simulate.Line{Faults: func(n int) simulate.Fault {
		if n < len(faults) {
			return faults[n]
		}
		return simulate.Fine
	}}
	d, err := simulate.New(protocol, simulate.Config{URL: s.url + "/gate/" + protocol + "/" + valley.DeviceKey(valley.HomeGate), Serial: valley.HomeGate,
		Key: "key-1", Secret: appSecret, Batch: batch, Clock: s.clock, HTTP: &http.Client{Transport: line}})
	if err != nil {
		s.Fatal(err)
	}
	return d, who
}

func (s *site) exec(sql string, args ...any) {
	s.Helper()
	if _, err := s.db.Pool().Exec(s.Context(), sql, args...); err != nil {
		s.Fatal(err)
	}
}

// lives plays a day; what a terminal calls only once is fetched afterwards.
func (s *site) lives(d simulate.Device, day simulate.Day, tell func(simulate.Progress)) {
	s.Helper()
	err := day.Play(s.Context(), living{d, s.clock}, 30, tell)
	if u, once := d.(*simulate.Uface); once {
		terminal := httptest.NewServer(u)
		defer terminal.Close()
		client := gate.UfaceTerminal{URL: terminal.URL, Password: u.Password, HTTP: http.DefaultClient}
		_, err = client.Bring(s.Context(), day.Passes[0].At.Add(-time.Hour), s.clock.Now(), u.URL)
	}
	if err != nil || d.Waiting() != 0 {
		s.Fatalf("%d passes wait: %v", d.Waiting(), err)
	}
}

// state is what the day has come to.
type state struct{ passes, people, aside int }

func (s *site) state() state {
	s.Helper()
	return state{s.count("SELECT count(*) FROM pass"), s.count("SELECT count(*) FROM presence"), s.count("SELECT count(*) FROM pass_quarantine")}
}

// folded insists that presence is what all passes fold to.
func (s *site) folded() {
	s.Helper()
	rows, err := s.db.Pool().Query(s.Context(), "SELECT person_id, site_id, device_id, device_time, event_key, direction FROM pass")
	if err != nil {
		s.Fatal(err)
	}
	want := map[uuid.UUID]roster.Presence{}
	for rows.Next() {
		var p roster.Pass
		if err := rows.Scan(&p.PersonID, &p.SiteID, &p.DeviceID, &p.DeviceTime, &p.EventKey, &p.Direction); err != nil {
			s.Fatal(err)
		}
		want[p.PersonID] = roster.Fold(want[p.PersonID], p)
	}
	if err := rows.Err(); err != nil {
		s.Fatal(err)
	}
	for person, w := range want {
		var inside bool
		var at time.Time
		if err := s.db.Pool().QueryRow(s.Context(), "SELECT inside, device_time FROM presence WHERE person_id = $1", person).Scan(&inside, &at); err != nil {
			s.Fatal(err)
		}
		if inside != w.Inside || !at.Equal(w.DeviceTime) {
			s.Errorf("presence is %v since %s, the passes say %v since %s", inside, at, w.Inside, w.DeviceTime)
		}
	}
}

// A day at a gate with the line down for two hours at noon, on a line that drops,
// halves, loses and repeats requests; for every protocol. While it is down nothing
// is known; afterwards everything is, by the times of the device; and the same day
// again changes nothing.
func TestADayWithATwoHourOutage(t *testing.T) {
	faults := []simulate.Fault{simulate.Fine, simulate.Dropped, simulate.Half, simulate.Fine, simulate.Unheard, simulate.Repeated, simulate.Fine,
		simulate.Fine, simulate.Half, simulate.Unheard}
	for _, protocol := range simulate.Protocols() {
		t.Run(protocol, func(t *testing.T) {
			s := newSite(t)
			device, who := s.device(protocol, 7, faults)
			day := simulate.NewDay(who, valley.Evening.Add(16*time.Hour), 1)
			noon := day.Passes[0].At.Truncate(time.Hour).Add(5*time.Hour + 30*time.Minute)
			day.Down = []simulate.Outage{{From: noon, Until: noon.Add(2 * time.Hour)}}
			before, during := -1, 0
			s.lives(device, day, func(p simulate.Progress) {
				if p.Down {
					if before < 0 {
						before = s.count("SELECT count(*) FROM pass")
					}
					during = s.count("SELECT count(*) FROM pass")
				}
			})
			if before < 0 || during != before {
				t.Errorf("%d passes before the outage, %d during it", before, during)
			}
			done := s.state()
			if done != (state{len(day.Passes), len(who), 0}) {
				t.Fatalf("%+v of %d passes", done, len(day.Passes))
			}
			if late := s.count("SELECT count(*) FROM pass WHERE received_at - device_time > interval '30 minutes'"); protocol != "uface" && late == 0 {
				t.Error("nothing came late: there was no backlog")
			}
			s.folded()
			again, _ := s.device(protocol, 5, nil)
			s.lives(again, day, func(simulate.Progress) {})
			if now := s.state(); now != done {
				t.Errorf("played again: %+v, was %+v", now, done)
			}
			s.folded()
		})
	}
}

// The keys change between a pass and its repetition: still one pass.
func TestARepetitionSurvivesANewKey(t *testing.T) {
	s := newSite(t)
	old := account.NewKeyRing("2026a")
	for _, ring := range []string{old, account.NewKeyRing("2026b") + "," + old} {
		keys, err := account.NewSealer(ring)
		if err != nil {
			t.Fatal(err)
		}
		s.opens(keys)
		device, who := s.device("hikvision", 0, nil)
		s.lives(device, simulate.NewDay(who[:3], valley.Evening, 1), func(simulate.Progress) {})
		if now := s.state(); now != (state{12, 3, 0}) {
			t.Errorf("%+v", now)
		}
	}
}

// A labour system names a project that nobody has mapped: its people count at the
// device's own site, and it is listed, once for each pass. Mapped to a site, they
// count there.
func TestALabourSystemReportsForManySites(t *testing.T) {
	s := newSite(t)
	device, who := s.device("realname", 0, nil)
	day := simulate.NewDay(who[:3], valley.Evening, 1)
	s.lives(device, day, func(simulate.Progress) {})
	again, _ := s.device("realname", 0, nil)
	s.lives(again, day, func(simulate.Progress) {})
	missing, err := s.db.UnmappedGates(t.Context(), s.id)
	if err != nil || len(missing) != 1 || missing[0].Project != valley.HomeGate || missing[0].Passes != 12 {
		t.Fatalf("%+v %v", missing, err)
	}
	if n := s.count("SELECT count(*) FROM pass WHERE site_id = '" + valley.ID(valley.Home).String() + "'"); n != 12 {
		t.Errorf("%d passes at the device's own site", n)
	}
	list := []postgres.GateSite{{Project: valley.HomeGate, SiteID: valley.ID(valley.Home)}, {Project: valley.HomeGate, Channel: "西门1号", SiteID: valley.ID(valley.Tunnel)}}
	if err := s.db.PutGateSites(t.Context(), account.Everywhere(), s.id, list, clerk, s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	mapped, _ := s.device("realname", 0, nil)
	s.lives(mapped, simulate.NewDay(who[3:5], valley.Evening, 2), func(simulate.Progress) {})
	if n := s.count("SELECT count(*) FROM pass WHERE site_id = '" + valley.ID(valley.Tunnel).String() + "'"); n != 8 {
		t.Errorf("%d passes at the site of the channel", n)
	}
	if missing, err := s.db.UnmappedGates(t.Context(), s.id); err != nil || len(missing) != 0 {
		t.Errorf("%+v %v", missing, err)
	}
}
