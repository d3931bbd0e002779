package upward_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/app/upward"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
)

// People pass at gates that speak another protocol. The platform above hears of their
// team, of them, that they joined, and of each pass, once; and knows nothing of this
// project before.
func TestWhatAProjectReceivedIsToldAbove(t *testing.T) {
	s := newStory(t)
	for n := range 45 {
		s.passes(n%crew, 60-n, []string{"in", "out"}[n/crew%2])
	}
	s.passesAt(1, valley.IDNumber(first), 70, "in") // a device for attendance only
	s.passes(0, 5, "unknown")                       // cannot be said in the dialect
	s.passesAt(0, valley.IDNumber(0), 5, "in")      // is in no team
	s.forwards()
	s.arrived(46)
	if n := s.above.count("SELECT count(*) FROM team_member m JOIN team g ON g.id = m.team_id WHERE g.project_code = 'UP-1' AND g.name = '1号班' AND m.work_type = '020'"); n != crew {
		t.Errorf("%d people of the team are known above", n)
	}
	if n := s.above.count("SELECT count(*) FROM team_member WHERE leader"); n != 1 {
		t.Errorf("%d leaders", n)
	}
	ours, theirs := "", ""
	const passed = `SELECT string_agg(to_char(device_time, 'HH24:MI:SS') || direction, ' ' ORDER BY device_time, direction) FROM pass p JOIN team_member m USING (person_id) WHERE direction <> 'unknown'`
	s.must(s.db.Pool().QueryRow(t.Context(), passed).Scan(&ours))
	s.must(s.above.db.Pool().QueryRow(t.Context(), passed).Scan(&theirs))
	if ours != theirs {
		t.Errorf("we have\n%s\nthey have\n%s", ours, theirs)
	}
	u := s.state()
	if u.Forwarded != 46 || u.NoWay != 1 || u.NoTeam != 1 || u.Failures != 0 || u.HeardAt == nil {
		t.Errorf("%+v", u)
	}
	reports := s.front.calls["WorkerAttendance.Add"]
	s.forwards()
	if s.arrived(46); s.front.calls["WorkerAttendance.Add"] != reports || s.front.calls["Team.Add"] != 1 || reports != 3 {
		t.Errorf("told again: %v", s.front.calls)
	}
}

// The backlog of an outage comes hours after its time; somebody has left meanwhile.
func TestABacklogIsForwardedToo(t *testing.T) {
	s := newStory(t)
	s.passes(0, 1, "in")
	s.forwards()
	s.later(4 * time.Hour)
	s.passes(0, 200, "out")
	s.passes(1, 190, "in")
	_, err := s.db.Pool().Exec(t.Context(), "UPDATE team_member SET valid_until = $1 WHERE person_id IN (SELECT person_id FROM pass WHERE direction = 'out')", s.clock.Now())
	s.must(err)
	s.forwards()
	s.arrived(3)
	if n := s.above.count("SELECT count(*) FROM team_member WHERE valid_until IS NOT NULL"); n != 1 {
		t.Errorf("%d have left", n)
	}
}

// The process dies at every call in turn: the platform has done what it was asked,
// and nobody wrote it down.
func TestKilledBetweenSendingAndWritingDown(t *testing.T) {
	s := newStory(t)
	for n := range 25 {
		s.passes(n%crew, 60-n, "in")
	}
	s.later(2 * time.Minute)
	whole, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	for deaths := 0; s.state().Forwarded < 25; {
		if whole.Err() != nil {
			t.Fatal("it never gets done", s.front.calls)
		}
		ctx, kill := context.WithCancel(whole)
		calls := 0
		f := s.forwarder()
		f.HTTP = &http.Client{Transport: trip(func(r *http.Request) (*http.Response, error) {
			answer, err := http.DefaultTransport.RoundTrip(r.WithContext(t.Context()))
			if calls++; calls > deaths%4 {
				deaths++
				kill()
			}
			return answer, err
		})}
		_ = f.Round(ctx) // it is dead
		kill()
	}
	s.arrived(25)
	if s.front.calls["WorkerAttendance.Add"] <= 2 || s.front.calls["Team.Add"] < 2 {
		t.Errorf("nothing was sent twice: %v", s.front.calls)
	}
	if n := s.above.count("SELECT count(*) FROM team WHERE project_code = 'UP-1'"); n != 1 {
		t.Errorf("%d teams", n)
	}
	if u := s.state(); u.Failures != 0 {
		t.Errorf("a death is taken for a failure: %+v", u)
	}
}

type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The platform is away for two hours: it is asked more and more rarely; after an hour
// it rings; afterwards everything is told.
func TestThePlatformIsAwayAndComesBack(t *testing.T) {
	s := newStory(t)
	s.meets(func(w http.ResponseWriter, _, _ string) bool { w.WriteHeader(http.StatusBadGateway); return true })
	s.passes(0, 1, "in")
	rings := func() bool {
		p, err := s.db.Pulse(t.Context(), 5*time.Minute, s.clock.Now())
		s.must(err)
		p.Skew = 0
		for _, f := range response.Judge(p, response.DefaultLimits) {
			if f.Code == response.UpstreamFailing {
				return true
			}
		}
		return false
	}
	began := s.clock.Now()
	for s.clock.Now().Sub(began) < 2*time.Hour {
		s.later(time.Minute)
		s.must(s.forwarder().Round(t.Context()))
		if since := s.state().FailingSince; since != nil && rings() != (s.clock.Now().Sub(*since) > time.Hour) {
			t.Fatalf("rings %v after %s", rings(), s.clock.Now().Sub(*since))
		}
	}
	if n := s.front.calls["Team.Add"]; n < 6 || n > 9 || !rings() {
		t.Errorf("asked %d times in two hours; rings: %v", n, rings())
	}
	s.meets(nil)
	s.passes(1, 1, "in")
	s.later(30 * time.Minute)
	s.forwards()
	s.arrived(2)
	if u := s.state(); u.Failures != 0 || u.Fault != "" || rings() {
		t.Errorf("%+v", u)
	}
	if strings.Contains(s.logged.String(), valley.IDNumber(first)) || strings.Contains(s.logged.String(), crewName(0)) {
		t.Error("the log names people")
	}
}

// The platform's clock is nine minutes behind: the pass of a minute ago lies in its
// future. It refuses that one; what came with it and after it is counted.
func TestOneRecordIsRefused(t *testing.T) {
	s := newStory(t)
	s.above.clock.Advance(-9 * time.Minute)
	for n := range 10 {
		s.passes(n%crew, 30+n, "in")
	}
	s.passes(2, -1, "out") // in a minute: the gate's clock
	s.forwards()
	s.arrived(10)
	list := s.refused()
	if len(list) != 1 || list[0].Stage != postgres.UpstreamPass || !strings.Contains(list[0].Words, "[dataList][0]") {
		t.Fatal(list)
	}
	s.passes(0, 20, "out")
	s.forwards()
	s.arrived(11)
	s.above.clock.Advance(9 * time.Minute)
	if n, err := s.db.RetryUpstream(t.Context(), s.up, clerk, s.clock.Now()); err != nil || n != 1 {
		t.Error(n, err)
	}
	s.forwards()
	if s.arrived(12); len(s.refused()) != 0 {
		t.Error(s.refused())
	}
}

// A stricter platform refuses a whole batch for one of its records, and says a number.
func TestABatchIsRefusedForOneOfItsRecords(t *testing.T) {
	s := newStory(t)
	for n := range 9 {
		s.passes(n%crew, 30+n, "in")
	}
	s.passes(1, 21, "out")
	s.meets(func(w http.ResponseWriter, method, form string) bool {
		bad := method == "WorkerAttendance.Add" && strings.Contains(form, "%2202%22")
		if bad {
			_, _ = w.Write([]byte(`{"code":-1,"message":"` + valley.IDNumber(first+1) + ` ` + crewName(1) + `已退场"}`))
		}
		return bad
	})
	s.forwards()
	s.arrived(9)
	if list := s.refused(); len(list) != 1 || list[0].Words != "上级平台回答 -1：… …已退场" {
		t.Error(list)
	}
}

// The system error of a platform may be the fault of one report: the others go first.
func TestAReportOnWhichThePlatformFailsGoesBehindTheOthers(t *testing.T) {
	s := newStory(t)
	s.passes(0, 30, "out")
	s.meets(func(w http.ResponseWriter, method, form string) bool {
		bad := method == "WorkerAttendance.Add" && strings.Contains(form, "%2202%22")
		if bad {
			_, _ = w.Write([]byte(`{"code":9999,"message":"系统错误"}`))
		}
		return bad
	})
	s.forwards()
	s.passes(1, 20, "in")
	s.forwards()
	if n := s.above.count("SELECT count(*) FROM pass"); n != 1 {
		t.Errorf("%d passes have come", n)
	}
	s.meets(nil)
	s.forwards()
	s.arrived(2)
}

// A result that stays pending is asked for again in the next round, and nothing is
// sent twice.
func TestAResultThatTakesItsTime(t *testing.T) {
	s := newStory(t)
	s.passes(0, 1, "in")
	s.meets(func(w http.ResponseWriter, method, _ string) bool {
		if method == "AsyncHandleResult.Query" {
			_, _ = w.Write([]byte(`{"code":0,"data":{"status":"0"}}`))
		}
		return method == "AsyncHandleResult.Query"
	})
	s.forwards()
	s.forwards()
	if s.front.calls["Team.Add"] != 1 || s.above.count("SELECT count(*) FROM pass") != 0 {
		t.Error(s.front.calls)
	}
	s.meets(nil)
	s.forwards()
	s.arrived(1)
	if s.front.calls["Team.Add"] != 0 {
		t.Error("the team was sent again")
	}
}

// Four replicas have their rounds at once: each report is sent once.
func TestReplicasDoNotSendTheSame(t *testing.T) {
	s := newStory(t)
	for n := range 40 {
		s.passes(n%crew, 60-n, "in")
	}
	s.later(2 * time.Minute)
	var all sync.WaitGroup
	for range 4 {
		f := s.forwarder()
		all.Go(func() {
			if err := f.Round(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.forwards() // who was sent home has left things to the next round
	s.arrived(40)
	if s.front.calls["Team.Add"] != 1 || s.front.calls["ProjectWorker.Add"] != 1 || s.front.calls["WorkerAttendance.Add"] != 2 {
		t.Error(s.front.calls)
	}
}

// Out of use nothing is told; in use again it goes on where it stopped; set back, it
// tells everything again, which is counted once.
func TestSetBack(t *testing.T) {
	s := newStory(t)
	began := s.clock.Now()
	s.passes(0, 1, "in")
	s.forwards()
	s.must(s.db.DisableUpstream(t.Context(), s.up, clerk, s.clock.Now()))
	s.passes(0, 1, "out")
	s.forwards()
	if n := s.above.count("SELECT count(*) FROM pass"); n != 1 {
		t.Errorf("%d passes", n)
	}
	url := s.state().URL
	s.configure(url, time.Time{})
	s.forwards()
	s.arrived(2)
	s.configure(url, began.Add(-time.Hour))
	s.forwards()
	s.arrived(2)
	if u := s.state(); u.Forwarded != 4 {
		t.Errorf("%+v", u)
	}
}

// A person without a number of an identity card cannot be told of; the others are.
func TestWhoHasNoNumberIsNotTold(t *testing.T) {
	s := newStory(t)
	s.passes(0, 3, "in")
	s.passes(1, 2, "in")
	_, err := s.db.Pool().Exec(t.Context(), "UPDATE person SET id_sealed = NULL, id_hash = NULL WHERE name = $1", crewName(0))
	s.must(err)
	s.forwards()
	s.arrived(1)
	if list := s.refused(); len(list) != 3 || list[0].Words != "没有登记证件号码" { // the person, the move and the pass
		t.Error(list)
	}
}

// A scan at a muster point says that somebody is safe, in a drill as well: it is no
// attendance.
func TestWhatAMusterPointSeesIsNotTold(t *testing.T) {
	s := newStory(t)
	point := postgres.CheckinPoint{ID: valley.ID("point"), SiteID: valley.ID(valley.Home), Code: "POINT123", Title: "平台", Kind: "printed", Purpose: "muster", Direction: "out", RadiusM: 200, SecretSealed: "-"}
	_, _, err := s.db.AddCheckinPoint(t.Context(), account.Everywhere(), point, "", clerk, postgres.Once{Key: uuid.NewString(), Hash: []byte{1}}, s.clock.Now())
	s.must(err)
	s.must(s.db.Pool().QueryRow(t.Context(), "SELECT device_id FROM checkin_point").Scan(&point.DeviceID))
	var who uuid.UUID
	s.must(s.db.Pool().QueryRow(t.Context(), "SELECT id FROM person WHERE name = $1", crewName(0)).Scan(&who))
	s.must(s.db.CheckIn(t.Context(), point, []postgres.CheckinScan{{ID: uuid.New(), PersonID: who, Direction: "out", At: s.clock.Now(), ReceivedAt: s.clock.Now()}}, s.clock.Now()))
	s.passes(0, 5, "in")
	s.forwards()
	s.arrived(1)
}

func TestARedirectIsNotFollowed(t *testing.T) {
	s := newStory(t)
	s.meets(func(w http.ResponseWriter, _, _ string) bool {
		w.Header().Set("Location", s.above.url+"/elsewhere")
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	})
	f := s.forwarder()
	f.HTTP = upward.Client()
	s.later(2 * time.Minute)
	s.must(f.Round(t.Context()))
	if u := s.state(); u.Failures != 1 || len(s.front.calls) != 1 || s.front.calls["Team.Add"] != 1 {
		t.Errorf("%+v %v", u, s.front.calls)
	}
}
