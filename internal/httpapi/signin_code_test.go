package httpapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
)

// carried is a code on its way to a phone.
type carried struct{ phone, code string }

type courier chan carried

func (c courier) SendCode(_ context.Context, phone, code string) error {
	c <- carried{phone, code}
	return nil
}

// strangersPhone is in nobody's records.
const strangersPhone = "19999999999"

// linked says who the user of an account is, as an administrator does.
func (w *world) linked(login, person string) uuid.UUID {
	w.Helper()
	user := ask[uuid.UUID](w, "SELECT id FROM app_user WHERE login = $1", login)
	if err := w.db.LinkPerson(w.Context(), user, valley.ID(person), postgres.Actor{Name: "test"}, valley.Evening); err != nil {
		w.Fatal(err)
	}
	return user
}

func (w *world) asksCode(phone string) answer {
	return w.nobody().post("/session/code", object{"phone": phone})
}

func (w *world) types(phone, code string) answer {
	return w.nobody().post("/session/code/verify", object{"phone": phone, "code": code})
}

// arrives is the code that came by SMS.
func (w *world) arrives(phone string) string {
	w.Helper()
	select {
	case c := <-w.codes:
		if c.phone != phone {
			w.Fatal("the code went to another phone")
		}
		return c.code
	case <-time.After(10 * time.Second):
		w.Fatal("no code arrived")
		return ""
	}
}

func otherThan(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestASiteLeadSignsInByPhone(t *testing.T) {
	w := newWorld(t)
	w.linked("site", valley.NameOfLead)
	w.asksCode("+86 199 0000 0001").must(http.StatusOK)
	code := w.arrives(valley.PhoneOfLead)
	a := w.types(valley.PhoneOfLead, " "+code[:3]+" "+code[3:])
	me := read[meView](a.must(http.StatusOK))
	if me.Login != "site" || me.Roles[0].Role != string(account.SiteLead) {
		t.Errorf("signed in as %+v", me)
	}
	if until := a.sessionCookie().Expires; until.Before(time.Now().Add(account.PhoneSession - time.Hour)) {
		t.Errorf("the phone is signed out at %s", until)
	}
	caller{w: w, cookie: a.sessionCookie().Value}.get("/me/responses").must(http.StatusOK)
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = 'sign_in' AND detail->>'by' = 'code'"); n != 1 {
		t.Errorf("%d sign-ins in the audit", n)
	}
}

func TestACodeIsGoodOnceAndNotForLong(t *testing.T) {
	w := newWorld(t)
	w.linked("site", valley.NameOfLead)
	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	code := w.arrives(valley.PhoneOfLead)
	w.types(valley.PhoneOfLead, otherThan(code)).refused(http.StatusUnauthorized, "wrong_code")
	w.types(valley.PhoneOfLead, code).must(http.StatusOK)
	w.types(valley.PhoneOfLead, code).refused(http.StatusUnauthorized, "wrong_code")

	w.clock.Advance(time.Minute)
	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	old := w.arrives(valley.PhoneOfLead)
	w.clock.Advance(account.CodeLife)
	w.types(valley.PhoneOfLead, old).refused(http.StatusUnauthorized, "wrong_code")

	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	first := w.arrives(valley.PhoneOfLead)
	w.clock.Advance(time.Minute)
	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	second := w.arrives(valley.PhoneOfLead)
	if first != second {
		w.types(valley.PhoneOfLead, first).refused(http.StatusUnauthorized, "wrong_code") // a newer one replaces it
	}
	w.types(valley.PhoneOfLead, second).must(http.StatusOK)
}

func TestFiveWrongTriesSpendACode(t *testing.T) {
	w := newWorld(t)
	w.linked("site", valley.NameOfLead)
	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	code := w.arrives(valley.PhoneOfLead)
	var all sync.WaitGroup
	for range account.CodeTries {
		all.Go(func() {
			a, err := w.nobody().try(http.MethodPost, "/session/code/verify", object{"phone": valley.PhoneOfLead, "code": otherThan(code)})
			if err != nil || a.Status != http.StatusUnauthorized {
				t.Errorf("a wrong code: %d, %v", a.Status, err)
			}
		})
	}
	all.Wait()
	w.types(valley.PhoneOfLead, code).refused(http.StatusTooManyRequests, "code_spent")
}

// Who is known cannot be found out: answers, limits and refusals are the same.
func TestAStrangersNumberIsAnsweredLikeAnyOther(t *testing.T) {
	w := newWorld(t)
	w.linked("site", valley.NameOfLead)
	known, unknown := w.asksCode(valley.PhoneOfLead).must(200), w.asksCode(strangersPhone).must(200)
	code := w.arrives(valley.PhoneOfLead)
	same := func(what string, a, b answer) {
		t.Helper()
		if a.Status != b.Status || string(a.Body) != string(b.Body) {
			t.Errorf("%s: %d %s for a known number, %d %s for an unknown one", what, a.Status, a.Body, b.Status, b.Body)
		}
	}
	same("asking", known, unknown)
	same("asking again", w.asksCode(valley.PhoneOfLead), w.asksCode(strangersPhone))
	for range account.CodeTries {
		same("a wrong code", w.types(valley.PhoneOfLead, otherThan(code)), w.types(strangersPhone, otherThan(code)))
	}
	same("a spent code", w.types(valley.PhoneOfLead, code), w.types(strangersPhone, code))
	select {
	case c := <-w.codes:
		t.Errorf("a code went to %s", c.phone)
	default:
	}
}

func TestHowOftenANumberMayAsk(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.asksCode(strangersPhone).must(http.StatusOK)
		if p := w.asksCode(strangersPhone).refused(http.StatusTooManyRequests, "codes_limit"); !strings.Contains(p.Detail, "之后再试") {
			t.Errorf("%d: does not say until when: %s", i, p.Detail)
		}
		w.clock.Advance(time.Minute)
	}
	w.asksCode(strangersPhone).refused(http.StatusTooManyRequests, "codes_limit")
	w.asksCode("19999999998").must(http.StatusOK)
	w.clock.Advance(time.Hour)
	w.asksCode(strangersPhone).must(http.StatusOK)
}

// One that asks for many numbers is stopped by his address, also when he asks for
// all of them at once.
func TestHowOftenAnAddressMayAsk(t *testing.T) {
	w := newWorld(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for i := range 20 {
		all.Go(func() {
			a, err := w.nobody().try(http.MethodPost, "/session/code", object{"phone": "199000001" + string(rune('0'+i/10)) + string(rune('0'+i%10))})
			mu.Lock()
			defer mu.Unlock()
			if err == nil && a.Status == http.StatusOK {
				taken++
			}
		})
	}
	all.Wait()
	if taken != account.AddressRates[0].Max {
		t.Errorf("%d numbers were taken from one address", taken)
	}
}

// Six digits do not open a desk.
func TestADeskIsNotSignedInToByPhone(t *testing.T) {
	w := newWorld(t)
	w.linked("province-leader", valley.NameOfLead)
	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	w.types(valley.PhoneOfLead, "123456").refused(http.StatusUnauthorized, "wrong_code")
	w.grant("province-leader", account.SiteLead, placeOf(valley.Home)) // he leads a site as well
	w.clock.Advance(time.Minute)
	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	a := w.types(valley.PhoneOfLead, w.arrives(valley.PhoneOfLead)).must(http.StatusOK)
	me := read[meView](a)
	if len(me.Roles) != 1 || me.Roles[0].Role != string(account.SiteLead) {
		t.Errorf("by phone he is %+v", me.Roles)
	}
	phone := caller{w: w, cookie: a.sessionCookie().Value}
	phone.post("/preview", question("blue", around(valley.Home, 500))).refused(http.StatusForbidden, "no_permission")
	phone.get("/sites/" + valley.ID(valley.Bridge).String()).must(http.StatusNotFound)
}

func TestADisabledAccountGetsNoCode(t *testing.T) {
	w := newWorld(t)
	user := w.linked("site", valley.NameOfLead)
	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	code := w.arrives(valley.PhoneOfLead)
	w.sql("UPDATE app_user SET disabled_at = $1 WHERE id = $2", valley.Evening, user)
	w.types(valley.PhoneOfLead, code).must(http.StatusUnauthorized)
	w.clock.Advance(time.Minute)
	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	w.types(valley.PhoneOfLead, "123456").refused(http.StatusUnauthorized, "wrong_code")
}

func TestNeitherNumberNorCodeIsKeptOrLogged(t *testing.T) {
	w := newWorld(t)
	w.linked("site", valley.NameOfLead)
	w.asksCode(valley.PhoneOfLead).must(http.StatusOK)
	code := w.arrives(valley.PhoneOfLead)
	w.types(valley.PhoneOfLead, code).must(http.StatusOK)
	rows := ask[string](w, "SELECT jsonb_agg(c)::text FROM sign_in_code c")
	for _, text := range []string{rows, w.log.String()} {
		if strings.Contains(text, valley.PhoneOfLead) || strings.Contains(text, code) {
			t.Errorf("number or code stand in %s", text)
		}
	}
	if !json.Valid([]byte(rows)) {
		t.Error("no rows were looked at")
	}
}

// Posts of people with a phone become accounts, once.
func TestAccountsForThePostsOfTheField(t *testing.T) {
	w := newWorld(t)
	w.linked("site", valley.NameOfLead)
	for i, want := range []int{3, 0} { // both section leads and the deputy; the site's has one
		n, err := w.db.OpenFieldUsers(t.Context(), postgres.Actor{Name: "test"}, valley.Evening)
		if err != nil || n != want {
			t.Errorf("run %d: %d accounts, %v", i, n, err)
		}
	}
	w.asksCode("19900000004").must(http.StatusOK)
	a := w.types("19900000004", w.arrives("19900000004")).must(http.StatusOK)
	if me := read[meView](a); me.Roles[0].Role != string(account.SectionLead) || me.Roles[0].Place != "A2合同段" {
		t.Errorf("signed in as %+v", me)
	}
	caller{w: w, cookie: a.sessionCookie().Value}.get("/sites/" + valley.ID(valley.Camp).String()).must(http.StatusOK)
}
