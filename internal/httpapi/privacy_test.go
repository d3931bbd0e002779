package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"muster/internal/postgres/pgtest/valley"
)

type siteBody struct {
	Responsible []struct {
		PersonID string `json:"person_id"`
		Role     string
		Name     *string
		Phone    *string
	}
}

// lead is how a caller sees Home's lead: name and phone.
func (w *world) lead(login string) (name, phone string) {
	w.Helper()
	s := read[siteBody](w.as(login).get("/sites/" + valley.ID(valley.Home).String()))
	for _, c := range s.Responsible {
		if c.PersonID != valley.ID(valley.NameOfLead).String() {
			continue
		}
		if c.Name != nil {
			name = *c.Name
		}
		if c.Phone != nil {
			phone = *c.Phone
		}
		return name, phone
	}
	w.Fatalf("%s does not see that somebody answers for the site", login)
	return
}

func TestWhoSeesNamesAndPhones(t *testing.T) {
	w := newWorld(t)
	const hidden, masked, full = "", "驻***例 199****0001", valley.NameOfLead + " " + valley.PhoneOfLead
	quiet := map[string]string{"yaan": masked, "yaan-leader": full, "viewer": hidden, "section": full, "deputy": full, "owner": full,
		"unit-admin": full, "site": masked, "supervisor": masked, "parent": masked, "worker": hidden}
	check := func(when string, want map[string]string) {
		t.Helper()
		for login, expect := range want {
			name, phone := w.lead(login)
			shown := strings.TrimSpace(name + " " + phone)
			switch expect {
			case masked:
				if strings.Contains(shown, valley.PhoneOfLead) || strings.Contains(shown, valley.NameOfLead) || !strings.Contains(phone, "*") {
					t.Errorf("%s, %s sees %q, should be masked", when, login, shown)
				}
			default:
				if shown != expect {
					t.Errorf("%s, %s sees %q, want %q", when, login, shown, expect)
				}
			}
		}
	}
	check("on a quiet day", quiet)
	w.publish("shimian", instruction("yellow", around(valley.Home, 100)))
	during := quiet
	for _, login := range []string{"yaan", "site", "supervisor"} {
		during[login] = full
	}
	check("during a warning", during)
}

// Looking at what an update would do is no way to see phones of places that no
// warning is in force at.
func TestAPreviewOpensNoPhones(t *testing.T) {
	w := newWorld(t)
	done := w.publish("yaan", instruction("yellow", around(valley.Camp, 100)))
	for _, a := range []answer{
		w.as("yaan").post("/preview", question("yellow", regions("511824"))),
		w.as("yaan").post("/warnings/"+done.ID.String()+"/revise/preview", instruction("yellow", regions("511824"))),
	} {
		if a.must(200).has(valley.PhoneOfLead) {
			t.Errorf("%s shows a phone", a.what)
		}
	}
}

func TestEveryLookAtAPhoneIsWrittenDown(t *testing.T) {
	w := newWorld(t)
	w.as("worker").get("/sites/" + valley.ID(valley.Home).String()).must(200)
	w.as("yaan").get("/sites/" + valley.ID(valley.Home).String()).must(200)
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = 'see_people'"); n != 0 {
		t.Errorf("%d looks are written down, nobody saw anything in full", n)
	}
	w.as("section").get("/sites/" + valley.ID(valley.Home).String()).must(200)
	line := ask[string](w, "SELECT actor || ' ' || noun || ' ' || noun_id || ' ' || detail::text FROM audit WHERE act = 'see_people'")
	for _, want := range []string{"section site " + valley.ID(valley.Home).String(), valley.ID(valley.NameOfLead).String()} {
		if !strings.Contains(line, want) {
			t.Errorf("the line %s lacks %s", line, want)
		}
	}
	done := w.publish("shimian", instruction("yellow", around(valley.Home, 100)))
	w.targets("shimian", done.ID)
	if n := ask[int](w, "SELECT count(*) FROM audit WHERE act = 'see_people' AND noun = 'warning' AND actor = 'shimian'"); n == 0 {
		t.Error("the officer's look at the targets' phones is not written down")
	}
}

// The audit trail and the logs hold ids and acts; names, phones and ID numbers
// are in their own tables only.
func TestNeitherAuditNorLogsHoldPersonalData(t *testing.T) {
	w := newWorld(t)
	w.gate(valley.HomeGate, object{"event_key": "1", "time": w.clock.Now(), "id_number": valley.IDNumber(1), "direction": "in"},
		object{"event_key": "2", "time": w.clock.Now(), "id_number": "110101199001011237", "direction": "in"})
	w.as("section").get("/sites/" + valley.ID(valley.Home).String()).must(200)
	w.as("section").get("/sites?q=" + valley.NameOfLead).must(200)
	done := w.publish("yaan-leader", instruction("red", regions("511824")))
	w.targets("yaan-leader", done.ID)
	w.as("section").file("/imports/people?dry_run=true", []byte("姓名,手机号\n"+valley.NameOfLead+","+valley.PhoneOfLead+"\n坏行,12345\n"))
	w.signIn(valley.NameOfLead, "wrong")
	w.breakIt()
	w.as("section").get("/map").must(500)

	trail, _ := json.Marshal(ask[[]string](w, "SELECT array_agg(audit::text) FROM audit"))
	for where, text := range map[string]string{"the audit trail": string(trail), "the log": w.log.String()} {
		if len(text) < 100 {
			t.Fatalf("%s is empty", where)
		}
		for _, secret := range []string{valley.NameOfLead, valley.PhoneOfLead, valley.IDNumber(1), "110101199001011237", "工人示例", valley.Password,
			valley.DeviceKey(valley.HomeGate), "坏行"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", where, secret)
			}
		}
	}
}

func TestPhonesAndNumbersAreSealedAtRest(t *testing.T) {
	w := newWorld(t)
	rows := ask[string](w, "SELECT string_agg(person::text, ' ') FROM person")
	for _, secret := range []string{valley.PhoneOfLead, valley.IDNumber(1), "99999919000"} {
		if strings.Contains(rows, secret) {
			t.Errorf("%s is stored in the clear", secret)
		}
	}
}
