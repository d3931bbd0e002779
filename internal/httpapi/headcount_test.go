package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

type numbersBody struct {
	Certain, Possible, Expected int
	OnLeave                     int                                        `json:"on_leave"`
	ExpectedOf                  struct{ Beds, Shifts, Together, Away int } `json:"expected_of"`
	Late                        *struct {
		People     int
		ReceivedAt time.Time `json:"received_at"`
	}
	Evening *struct {
		People, Away int
		By           string
	}
	Gates *struct {
		Count       int
		SilentSince *time.Time `json:"silent_since"`
	}
	Differences []struct{ Code, Text string }
}

func (n numbersBody) texts() (all []string) {
	for _, d := range n.Differences {
		all = append(all, d.Text)
	}
	return all
}

func (w *world) numbers(login, site, query string) numbersBody {
	w.Helper()
	return read[numbersBody](w.as(login).get("/sites/" + valley.ID(site).String() + "/headcount" + query))
}

// Six sleep here, five were counted, two came through the gate, which then fell
// silent for six hours.
func TestIndependentNumbersStandBesideEachOther(t *testing.T) {
	w := newWorld(t)
	w.gate(valley.HomeGate, entry("1", w.clock.Now().Add(-time.Minute), 0, "in"), entry("2", w.clock.Now().Add(-time.Minute), 1, "in"))
	w.as("site").post("/sites/"+valley.ID(valley.Home).String()+"/evening-count", evening(5, 1)).must(http.StatusCreated)
	w.clock.Advance(6 * time.Hour)
	n := w.numbers("shimian", valley.Home, "")
	if n.Certain != 2 || n.Expected != 6 || n.Evening == nil || n.Evening.People != 5 || n.Evening.Away != 1 || n.Gates == nil || n.Gates.SilentSince == nil {
		t.Errorf("%+v", n)
	}
	want := []string{"晚间报数 5，打卡在场 2：差 3 人；闸机已静默 6 小时", "晚间报数 5，应在 6：差 1 人"}
	if !slices.Equal(n.texts(), want) {
		t.Errorf("%q", n.texts())
	}
	before := w.numbers("shimian", valley.Home, "?at="+valley.Evening.Add(-2*time.Hour).UTC().Format(time.RFC3339))
	if before.Certain != 0 || before.Evening != nil || before.Gates != nil {
		t.Errorf("two hours before: %+v", before)
	}
	if n := w.numbers("viewer", valley.Home, ""); n.Evening == nil || n.Evening.By != "" {
		t.Errorf("a viewer is told who counted: %+v", n.Evening)
	}
}

// Six sleep here, two are on leave; one of the two is seen at the gate all the
// same, and somebody who belongs elsewhere is there too.
func TestTheExpectedNumberSaysWhatItIsMadeOf(t *testing.T) {
	w := newWorld(t)
	for _, worker := range []int{0, 1} {
		w.as("site").post("/sites/"+valley.ID(valley.Home).String()+"/leaves", object{"person_id": valley.ID(valley.Worker(worker))}).must(http.StatusCreated)
	}
	w.gate(valley.HomeGate, entry("1", w.clock.Now().Add(-time.Minute), 1, "in"), entry("2", w.clock.Now().Add(-time.Minute), 7, "in"))
	n := w.numbers("shimian", valley.Home, "")
	if of := n.ExpectedOf; of.Beds != 6 || of.Shifts != 0 || of.Together != 7 || of.Away != 1 || n.Expected != 6 {
		t.Errorf("%+v of %d", of, n.Expected)
	}
}

// Two came in at eight; of one the gate told at once, of the other an hour later.
func TestWhatCameLaterIsTheReasonForAnotherNumber(t *testing.T) {
	w := newWorld(t)
	eight := w.clock.Now()
	w.gate(valley.HomeGate, entry("1", eight.Add(-time.Minute), 0, "in"))
	w.clock.Advance(time.Hour)
	w.gate(valley.HomeGate, entry("2", eight.Add(-time.Minute), 1, "in"))
	at := "?at=" + eight.UTC().Format(time.RFC3339)
	then, now := w.numbers("shimian", valley.Home, at+"&known_at="+eight.UTC().Format(time.RFC3339)), w.numbers("shimian", valley.Home, at)
	if then.Certain != 1 || now.Certain != 2 || now.Late != nil {
		t.Errorf("then %+v, now %+v", then, now)
	}
	if l := then.Late; l == nil || l.People != 1 || l.ReceivedAt.Sub(eight) < time.Hour {
		t.Errorf("late: %+v", l)
	}
}

// A person who is in at forty sites counts where he was seen last, and is flagged.
func TestAPersonInAtFortySites(t *testing.T) {
	w := newWorld(t)
	for i := range 40 {
		gate := uuid.NewString()
		w.sql(`WITH s AS (INSERT INTO site SELECT (jsonb_populate_record(s, jsonb_build_object('id', $1::uuid, 'code', $1::text))).* FROM site s WHERE id = $2 RETURNING id)
			INSERT INTO device (id, serial, site_id, purpose, direction, key_hash, recorded_at)
			SELECT gen_random_uuid(), $3, id, 'presence', 'both', sha256(convert_to($3, 'UTF8')), $4 FROM s`, uuid.New(), valley.ID(valley.Home), gate, valley.Evening)
		w.with(gate).post("/passes", object{"passes": []any{entry(fmt.Sprint(i), w.clock.Now().Add(time.Duration(i-60)*time.Minute), 0, "in")}}).must(http.StatusOK)
	}
	w.gate(valley.HomeGate, entry("last", w.clock.Now().Add(-time.Minute), 0, "in"))
	n := w.numbers("shimian", valley.Home, "")
	if n.Certain != 1 || !slices.ContainsFunc(n.Differences, func(d struct{ Code, Text string }) bool { return d.Code == "many_sites" }) {
		t.Errorf("%+v", n)
	}
	if in := ask[int](w, "SELECT count(*) FROM presence WHERE inside AND person_id = $1", valley.ID(valley.Worker(0))); in != 1 {
		t.Errorf("he is in at %d sites", in)
	}
}

// The evening count of the night is held against what is reported.
func TestAReportIsHeldAgainstTheEveningCount(t *testing.T) {
	w := newWorld(t)
	w.as("site").post("/sites/"+valley.ID(valley.Home).String()+"/evening-count", evening(40, 0)).must(http.StatusCreated)
	thread := w.evacuates(valley.Home)
	w.clock.Advance(40 * time.Minute)
	var marks []object
	for n := range 6 {
		marks = append(marks, w.marked(n, -1, "safe"))
	}
	w.as("site").post(thread+"/muster/marks", object{"marks": marks}).must(200)
	w.as("site").post("/responses/report", object{"ids": []string{thread[len("/responses/"):]}, "safe": 6, "missing": 0,
		"evidence": []string{"roll_call", "call_back"}}).must(200)
	if n := ask[int](w, "SELECT count(*) FROM response WHERE 'headcount_diff' = ANY(doubts)"); n != 1 {
		t.Error("six of forty are believed")
	}
}
