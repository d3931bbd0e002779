package httpapi_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

type leaveBody struct {
	ID      uuid.UUID
	Person  struct{ Name *string }
	Until   *time.Time
	Present bool
}

func (w *world) expected(site string) int {
	w.Helper()
	return read[struct{ Expected int }](w.as("shimian").get("/sites/" + valley.ID(site).String() + "/headcount")).Expected
}

func TestALeaveIsGivenAndEnded(t *testing.T) {
	w := newWorld(t)
	site, path := w.as("site"), "/sites/"+valley.ID(valley.Home).String()+"/leaves"
	ask := object{"person_id": valley.ID(valley.Worker(0)), "until": valley.Evening.AddDate(0, 0, 3), "words": "探亲（示例）"}
	for range 2 { // the phone did not hear the first answer
		site.once("leave").post(path, ask).must(http.StatusCreated)
	}
	list := read[struct{ Items []leaveBody }](w.as("section").get(path)).Items
	if len(list) != 1 || list[0].Person.Name == nil || list[0].Until == nil || list[0].Present {
		t.Fatalf("leaves: %+v", list)
	}
	if n := w.expected(valley.Home); n != 5 {
		t.Errorf("%d are expected while one is away", n)
	}
	w.clock.Advance(time.Hour)
	site.post(path+"/"+list[0].ID.String()+"/end", nil).must(http.StatusNoContent)
	if n := w.expected(valley.Home); n != 6 {
		t.Errorf("%d are expected when he is back", n)
	}
	site.post(path, but(ask, object{"until": valley.Evening.AddDate(0, 0, -1)})).refused(http.StatusUnprocessableEntity, "leave_until")
	site.post(path, but(ask, object{"person_id": valley.ID(valley.Worker(7))})).refused(http.StatusNotFound, "not_here")
}

// Who is on leave is not called, unless he was seen there.
func TestTheRollCallLeavesOutWhoIsOnLeave(t *testing.T) {
	w := newWorld(t)
	path := "/sites/" + valley.ID(valley.Home).String() + "/leaves"
	for _, worker := range []int{0, 1} {
		w.as("site").post(path, object{"person_id": valley.ID(valley.Worker(worker)), "everywhere": true}).must(http.StatusCreated)
	}
	w.gate(valley.HomeGate, entry("1", w.clock.Now().Add(-time.Minute), 1, "in"))
	list := read[struct {
		People []struct {
			PersonID uuid.UUID `json:"person_id"`
			Why      []string
		}
	}](w.as("section").get(w.evacuates(valley.Home) + "/muster")).People
	if len(list) != 5 {
		t.Fatalf("%d are on the list", len(list))
	}
	for _, p := range list {
		switch present := slices.Contains(p.Why, "leave"); {
		case p.PersonID == valley.ID(valley.Worker(0)):
			t.Error("who is away is called")
		case present != (p.PersonID == valley.ID(valley.Worker(1))):
			t.Errorf("%v stands there for %v", p.PersonID, p.Why)
		}
	}
}
