package dispatch_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/dispatch"
)

var stopped, overAgain = []string{"climb_stopped/open"}, []string{"climb_stopped/over"}

func TestSilenceRingsAndItsEndIsTold(t *testing.T) {
	p, s := newPost(t), newSiren(t)
	w := p.watchdog(p.to(s))
	p.round(w, 0)
	s.expect("all is well")
	p.stall()
	p.round(w, 0)
	s.expect("found", stopped)
	p.round(w, 10*time.Second)
	s.expect("found again")
	p.round(w, 30*time.Minute)
	s.expect("half an hour later", stopped)
	p.unstall()
	p.round(w, 10*time.Second)
	s.expect("not found once")
	p.round(w, 20*time.Second)
	s.expect("not found for half a minute", overAgain)
	p.round(w, time.Hour)
	s.expect("ever after")
}

func TestTwoWatchdogsRingOnce(t *testing.T) {
	p, s := newPost(t), newSiren(t)
	a, b := p.watchdog(p.to(s)), p.watchdog(p.to(s))
	p.stall()
	for range 3 {
		var both sync.WaitGroup
		both.Go(func() { a.Round(t.Context()) })
		both.Go(func() { b.Round(t.Context()) })
		both.Wait()
		a.Settle()
		b.Settle()
		p.clock.Advance(10 * time.Second)
	}
	s.expect("three rounds of two", stopped)
}

func TestAnExitThatFailsHoldsUpNoOtherAndLosesNothing(t *testing.T) {
	p, good, bad := newPost(t), newSiren(t), newSiren(t)
	w := p.watchdog(p.to(bad), p.to(good))
	bad.answers(http.StatusBadGateway)
	p.stall()
	p.round(w, 0)
	good.expect("at once", stopped)
	for range 2 { // again after 10 and 20 seconds
		p.round(w, 20*time.Second)
	}
	p.round(w, time.Second)
	good.expect("after three failures", []string{"alarm_exit_failed/open"})
	bad.expect("nothing gets there")
	bad.answers(http.StatusOK)
	p.round(w, 80*time.Second)
	bad.expect("all that it missed", []string{"climb_stopped/open", "alarm_exit_failed/open"})
	p.round(w, 10*time.Second)
	p.round(w, 30*time.Second)
	good.expect("the exit works", []string{"alarm_exit_failed/over"})
	if log := p.log.String(); !strings.Contains(log, "502 Bad Gateway") || strings.Contains(log, "not-to-be-logged") {
		t.Error("the log should name the answer and not the address:\n", log)
	}
}

func TestAnExitThatHangsHoldsUpNoRound(t *testing.T) {
	p, good := newPost(t), newSiren(t)
	entered, release := make(chan struct{}, 1), make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-release
	}))
	t.Cleanup(hanging.Close)
	w := p.watchdog(p.exits(dispatch.ExitConfig{URL: hanging.URL}))
	p.stall()
	w.Round(t.Context())
	<-entered
	p.clock.Advance(10 * time.Second)
	w.Round(t.Context()) // the first telling is under way still
	other := p.watchdog(p.to(good))
	p.round(other, time.Minute)
	good.expect("another replica tells it when the lease is over", stopped)
	close(release)
	w.Settle()
}

func TestWithoutExitsAlarmsAreInTheLog(t *testing.T) {
	p := newPost(t)
	w := p.watchdog()
	p.stall()
	for range 3 {
		p.round(w, 10*time.Second)
	}
	if log := p.log.String(); strings.Count(log, "level=ERROR msg=alarm code=climb_stopped") != 1 {
		t.Error(log)
	}
}

// The alarm that cannot be written down rings nevertheless.
func TestAWatchdogThatCannotSeeRings(t *testing.T) {
	p, s := newPost(t), newSiren(t)
	w := p.watchdog(p.to(s))
	p.stall()
	p.asOwner("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	p.round(w, 0)
	p.round(w, 20*time.Second)
	s.expect("for twenty seconds: it may be a restart")
	p.round(w, 10*time.Second)
	s.expect("for half a minute", []string{"schema_differs/open"})
	p.round(w, 29*time.Minute)
	s.expect("told")
	p.round(w, time.Minute)
	s.expect("after half an hour", []string{"schema_differs/open"})
	p.asOwner("DELETE FROM goose_db_version WHERE version_id = 99999")
	p.round(w, 10*time.Second)
	s.expect("it sees again", []string{"schema_differs/over", "climb_stopped/open"})
}

func TestAShortAbsenceOfTheDatabaseRingsNobody(t *testing.T) {
	p, s := newPost(t), newSiren(t)
	w := p.watchdog(p.to(s))
	p.asOwner("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	p.round(w, 0)
	p.asOwner("DELETE FROM goose_db_version WHERE version_id = 99999")
	p.round(w, 29*time.Second)
	p.round(w, time.Hour)
	s.expect("a restart")
}

func TestTheHeartBeatsOnlyWhileTheWatchdogSees(t *testing.T) {
	p := newPost(t)
	var mu sync.Mutex
	beats, status := 0, http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		beats++
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	heart, err := dispatch.OpenHeartBeat(server.URL + "/not-to-be-logged")
	if err != nil {
		t.Fatal(err)
	}
	w := p.watchdog(func(o *dispatch.WatchdogOptions) { o.Beat = heart })
	expect := func(when string, later time.Duration, want int) {
		t.Helper()
		p.round(w, later)
		if mu.Lock(); beats != want {
			t.Errorf("%s: %d beats, want %d", when, beats, want)
		}
		mu.Unlock()
	}
	expect("at the start", 0, 1)
	expect("within the minute", 50*time.Second, 1)
	mu.Lock()
	status = http.StatusNotFound
	mu.Unlock()
	expect("not heard", 10*time.Second, 2)
	expect("once more at once", 10*time.Second, 3)
	p.asOwner("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	expect("blind", time.Hour, 3)
	if log := p.log.String(); !strings.Contains(log, "404") || strings.Contains(log, "not-to-be-logged") {
		t.Error(log)
	}
}

func TestTheGaugesShowTheLastRound(t *testing.T) {
	p, r := newPost(t), prometheus.NewRegistry()
	p.watchdog(func(o *dispatch.WatchdogOptions) { o.Metrics = r })
	w := p.watchdog(func(o *dispatch.WatchdogOptions) { o.Metrics = r }) // the second in one process
	p.stall()
	p.do(`INSERT INTO notice (id, mode, kind, party_kind, party_id, rung, round, channel, priority, wording, created_at, due_at, next_at)
		VALUES (gen_random_uuid(), 'actual', 'alert', 'person', gen_random_uuid(), 0, 1, 'sms', 10, '{}', $1, $1, $1)`, p.clock.Now().Add(-10*time.Second))
	p.round(w, 0)
	show := func() map[string]float64 {
		t.Helper()
		families, err := r.Gather()
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]float64{}
		for _, f := range families {
			for _, m := range f.GetMetric() {
				name := f.GetName()
				for _, l := range m.GetLabel() {
					name += "," + l.GetValue()
				}
				shown[name] = m.GetGauge().GetValue()
			}
		}
		return shown
	}
	for name, want := range map[string]float64{"muster_alarms_open,climb_stopped": 1, "muster_alarms_open,channel_missing": 1, "muster_alarms_open,lease_over": 0,
		"muster_notice_queue_age_seconds,sms,actual": 10, "muster_notices_ready,sms,actual": 1, "muster_duties_overdue": 1,
		"muster_watchdog_looked_timestamp_seconds": float64(valley.Evening.Unix())} {
		if got, there := show()[name]; !there || got != want {
			t.Errorf("%s is %v, want %v (%v)", name, got, want, show())
		}
	}
	p.asOwner("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	p.round(w, time.Minute)
	if got := show(); got["muster_alarms_open,schema_differs"] != 1 || got["muster_alarms_open,climb_stopped"] != 0 ||
		got["muster_watchdog_looked_timestamp_seconds"] != float64(valley.Evening.Unix()) {
		t.Error("blind:", got)
	}
}

// The rounds go by the machine's time; what they decide by the clock.
func TestTheWatchdogRunsUntilItIsStopped(t *testing.T) {
	p, s := newPost(t), newSiren(t)
	p.stall()
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan struct{})
	w := p.watchdog(p.to(s), func(o *dispatch.WatchdogOptions) { o.Exits = append(o.Exits, toldExit(told)) })
	done := make(chan error)
	go func() { done <- w.Run(ctx) }()
	<-told
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	s.expect("the first round is at once", stopped)
}

type toldExit chan struct{}

func (e toldExit) Name() string { return "test" }

func (e toldExit) Tell(context.Context, []response.Alarm, time.Time) error {
	close(e)
	return nil
}
