package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

type taken struct {
	Accepted, Repeated int
	Quarantined        []struct {
		Index        int
		Reason, Text string
	}
}

// gate sends passes as a device.
func (w *world) gate(serial string, passes ...object) taken {
	w.Helper()
	return read[taken](w.with(valley.DeviceKey(serial)).post("/passes", object{"passes": passes}))
}

type count struct{ Certain, Possible, Expected int }

func (w *world) people(site, query string) count {
	w.Helper()
	return read[count](w.as("province").get("/sites/" + valley.ID(site).String() + "/headcount" + query))
}

func TestABatchTwiceCountsOnce(t *testing.T) {
	w := newWorld(t)
	at := w.clock.Now().Add(-time.Hour)
	batch := []object{entry("1", at, 0, "in"), entry("2", at.Add(time.Second), 1, "in"), entry("2", at.Add(time.Second), 1, "in")}
	if got := w.gate(valley.HomeGate, batch...); got.Accepted != 2 || got.Repeated != 1 || len(got.Quarantined) != 0 {
		t.Errorf("first: %+v", got)
	}
	if got := w.gate(valley.HomeGate, batch...); got.Accepted != 0 || got.Repeated != 3 {
		t.Errorf("again: %+v", got)
	}
	if got := w.people(valley.Home, ""); got != (count{2, 0, 6}) {
		t.Errorf("%+v", got)
	}
	if n := ask[int](w, "SELECT count(*) FROM pass"); n != 2 {
		t.Errorf("%d passes are stored", n)
	}
}

// A device that was cut off sends its afternoon late, and after the evening.
func TestLatePassesMoveNobodyBack(t *testing.T) {
	w := newWorld(t)
	at := w.clock.Now()
	w.gate(valley.HomeGate, entry("9", at.Add(-time.Minute), 0, "in"))
	w.gate(valley.HomeGate, entry("3", at.Add(-3*time.Hour), 0, "in"), entry("4", at.Add(-2*time.Hour), 0, "out"))
	w.gate(valley.TunnelGate, entry("1", at.Add(-2*time.Hour), 0, "in"))
	if home, tunnel := w.people(valley.Home, ""), w.people(valley.Tunnel, ""); home.Certain != 1 || tunnel.Certain != 0 {
		t.Errorf("home %+v, tunnel %+v", home, tunnel)
	}
}

// A gate whose clock is a little fast must not make people disappear.
func TestAClockThatIsFourMinutesFast(t *testing.T) {
	w := newWorld(t)
	w.gate(valley.HomeGate, entry("1", w.clock.Now().Add(-time.Hour), 0, "in"))
	if got := w.gate(valley.HomeGate, entry("2", w.clock.Now().Add(4*time.Minute), 0, "in"), entry("3", w.clock.Now().Add(4*time.Minute), 1, "in")); got.Accepted != 2 {
		t.Fatalf("%+v", got)
	}
	if got := w.people(valley.Home, ""); got.Certain != 2 {
		t.Errorf("%d people are there, 2 went in", got.Certain)
	}
	p := read[preview](w.as("province").post("/preview", question("yellow", around(valley.Home, 100))))
	if p.Totals.Certain != 2 {
		t.Errorf("the preview counts %d", p.Totals.Certain)
	}
	done := w.publish("province", instruction("yellow", around(valley.Home, 100)))
	if got := w.targets("province", done.ID)[valley.Home]; got.Frozen.Certain != 2 || got.People.Certain != 2 {
		t.Errorf("published %+v, now %+v", got.Frozen, got.People)
	}
	pins := read[struct {
		Sites []struct {
			Name    string
			Certain int
		}
	}](w.as("site").get("/map"))
	if len(pins.Sites) != 1 || pins.Sites[0].Certain != 2 {
		t.Errorf("the map shows %+v", pins.Sites)
	}
}

// What cannot be taken is kept and acknowledged, so that no device sends it for
// ever.
func TestWhatCannotBeTakenIsQuarantined(t *testing.T) {
	w := newWorld(t)
	at := w.clock.Now()
	stranger := but(entry("s", at, 0, "in"), object{"person_id": uuid.NewString()})
	batch := []object{
		entry("a", time.Date(1970, 1, 1, 0, 3, 0, 0, time.UTC), 0, "in"),
		entry("b", at.Add(8*time.Hour-time.Minute), 0, "in"),
		entry("c", at.AddDate(0, 0, -31), 0, "in"),
		entry("d", at.Add(time.Hour), 0, "in"),
		stranger,
		entry("f", at.Add(-time.Minute), 3, "in"),
	}
	for range 2 {
		got := w.gate(valley.HomeGate, batch...)
		var why []string
		for _, q := range got.Quarantined {
			if q.Text == "" {
				t.Errorf("%s is not said in words", q.Reason)
			}
			why = append(why, fmt.Sprint(q.Index, " ", q.Reason))
		}
		if want := []string{"0 clock_1970", "1 zone_error", "2 too_old", "3 future", "4 unknown_person"}; !slices.Equal(why, want) {
			t.Errorf("%v", why)
		}
	}
	if n := ask[int](w, "SELECT count(*) FROM pass_quarantine"); n != 5 {
		t.Errorf("%d records are kept, want 5", n)
	}
	if got := w.people(valley.Home, ""); got.Certain != 1 || got.Possible != 0 {
		t.Errorf("%+v", got)
	}
}

func TestTheSameKeyWithOtherContentIsQuarantined(t *testing.T) {
	w := newWorld(t)
	at := w.clock.Now().Add(-time.Minute)
	w.gate(valley.HomeGate, entry("1", at, 0, "in"))
	got := w.gate(valley.HomeGate, entry("0", at, 2, "in"), entry("1", at, 1, "in"))
	if got.Accepted != 1 || len(got.Quarantined) != 1 || got.Quarantined[0].Index != 1 || got.Quarantined[0].Reason != "conflict" {
		t.Errorf("%+v", got)
	}
	if kept := ask[string](w, "SELECT body::text FROM pass_quarantine"); !strings.Contains(kept, valley.ID(valley.Worker(1)).String()) {
		t.Errorf("kept %s", kept)
	}
	if got := w.people(valley.Home, ""); got.Certain != 2 {
		t.Errorf("%+v: the second content moved somebody", got)
	}
}

func TestAnAttendancePunchMovesNobody(t *testing.T) {
	w := newWorld(t)
	at := w.clock.Now()
	w.gate(valley.HomeGate, entry("1", at.Add(-time.Hour), 0, "in"))
	if got := w.gate(valley.Punch, entry("1", at.Add(-time.Minute), 0, "in")); got.Accepted != 1 {
		t.Errorf("%+v", got)
	}
	for _, query := range []string{"", "?at=" + at.Format(time.RFC3339)} {
		if home, tunnel := w.people(valley.Home, query), w.people(valley.Tunnel, query); home.Certain != 1 || tunnel.Certain != 0 {
			t.Errorf("%q: home %+v, tunnel %+v", query, home, tunnel)
		}
	}
}

func TestADeviceNamesPeopleAsItKnowsThem(t *testing.T) {
	w := newWorld(t)
	at := w.clock.Now().Add(-time.Minute)
	w.sql("INSERT INTO external_id (noun, system, code, noun_id) VALUES ('person', 'gates', 'K-2', $1)", valley.ID(valley.Worker(2)))
	got := w.gate(valley.HomeGate,
		object{"event_key": "1", "time": at, "id_number": valley.IDNumber(1), "direction": "in"},
		object{"event_key": "2", "time": at, "external": object{"system": "gates", "code": "K-2"}, "direction": "in"},
		object{"event_key": "3", "time": at, "id_number": "110101199001011237", "direction": "in"})
	if got.Accepted != 2 || len(got.Quarantined) != 1 || got.Quarantined[0].Reason != "unknown_person" {
		t.Errorf("%+v", got)
	}
	if kept := ask[string](w, "SELECT body::text FROM pass_quarantine"); strings.Contains(kept, "19900101") {
		t.Errorf("an ID number is kept in the clear: %s", kept)
	}
}

func TestDirectionComesFromTheRecordElseFromTheDevice(t *testing.T) {
	w := newWorld(t)
	at := w.clock.Now().Add(-time.Minute)
	silent := func(worker int) object {
		o := entry("1", at, worker, "")
		delete(o, "direction")
		return o
	}
	w.gate(valley.HomeGate, silent(0))
	w.gate(valley.TunnelGate, silent(1))
	if home, tunnel := w.people(valley.Home, ""), w.people(valley.Tunnel, ""); home.Certain != 0 || home.Possible != 1 || tunnel.Certain != 1 {
		t.Errorf("home %+v, tunnel %+v", home, tunnel)
	}
}

// Certain becomes possible when nobody has seen a person for fourteen hours.
func TestCertaintyFades(t *testing.T) {
	w := newWorld(t)
	w.gate(valley.HomeGate, entry("1", w.clock.Now(), 0, "in"))
	w.clock.Advance(14*time.Hour - time.Second)
	if got := w.people(valley.Home, ""); got.Certain != 1 {
		t.Errorf("%+v", got)
	}
	w.clock.Advance(time.Second)
	if got := w.people(valley.Home, ""); got.Certain != 0 || got.Possible != 1 {
		t.Errorf("%+v", got)
	}
}

// "Who was there at nine" has two answers: as we know now, and as we knew then.
func TestAPastHeadcountAsKnownThenAndNow(t *testing.T) {
	w := newWorld(t)
	nine := w.clock.Now()
	w.gate(valley.HomeGate, entry("1", nine.Add(-time.Hour), 0, "in"))
	w.clock.Advance(2 * time.Hour)
	w.gate(valley.HomeGate, entry("2", nine.Add(-30*time.Minute), 1, "in"), entry("3", nine.Add(time.Hour), 0, "out"))
	at := "?at=" + nine.Format(time.RFC3339)
	if now := w.people(valley.Home, at); now.Certain != 2 {
		t.Errorf("as known now: %+v", now)
	}
	if then := w.people(valley.Home, at+"&known_at="+nine.Format(time.RFC3339)); then.Certain != 1 {
		t.Errorf("as known then: %+v", then)
	}
	if now := w.people(valley.Home, ""); now.Certain != 1 {
		t.Errorf("now: %+v", now)
	}
}

// Two batches about the same people in opposite order, over and over: nobody
// waits for the other for ever.
func TestBatchesOverTheSamePeopleDoNotDeadlock(t *testing.T) {
	w := newWorld(t)
	var all sync.WaitGroup
	for g, serial := range []string{valley.HomeGate, valley.CampGate, valley.BridgeGate, valley.HomeGate} {
		all.Go(func() {
			for round := range 6 {
				var passes []object
				for n := range 10 {
					who := n
					if g%2 == 1 {
						who = 9 - n
					}
					at := w.clock.Now().Add(-time.Duration(1000-100*round-10*g-n) * time.Second)
					passes = append(passes, entry(fmt.Sprint(g, "-", round, "-", n), at, who, "in"))
				}
				a, err := w.with(valley.DeviceKey(serial)).try(http.MethodPost, "/passes", object{"passes": passes})
				if err != nil || a.Status != 200 {
					t.Errorf("%v %d %s", err, a.Status, a.Body)
				}
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.Log(w.log.String())
	}
	if n := ask[int](w, "SELECT count(*) FROM pass"); n != 240 {
		t.Errorf("%d passes", n)
	}
	if n := ask[int](w, "SELECT count(*) FROM presence"); n != 10 {
		t.Errorf("%d people are somewhere", n)
	}
}

func TestABatchHasAtMostAThousandPasses(t *testing.T) {
	w := newWorld(t)
	var passes []object
	for n := range 1001 {
		passes = append(passes, entry(fmt.Sprint(n), w.clock.Now(), n%10, "in"))
	}
	w.with(valley.DeviceKey(valley.HomeGate)).post("/passes", object{"passes": passes}).must(422)
	w.with(valley.DeviceKey(valley.HomeGate)).post("/passes", object{"passes": []object{}}).must(422)
	if got := w.gate(valley.HomeGate, passes[:1000]...); got.Accepted != 1000 {
		t.Errorf("%+v", got)
	}
}
