package httpapi_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres/pgtest/valley"
)

// red is a draft that needs a second look, with its path.
func (w *world) red(login string) (uuid.UUID, string) {
	w.Helper()
	id := w.draft(login, instruction("red", around(valley.Home, 500))).ID
	return id, "/warnings/" + id.String()
}

func (c caller) ask(path string, version int, by string) answer {
	return c.post(path+"/second-look/ask", object{"version": version, "by": by})
}

func TestASecondOfficerApprovesAndItGoesOut(t *testing.T) {
	w := newWorld(t)
	id, path := w.red("yaan")
	w.as("yaan2").post(path+"/second-look/approve", object{"version": 1}).refused(409, "not_asked")
	w.as("yaan").ask(path, 1, "officer").must(200)
	w.as("yaan").post(path+"/publish", versioned(1, nil)).refused(403, "second_look")
	w.as("yaan").post(path+"/second-look/approve", object{"version": 1}).refused(403, "own_look")
	w.as("province").post(path+"/second-look/approve", object{"version": 1}).refused(409, "not_asked") // of another authority
	w.as("yaan2").post(path+"/second-look/approve", object{"version": 1, "words": "区域无误"}).must(200)
	if l := w.desk("yaan", id).SecondLook; l == nil || l.State != "approved" || !l.Valid || *l.AnsweredBy != "yaan2" {
		t.Fatalf("%+v", l)
	}
	w.as("yaan2").post(path+"/publish", versioned(1, nil)).refused(403, "second_look") // who looked twice has not looked twice
	w.as("yaan").post(path+"/publish", versioned(1, nil)).must(200)
	if why := w.why("warning", id); !strings.Contains(why, "yaan2") || !strings.Contains(why, "区域无误") {
		t.Errorf("the record does not name the second look: %s", why)
	}
}

func TestAnyChangeVoidsTheSecondLook(t *testing.T) {
	w := newWorld(t)
	id, path := w.red("yaan")
	w.as("yaan").ask(path, 1, "officer").must(200)
	w.as("yaan2").post(path+"/second-look/approve", object{"version": 1}).must(200)
	w.as("yaan").put(path, versioned(1, instruction("red", around(valley.Home, 900)))).must(200)
	if l := w.desk("yaan", id).SecondLook; l.Valid {
		t.Errorf("%+v", l)
	}
	w.as("yaan").post(path+"/publish", versioned(2, nil)).refused(403, "second_look")
	w.as("yaan").ask(path, 1, "officer").refused(409, "version")
	w.as("yaan").ask(path, 2, "officer").must(200)
	w.as("yaan").put(path, versioned(2, instruction("red", around(valley.Home, 950)))).must(200)
	w.as("yaan2").post(path+"/second-look/approve", object{"version": 2}).refused(409, "version")
	w.as("yaan2").post(path+"/second-look/approve", object{"version": 3}).refused(409, "version")
}

func TestARefusalIsToldAndStops(t *testing.T) {
	w := newWorld(t)
	_, path := w.red("yaan")
	w.as("yaan").ask(path, 1, "officer").must(200)
	w.as("yaan2").post(path+"/second-look/refuse", object{"version": 1}).must(422)
	w.as("yaan2").post(path+"/second-look/refuse", object{"version": 1, "words": "应为橙色"}).must(200)
	p := w.as("yaan").post(path+"/publish", versioned(1, nil)).refused(403, "look_refused")
	if !strings.Contains(p.Detail, "应为橙色") {
		t.Errorf("not said why: %s", p.Detail)
	}
	w.as("yaan").ask(path, 1, "officer").must(200)
	w.as("yaan2").post(path+"/second-look/approve", object{"version": 1}).must(200)
	w.as("yaan").post(path+"/publish", versioned(1, nil)).must(200)
}

// Waiting for a second look never takes longer than five minutes: then it is
// published first and looked at afterwards, and that is kept.
func TestASecondLookIsNotWaitedForForEver(t *testing.T) {
	w := newWorld(t)
	id, path := w.red("yaan")
	w.as("yaan").post(path+"/publish", object{"version": 1, "unreviewed": true}).refused(403, "second_look")
	w.as("yaan").ask(path, 1, "officer").must(200)
	w.clock.Advance(5*time.Minute - time.Second)
	w.as("yaan").post(path+"/publish", object{"version": 1, "unreviewed": true}).refused(403, "second_look")
	w.clock.Advance(time.Second)
	w.as("yaan").post(path+"/publish", versioned(1, nil)).refused(403, "second_look")
	w.as("yaan").post(path+"/publish", object{"version": 1, "unreviewed": true}).must(200)
	if why := w.why("warning", id); !strings.Contains(why, "先发后审") {
		t.Errorf("not kept: %s", why)
	}
	w.as("yaan2").post(path+"/second-look/approve", object{"version": 1, "words": "事后复核无误"}).must(200)
	if l := w.desk("yaan", id).SecondLook; l.State != "approved" || l.Words != "事后复核无误" {
		t.Errorf("%+v", l)
	}
}

func TestWordOfMouthIsKeptForItsVersion(t *testing.T) {
	w := newWorld(t)
	id, path := w.red("yaan")
	w.as("yaan").post(path+"/second-look/ask", object{"version": 1, "by": "word"}).refused(422, "words_missing")
	w.as("yaan").post(path+"/second-look/ask", object{"version": 1, "by": "word", "words": "李局 21:20 电话同意（示例）"}).must(200)
	w.as("yaan").post(path+"/publish", versioned(1, nil)).must(200)
	if why := w.why("warning", id); !strings.Contains(why, "21:20") {
		t.Errorf("not kept: %s", why)
	}
}

// A change of a warning in force can be looked at twice as well: it is stored as a
// draft first.
func TestAChangeIsLookedAtTwice(t *testing.T) {
	w := newWorld(t)
	first := w.publish("yaan", instruction("yellow", around(valley.Home, 500)))
	path := "/warnings/" + first.ID.String()
	w.as("yaan").post(path+"/revise", versioned(2, instruction("red", around(valley.Home, 500)))).refused(403, "second_look")
	draft := read[warningBody](w.as("yaan").post(path+"/revise/draft", versioned(2, instruction("red", around(valley.Home, 500)))))
	if draft.Intent != "revise" || *draft.FollowsID != first.ID {
		t.Fatalf("%+v", draft)
	}
	w.as("yaan").post(path+"/revise/draft", versioned(2, instruction("red", around(valley.Home, 500)))).refused(409, "has_follower")
	change := "/warnings/" + draft.ID.String()
	w.as("yaan").ask(change, 1, "officer").must(200)
	w.as("yaan2").post(change+"/second-look/approve", object{"version": 1}).must(200)
	w.as("yaan").post(change+"/publish", versioned(1, nil)).must(200)
	if got := w.warning(first.ID); got.Level != "red" || got.Revision != 2 {
		t.Errorf("%+v", got)
	}
}

// leads puts a person with a phone on tonight's roster of an authority.
func (w *world) leads(authority, phone string) uuid.UUID {
	w.Helper()
	id := uuid.New()
	w.sql("INSERT INTO person (id, name, phone_sealed, phone_hash, recorded_at) VALUES ($1, '带班示例', $2, $3, $4)", id,
		valley.Sealer.Seal("person", "phone", id.String(), phone), valley.Sealer.Hash(account.PhonePurpose, phone), w.clock.Now())
	w.sql(`INSERT INTO duty_roster (id, unit_kind, unit_id, role, person_id, valid_from, valid_until, recorded_at)
		VALUES (gen_random_uuid(), 'authority', $1, 'duty_leader', $2, $3, $4, $3)`, valley.ID(authority), id, w.clock.Now().Add(-time.Hour), w.clock.Now().Add(10*time.Hour))
	return id
}

// phone is a browser without a session.
func (w *world) phone(method, path string, form url.Values) (int, string, string) {
	w.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequest(method, w.http.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(body), res.Header.Get("Location")
}

const leaderPhone = "19900000099"

// asked asks the leader by phone and gives the code of his short message.
func (w *world) asked(path string) string {
	w.Helper()
	w.as("yaan").ask(path, 1, "leader_link").must(200)
	text := ask[string](w, "SELECT wording->>'text' FROM notice WHERE kind = 'review' AND channel = 'sms' ORDER BY created_at DESC LIMIT 1")
	code := regexp.MustCompile(`[0-9]{6}`).FindString(text)
	if code == "" || strings.Contains(text, "://") {
		w.Fatalf("short message: %s", text)
	}
	return code
}

func TestTheLeaderApprovesOnHisPhone(t *testing.T) {
	w := newWorld(t)
	id, path := w.red("yaan")
	w.as("yaan").ask(path, 1, "leader_link").refused(409, "no_leader")
	w.leads("雅安局", leaderPhone)
	code := w.asked(path)
	for _, l := range []string{"yaan", "yaan2"} {
		if w.as(l).get(path).has(code) || w.as(l).get("/me/notices").has(code) {
			t.Error("an officer can read the leader's code")
		}
	}
	if status, page, _ := w.phone("GET", "/s", nil); status != 200 || !strings.Contains(page, "审定码") {
		t.Fatalf("%d %s", status, page)
	}
	status, _, link := w.phone("POST", "/s", url.Values{"phone": {leaderPhone}, "code": {code}})
	if status != 303 || !strings.HasPrefix(link, "/s/") {
		t.Fatalf("%d %s", status, link)
	}
	_, page, _ := w.phone("GET", link, nil)
	for _, said := range []string{`class="band red"`, "红色 Ⅰ级", "同意发布", "不同意", valley.Home, "撤离", "全员撤至集合点", "个点位", "确定在场"} {
		if !strings.Contains(page, said) {
			t.Errorf("the page does not say %s", said)
		}
	}
	if status, page, _ := w.phone("POST", link, url.Values{"version": {"1"}, "act": {"refuse"}}); status != 422 || !strings.Contains(page, "理由") {
		t.Errorf("%d %s", status, page)
	}
	for range 2 { // a button is pressed twice
		if status, page, _ := w.phone("POST", link, url.Values{"version": {"1"}, "act": {"approve"}}); status != 200 || !strings.Contains(page, "同意发布") {
			t.Fatalf("%d %s", status, page)
		}
	}
	if l := w.desk("yaan", id).SecondLook; l.State != "approved" || l.By != "leader_link" || *l.AnsweredBy != "带班领导" {
		t.Errorf("%+v", l)
	}
	w.as("yaan").post(path+"/publish", versioned(1, nil)).must(200)
	if why := w.why("warning", id); !strings.Contains(why, "手机上审定同意") {
		t.Errorf("not kept: %s", why)
	}
	if log := w.log.String(); strings.Contains(log, strings.TrimPrefix(link, "/s/")) {
		t.Error("the link is in the log")
	}
}

func TestALinkIsWorthNothingForAnotherVersion(t *testing.T) {
	w := newWorld(t)
	_, path := w.red("yaan")
	w.leads("雅安局", leaderPhone)
	_, _, link := w.phone("POST", "/s", url.Values{"phone": {leaderPhone}, "code": {w.asked(path)}})
	w.as("yaan").put(path, versioned(1, instruction("red", around(valley.Home, 900)))).must(200)
	if _, page, _ := w.phone("GET", link, nil); !strings.Contains(page, "被修改") || strings.Contains(page, "同意发布</button>") {
		t.Errorf("the page still offers to approve: %s", page)
	}
	for _, version := range []string{"1", "2"} {
		if status, page, _ := w.phone("POST", link, url.Values{"version": {version}, "act": {"approve"}}); status != 409 || !strings.Contains(page, "已被修改") {
			t.Errorf("%d %s", status, page)
		}
	}
}

func TestCodesAreNotGuessed(t *testing.T) {
	w := newWorld(t)
	_, path := w.red("yaan")
	w.leads("雅安局", leaderPhone)
	code := w.asked(path)
	wrong := "000000"
	if code == wrong {
		wrong = "111111"
	}
	for range 5 {
		if status, _, _ := w.phone("POST", "/s", url.Values{"phone": {leaderPhone}, "code": {wrong}}); status != 422 {
			t.Errorf("%d", status)
		}
	}
	if status, page, _ := w.phone("POST", "/s", url.Values{"phone": {leaderPhone}, "code": {code}}); status != 429 || !strings.Contains(page, "锁定") {
		t.Errorf("five wrong codes, and the sixth is taken: %d", status)
	}
	status, page, _ := w.phone("POST", "/s", url.Values{"phone": {"19900000098"}, "code": {code}})
	if status != 422 || !strings.Contains(page, "不正确") {
		t.Errorf("who was asked is told to strangers: %d %s", status, page)
	}
}

func TestALinkEnds(t *testing.T) {
	w := newWorld(t)
	_, path := w.red("yaan")
	w.leads("雅安局", leaderPhone)
	_, _, link := w.phone("POST", "/s", url.Values{"phone": {leaderPhone}, "code": {w.asked(path)}})
	if status, _, _ := w.phone("GET", link+"x", nil); status != 403 {
		t.Errorf("a changed link: %d", status)
	}
	w.clock.Advance(2*time.Hour + time.Second)
	if status, _, _ := w.phone("POST", link, url.Values{"version": {"1"}, "act": {"approve"}}); status != 410 {
		t.Errorf("%d", status)
	}
}
