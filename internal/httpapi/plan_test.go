package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
)

type bounded struct {
	Count int
	Items []struct {
		Name      string
		SiteName  string `json:"site_name"`
		Reachable int
	}
}

type plan struct {
	Sites, Asked, Released int
	SecondLook             bool `json:"second_look"`
	PeopleTold             int  `json:"people_told"`
	Waves                  []struct {
		AfterS   int `json:"after_s"`
		Channels []struct {
			Channel         string
			People, Notices int
		}
		Parties []struct {
			Party  string
			People int
		}
	}
	Channels    []struct{ Channel string }
	Authorities []struct {
		Name   string
		OnDuty int `json:"on_duty"`
		Sites  int
	}
	Limits []struct {
		Code, Channel, Text string
		People              int
	}
	Few       bounded `json:"few_reachable"`
	Nobody    bounded
	NoContact bounded `json:"no_contact"`
	Texts     []struct {
		Kind, Measure, Channel, Text string
		Segments                     []struct {
			Text, Value string
			Locked      bool
		}
	}
}

func (w *world) plan(login string, id uuid.UUID) plan {
	w.Helper()
	return read[plan](w.as(login).get("/warnings/" + id.String() + "/plan"))
}

// What is said before publishing is what is written when it is published: as many
// people and channels at once, in the same words but for each one's code.
func TestThePlanIsWhatPublishingDoes(t *testing.T) {
	w := newWorld(t)
	draft := w.draft("yaan", instruction("red", around(valley.Home, 5000), around(valley.Camp, 300)))
	p := w.plan("yaan", draft.ID)
	if p.Sites == 0 || p.Asked != p.Sites || !p.SecondLook || len(p.Waves) < 3 {
		t.Fatalf("%+v", p)
	}
	if n := ask[int](w, "SELECT count(*) FROM notice WHERE warning_id = $1", draft.ID); n != 0 {
		t.Fatalf("planning wrote %d notices", n)
	}
	w.as("yaan").post("/warnings/"+draft.ID.String()+"/publish", object{"version": 1, "authorisation": "李局 21:20 电话同意（示例）"}).must(200)
	for _, c := range p.Waves[0].Channels {
		if n := ask[int](w, "SELECT count(*) FROM notice WHERE warning_id = $1 AND channel = $2", draft.ID, c.Channel); n != c.Notices {
			t.Errorf("%s: %d planned, %d written", c.Channel, c.Notices, n)
		}
	}
	sent := ask[[]string](w, "SELECT array_agg(DISTINCT regexp_replace(wording->>'text', '回复[0-9]{6}', '回复······')) FROM notice WHERE warning_id = $1 AND channel = 'sms'", draft.ID)
	for _, x := range p.Texts {
		var all strings.Builder
		for _, s := range x.Segments {
			all.WriteString(s.Text)
		}
		if all.String() != x.Text {
			t.Errorf("segments %q of %q", all.String(), x.Text)
		}
		if x.Channel == "sms" && x.Kind == "alert" && !strings.Contains(strings.Join(sent, "\n"), x.Text) {
			t.Errorf("shown %q, sent %q", x.Text, sent)
		}
	}
}

func TestThePlanSaysWhatIsMissing(t *testing.T) {
	w := newWorld(t)
	draft := w.draft("yaan", instruction("red", around(valley.Home, 500), around(valley.Camp, 300)))
	p := w.plan("yaan", draft.ID)
	limits := map[string]int{}
	for _, l := range p.Limits {
		limits[l.Code+" "+l.Channel] = l.People
		if l.Text == "" {
			t.Errorf("%s has no words", l.Code)
		}
	}
	if limits["contract_missing voice"] == 0 || limits["contract_missing sms"] == 0 {
		t.Errorf("no carrier is under contract, and the plan does not say so: %v", limits)
	}
	if p.Few.Count != 1 || p.Few.Items[0].Name != valley.Camp || p.NoContact.Count == 0 { // the camp has one man
		t.Errorf("few %+v, no contact %+v", p.Few, p.NoContact)
	}
	w.sql("UPDATE post SET valid_until = $1 WHERE role IN ('site_lead', 'section_lead', 'section_deputy')", valley.Evening)
	if p = w.plan("yaan", draft.ID); p.Nobody.Count != p.Sites || p.Few.Count != p.Sites {
		t.Errorf("nobody: %+v", p.Nobody)
	}
}

// What a number has had in the last day counts: the calls of the plan that will
// not leave are said before.
func TestThePlanSeesTheLimitsOfANumber(t *testing.T) {
	w := newWorld(t)
	draft := w.draft("yaan", instruction("red", around(valley.Home, 500)))
	for i := range 20 {
		w.sql(`INSERT INTO notice (id, mode, kind, occasion, party_kind, party_id, rung, round, channel, phone_hash, priority, wording, created_at, due_at,
			state, next_at, tried_at) SELECT gen_random_uuid(), 'actual', 'alert', gen_random_uuid(), 'person', id, 0, 1, 'voice', phone_hash, 1, '{}', $1, $1,
			'sent', $1, $1 FROM person WHERE id = $2`, w.clock.Now().Add(-time.Duration(i+1)*time.Minute), valley.ID(valley.NameOfLead))
	}
	for _, l := range w.plan("yaan", draft.ID).Limits {
		if l.Code == "budget" && l.Channel == "voice" && l.People == 1 {
			return
		}
	}
	t.Error("a number that has rung twenty times today is promised another call")
}

// A change asks those anew of whom it wants more; the others are not called again.
func TestThePlanOfAChangeCountsOnlyWhoIsAsked(t *testing.T) {
	w := newWorld(t)
	first := w.publish("yaan", instruction("yellow", around(valley.Home, 500), around(valley.Camp, 300)))
	p := read[plan](w.as("yaan").post("/warnings/"+first.ID.String()+"/revise/plan", instruction("yellow", around(valley.Home, 5000))))
	if p.Sites <= p.Asked || p.Asked == 0 || p.Released == 0 {
		t.Errorf("sites %d, asked %d, released %d", p.Sites, p.Asked, p.Released)
	}
	same := read[plan](w.as("yaan").post("/warnings/"+first.ID.String()+"/revise/plan", instruction("yellow", around(valley.Home, 500), around(valley.Camp, 300))))
	if same.Asked != 0 || len(same.Waves) != 0 || same.PeopleTold != 0 {
		t.Errorf("nothing changes, and %d would be asked", same.Asked)
	}
}
