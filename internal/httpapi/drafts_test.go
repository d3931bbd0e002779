package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

func TestASecondOfficerIsToldWhoHasTheDraft(t *testing.T) {
	w := newWorld(t)
	d := w.draft("yaan", instruction("yellow", around(valley.Home, 500)))
	path := "/warnings/" + d.ID.String()
	w.as("yaan").post(path+"/take", object{}).must(200)
	if e := w.desk("yaan", d.ID).Editor; e == nil || !e.Me {
		t.Errorf("%+v", e)
	}
	if e := w.desk("yaan2", d.ID).Editor; e == nil || e.Me || e.Title != "yaan" {
		t.Errorf("%+v", e)
	}
	p := w.as("yaan2").put(path, versioned(1, instruction("blue", around(valley.Home, 500)))).refused(409, "taken")
	if !strings.Contains(p.Detail, "yaan") || !strings.Contains(p.Detail, "21:30") {
		t.Errorf("not said who and since when: %s", p.Detail)
	}
	w.as("yaan2").post(path+"/take", object{}).refused(409, "taken")
	w.clock.Advance(time.Minute)
	w.as("yaan2").post(path+"/take", object{"over": true}).must(200)
	w.as("yaan2").put(path, versioned(1, instruction("blue", around(valley.Home, 500)))).must(200)
	w.as("yaan").put(path, versioned(2, instruction("blue", around(valley.Home, 600)))).refused(409, "taken")
}

func TestTheFirstChangeTakesTheDraftAndStopsTheClock(t *testing.T) {
	w := newWorld(t)
	w.signed(object{})
	id := w.pushed(blue(capDocument{}))
	path := "/warnings/" + id.String()
	w.as("province").post(path+"/take", object{}).must(200)
	if d := w.desk("province", id); d.Auto.State != "waiting" {
		t.Errorf("taking a draft stopped its clock: %+v", d.Auto)
	}
	w.as("province").put(path, versioned(1, instruction("blue", around(valley.Tunnel, 500)))).must(200)
	if d := w.desk("province", id); d.Auto.State != "stopped" || d.Auto.Why[0].Code != "edited" {
		t.Errorf("%+v", d.Auto)
	}
	w.clock.Advance(time.Hour)
	if got := w.forward(); len(got) != 0 {
		t.Errorf("a person changed it, and it went out by itself: %+v", got)
	}
}

// Merging loses nothing that is warned of.
func TestADraftIsMergedIntoAWarningInForce(t *testing.T) {
	w := newWorld(t)
	inForce := w.publish("province", but(instruction("yellow", around(valley.Home, 500)), object{"hazard": "rain"}))
	id := w.pushed(capDocument{square: "29.30,102.60 29.30,102.70 29.40,102.70 29.40,102.60 29.30,102.60"})
	path := "/warnings/" + id.String()
	got := read[warningBody](w.as("province").post(path+"/merge", object{"version": 1, "into": inForce.ID}))
	if got.Intent != "revise" || *got.FollowsID != inForce.ID || got.Level != "orange" || got.Version != 2 || len(got.Areas) != 2 {
		t.Fatalf("%+v", got)
	}
	w.as("province-leader").post(path+"/publish", versioned(2, nil)).must(200)
	targets := w.targets("province", inForce.ID)
	if targets[valley.Home].Level != "yellow" || targets[valley.Camp].Level != "orange" || w.warning(inForce.ID).Revision != 2 {
		t.Errorf("%+v", targets)
	}
	// What the bureau sends about it later belongs to the same warning.
	lift := w.push(capDocument{id: "2", kind: "Cancel", references: capDocument{id: "CAP-1"}.refers(), sent: w.clock.Now()}.bytes())
	if len(lift.Messages) != 1 || lift.Messages[0].WarningID == nil {
		t.Fatalf("%+v", lift)
	}
	if d := w.warning(lift.Messages[0].WarningID); d.Intent != "lift" || *d.FollowsID != inForce.ID {
		t.Errorf("%+v", d)
	}
}

func TestWhatCannotBeMergedIsSaid(t *testing.T) {
	w := newWorld(t)
	draft := func(o object) string {
		return "/warnings/" + w.draft("yaan", but(instruction("yellow", around(valley.Camp, 300)), o)).ID.String()
	}
	into := w.publish("yaan", instruction("yellow", around(valley.Home, 500)))
	merge := func(path string, into uuid.UUID) answer {
		return w.as("yaan").post(path+"/merge", object{"version": 1, "into": into})
	}
	merge(draft(object{"hazard": "wind"}), into.ID).refused(422, "merge_hazard")
	merge(draft(object{"mode": "exercise"}), into.ID).refused(422, "merge_mode")
	merge(draft(object{}), w.draft("yaan", instruction("yellow", around(valley.Home, 500))).ID).refused(422, "merge_closed")
	merge(draft(object{}), w.publish("shimian", instruction("yellow", around(valley.Home, 500))).ID).refused(422, "merge_authority")
	first := draft(object{})
	merge(first, into.ID).must(200)
	merge(draft(object{}), into.ID).refused(409, "has_follower")
	w.as("yaan").post(first+"/merge", object{"version": 2, "into": into.ID}).refused(422, "merge_follower")
}

func TestTakingOverTheDuty(t *testing.T) {
	w := newWorld(t)
	leader := w.leads("雅安局", leaderPhone)
	w.draft("yaan", instruction("yellow", around(valley.Home, 500)))
	type duty struct {
		Authority struct{ Name string }
		OnDuty    []struct {
			PersonID uuid.UUID `json:"person_id"`
			Role     string
			Phone    *string
			Me       bool
		} `json:"on_duty"`
		Last *struct {
			By   struct{ Title string }
			From *struct{ Title string }
			Open struct{ Drafts int }
		}
		Mine bool
		Open struct{ Drafts, Active int }
	}
	before := read[duty](w.as("yaan").get("/me/duty"))
	if before.Last != nil || before.Mine || before.Open.Drafts != 1 || len(before.OnDuty) != 1 || before.OnDuty[0].PersonID != leader ||
		before.OnDuty[0].Role != "duty_leader" || before.OnDuty[0].Phone == nil {
		t.Fatalf("%+v", before)
	}
	got := read[duty](w.as("yaan").once("k").post("/me/duty/take-over", object{"words": "平稳"}))
	read[duty](w.as("yaan").once("k").post("/me/duty/take-over", object{"words": "平稳"}))
	if !got.Mine || got.Last.By.Title != "yaan" || got.Last.From != nil || got.Last.Open.Drafts != 1 {
		t.Errorf("%+v", got.Last)
	}
	w.publish("yaan", instruction("yellow", around(valley.Camp, 300)))
	next := read[duty](w.as("yaan2").post("/me/duty/take-over", object{}))
	if next.Last.By.Title != "yaan2" || next.Last.From == nil || next.Last.From.Title != "yaan" || next.Open.Active != 1 {
		t.Errorf("%+v", next.Last)
	}
	if n := ask[int](w, "SELECT count(*) FROM handover"); n != 2 {
		t.Errorf("%d lines", n)
	}
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = 'take_over_duty'"); n != 2 {
		t.Errorf("%d in the audit", n)
	}
	w.as("yaan").get("/me/duty?authority="+valley.ID("凉山局").String()).refused(403, "not_your_office")
}
