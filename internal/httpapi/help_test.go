package httpapi_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/httpapi"
	"muster/internal/media"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
)

type route = httpapi.Route

// object is a JSON object on its way to the server.
type object = map[string]any

// around is a circle about a site that is a point.
func around(site string, metres float64) object {
	p := valley.Positions[site]
	if site == valley.Slope {
		p = [2]float64{102.64, 29.34}
	}
	return object{"circle": object{"lon": p[0], "lat": p[1], "radius_m": metres}}
}

// regions is an area given by codes.
func regions(codes ...string) object { return object{"regions": codes} }

// instruction is a warning as an officer writes it, for the next twelve hours.
func instruction(level string, areas ...object) object {
	return object{"hazard": "flash_flood", "level": level, "title": "山洪预警（示例）", "basis": "会商意见（示例）",
		"expires": valley.Evening.Add(12 * time.Hour), "areas": areas}
}

// question is what is asked while an officer is drawing.
func question(level string, areas ...object) object {
	return object{"hazard": "flash_flood", "level": level, "expires": valley.Evening.Add(12 * time.Hour), "areas": areas}
}

func but(o object, changes object) object {
	c := maps.Clone(o)
	maps.Copy(c, changes)
	return c
}

// versioned adds the version that the officer saw.
func versioned(version int, o object) object { return but(object{"version": version}, o) }

func because(version int, reason string) object { return object{"version": version, "reason": reason} }

type warningBody struct {
	ID        uuid.UUID
	Mode      string
	State     string
	Version   int
	Revision  int
	Intent    string
	Title     string
	Level     string
	Authority struct {
		ID   uuid.UUID
		Name string
	}
	FollowsID *uuid.UUID `json:"follows_id"`
	ClosedWhy string     `json:"closed_reason"`
	Overdue   bool
	Totals    struct{ Sites, Certain, Possible int }
	Areas     []struct{ Revision int }
	Revisions []struct{ Number int }
	Flags     []struct{ Code, Label string }
}

type target struct {
	ID      uuid.UUID
	SiteID  uuid.UUID `json:"site_id"`
	Name    string
	Level   string
	Measure string
	Match   struct {
		Certain bool
		By      []string
		Text    string
	}
	Why           []string
	Sentence      string
	People        struct{ Certain, Possible, Expected int }
	Frozen        struct{ Certain, Possible, Expected int }
	FromRevision  int  `json:"from_revision"`
	UntilRevision *int `json:"until_revision"`
	Responsible   []struct {
		PersonID uuid.UUID `json:"person_id"`
		Name     *string
		Phone    *string
		Role     string
	}
}

type preview struct {
	Totals struct{ Sites, Sections, Certain, Possible, Expected int }
	Area   *struct {
		KM2      float64
		Repaired *struct {
			WasKM2 float64 `json:"was_km2"`
			NowKM2 float64 `json:"now_km2"`
		}
	}
	Targets []target
	Dropped []target
}

type difference struct {
	Added, Stays, Released []target
	Changed                []struct{ Before, After target }
}

type pushed struct {
	RawID    uuid.UUID `json:"raw_id"`
	Repeated bool
	Format   string
	Outcome  string
	Reasons  []struct{ Code, Text string }
	Messages []struct {
		EpisodeID *uuid.UUID `json:"episode_id"`
		WarningID *uuid.UUID `json:"warning_id"`
		Flags     []struct{ Code, Label string }
	}
}

// draft writes a draft as a user.
func (w *world) draft(login string, body object) warningBody {
	w.Helper()
	return read[warningBody](w.as(login).post("/warnings", body))
}

// draftOf puts a draft into an authority's inbox, as a feed does.
func (w *world) draftOf(login, authority string, body object) uuid.UUID {
	w.Helper()
	id := w.draft(login, body).ID
	w.sql("UPDATE warning SET authority_id = $1 WHERE id = $2", valley.ID(authority), id)
	return id
}

// publish drafts and publishes as a user, by word of mouth where it needs one.
func (w *world) publish(login string, body object) warningBody {
	w.Helper()
	d := w.draft(login, body)
	return read[warningBody](w.as(login).post("/warnings/"+d.ID.String()+"/publish",
		object{"version": d.Version, "authorisation": "厅领导 21:20 电话同意（示例）"}))
}

// targets are the live targets of a warning by the names of their sites.
func (w *world) targets(login string, id uuid.UUID) map[string]target {
	w.Helper()
	list := read[struct{ Items []target }](w.as(login).get("/warnings/" + id.String() + "/targets"))
	return byName(list.Items)
}

func byName(list []target) map[string]target {
	by := map[string]target{}
	for _, t := range list {
		by[t.Name] = t
	}
	return by
}

func names(list []target) string {
	var all []string
	for _, t := range list {
		all = append(all, t.Name)
	}
	return strings.Join(all, " ")
}

// entry is a pass of a worker.
func entry(key string, at time.Time, worker int, direction string) object {
	return object{"event_key": key, "time": at, "person_id": valley.ID(valley.Worker(worker)), "direction": direction}
}

// panorama is a small picture twice as wide as high.
func panorama(height int) []byte { return picture(2*height, height) }

func picture(width, height int) []byte {
	img := image.NewGray(image.Rect(0, 0, width, height))
	for x := range width {
		img.SetGray(x, height/2, color.Gray{Y: 200})
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// put stores four bytes under a key.
func (s *scenery) put(key string) {
	s.w.Helper()
	store, err := media.Open(s.w.Context(), gateway.Config)
	if err != nil {
		s.w.Fatal(err)
	}
	if err := store.Put(s.w.Context(), key, strings.NewReader("%PDF"), 4, "application/pdf"); err != nil {
		s.w.Fatal(err)
	}
}

// peek asks and does not wait for the end of the answer.
func (c caller) peek(path string) answer {
	c.w.Helper()
	a := answer{w: c.w, what: "GET " + path}
	req, err := http.NewRequest(http.MethodGet, c.w.http.URL+"/api/v1"+path, nil)
	if err != nil {
		c.w.Fatal(err)
	}
	c.dress(req, "")
	res, err := c.w.http.Client().Do(req)
	if err != nil {
		c.w.Fatal(err)
	}
	defer res.Body.Close()
	a.Status, a.Header = res.StatusCode, res.Header
	if res.StatusCode >= 300 {
		a.Body, _ = io.ReadAll(res.Body)
	}
	return a
}

// drawn is an area with a geometry.
func drawn(geojson string) object {
	return object{"geometry": rawJSON(geojson)}
}

type rawJSON string

func (r rawJSON) MarshalJSON() ([]byte, error) { return []byte(r), nil }

func placeOf(site string) postgres.GrantPlace { return postgres.GrantPlace{Site: valley.ID(site)} }
