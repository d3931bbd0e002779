package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
)

// A vessel goes upstream: its place moves with it, what it was at an earlier instant
// can be asked, what cannot be is refused, and a warning that it sails into is named.
func TestAVesselMoves(t *testing.T) {
	w := newWorld(t)
	home := valley.Positions[valley.Home]
	path := "/sites/" + valley.ID(valley.Home).String() + "/positions"
	lead := w.as("section")
	at := func(lon, lat float64, more object) object {
		return but(object{"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 10}, more)
	}
	lead.post(path, at(home[0], home[1], nil)).refused(http.StatusUnprocessableEntity, "not_a_vessel")
	w.sql("UPDATE site SET kind = 'vessel', sleeps = false, valid_from = $2, recorded_at = $2 WHERE id = $1", valley.ID(valley.Home), valley.Evening)

	type place struct {
		Lon, Lat float64
		At       time.Time
	}
	where := func(query string) []place {
		return read[struct{ Items []place }](lead.get(path + query)).Items
	}
	began := w.clock.Now()
	lead.post(path, at(home[0], home[1], nil)).must(http.StatusOK)
	w.clock.Advance(time.Hour)
	lead.post(path, at(home[0]+0.05, home[1], nil)).must(http.StatusOK)
	lead.post(path, at(home[0]+0.05, home[1], nil)).must(http.StatusOK) // sent again
	lead.post(path, at(home[0]+0.06, home[1], nil)).refused(http.StatusConflict, "position_twice")
	lead.post(path, at(home[0]+0.02, home[1], object{"at": began.Add(30 * time.Minute)})).must(http.StatusOK) // late: it does not go back
	w.clock.Advance(time.Minute)
	lead.post(path, at(home[0]+1, home[1], nil)).refused(http.StatusUnprocessableEntity, "vessel_position")
	lead.post(path, at(home[1], home[0], nil)).refused(http.StatusUnprocessableEntity, "vessel_position")
	lead.post(path, at(home[0], home[1], object{"datum": "mars"})).must(http.StatusUnprocessableEntity)

	if x := ask[float64](w, "SELECT ST_X(geom) FROM site WHERE id = $1", valley.ID(valley.Home)); x != home[0]+0.05 {
		t.Errorf("the site is at %v", x)
	}
	if list := where(""); len(list) != 3 || list[0].Lon != home[0]+0.05 {
		t.Errorf("%+v", list)
	}
	if list := where("?until=" + began.Add(40*time.Minute).UTC().Format(time.RFC3339)); len(list) != 2 || list[0].Lon != home[0]+0.02 {
		t.Errorf("where it was: %+v", list)
	}
	if n := ask[int](w, "SELECT count(*) FROM history WHERE noun = 'site' AND noun_id = $1", valley.ID(valley.Home)); n < 4 {
		t.Errorf("%d versions of the site", n)
	}
	if ask[int](w, "SELECT count(*) FROM pass") != 0 {
		t.Error("moving a vessel moved people")
	}
}

type enteredBoard struct {
	Total   int
	Entered []struct {
		SiteID   uuid.UUID `json:"site_id"`
		Name     string
		Since    time.Time
		Possible int
		Certain  int
	}
}

// sailing makes the tunnel of the valley a vessel (施工船舶), on its way since now.
func (w *world) sailing() (path string, at func(place string) object) {
	w.Helper()
	w.sql("UPDATE site SET kind = 'vessel', sleeps = false, valid_from = $2, recorded_at = $2 WHERE id = $1", valley.ID(valley.Tunnel), valley.Evening)
	return "/sites/" + valley.ID(valley.Tunnel).String() + "/positions", func(place string) object {
		p := valley.Positions[place]
		return object{"lon": p[0], "lat": p[1], "datum": "wgs84", "accuracy_m": 10}
	}
}

// rung are the alarms about vessels that are open after the watchdog has looked.
func (w *world) rung() []string {
	w.Helper()
	pulse, err := w.db.Pulse(w.Context(), response.DefaultLimits.Window, w.clock.Now())
	if err != nil {
		w.Fatal(err)
	}
	pulse.Skew = 0
	if _, _, err := w.db.RaiseAlarms(w.Context(), response.Judge(pulse, response.DefaultLimits), response.DefaultLimits.Calm, w.clock.Now()); err != nil {
		w.Fatal(err)
	}
	var words []string
	for _, a := range read[struct {
		Items []struct{ Code, Words string }
	}](w.as("yaan").get("/alarms")).Items {
		if a.Code == string(response.VesselEntered) {
			words = append(words, a.Words)
		}
	}
	return words
}

// A warning is published over a place where the vessel is not; then it sails in. Its
// lead is told in the answer, the publisher on the board, the duty room by an alarm,
// each once; the next revision takes it in. Nobody gets a notice before that.
func TestAVesselSailsIntoAWarning(t *testing.T) {
	w := newWorld(t)
	warning := w.publish("yaan", instruction("yellow", around(valley.Home, 500)))
	drill := w.publish("yaan", but(instruction("yellow", around(valley.Home, 500)), object{"mode": "exercise", "title": "演练用"}))
	path, at := w.sailing()
	board := func(id uuid.UUID) enteredBoard {
		return read[enteredBoard](w.as("yaan").get("/warnings/" + id.String() + "/board/summary"))
	}
	told := func() int {
		return ask[int](w, "SELECT count(*) FROM change WHERE noun = 'warning' AND noun_id = $1", warning.ID)
	}
	asked := func() int {
		return ask[int](w, "SELECT (SELECT count(*) FROM response WHERE site_id = $1) + (SELECT count(*) FROM summons_target t JOIN response r ON r.id = t.response_id WHERE r.site_id = $1)", valley.ID(valley.Tunnel))
	}
	if b := board(warning.ID); b.Total == 0 || len(b.Entered) != 0 || len(w.rung()) != 0 {
		t.Fatalf("before: %+v", b)
	}

	before := told()
	got := read[struct {
		Words   string
		Entered []struct {
			WarningID uuid.UUID `json:"warning_id"`
			Exercise  bool
		}
	}](w.as("section").post(path, at(valley.Home)))
	if len(got.Entered) != 2 || got.Entered[0].WarningID != warning.ID || !got.Entered[1].Exercise || !strings.Contains(got.Words, "黄色预警") {
		t.Errorf("%+v", got)
	}
	if b := board(warning.ID); len(b.Entered) != 1 || b.Entered[0].SiteID != valley.ID(valley.Tunnel) || b.Entered[0].Name == "" {
		t.Errorf("the board: %+v", b)
	}
	if b := board(drill.ID); len(b.Entered) != 1 {
		t.Errorf("the board of the drill: %+v", b)
	}
	for range 2 {
		if words := w.rung(); len(words) != 1 || !strings.Contains(words[0], warning.Title) {
			t.Errorf("alarms: %q", words)
		}
	}
	if n := told() - before; n != 1 {
		t.Errorf("the board was told %d times", n)
	}
	w.clock.Advance(time.Minute)
	w.as("section").post(path, at(valley.Home)).must(http.StatusOK) // still there: nothing new
	if n := told() - before; n != 1 || asked() != 0 {
		t.Errorf("told %d times, asked %d times", n, asked())
	}
	if read[struct{ Entered []object }](w.as("section").get(path)).Entered == nil {
		t.Error("the lead's page does not know")
	}

	body := instruction("yellow", around(valley.Home, 500))
	if d := read[difference](w.as("yaan").post("/warnings/"+warning.ID.String()+"/revise/preview", body)); len(d.Added) != 1 || d.Added[0].SiteID != valley.ID(valley.Tunnel) {
		t.Fatalf("the revision adds %s", names(d.Added))
	}
	w.as("yaan").post("/warnings/"+warning.ID.String()+"/revise", versioned(2, body)).must(http.StatusOK)
	w.clock.Advance(response.DefaultLimits.Calm + time.Second)
	if b, words := board(warning.ID), w.rung(); len(b.Entered) != 0 || len(words) != 0 || asked() == 0 {
		t.Errorf("after the revision: %+v, alarms %q, asked %d times", b, words, asked())
	}
}

// A vessel that leaves is nobody's concern any more; one that comes again is told of
// anew; one that an officer has taken out with a reason is not.
func TestAVesselThatLeavesIsForgotten(t *testing.T) {
	w := newWorld(t)
	content := but(instruction("yellow", around(valley.Home, 500)), object{"expires": w.clock.Now().Add(48 * time.Hour)})
	warning := w.publish("yaan", content)
	path, at := w.sailing()
	sails := func(place string, want int) {
		t.Helper()
		w.clock.Advance(4 * time.Hour)
		w.as("section").post(path, at(place)).must(http.StatusOK)
		b := read[enteredBoard](w.as("yaan").get("/warnings/" + warning.ID.String() + "/board/summary"))
		if words := w.rung(); len(b.Entered) != want || len(words) != want {
			t.Errorf("%s: %+v, %q", place, b.Entered, words)
		}
	}
	sails(valley.Home, 1)
	sails(valley.Camp, 0)
	sails(valley.Home, 1)
	if n := ask[int](w, "SELECT count(*) FROM alarm WHERE code = 'vessel_entered'"); n != 2 {
		t.Errorf("%d alarms for two entries", n)
	}
	dropped := but(content, object{"choices": []any{object{"site_id": valley.ID(valley.Tunnel), "act": "drop", "reason": "已靠岸锚泊，无人"}}})
	w.as("yaan").post("/warnings/"+warning.ID.String()+"/revise", versioned(2, dropped)).must(http.StatusOK)
	sails(valley.Home, 0)
}
