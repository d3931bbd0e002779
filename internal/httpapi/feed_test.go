package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/demo"
	"muster/internal/postgres/pgtest/valley"
)

// capDocument is a CAP 1.2 message of the county's bureau about the
// neighbourhood of Home.
type capDocument struct {
	id, kind, references, sender, severity, status string
	sent                                           time.Time
	square                                         string
}

const atHome = "29.20,102.33 29.20,102.40 29.27,102.40 29.27,102.33 29.20,102.33"

func (d capDocument) bytes() []byte {
	or := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	sent := d.sent
	if sent.IsZero() {
		sent = valley.Evening.Add(-5 * time.Minute)
	}
	stamp := func(t time.Time) string { return t.In(clock.Shanghai).Format("2006-01-02T15:04:05-07:00") }
	refs := ""
	if d.references != "" {
		refs = "<references>" + d.references + "</references>"
	}
	return []byte(fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
 <identifier>%s</identifier><sender>%s</sender><sent>%s</sent><status>%s</status><msgType>%s</msgType><scope>Public</scope>%s
 <info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Expected</urgency><severity>%s</severity><certainty>Likely</certainty>
  <expires>%s</expires><senderName>示例气象台</senderName><headline>示例气象台发布暴雨橙色预警（示例）</headline><description>示例</description>
  <area><areaDesc>石棉县城一带</areaDesc><polygon>%s</polygon></area></info>
</alert>`, or(d.id, "CAP-1"), or(d.sender, "bureau@example.invalid"), stamp(sent), or(d.status, "Actual"), or(d.kind, "Alert"), refs,
		or(d.severity, "Severe"), stamp(sent.Add(12*time.Hour)), or(d.square, atHome)))
}

// refers is how CAP names an earlier message.
func (d capDocument) refers() string {
	return fmt.Sprintf("bureau@example.invalid,%s,%s", d.id, valley.Evening.Add(-5*time.Minute).In(clock.Shanghai).Format("2006-01-02T15:04:05-07:00"))
}

func (w *world) push(body []byte) pushed {
	w.Helper()
	return read[pushed](w.with(valley.CountyKey).post("/feeds/county/messages", body).must(http.StatusAccepted))
}

func (w *world) pushNation(body []byte) pushed {
	w.Helper()
	return read[pushed](w.with(valley.NationKey).post("/feeds/nation/messages", body).must(http.StatusAccepted))
}

func (p pushed) why() string {
	var all []string
	for _, r := range p.Reasons {
		all = append(all, r.Code)
	}
	return strings.Join(all, " ")
}

func (w *world) warning(id any) warningBody {
	w.Helper()
	return read[warningBody](w.as("province").get(fmt.Sprintf("/warnings/%v", id)))
}

// inbox are the drafts that wait.
func (w *world) inbox() []warningBody {
	w.Helper()
	return read[struct{ Items []warningBody }](w.as("province").get("/warnings?state=draft")).Items
}

// why reads the last decision about something.
func (w *world) why(subject string, id any) string {
	w.Helper()
	return ask[string](w, "SELECT verdict || ' ' || reasons::text FROM decision WHERE subject = $1 AND subject_id = $2::uuid ORDER BY at DESC, id DESC LIMIT 1",
		subject, fmt.Sprint(id))
}

func TestAPushedWarningBecomesADraft(t *testing.T) {
	w := newWorld(t)
	r := w.push(capDocument{}.bytes())
	if r.Format != "cap" || r.Outcome != "accepted" || r.Repeated || len(r.Messages) != 1 || r.Messages[0].WarningID == nil {
		t.Fatalf("receipt %+v", r)
	}
	draft := w.warning(r.Messages[0].WarningID)
	if draft.State != "draft" || draft.Level != "orange" || draft.Authority.Name != "省厅（示例）" {
		t.Errorf("draft %+v", draft)
	}
	p := read[preview](w.as("province").get("/warnings/" + draft.ID.String() + "/preview"))
	if names(p.Targets) != valley.Home+" "+valley.Tunnel && names(p.Targets) != valley.Tunnel+" "+valley.Home {
		t.Errorf("targets %s", names(p.Targets))
	}
	rows := w.as("province").get("/messages").must(200)
	for _, said := range []string{"暴雨", "石棉县城一带", "示例气象台", `"basis":"polygon"`} {
		if !rows.has(said) {
			t.Errorf("the inbox does not say %s", said)
		}
	}
	raw := w.as("province").get("/messages/" + r.RawID.String() + "/raw").must(200)
	if string(raw.Body) != string(capDocument{}.bytes()) || raw.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("the document did not come back byte for byte, as a file")
	}
}

func TestTheSameBytesTwiceAreOneDocument(t *testing.T) {
	w := newWorld(t)
	first, second := w.push(capDocument{}.bytes()), w.push(capDocument{}.bytes())
	if !second.Repeated || second.RawID != first.RawID || *second.Messages[0].WarningID != *first.Messages[0].WarningID {
		t.Errorf("first %+v, second %+v", first, second)
	}
	other := w.push(append(capDocument{}.bytes(), '\n')) // the same message in other bytes
	if other.Repeated || other.Messages[0].WarningID != nil || len(w.inbox()) != 1 {
		t.Errorf("the same message in other bytes: %+v", other)
	}
	if why := w.why("message", ask[string](w, "SELECT id::text FROM message WHERE raw_id = $1", other.RawID)); !strings.Contains(why, "repeat") {
		t.Errorf("decision: %s", why)
	}
}

func TestWhatCannotBeReadIsKeptAndSaidSo(t *testing.T) {
	w := newWorld(t)
	for name, body := range map[string]string{
		"nothing":     " ",
		"no XML":      "\x00\x01\x02",
		"cut off":     string(capDocument{}.bytes()[:200]),
		"entity bomb": `<!DOCTYPE a [<!ENTITY b "bbb">]><alert>&b;</alert>`,
	} {
		r := w.push([]byte(body))
		if r.Outcome != "rejected" || len(r.Reasons) == 0 || r.Reasons[0].Text == "" {
			t.Errorf("%s: %+v", name, r)
		}
		if kept := ask[[]byte](w, "SELECT body FROM raw_message WHERE id = $1", r.RawID); string(kept) != body {
			t.Errorf("%s was not kept as it came", name)
		}
	}
	if n := len(w.inbox()); n != 0 {
		t.Errorf("%d drafts", n)
	}
	w.push(capDocument{}.bytes()) // the server is still there
}

func TestADocumentOfTenMegabytesIsAnsweredInWords(t *testing.T) {
	w := newWorld(t)
	big := append([]byte("<alert>"), make([]byte, 11<<20)...)
	w.with(valley.CountyKey).post("/feeds/county/messages", big).refused(http.StatusRequestEntityTooLarge, "request_413")
}

func TestTestsAndExercisesAreNeverDispatched(t *testing.T) {
	w := newWorld(t)
	for _, status := range []string{"Test", "Exercise", "System", "Draft"} {
		r := w.push(capDocument{id: status, status: status}.bytes())
		if r.Outcome == "rejected" || len(r.Messages) != 1 || r.Messages[0].WarningID != nil {
			t.Errorf("%s: %+v", status, r)
		}
	}
}

func TestAnUpdateReplacesTheDraftThatWaits(t *testing.T) {
	w := newWorld(t)
	first := capDocument{id: "CAP-1"}
	before := w.push(first.bytes())
	after := w.push(capDocument{id: "CAP-2", kind: "Update", references: first.refers(), severity: "Extreme", sent: valley.Evening}.bytes())
	if *before.Messages[0].EpisodeID != *after.Messages[0].EpisodeID {
		t.Error("the update opened another episode")
	}
	if old := w.warning(before.Messages[0].WarningID); old.State != "discarded" || old.ClosedWhy == "" {
		t.Errorf("the old draft is %s: %s", old.State, old.ClosedWhy)
	}
	if waiting := w.inbox(); len(waiting) != 1 || waiting[0].ID != *after.Messages[0].WarningID || waiting[0].Intent != "publish" {
		t.Errorf("inbox %+v", waiting)
	}
}

// The stormy evening of the demonstration: the first message is published, the
// update proposes a revision, the lift proposes to lift.
func TestUpdateAndLiftOfAWarningInForceAreProposed(t *testing.T) {
	w := newWorld(t)
	at := valley.Evening
	first := w.pushNation(demo.Storm(at)[1].Body)
	draft := w.warning(first.Messages[0].WarningID)
	if draft.Authority.Name != "雅安局（示例）" {
		t.Errorf("the draft of 雅安's bureau lies with %s", draft.Authority.Name)
	}
	active := w.push2(draft)
	w.clock.Advance(10 * time.Minute)
	update := w.pushNation(demo.StormUpdate(at.Add(10 * time.Minute)).Body)
	revision := w.warning(update.Messages[0].WarningID)
	if revision.Intent != "revise" || revision.FollowsID == nil || *revision.FollowsID != active.ID || revision.Level != "red" {
		t.Fatalf("after the update: %+v", revision)
	}
	revised := w.push2(revision)
	if revised.ID != active.ID || revised.Revision != 2 || revised.Level != "red" {
		t.Fatalf("revised: %+v", revised)
	}
	w.clock.Advance(time.Hour)
	lift := w.pushNation(demo.StormLift(at.Add(70 * time.Minute)).Body)
	if lift.Messages[0].WarningID == nil {
		t.Fatalf("the lift drafted nothing: %+v", lift)
	}
	proposal := w.warning(lift.Messages[0].WarningID)
	if proposal.Intent != "lift" || w.warning(active.ID).State != "active" {
		t.Fatalf("the issuer's lift: %+v; whether the sites may relax is for a person to say", proposal)
	}
	if lifted := w.push2(proposal); lifted.ID != active.ID || lifted.State != "lifted" {
		t.Errorf("lifted: %+v", lifted)
	}
	if len(w.inbox()) != 0 {
		t.Error("something still waits")
	}
}

// push2 publishes a draft as its city's duty leader.
func (w *world) push2(d warningBody) warningBody {
	w.Helper()
	return read[warningBody](w.as("yaan-leader").post("/warnings/"+d.ID.String()+"/publish", versioned(d.Version, nil)))
}

func TestACancelPutsTheWaitingDraftAway(t *testing.T) {
	w := newWorld(t)
	first := capDocument{id: "CAP-1"}
	draft := w.push(first.bytes()).Messages[0].WarningID
	w.push(capDocument{id: "CAP-9", kind: "Cancel", references: first.refers(), sent: valley.Evening}.bytes())
	if got := w.warning(draft); got.State != "discarded" || !strings.Contains(got.ClosedWhy, "解除") {
		t.Errorf("%s: %s", got.State, got.ClosedWhy)
	}
	if why := w.why("warning", draft); !strings.Contains(why, "not_published") {
		t.Errorf("decision: %s", why)
	}
	if len(w.inbox()) != 0 {
		t.Error("something still waits")
	}
}

// A warning that expired without being lifted is revived by an update: as a
// draft that can be published.
func TestAnUpdateOfAnExpiredWarningCanBePublished(t *testing.T) {
	w := newWorld(t)
	first := capDocument{id: "CAP-1"}
	draft := w.warning(w.push(first.bytes()).Messages[0].WarningID)
	read[warningBody](w.as("province-leader").post("/warnings/"+draft.ID.String()+"/publish", versioned(draft.Version, nil)))
	w.clock.Advance(13 * time.Hour)
	if n, err := w.db.ExpireDue(t.Context(), w.clock.Now()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	update := w.push(capDocument{id: "CAP-2", kind: "Update", references: first.refers(), sent: w.clock.Now()}.bytes())
	again := w.warning(update.Messages[0].WarningID)
	got := read[warningBody](w.as("province-leader").post("/warnings/"+again.ID.String()+"/publish", versioned(again.Version, nil)))
	if got.State != "active" || got.Totals.Sites != 2 {
		t.Errorf("%+v", got)
	}
}

// Somebody else's cancel ends nothing; a person is asked.
func TestAForeignCancelEndsNothing(t *testing.T) {
	w := newWorld(t)
	first := capDocument{id: "CAP-1"}
	draft := w.push(first.bytes()).Messages[0].WarningID
	foreign := w.push(capDocument{id: "X-1", kind: "Cancel", sender: "stranger@example.invalid", references: first.refers(), sent: valley.Evening}.bytes())
	if foreign.Outcome != "held" || !strings.Contains(foreign.why(), "foreign_reference") {
		t.Errorf("%s: %s", foreign.Outcome, foreign.why())
	}
	if got := w.warning(draft); got.State != "draft" {
		t.Errorf("the draft is %s", got.State)
	}
}

// What was cancelled before it came makes no draft.
func TestAFirstMessageAfterItsCancelIsBornCancelled(t *testing.T) {
	w := newWorld(t)
	first := capDocument{id: "CAP-1"}
	cancel := w.push(capDocument{id: "CAP-9", kind: "Cancel", references: first.refers(), sent: valley.Evening}.bytes())
	if cancel.Outcome != "held" {
		t.Errorf("a cancel of what never came: %s", cancel.Outcome)
	}
	late := w.push(first.bytes())
	if late.Messages[0].WarningID != nil || len(w.inbox()) != 0 {
		t.Fatalf("late: %+v", late)
	}
	if f := late.Messages[0].Flags; len(f) == 0 || f[len(f)-1].Code != "born_cancelled" {
		t.Errorf("flags %+v", f)
	}
	if why := w.why("message", ask[string](w, "SELECT id::text FROM message WHERE raw_id = $1", late.RawID)); !strings.Contains(why, "born_cancelled") {
		t.Errorf("decision: %s", why)
	}
}

func TestTwoDocumentsAtTheSameTimeAreOneEpisode(t *testing.T) {
	w := newWorld(t)
	first := capDocument{id: "CAP-1"}
	bodies := [][]byte{first.bytes(), append(first.bytes(), ' '), append(first.bytes(), '\n'),
		capDocument{id: "CAP-2", kind: "Update", references: first.refers(), sent: valley.Evening}.bytes()}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			a, err := w.with(valley.CountyKey).try(http.MethodPost, "/feeds/county/messages", bodies[i%len(bodies)])
			if err != nil || a.Status != http.StatusAccepted {
				t.Errorf("%v %d %s", err, a.Status, a.Body)
			}
		})
	}
	all.Wait()
	if n := ask[int](w, "SELECT count(DISTINCT episode_id) FROM message"); n != 1 {
		t.Errorf("%d episodes", n)
	}
	if n := ask[int](w, "SELECT count(*) FROM raw_message"); n != len(bodies) {
		t.Errorf("%d documents are kept", n)
	}
	if waiting := w.inbox(); len(waiting) != 1 {
		t.Errorf("%d drafts wait", len(waiting))
	}
}
