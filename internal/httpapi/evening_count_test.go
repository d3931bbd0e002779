package httpapi_test

import (
	"net/http"
	"testing"
	"time"

	"muster/internal/postgres/pgtest/valley"
)

type eveningBody struct {
	Day                    string
	People, Away, Visitors int
	Words                  string
	At                     time.Time
	RecordedAt             time.Time `json:"recorded_at"`
}

func evening(people, away int) object {
	return object{"day": "2026-07-10", "people": people, "away": away, "visitors": 1, "words": "一人请假（示例）", "at": valley.Evening.Add(-time.Hour)}
}

func TestTheEveningCountIsCorrectedByANewOne(t *testing.T) {
	w := newWorld(t)
	site, path := w.as("site"), "/sites/"+valley.ID(valley.Home).String()+"/evening-count"
	for range 2 { // the phone did not hear the first answer
		site.once("first").post(path, evening(5, 1)).must(http.StatusCreated)
	}
	w.clock.Advance(time.Minute)
	site.once("second").post(path, evening(6, 0)).must(http.StatusCreated)
	list := read[struct{ Items []eveningBody }](w.as("shimian").get(path + "?day=2026-07-10")).Items
	if len(list) != 2 || list[0].People != 6 || list[1].People != 5 || list[1].Away != 1 || list[1].Words == "" {
		t.Fatalf("the evening: %+v", list)
	}
	if !list[0].At.Equal(valley.Evening.Add(-time.Hour)) || !list[0].RecordedAt.Equal(valley.Evening.Add(time.Minute)) {
		t.Errorf("counted at %s, recorded at %s", list[0].At, list[0].RecordedAt)
	}
	if other := read[struct{ Items []eveningBody }](site.get(path + "?day=2026-07-09")).Items; len(other) != 0 {
		t.Errorf("another evening has %+v", other)
	}
	if n := ask[int](w, "SELECT count(*) FROM change WHERE noun = 'site' AND noun_id = $1", valley.ID(valley.Home)); n != 2 {
		t.Errorf("%d changes were announced", n)
	}
}

func TestEveningsThatCannotBeCounted(t *testing.T) {
	w := newWorld(t)
	path := "/sites/" + valley.ID(valley.Home).String() + "/evening-count"
	for name, c := range map[string]struct {
		change object
		code   string
	}{
		"tomorrow":       {object{"day": "2026-07-11"}, "day"},
		"last week":      {object{"day": "2026-07-03"}, "day"},
		"no day":         {object{"day": "10.7."}, "request_422"},
		"fewer than nil": {object{"people": -1}, "request_422"},
		"long ago":       {object{"at": valley.Evening.AddDate(0, 0, -2)}, "too_old"},
	} {
		t.Run(name, func(t *testing.T) {
			w.as("site").post(path, but(evening(5, 1), c.change)).refused(http.StatusUnprocessableEntity, c.code)
		})
	}
	if n := ask[int](w, "SELECT count(*) FROM evening_count"); n != 0 {
		t.Errorf("%d counts were kept", n)
	}
}
