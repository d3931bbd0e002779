package httpapi_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

type rollCall struct {
	Listed, Unaccounted, Safe, Missing, Elsewhere, Disputed, Back int
	Complete                                                      bool
	Visitors                                                      *struct{ People int }
	People                                                        []struct {
		PersonID uuid.UUID `json:"person_id"`
		State    string
		Name     *string
		Back     bool
	}
}

// evacuates begins to move the people of the home and gives the thread's path.
func (w *world) evacuates(site string) string {
	w.Helper()
	started := read[struct{ ID uuid.UUID }](w.as("section").post("/sites/"+valley.ID(site).String()+"/evacuation", object{"reason": "看不准"}))
	return "/responses/" + started.ID.String()
}

func (w *world) marked(person int, minutes int, state string) object {
	return object{"id": uuid.New(), "person_id": valley.ID(valley.Worker(person)), "state": state, "evidence": "roll_call",
		"at": w.clock.Now().Add(time.Duration(minutes) * time.Minute)}
}

func TestARollCallOfSixBeds(t *testing.T) {
	w := newWorld(t)
	now := w.clock.Now()
	w.gate(valley.HomeGate, entry("1", now.Add(-time.Hour), 0, "in"), entry("2", now.Add(-time.Hour), 1, "in"))
	thread := w.evacuates(valley.Home)
	w.clock.Advance(10 * time.Minute)

	if got := read[rollCall](w.as("section").get(thread + "/muster")); got.Listed != 6 || got.Unaccounted != 6 || got.Complete {
		t.Fatalf("%+v", got)
	}
	// One leaves through the gate; the site's lead calls three by name, his phone
	// sends it twice; somebody of the section says otherwise about one of them.
	w.gate(valley.HomeGate, entry("3", w.clock.Now().Add(-time.Minute), 0, "out"))
	marks := object{"marks": []object{w.marked(1, -5, "safe"), w.marked(2, -5, "safe"), w.marked(3, -5, "safe")}}
	w.as("site").post(thread+"/muster/marks", marks).must(200)
	w.as("site").post(thread+"/muster/marks", marks).must(200)
	got := read[rollCall](w.as("section").post(thread+"/muster/marks", object{"marks": []object{w.marked(3, -3, "missing"), w.marked(4, -3, "missing"),
		{"id": uuid.New(), "state": "safe", "people": 2, "evidence": "roll_call", "at": w.clock.Now()}}}))
	if got.Safe != 3 || got.Missing != 2 || got.Unaccounted != 1 || got.Disputed != 1 || got.Visitors == nil || got.Visitors.People != 2 {
		t.Errorf("%+v", got)
	}
	if got.People[0].State != "missing" || got.People[0].Name == nil {
		t.Errorf("the missing do not stand first, by name: %+v", got.People)
	}
	if n := ask[int](w, "SELECT count(*) FROM muster_mark"); n != 6 {
		t.Errorf("%d marks are stored", n)
	}
}

// A report says what its own roll call says, and explains who is left over.
func TestAReportCannotSayMoreThanItsRollCall(t *testing.T) {
	w := newWorld(t)
	thread := w.evacuates(valley.Home)
	w.clock.Advance(20 * time.Minute)
	var all []object
	for n := range 5 {
		all = append(all, w.marked(n, -1, "safe"))
	}
	w.as("site").post(thread+"/muster/marks", object{"marks": all}).must(200)
	report := object{"ids": []string{thread[len("/responses/"):]}, "safe": 6, "missing": 0, "evidence": []string{"roll_call", "call_back"}}
	w.as("site").once("r1").post("/responses/report", report).refused(422, "unaccounted")
	w.as("site").once("r2").post("/responses/report", but(report, object{"words": "1人昨日已返乡，未退床"})).must(200)
	if safe := ask[int](w, "SELECT people_safe FROM response"); safe != 5 {
		t.Errorf("%d are said to be safe", safe)
	}
}

// Whoever goes in again after he was called is not accounted for any more.
func TestReturningUndoesTheMark(t *testing.T) {
	w := newWorld(t)
	thread := w.evacuates(valley.Home)
	w.clock.Advance(20 * time.Minute)
	w.as("site").post(thread+"/muster/marks", object{"marks": []object{w.marked(1, -10, "safe")}}).must(200)
	w.gate(valley.HomeGate, entry("7", w.clock.Now().Add(-time.Minute), 1, "in"))
	if got := read[rollCall](w.as("section").get(thread + "/muster")); got.Safe != 0 || got.Back != 1 || got.Unaccounted != 6 {
		t.Errorf("%+v", got)
	}
}

func TestMarksThatCannotBeTaken(t *testing.T) {
	w := newWorld(t)
	thread := w.evacuates(valley.Home)
	mark := w.marked(1, 0, "safe")
	w.as("site").post(thread+"/muster/marks", object{"marks": []object{but(mark, object{"person_id": uuid.New()})}}).refused(422, "person_unknown")
	w.as("site").post(thread+"/muster/marks", object{"marks": []object{but(mark, object{"state": "fine"})}}).must(422)
	w.as("hanyuan").post(thread+"/muster/marks", object{"marks": []object{mark}}).must(403)
	if n := ask[int](w, "SELECT count(*) FROM muster_mark"); n != 0 {
		t.Errorf("%d marks are stored", n)
	}
}
