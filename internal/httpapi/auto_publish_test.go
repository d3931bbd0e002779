package httpapi_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
)

// deskBody is what the inbox shows beside a draft.
type deskBody struct {
	warningBody
	Kind string
	Auto *struct {
		State         string
		At            *time.Time
		Authorisation *struct{ Title string }
		Signer        *struct{ Title string }
		Why           []struct{ Code, Text string }
	}
	Editor *struct {
		Title string
		Me    bool
	}
	Hold       *struct{ Reason string }
	SecondLook *struct {
		Valid          bool
		State, By      string
		Version        int
		Words          string
		AnsweredBy     *string    `json:"answered_by"`
		MayNotWait     *time.Time `json:"may_publish_unreviewed_at"`
		PublishedSince *time.Time `json:"published_at"`
	} `json:"second_look"`
}

func (w *world) desk(login string, id uuid.UUID) deskBody {
	w.Helper()
	return read[deskBody](w.as(login).get("/warnings/" + id.String()))
}

// blue is a rain warning of the county's feed at a level that asks for little: the
// residence at risk lies outside of it.
func blue(changes capDocument) capDocument {
	changes.severity = "Minor"
	changes.square = firstOf(changes.square, "29.24,102.37 29.24,102.39 29.26,102.39 29.26,102.37 29.24,102.37")
	return changes
}

// signed lets the leader of the province sign for blue rain.
func (w *world) signed(changes object) {
	w.Helper()
	w.as("province-leader").post("/standing-authorisations", mandate(w, changes)).must(201)
}

func (w *world) pushed(d capDocument) uuid.UUID {
	w.Helper()
	body := d.bytes()
	if d.severity == "Minor" { // the words must not contradict the field
		body = bytes.ReplaceAll(body, []byte("橙色"), []byte("蓝色"))
	}
	r := w.push(body)
	if len(r.Messages) != 1 || r.Messages[0].WarningID == nil {
		w.Fatalf("no draft: %+v", r)
	}
	return *r.Messages[0].WarningID
}

// forward does what the program does each second, until nothing is due.
func (w *world) forward() []postgres.Forwarded {
	w.Helper()
	var list []postgres.Forwarded
	for {
		f, err := w.db.AutoPublish(w.Context(), w.clock.Now())
		if errs.Is(err, errs.NotFound) {
			return list
		}
		if err != nil {
			w.Fatal(err)
		}
		list = append(list, f)
	}
}

func TestADraftUnderAStandingAuthorisationGoesOutByItself(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	w.sql(`INSERT INTO post (id, person_id, unit_kind, unit_id, role, valid_from, recorded_at) VALUES (gen_random_uuid(), $1, 'site', $2, 'site_lead', $3, $3)`,
		valley.ID(valley.NameOfLead), valley.ID(valley.Tunnel), valley.Evening.AddDate(0, 0, -1))
	id := w.pushed(blue(capDocument{}))
	due := w.clock.Now().Add(10 * time.Minute)
	d := w.desk("province", id)
	if d.Auto == nil || d.Auto.State != "waiting" || !d.Auto.At.Equal(due) || d.Auto.Authorisation.Title != "蓝色暴雨自动转发" || d.Auto.Signer.Title != "province-leader" {
		t.Fatalf("the inbox does not say when it goes out: %+v", d.Auto)
	}
	w.clock.Advance(10*time.Minute - time.Second)
	if got := w.forward(); len(got) != 0 {
		t.Fatalf("too early: %+v", got)
	}
	w.clock.Advance(time.Second)
	if got := w.forward(); len(got) != 1 || !got[0].Published {
		t.Fatalf("%+v", got)
	}
	d = w.desk("province", id)
	if d.State != "active" || d.Kind != "auto_relay" || d.Auto.State != "published" {
		t.Errorf("%+v %+v", d.warningBody, d.Auto)
	}
	if why := w.why("warning", id); !strings.Contains(why, "常设授权《蓝色暴雨自动转发》") || !strings.Contains(why, "province-leader") {
		t.Errorf("the record does not name who signed: %s", why)
	}
	text := ask[string](w, "SELECT wording->>'text' FROM notice WHERE warning_id = $1 AND channel = 'app' LIMIT 1", id)
	if !strings.Contains(text, "原发布 示例气象台") || !strings.Contains(text, "自动转发") {
		t.Errorf("the text names neither issuer nor that it is automatic: %s", text)
	}
}

func TestWhatNobodySignedForWaitsForAPerson(t *testing.T) {
	for _, c := range []struct {
		name    string
		signed  object
		message capDocument
		why     string
	}{
		{"another level", object{"levels": []string{"yellow"}}, blue(capDocument{}), "level"},
		{"another hazard", object{"hazards": []string{"wind"}}, blue(capDocument{}), "hazard"},
		{"another source", object{"sources": []string{valley.NationFeed}}, blue(capDocument{}), "source"},
		{"a larger area", object{"max_km2": 1}, blue(capDocument{}), "area_too_large"},
		{"people must leave a sleeping place", object{"max_sites": 1}, blue(capDocument{square: atHome}), "measure"},
		{"an orange one asks for a stop", object{"levels": []string{"orange"}}, capDocument{}, "measure"},
		{"later than the season", object{"valid_from": valley.Evening.AddDate(0, 0, 1)}, blue(capDocument{}), "no_authorisation"},
		{"nobody is there", object{}, blue(capDocument{square: "29.0,102.0 29.0,102.01 29.01,102.01 29.01,102.0 29.0,102.0"}), "no_sites"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.signed(c.signed)
			id := w.pushed(c.message)
			d := w.desk("province", id)
			if d.Auto == nil || d.Auto.State != "none" || len(d.Auto.Why) == 0 || d.Auto.Why[0].Code != c.why || d.Auto.Why[0].Text == "" {
				t.Errorf("why: %+v", d.Auto)
			}
			if why := w.why("warning", id); !strings.Contains(why, "not_auto") || !strings.Contains(why, c.why) {
				t.Errorf("the reason is not kept: %s", why)
			}
			w.clock.Advance(3 * time.Hour)
			if got := w.forward(); len(got) != 0 {
				t.Errorf("it went out: %+v", got)
			}
		})
	}
}

func TestTwoReplicasPublishOnce(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	id := w.pushed(blue(capDocument{}))
	w.clock.Advance(10 * time.Minute)
	var all sync.WaitGroup
	published := make(chan uuid.UUID, 8)
	for range 8 {
		all.Go(func() {
			f, err := w.db.AutoPublish(w.Context(), w.clock.Now())
			switch {
			case err == nil && f.Published:
				published <- f.Warning
			case err == nil || !errs.Is(err, errs.NotFound):
				t.Errorf("%+v %v", f, err)
			}
		})
	}
	all.Wait()
	if n := ask[int](w, "SELECT count(*) FROM revision WHERE warning_id = $1", id); n != 1 || len(published) != 1 {
		t.Errorf("%d replicas say that they published, %d revisions", len(published), n)
	}
}

// A hold and the countdown meet in the last second: whoever has the row decides,
// and the other is told.
func TestAHoldInTheLastSecond(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	id := w.pushed(blue(capDocument{}))
	w.clock.Advance(10 * time.Minute)
	var all sync.WaitGroup
	var held answer
	var out postgres.Forwarded
	w.as("province") // signed in before it matters
	all.Go(func() {
		held, _ = w.as("province").try("POST", "/warnings/"+id.String()+"/hold", object{"reason": "区域待核"})
	})
	all.Go(func() { out, _ = w.db.AutoPublish(w.Context(), w.clock.Now()) })
	all.Wait()
	state := w.desk("province", id).State
	switch {
	case held.Status == 200 && state == "draft" && !out.Published:
		if got := w.forward(); len(got) != 0 {
			t.Errorf("held, and it went out: %+v", got)
		}
	case held.Status == 409 && state == "active" && out.Published:
		held.refused(409, "published")
	default:
		t.Errorf("hold %d, state %s, published %v", held.Status, state, out.Published)
	}
}

func TestAHeldDraftStaysUntilItIsReleased(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	id := w.pushed(blue(capDocument{}))
	path := "/warnings/" + id.String()
	w.as("province").post(path+"/hold", object{"reason": ""}).must(422)
	w.as("province").post(path+"/hold", object{"reason": "区域待核"}).must(200)
	if d := w.desk("province", id); d.Auto.State != "on_hold" || d.Auto.At != nil || d.Hold.Reason != "区域待核" || d.Version != 1 {
		t.Fatalf("%+v %+v", d.Auto, d.Hold)
	}
	w.clock.Advance(time.Hour)
	if got := w.forward(); len(got) != 0 {
		t.Fatalf("held, and it went out: %+v", got)
	}
	p := w.as("yaan-leader").post(path+"/publish", versioned(1, nil)).refused(404, "not_found")
	p = w.as("province-leader").post(path+"/publish", versioned(1, nil)).refused(409, "on_hold")
	if !strings.Contains(p.Detail, "province") || !strings.Contains(p.Detail, "区域待核") {
		t.Errorf("not said who holds it and why: %s", p.Detail)
	}
	w.as("province").post(path+"/release", object{}).must(200)
	if got := w.forward(); len(got) != 0 {
		t.Error("released, and gone at once: nobody could look")
	}
	w.clock.Advance(time.Minute)
	if got := w.forward(); len(got) != 1 || !got[0].Published {
		t.Errorf("%+v", got)
	}
}

func TestAHoldEndsAtItsTime(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	id := w.pushed(blue(capDocument{}))
	until := w.clock.Now().Add(30 * time.Minute)
	w.as("province").post("/warnings/"+id.String()+"/hold", object{"reason": "等会商", "until": until}).must(200)
	if d := w.desk("province", id); d.Auto.At == nil || !d.Auto.At.Equal(until) {
		t.Errorf("%+v", d.Auto)
	}
	w.clock.Advance(30*time.Minute - time.Second)
	if len(w.forward()) != 0 {
		t.Error("too early")
	}
	w.clock.Advance(time.Second)
	if len(w.forward()) != 1 {
		t.Error("the hold is over, and nothing went out")
	}
}

// An update from the bureau puts the waiting draft away; the new one has its own
// countdown, and whoever held the old one back holds this one as well.
func TestASupersededDraftNeverGoesOut(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	first := blue(capDocument{id: "A"})
	id := w.pushed(first)
	w.as("province").post("/warnings/"+id.String()+"/hold", object{"reason": "区域待核"}).must(200)
	w.clock.Advance(5 * time.Minute)
	next := w.pushed(blue(capDocument{id: "B", kind: "Update", references: first.refers(), sent: w.clock.Now()}))
	if next == id {
		t.Fatal("no new draft")
	}
	if d := w.desk("province", next); d.Hold == nil || d.Auto.State != "on_hold" {
		t.Errorf("the hold is lost: %+v %+v", d.Hold, d.Auto)
	}
	w.as("province").post("/warnings/"+next.String()+"/release", object{}).must(200)
	w.clock.Advance(10 * time.Minute)
	got := w.forward()
	if len(got) != 1 || got[0].Draft != next || w.desk("province", id).State != "discarded" {
		t.Errorf("%+v", got)
	}
}

// What went out by itself is raised by itself; it is lowered, narrowed and lifted
// by people.
func TestAnUpdateGoesOutByItselfOnlyUpward(t *testing.T) {
	w := newWorld(t)
	w.signed(object{"levels": []string{"blue", "yellow"}})
	first := blue(capDocument{id: "A"})
	id := w.pushed(first)
	w.clock.Advance(10 * time.Minute)
	w.forward()
	narrower := blue(capDocument{id: "B", kind: "Update", references: first.refers(), sent: w.clock.Now(),
		square: "29.0,102.0 29.0,102.01 29.01,102.01 29.01,102.0 29.0,102.0"})
	d := w.desk("province", w.pushed(narrower))
	if d.Intent != "revise" || d.Auto.State != "none" {
		t.Errorf("a narrowing waits for nobody: %+v", d.Auto)
	}
	wider := blue(capDocument{id: "C", kind: "Update", references: first.refers(), sent: w.clock.Now().Add(time.Second)})
	if d = w.desk("province", w.pushed(wider)); d.Auto.State != "waiting" {
		t.Errorf("an update that takes nothing away: %+v", d.Auto)
	}
	w.clock.Advance(10 * time.Minute)
	if got := w.forward(); len(got) != 1 || got[0].Warning != id || w.desk("province", id).Revision != 2 {
		t.Errorf("%+v", got)
	}
	lift := w.pushed(capDocument{id: "D", kind: "Cancel", references: first.refers(), sent: w.clock.Now(), severity: "Minor"})
	if d = w.desk("province", lift); d.Intent != "lift" || d.Auto.State != "none" || d.Auto.Why[0].Code != "lift" {
		t.Errorf("a lift: %+v", d.Auto)
	}
}

func TestWhatIsPublishedByHandIsNotUpdatedByItself(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	first := blue(capDocument{id: "A"})
	id := w.pushed(first)
	w.as("province").post("/warnings/"+id.String()+"/publish", versioned(1, nil)).must(200)
	d := w.desk("province", w.pushed(blue(capDocument{id: "B", kind: "Update", references: first.refers(), sent: w.clock.Now()})))
	if d.Auto.State != "none" || d.Auto.Why[0].Code != "by_hand" {
		t.Errorf("%+v", d.Auto)
	}
}

func TestRevokingStopsWhatWaits(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	id := w.pushed(blue(capDocument{}))
	list := read[struct{ Items []struct{ ID uuid.UUID } }](w.as("province").get("/standing-authorisations"))
	path := "/standing-authorisations/" + list.Items[0].ID.String() + "/revoke"
	w.as("province").post(path, object{"reason": "汛期结束"}).refused(403, "no_permission")
	w.as("yaan-leader").post(path, object{"reason": "汛期结束"}).refused(404, "not_found")
	w.as("province-leader").post(path, object{"reason": "汛期结束"}).must(200)
	w.as("province-leader").post(path, object{"reason": "汛期结束"}).refused(410, "revoked")
	if d := w.desk("province", id); d.Auto.State != "stopped" || d.Auto.Why[0].Code != "revoked" {
		t.Errorf("%+v", d.Auto)
	}
	w.clock.Advance(time.Hour)
	if got := w.forward(); len(got) != 0 {
		t.Errorf("revoked, and it went out: %+v", got)
	}
}

// The limits are looked at again when the time has come.
func TestWhatChangedMeanwhileIsSeenInTheLastSecond(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	id := w.pushed(blue(capDocument{}))
	w.sql("UPDATE site SET at_risk = true, risk_reason = '新裂缝（示例）', sleeps = true, kind = 'residence_own', recorded_at = $1 WHERE id = $2",
		valley.Evening, valley.ID(valley.Tunnel))
	w.clock.Advance(10 * time.Minute)
	got := w.forward()
	if len(got) != 1 || got[0].Published || got[0].Reasons[0].Code != "measure" {
		t.Fatalf("%+v", got)
	}
	if d := w.desk("province", id); d.State != "draft" || d.Auto.State != "stopped" {
		t.Errorf("%+v", d.Auto)
	}
}

func TestAnAuthorisationIsCheckedBeforeItIsSigned(t *testing.T) {
	w := newWorld(t)
	for name, bad := range map[string]object{
		"no end":         {"valid_until": w.clock.Now()},
		"for ever":       {"valid_until": w.clock.Now().AddDate(2, 0, 0)},
		"no such hazard": {"hazards": []string{"dragons"}},
		"no such feed":   {"sources": []string{"nobody"}},
		"no limit":       {"max_km2": 0},
		"at once":        {"delay_minutes": 0},
		"without level":  {"levels": []string{"unknown"}},
	} {
		if a := w.as("province-leader").post("/standing-authorisations", mandate(w, bad)); a.Status != 422 {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
}
