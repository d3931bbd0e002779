package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

// inside puts workers into a site.
func (w *world) inside(gate string, workers ...int) {
	w.Helper()
	var list []any
	for _, n := range workers {
		list = append(list, entry("in", w.clock.Now().Add(-time.Hour), n, "in"))
	}
	w.with(valley.DeviceKey(gate)).post("/passes", object{"passes": numbered(list)}).must(200)
}

// numbered gives passes keys of their own.
func numbered(list []any) []any {
	for i, p := range list {
		list[i] = but(p.(object), object{"event_key": p.(object)["event_key"].(string) + "-" + string(rune('a'+i))})
	}
	return list
}

func TestWhatIsPublishedIsWhatWasPreviewed(t *testing.T) {
	w := newWorld(t)
	w.inside(valley.HomeGate, 0, 1, 2)
	w.inside(valley.CampGate, 6)
	areas := []object{around(valley.Home, 5000), regions("511823")}
	asked := read[preview](w.as("yaan").post("/preview", question("orange", areas...)))
	draft := w.draft("yaan", instruction("orange", areas...))
	shown := read[preview](w.as("yaan").get("/warnings/" + draft.ID.String() + "/preview"))
	done := read[warningBody](w.as("yaan").post("/warnings/"+draft.ID.String()+"/publish",
		object{"version": draft.Version, "authorisation": "局长 21:25 电话同意（示例）"}))

	if len(asked.Targets) != 4 {
		t.Fatalf("targets: %s", names(asked.Targets))
	}
	published := w.targets("yaan", done.ID)
	if len(published) != len(asked.Targets) || done.Totals.Sites != 4 {
		t.Fatalf("%d previewed, %d published", len(asked.Targets), len(published))
	}
	for i, was := range asked.Targets {
		got := published[was.Name]
		if shown.Targets[i].Measure != was.Measure || got.Measure != was.Measure || got.Level != was.Level || got.Sentence != was.Sentence ||
			cmp.Diff(got.Why, was.Why) != "" || cmp.Diff(got.Match, was.Match) != "" || got.Frozen != was.People {
			t.Errorf("%s: previewed %+v, published %+v", was.Name, was, got)
		}
	}
	if home := published[valley.Home]; home.Measure != "evacuate" || home.Frozen.Certain != 3 || home.Frozen.Expected != 6 || len(home.Responsible) != 3 {
		t.Errorf("home: %+v", home)
	}
}

// What was frozen stays, what is there now goes on.
func TestTheFrozenCountStaysWhilePeopleMove(t *testing.T) {
	w := newWorld(t)
	w.inside(valley.HomeGate, 0, 1)
	done := w.publish("shimian", instruction("orange", around(valley.Home, 500)))
	w.with(valley.DeviceKey(valley.HomeGate)).post("/passes", object{"passes": []any{entry("out", w.clock.Now(), 0, "out")}}).must(200)
	home := w.targets("shimian", done.ID)[valley.Home]
	if home.Frozen.Certain != 2 || home.People.Certain != 1 {
		t.Errorf("frozen %d, now %d", home.Frozen.Certain, home.People.Certain)
	}
}

func TestTwoOfficersPublishTheSameDraft(t *testing.T) {
	w := newWorld(t)
	draft := w.draft("yaan", instruction("yellow", around(valley.Home, 500)))
	callers := []caller{w.as("yaan"), w.as("yaan2"), w.as("yaan-leader"), w.as("yaan")}
	answers := make([]answer, len(callers))
	var all sync.WaitGroup
	for i, c := range callers {
		all.Go(func() {
			var err error
			if answers[i], err = c.try(http.MethodPost, "/warnings/"+draft.ID.String()+"/publish", versioned(draft.Version, nil)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	won := 0
	for _, a := range answers {
		if a.Status == http.StatusOK {
			won++
			continue
		}
		if p := a.refused(http.StatusConflict, "published"); !strings.Contains(p.Detail, "已经由别人发布") {
			t.Errorf("not said why: %s", p.Detail)
		}
	}
	if n := ask[int](w, "SELECT count(*) FROM revision WHERE warning_id = $1", draft.ID); won != 1 || n != 1 {
		t.Errorf("%d won, %d revisions", won, n)
	}
}

func TestAnOldVersionIsRefusedInWords(t *testing.T) {
	w := newWorld(t)
	draft := w.draft("yaan", instruction("yellow", around(valley.Home, 500)))
	path := "/warnings/" + draft.ID.String()
	w.as("yaan2").put(path, versioned(draft.Version, instruction("blue", around(valley.Home, 900)))).must(200)
	p := w.as("yaan").post(path+"/publish", versioned(draft.Version, nil)).refused(409, "version")
	if !strings.Contains(p.Detail, "第 2 版") {
		t.Errorf("does not say which version: %s", p.Detail)
	}
	w.as("yaan").put(path, versioned(draft.Version, instruction("red", around(valley.Home, 900)))).refused(409, "version")
	w.as("yaan").post(path+"/discard", because(draft.Version, "重复")).refused(409, "version")
}

func TestTheSameRequestTwiceIsDoneOnce(t *testing.T) {
	w := newWorld(t)
	body := instruction("yellow", around(valley.Home, 500))
	yaan := w.as("yaan").once("k-create")
	one, two := read[warningBody](yaan.post("/warnings", body)), read[warningBody](yaan.post("/warnings", body))
	if one.ID != two.ID {
		t.Error("two drafts")
	}
	yaan.post("/warnings", but(body, object{"title": "别的"})).refused(409, "idempotency_reused")
	other := read[warningBody](w.as("yaan2").once("k-create").post("/warnings", body))
	if other.ID == one.ID {
		t.Error("another officer's key is taken for one's own")
	}

	path := "/warnings/" + one.ID.String()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			a, err := w.as("yaan").once("publish").try(http.MethodPost, path+"/publish", versioned(one.Version, nil))
			if err != nil || a.Status != 200 {
				t.Errorf("%v %d %s", err, a.Status, a.Body)
			}
		})
	}
	all.Wait()
	if n := ask[int](w, "SELECT count(*) FROM revision WHERE warning_id = $1", one.ID); n != 1 {
		t.Errorf("%d revisions", n)
	}
	w.as("yaan").once("publish").post("/warnings/"+other.ID.String()+"/publish", versioned(1, nil)).refused(409, "idempotency_reused")

	revised := versioned(2, but(body, object{"level": "blue"}))
	for range 2 {
		if got := read[warningBody](w.as("yaan").once("revise").post(path+"/revise", revised)); got.Revision != 2 {
			t.Errorf("revision %d", got.Revision)
		}
		read[warningBody](w.as("yaan").once("lift").post(path+"/lift", because(3, "雨停")))
	}
	for range 2 {
		w.as("yaan2").once("discard").post("/warnings/"+other.ID.String()+"/discard", because(1, "重复")).must(200)
	}
}

func TestRedNeedsASecondLook(t *testing.T) {
	w := newWorld(t)
	for _, level := range []string{"red", "orange", "unknown"} {
		draft := w.draft("yaan", instruction(level, around(valley.Home, 500)))
		path := "/warnings/" + draft.ID.String() + "/publish"
		w.as("yaan").post(path, versioned(1, nil)).refused(403, "second_look")
		w.as("yaan").post(path, object{"version": 1, "authorisation": "   "}).refused(403, "second_look")
		w.as("yaan").post(path, object{"version": 1, "authorisation": "李局 21:20 电话同意（示例）"}).must(200)
		if why := w.why("warning", draft.ID); !strings.Contains(why, "authorisation") || !strings.Contains(why, "21:20") {
			t.Errorf("the word of mouth is not kept: %s", why)
		}
	}
	draft := w.draft("yaan", instruction("red", around(valley.Home, 500)))
	w.as("yaan-leader").post("/warnings/"+draft.ID.String()+"/publish", versioned(1, nil)).must(200)
	yellow := w.publish("yaan", instruction("yellow", around(valley.Home, 500)))
	w.as("yaan").post("/warnings/"+yellow.ID.String()+"/revise",
		versioned(2, instruction("red", around(valley.Home, 500)))).refused(403, "second_look")
}

func TestAnUpdateWritesOnlyTheDifference(t *testing.T) {
	w := newWorld(t)
	first := w.publish("yaan", instruction("yellow", regions("511824"), around(valley.Camp, 200)))
	path, before := "/warnings/"+first.ID.String(), w.targets("yaan", first.ID)
	if len(before) != 3 {
		t.Fatalf("%d targets", len(before))
	}
	// Camp goes, the slope comes, home must do more, the tunnel stays.
	body := instruction("yellow", regions("511824"), around(valley.Slope, 100))
	body["choices"] = []object{{"site_id": valley.ID(valley.Home), "act": "measure", "measure": "shelter", "reason": "路已中断"}}
	d := read[difference](w.as("yaan").post(path+"/revise/preview", body))
	if names(d.Added) != valley.Slope || names(d.Released) != valley.Camp || names(d.Stays) != valley.Tunnel || len(d.Changed) != 1 {
		t.Fatalf("added %s, released %s, stays %s, changed %+v", names(d.Added), names(d.Released), names(d.Stays), d.Changed)
	}
	if c := d.Changed[0]; c.Before.Measure == c.After.Measure || c.After.Measure != "shelter" || c.Before.Name != valley.Home {
		t.Errorf("changed %+v", c)
	}
	if again := w.targets("yaan", first.ID); cmp.Diff(again, before) != "" {
		t.Error("looking at an update changed something")
	}
	read[warningBody](w.as("yaan").post(path+"/revise", versioned(2, body)))
	after := w.targets("yaan", first.ID)
	if after[valley.Tunnel].ID != before[valley.Tunnel].ID || after[valley.Tunnel].FromRevision != 1 {
		t.Error("a site that stays was written again")
	}
	if after[valley.Home].ID == before[valley.Home].ID || after[valley.Home].FromRevision != 2 || after[valley.Slope].FromRevision != 2 {
		t.Error("a site that changes is not a new target")
	}
	if _, stays := after[valley.Camp]; stays {
		t.Error("who is let go is still under the warning")
	}
	old := read[struct{ Items []target }](w.as("yaan").get(path + "/targets?revision=1"))
	if got := byName(old.Items); len(got) != 3 || got[valley.Home].Measure == "shelter" {
		t.Errorf("revision 1 as it stood: %+v", got)
	}
	w.as("yaan").post(path+"/revise", versioned(2, body)).refused(409, "version")
}

func TestWhoMayLift(t *testing.T) {
	w := newWorld(t)
	lift := func(login string, id uuid.UUID) answer {
		return w.as(login).post("/warnings/"+id.String()+"/lift", because(2, "雨停（示例）"))
	}
	ofProvince := w.publish("province", instruction("yellow", around(valley.Home, 500)))
	lift("yaan-leader", ofProvince.ID).refused(403, "not_ours") // never a higher one's
	ofCounty := w.publish("shimian", instruction("yellow", around(valley.Home, 500)))
	lift("yaan", ofCounty.ID).refused(403, "not_ours") // a lower one's: only the leader
	lift("hanyuan", ofCounty.ID).refused(404, "not_found")
	w.as("shimian").post("/warnings/"+ofCounty.ID.String()+"/lift", because(2, "")).must(422)
	lifted := read[warningBody](lift("yaan-leader", ofCounty.ID))
	if lifted.State != "lifted" || lifted.ClosedWhy != "雨停（示例）" {
		t.Errorf("%+v", lifted)
	}
	if why := w.why("warning", ofCounty.ID); !strings.Contains(why, "雨停") {
		t.Errorf("decision: %s", why)
	}
	lift("shimian", ofCounty.ID).refused(410, "closed")
	lift("province", ofProvince.ID).must(200)
	w.as("shimian").post("/warnings/"+ofCounty.ID.String()+"/revise", versioned(3, instruction("blue", around(valley.Home, 500)))).refused(410, "closed")
}

// Expired is not lifted: it is overdue until somebody says that it is over.
func TestAWarningExpiresAndCanStillBeLifted(t *testing.T) {
	w := newWorld(t)
	done := w.publish("shimian", instruction("yellow", around(valley.Home, 500)))
	w.clock.Advance(12*time.Hour - time.Second)
	if n, _ := w.db.ExpireDue(t.Context(), w.clock.Now()); n != 0 {
		t.Fatal("expired too early")
	}
	w.clock.Advance(time.Second)
	for _, want := range []int{1, 0} {
		if n, err := w.db.ExpireDue(t.Context(), w.clock.Now()); n != want || err != nil {
			t.Fatalf("%d expired, want %d: %v", n, want, err)
		}
	}
	got := w.warning(done.ID)
	if got.State != "expired" || !got.Overdue || len(w.targets("shimian", done.ID)) != 1 {
		t.Errorf("%+v", got)
	}
	w.as("shimian").post("/warnings/"+done.ID.String()+"/lift", because(got.Version, "雨停")).must(200)
	late := w.draft("shimian", but(instruction("yellow", around(valley.Home, 500)), object{"expires": w.clock.Now().Add(time.Minute)}))
	w.clock.Advance(time.Hour)
	w.as("shimian").post("/warnings/"+late.ID.String()+"/publish", versioned(1, nil)).refused(410, "expired")
}

// A drill runs on the same machinery and is told apart everywhere.
func TestADrillIsADrillDownToItsTargets(t *testing.T) {
	w := newWorld(t)
	drill := w.publish("yaan", but(instruction("orange", around(valley.Home, 500)), object{"mode": "exercise"}))
	if drill.Mode != "exercise" {
		t.Fatal("mode is lost")
	}
	for _, table := range []string{"warning_area", "revision", "target"} {
		if n := ask[int](w, "SELECT count(*) FROM "+table+" WHERE warning_id = $1 AND mode <> 'exercise'", drill.ID); n != 0 {
			t.Errorf("%d rows of %s say that it is real", n, table)
		}
	}
	// A real warning beside it is not made stricter by the drill.
	real := read[preview](w.as("yaan").post("/preview", but(question("blue", around(valley.Home, 500)), object{"hazard": "rain"})))
	w.as("yaan").post("/warnings/"+drill.ID.String()+"/lift", because(2, "演练结束")).must(200)
	without := read[preview](w.as("yaan").post("/preview", but(question("blue", around(valley.Home, 500)), object{"hazard": "rain"})))
	if cmp.Diff(real.Targets, without.Targets) != "" {
		t.Error("a drill changes what a real warning asks for")
	}
}

func TestASiteInADrillIsNotUnderARealWarning(t *testing.T) {
	w := newWorld(t)
	w.publish("yaan", but(instruction("orange", around(valley.Home, 500)), object{"mode": "exercise"}))
	site := read[struct {
		Warnings []struct{ Mode, Title string }
	}](w.as("section").get("/sites/" + valley.ID(valley.Home).String()))
	if len(site.Warnings) != 1 || site.Warnings[0].Mode != "exercise" {
		t.Errorf("the site's card does not tell a drill from a warning: %+v", site.Warnings)
	}
}

// What was published keeps the name it was published under; the site's own
// history keeps both.
func TestRenamingASiteLeavesThePublishedName(t *testing.T) {
	w := newWorld(t)
	done := w.publish("shimian", instruction("yellow", around(valley.Home, 500)))
	w.sql("UPDATE site SET name = '新名', recorded_at = $1 WHERE id = $2", valley.Evening.Add(time.Minute), valley.ID(valley.Home))
	if got := w.targets("shimian", done.ID); got[valley.Home].Name != valley.Home {
		t.Errorf("published targets: %+v", got)
	}
	was := ask[[]string](w, "SELECT array_agg(body->>'name' ORDER BY version) FROM history WHERE noun = 'site' AND noun_id = $1", valley.ID(valley.Home))
	if !slices.Equal(was, []string{valley.Home, "新名"}) {
		t.Errorf("history: %v", was)
	}
	known := ask[string](w, `SELECT body->>'name' FROM history WHERE noun = 'site' AND noun_id = $1 AND recorded_at <= $2
		ORDER BY version DESC LIMIT 1`, valley.ID(valley.Home), valley.Evening)
	if known != valley.Home {
		t.Errorf("known then: %s", known)
	}
}

func TestAnOfficerAddsOnlyWhatIsHis(t *testing.T) {
	w := newWorld(t)
	add := func(site string) object {
		return but(question("yellow", around(valley.Home, 500)), object{"choices": []object{
			{"site_id": valley.ID(site), "act": "add", "reason": "下游（示例）"}}})
	}
	p := read[preview](w.as("shimian").post("/preview", add(valley.Tunnel)))
	tunnel := byName(p.Targets)[valley.Tunnel]
	if !slices.Contains(tunnel.Match.By, "added") || !tunnel.Match.Certain || !strings.Contains(strings.Join(tunnel.Why, ""), "下游") {
		t.Errorf("added: %+v", tunnel)
	}
	w.as("shimian").post("/preview", add(valley.Camp)).refused(403, "site_outside")
	body := instruction("yellow", around(valley.Home, 500))
	body["choices"] = add(valley.Camp)["choices"]
	draft := w.draft("shimian", body)
	w.as("shimian").post("/warnings/"+draft.ID.String()+"/publish", versioned(1, nil)).refused(403, "site_outside")
	if got := w.warning(draft.ID); got.State != "draft" {
		t.Errorf("the draft is %s", got.State)
	}
}

func TestADroppedSiteIsKeptAsADecision(t *testing.T) {
	w := newWorld(t)
	body := instruction("yellow", regions("511824"))
	body["choices"] = []object{{"site_id": valley.ID(valley.Tunnel), "act": "drop", "reason": "洞内无人，洞口已封（示例）"}}
	p := read[preview](w.as("shimian").post("/preview", but(question("yellow", regions("511824")), object{"choices": body["choices"]})))
	if names(p.Targets) != valley.Home || names(p.Dropped) != valley.Tunnel {
		t.Fatalf("targets %s, dropped %s", names(p.Targets), names(p.Dropped))
	}
	done := w.publish("shimian", body)
	if why := w.why("warning", done.ID); !strings.Contains(why, "dropped:"+valley.ID(valley.Tunnel).String()) || !strings.Contains(why, "洞口已封") {
		t.Errorf("decision: %s", why)
	}
	body["choices"] = []object{{"site_id": valley.ID(valley.Tunnel), "act": "drop", "reason": ""}}
	w.as("shimian").post("/warnings", body).must(422)
}
