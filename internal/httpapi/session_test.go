package httpapi_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
)

type meView struct {
	Login       string
	Permissions []account.Permission
	Roles       []struct{ Role, Label, Place string }
	Scope       *struct {
		Label string
		BBox  []float64
	}
}

func TestSigningInTellsWhoOneIsAndWhatOneMay(t *testing.T) {
	w := newWorld(t)
	me := read[meView](w.as("shimian").get("/session"))
	if me.Login != "shimian" || len(me.Roles) != 1 || me.Roles[0].Label != "值班员" || me.Roles[0].Place != "石棉局（示例）" {
		t.Errorf("me: %+v", me)
	}
	p := valley.Positions[valley.Home]
	if me.Scope == nil || len(me.Scope.BBox) != 4 || me.Scope.BBox[0] > p[0] || me.Scope.BBox[2] < p[0] {
		t.Errorf("the map would not open at the county's sites: %+v", me.Scope)
	}
	if auditor := read[meView](w.as("auditor").get("/session")); auditor.Scope != nil {
		t.Error("the auditor has a place on the map")
	}
	w.nobody().get("/session").refused(http.StatusUnauthorized, "signed_out")
}

func TestTheSessionCookieIsOutOfReach(t *testing.T) {
	w := newWorld(t)
	c := w.signIn("yaan", valley.Password).must(http.StatusOK).sessionCookie()
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || len(c.Value) < 32 {
		t.Errorf("cookie %+v", c)
	}
	if n := ask[int](w, "SELECT count(*) FROM sessions WHERE token = $1", c.Value); n != 0 {
		t.Error("the token is stored as it is: whoever reads the table is signed in")
	}
	mine := caller{w: w, cookie: c.Value}
	mine.delete("/session").must(http.StatusNoContent)
	mine.get("/session").refused(http.StatusUnauthorized, "signed_out")
}

func TestSigningInChangesTheToken(t *testing.T) {
	w := newWorld(t)
	before := w.as("yaan")
	again := before.post("/session", map[string]string{"login": "yaan", "password": valley.Password}).must(http.StatusOK).sessionCookie()
	if again.Value == before.cookie {
		t.Error("a token that somebody else planted would be signed in")
	}
	before.get("/session").refused(http.StatusUnauthorized, "signed_out")
}

func TestManyWrongPasswordsLockTheLoginForAWhile(t *testing.T) {
	w := newWorld(t)
	for range account.FailuresAllowed {
		w.signIn("yaan", "not it").refused(http.StatusUnauthorized, "wrong_password")
		w.clock.Advance(time.Second)
	}
	p := w.signIn("yaan", valley.Password).refused(http.StatusTooManyRequests, "locked")
	if !strings.Contains(p.Detail, "21:45") {
		t.Errorf("does not say until when: %s", p.Detail)
	}
	w.signIn("shimian", valley.Password).must(http.StatusOK) // one's lock is not another's

	w.clock.Advance(account.FailureWindow - 5*time.Second)
	w.signIn("yaan", valley.Password).must(http.StatusOK)
	w.signIn("yaan", "not it").refused(http.StatusUnauthorized, "wrong_password") // success cleared the count
}

// A machine that guesses does not wait for one answer before it asks again.
func TestGuessingAtTheSameTimeGetsNoMoreAnswers(t *testing.T) {
	w := newWorld(t)
	statuses := make([]int, 16)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() {
			a, err := w.nobody().try(http.MethodPost, "/session", map[string]string{"login": "yaan", "password": "guess"})
			if err != nil {
				t.Error(err)
			}
			statuses[i] = a.Status
		})
	}
	all.Wait()
	told := 0
	for _, s := range statuses {
		if s == http.StatusUnauthorized {
			told++
		} else if s != http.StatusTooManyRequests {
			t.Errorf("status %d", s)
		}
	}
	if told > account.FailuresAllowed {
		t.Errorf("%d guesses were answered, at most %d should be", told, account.FailuresAllowed)
	}
	w.signIn("yaan", valley.Password).refused(http.StatusTooManyRequests, "locked")
}

func TestAnUnknownLoginAnswersLikeAWrongPassword(t *testing.T) {
	w := newWorld(t)
	known, unknown := w.signIn("yaan", "not it"), w.signIn("nobody", "not it")
	if string(known.Body) != string(unknown.Body) || known.Status != unknown.Status {
		t.Errorf("%s\n%s", known.Body, unknown.Body)
	}
	for range account.FailuresAllowed - 1 {
		w.signIn("nobody", "not it").refused(http.StatusUnauthorized, "wrong_password")
	}
	w.signIn("nobody", "not it").refused(http.StatusTooManyRequests, "locked")
}

func TestADisabledAccountIsOutAtOnce(t *testing.T) {
	w := newWorld(t)
	yaan := w.as("yaan")
	yaan.get("/map").must(http.StatusOK)
	w.as("security").delete("/users/" + ask[string](w, "SELECT id::text FROM app_user WHERE login = 'yaan'")).must(http.StatusNoContent)
	yaan.get("/map").refused(http.StatusUnauthorized, "no_account")
	w.signIn("yaan", valley.Password).refused(http.StatusUnauthorized, "wrong_password")
}

func TestAGrantThatEndsIsGoneWithTheNextRequest(t *testing.T) {
	w := newWorld(t)
	yaan := w.as("yaan")
	w.sql("UPDATE user_grant SET until_at = $1 WHERE user_id = (SELECT id FROM app_user WHERE login = 'yaan')", valley.Evening.Add(time.Minute))
	yaan.get("/map").must(http.StatusOK)
	w.clock.Advance(time.Minute)
	yaan.get("/map").refused(http.StatusUnauthorized, "no_account")
}

// Another page in the same browser cannot act in the officer's name.
func TestAnotherSiteCannotPost(t *testing.T) {
	w := newWorld(t)
	for name, header := range map[string][2]string{
		"by fetch metadata": {"Sec-Fetch-Site", "cross-site"},
		"by origin":         {"Origin", "https://elsewhere.example"},
	} {
		req, _ := http.NewRequest(http.MethodPost, w.http.URL+"/api/v1/preview", strings.NewReader("{}"))
		req.Header.Set(header[0], header[1])
		req.AddCookie(&http.Cookie{Name: "muster_session", Value: w.as("yaan").cookie})
		res, err := w.http.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusForbidden || res.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", name, res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
}

// Three administrators, three people: one makes accounts, another gives rights.
func TestAccountsAndRightsComeFromTwoPeople(t *testing.T) {
	w := newWorld(t)
	created := read[struct{ ID string }](w.as("system").post("/users",
		map[string]string{"login": "newcomer", "title": "新来的", "password": "long enough"}))
	w.signIn("newcomer", "long enough").refused(http.StatusUnauthorized, "no_account")
	w.as("system").post("/users/"+created.ID+"/grants", map[string]string{"role": "viewer"}).refused(http.StatusForbidden, "no_permission")
	w.as("security").post("/users/"+created.ID+"/grants",
		map[string]string{"role": "viewer", "place_kind": "authority", "place": "雅安局（示例）"}).must(http.StatusNoContent)
	w.signIn("newcomer", "long enough").must(http.StatusOK)

	w.as("security").post("/users/"+created.ID+"/grants", map[string]string{"role": "auditor"}).refused(http.StatusForbidden, "role_clash")
	w.as("system").post("/users", map[string]string{"login": "newcomer", "title": "又来", "password": "long enough"}).refused(http.StatusConflict, "login_taken")
	w.as("system").post("/users", map[string]string{"login": "short", "title": "短", "password": "short"}).refused(http.StatusUnprocessableEntity, "password_short")

	trail := w.as("auditor").get("/audit").must(http.StatusOK)
	for _, act := range []string{"create_user", "grant", "sign_in"} {
		if !trail.has(`"` + act + `"`) {
			t.Errorf("the auditor does not see %s", act)
		}
	}
}

// grant gives a user of the valley another role in another place.
func (w *world) grant(login string, role account.Role, place postgres.GrantPlace) {
	w.Helper()
	id := ask[[16]byte](w, "SELECT id FROM app_user WHERE login = $1", login)
	if err := w.db.AddGrant(w.Context(), id, role, place, postgres.Actor{Name: "test"}, valley.Evening.Add(-time.Minute)); err != nil {
		w.Fatal(err)
	}
}
