package httpapi_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/postgres/pgtest/valley"
)

type photoBody struct {
	ID        string
	DistanceM *int `json:"distance_m"`
	Faults    []struct{ Code string }
}

func (p photoBody) faults() string {
	var list []string
	for _, f := range p.Faults {
		list = append(list, f.Code)
	}
	return strings.Join(list, " ")
}

type provenThread struct {
	State  string
	Doubts []string
	Drawn  bool
	Photos []photoBody
}

// shot is a photo as a phone takes it at the home.
type shot struct {
	ago    time.Duration
	metres float64 // north of the site
	body   []byte
	also   url.Values // what else the phone says, or says otherwise
}

// shows sends a photo of the site's lead.
func (w *world) shows(thread, key string, p shot) photoBody {
	w.Helper()
	at := valley.Positions[valley.Home]
	q := url.Values{"taken_at": {w.clock.Now().Add(-p.ago).Format(time.RFC3339)}, "datum": {"wgs84"}, "accuracy": {"20"},
		"lon": {fmt.Sprint(at[0])}, "lat": {fmt.Sprint(at[1] + p.metres/111_195)}}
	maps.Copy(q, p.also)
	return read[photoBody](w.as("site").once(key).file(thread+"/photos?"+q.Encode(), p.body))
}

// The lead takes a photo at the muster point; who verifies sees it beside the
// report, and that he looked is written down. The phone that did not hear the answer
// sends it again.
func TestAPhotoStandsBesideTheReport(t *testing.T) {
	w := newWorld(t)
	thread := w.evacuates(valley.Home)
	w.clock.Advance(20 * time.Minute)
	sent := picture(64, 48)
	there := shot{ago: time.Minute, metres: 150, body: sent}
	taken, again := w.shows(thread, "photo", there), w.shows(thread, "photo", there)
	if taken.ID != again.ID || taken.faults() != "" || taken.DistanceM == nil || *taken.DistanceM > 150 {
		t.Errorf("%+v, sent again %+v", taken, again)
	}
	seen := read[provenThread](w.as("shimian").get(thread))
	if len(seen.Photos) != 1 || seen.Photos[0].ID != taken.ID {
		t.Fatalf("%+v", seen.Photos)
	}
	got := w.as("shimian").get("/photos/" + taken.ID + "/content").must(200)
	if !bytes.Equal(got.Body, sent) || got.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%d bytes came back, headers %v", len(got.Body), got.Header)
	}
	if audit := w.as("auditor").get("/audit").must(200); !audit.has("add_photo") || !audit.has("see_photo") {
		t.Error("nobody wrote down who brought it and who looked")
	}
}

func TestWhatSpeaksAgainstAPhoto(t *testing.T) {
	w := newWorld(t)
	thread := w.evacuates(valley.Home)
	w.clock.Advance(20 * time.Minute)
	origin := url.Values{"origin": {strings.Repeat("ab", 32)}}
	for _, c := range []struct {
		name string
		shot
		faults string
	}{
		{"at the muster point", shot{time.Minute, 150, picture(64, 40), origin}, ""},
		{"the same picture, made smaller once more", shot{time.Minute, 150, picture(32, 20), origin}, "seen_before"},
		{"the same bytes", shot{time.Minute, 150, picture(64, 40), nil}, "seen_before"},
		{"yesterday's", shot{24 * time.Hour, 150, picture(64, 41), nil}, "taken_before"},
		{"taken in town", shot{time.Minute, 5000, picture(64, 42), nil}, "taken_elsewhere"},
		{"no place said", shot{time.Minute, 0, picture(64, 43), url.Values{"lon": nil, "lat": nil}}, ""},
		{"a phone that may be wrong by five kilometres", shot{time.Minute, 3000, picture(64, 44), url.Values{"accuracy": {"5000"}}}, ""},
		{"old, from elsewhere, and not for the first time", shot{24 * time.Hour, 5000, picture(64, 40), nil}, "taken_before taken_elsewhere seen_before"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := w.shows(thread, "", c.shot); got.faults() != c.faults {
				t.Errorf("%q, not %q", got.faults(), c.faults)
			}
		})
	}
}

// A report is doubted for its photo whichever of the two comes first, and an
// authority must look.
func TestAnOldPhotoMakesTheReportDoubtful(t *testing.T) {
	for _, photoFirst := range []bool{true, false} {
		t.Run(fmt.Sprintf("the photo first: %v", photoFirst), func(t *testing.T) {
			w := newWorld(t)
			thread := w.evacuates(valley.Home)
			w.clock.Advance(30 * time.Minute)
			report := func() {
				w.as("site").post("/responses/report", object{"ids": []string{strings.TrimPrefix(thread, "/responses/")}, "safe": 6, "missing": 0,
					"evidence": []string{"roll_call", "call_back", "photo", "words"}, "words": "都在"}).must(200)
			}
			old := func() { w.shows(thread, "", shot{ago: 48 * time.Hour, body: picture(64, 48)}) }
			if photoFirst {
				old()
				report()
			} else {
				report()
				old()
			}
			got := read[provenThread](w.as("shimian").get(thread))
			if !slices.Contains(got.Doubts, "photo_reused") || !got.Drawn {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestWhatIsNoPhotoIsRefused(t *testing.T) {
	w := newWorld(t)
	thread := w.evacuates(valley.Home)
	site := w.as("site")
	at := "?taken_at=" + url.QueryEscape(w.clock.Now().Format(time.RFC3339))
	site.file(thread+"/photos"+at, []byte("%PDF-1.4\n")).refused(422, "not_picture")
	site.file(thread+"/photos"+at, picture(64, 32)[:20]).refused(422, "picture_broken")
	site.file(thread+"/photos", picture(64, 32)).must(422)
	site.file(thread+"/photos"+at+"&origin=xyz", picture(64, 32)).must(422)
	w.as("liangshan").file(thread+"/photos"+at, picture(64, 32)).must(403)
	if n := ask[int](w, "SELECT count(*) FROM photo"); n != 0 {
		t.Errorf("%d were kept", n)
	}
}
