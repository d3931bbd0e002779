package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
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

// A warning is published over a place where the vessel is not; then it sails in.
func TestAVesselSailsIntoAWarning(t *testing.T) {
	w := newWorld(t)
	w.publish("yaan", instruction("yellow", around(valley.Home, 500)))
	tunnel, home := valley.ID(valley.Tunnel), valley.Positions[valley.Home]
	w.sql("UPDATE site SET kind = 'vessel', sleeps = false, valid_from = $2, recorded_at = $2 WHERE id = $1", tunnel, valley.Evening)
	got := read[struct {
		Entered []struct {
			WarningID uuid.UUID `json:"warning_id"`
			Title     string
		}
	}](w.as("section").post("/sites/"+tunnel.String()+"/positions", object{"lon": home[0], "lat": home[1], "datum": "wgs84"}))
	if len(got.Entered) != 1 || got.Entered[0].Title == "" {
		t.Errorf("%+v", got)
	}
}
