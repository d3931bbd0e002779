package dispatch_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// lifted is a morning after: the home left, the warning was lifted, it is 10.30.
func lifted(t *testing.T, l warning.Level) (*flowtest.Night, uuid.UUID) {
	t.Helper()
	n := flowtest.NewAt(t, valley.Evening.Add(12*time.Hour))
	w := n.Publish(flashRain.In(l, valley.Shimian))
	must(t, n.Says("site", w, valley.Home, postgres.Answer{Event: response.Move}))
	n.Jump(time.Hour)
	n.Lift(w)
	n.Is(w, valley.Home, response.Inspecting)
	return n, w
}

func inspect(n *flowtest.Night, w uuid.UUID, i postgres.Inspection) error {
	i.EventID, i.Thread, i.By, i.At = uuid.New(), n.Thread(w, valley.Home), n.Officer("section"), n.Clock.Now()
	return n.DB.Inspected(n.T.Context(), account.Everywhere(), i, n.Clock.Now())
}

func allow(n *flowtest.Night, w uuid.UUID, p response.Party) error {
	err := n.DB.AllowReturn(n.T.Context(), account.Everywhere(), postgres.ReturnGiven{EventID: uuid.New(), Thread: n.Thread(w, valley.Home), Party: p,
		By: n.Officer("owner"), At: n.Clock.Now()}, n.Clock.Now())
	n.Settle()
	return err
}

// After a yellow evacuation: inspection with checklist and the supervisor's
// signature, then the owner's word, by day; who left is told. The county may take
// it back within the hour.
func TestTheWayBack(t *testing.T) {
	t.Parallel()
	n, w := lifted(t, warning.Yellow)
	if err := allow(n, w, response.AtOwner); errs.KindOf(err) != errs.Fix {
		t.Errorf("before anybody looked: %v", err)
	}
	must(t, inspect(n, w, postgres.Inspection{Checklist: []string{"沟道上游", "排水"}}))
	if err := allow(n, w, response.AtOwner); errs.KindOf(err) != errs.Fix {
		t.Errorf("without the supervisor: %v", err)
	}
	must(t, inspect(n, w, postgres.Inspection{Supervisor: true}))
	if err := allow(n, w, response.AtSection); errs.KindOf(err) != errs.Forbidden {
		t.Errorf("by the section alone: %v", err)
	}
	n.Is(w, valley.Home, response.Inspecting)
	must(t, allow(n, w, response.AtOwner))
	n.Is(w, valley.Home, response.ReturnAllowed)
	n.Phone(lead).Hears(channel.SMS, "经排查核准", "home", "可以返回")
	stop := func() error {
		return n.DB.StopReturn(t.Context(), account.Everywhere(), postgres.ReturnGiven{EventID: uuid.New(), Thread: n.Thread(w, valley.Home),
			By: n.Officer("shimian"), At: n.Clock.Now()}, n.Clock.Now())
	}
	n.Jump(minutes(50))
	must(t, stop())
	n.Is(w, valley.Home, response.Inspecting)
}

// Red, or anything that moved, is the county's to allow; nobody returns at night.
func TestWhoAllowsTheReturn(t *testing.T) {
	for name, c := range map[string]struct {
		level warning.Level
		moved bool
		by    response.Party
		later time.Duration
		want  errs.Kind
	}{
		"yellow, nothing moved, the owner":  {warning.Yellow, false, response.AtOwner, 0, ""},
		"yellow, a slope moved, the owner":  {warning.Yellow, true, response.AtOwner, 0, errs.Forbidden},
		"yellow, a slope moved, the county": {warning.Yellow, true, response.AtCounty, 0, ""},
		"red, the owner":                    {warning.Red, false, response.AtOwner, 0, errs.Forbidden},
		"red, the county":                   {warning.Red, false, response.AtCounty, 0, ""},
		"red, the county, at night":         {warning.Red, false, response.AtCounty, 11 * time.Hour, errs.Fix},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, w := lifted(t, c.level)
			must(t, inspect(n, w, postgres.Inspection{Checklist: []string{"沟道上游"}, Supervisor: true, Geologist: true, Moved: c.moved}))
			n.Jump(c.later)
			if err := allow(n, w, c.by); kindOf(err) != c.want {
				t.Errorf("%v", err)
			}
		})
	}
}

// 看不准，先撤: the lead of the site begins, no warning is needed; section, owner and
// county are told at once, and it ends by an inspection like any other.
func TestASiteBeginsByItself(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	start := postgres.SelfStart{SiteID: valley.ID(valley.Home), Mode: "actual", Cause: "site_lead", Reason: "看不准", By: n.Officer("site")}
	id, err := n.DB.StartEvacuation(t.Context(), n.Scope("site"), start, n.Clock.Now())
	must(t, err)
	again, err := n.DB.StartEvacuation(t.Context(), n.Scope("site"), start, n.Clock.Now())
	must(t, err)
	n.Settle()
	if again != id {
		t.Error("one movement was begun twice")
	}
	for _, phone := range []string{section, valley.PhoneOfOwner, valley.PhoneOfShimian} {
		n.Phone(phone).Got("0 voice V1_started", "0 sms Z70")
	}
	n.Advance(minutes(31))
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "home", "超时")
	answer := out
	answer.EventID, answer.Threads, answer.By, answer.At = uuid.New(), []uuid.UUID{id}, n.Officer("site"), n.Clock.Now()
	_, err = n.DB.Give(t.Context(), n.Scope("site"), answer, n.Clock.Now())
	must(t, err)
	must(t, n.DB.StandDown(t.Context(), account.Everywhere(), postgres.ReturnGiven{EventID: uuid.New(), Thread: id, Party: response.AtCounty,
		By: n.Officer("shimian"), At: n.Clock.Now()}, n.Clock.Now()))
	n.Settle()
	if n.Count("SELECT count(*) FROM response WHERE id = $1 AND state = 'inspecting'", id) != 1 {
		t.Error("it does not end in an inspection")
	}
}

// Nobody begins an evacuation of a site that is not his, or without a word.
func TestWhoMayBegin(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	start := postgres.SelfStart{SiteID: valley.ID(valley.Camp), Mode: "actual", Cause: "site_lead", Reason: "看不准", By: n.Officer("site")}
	if _, err := n.DB.StartEvacuation(t.Context(), n.Scope("site"), start, n.Clock.Now()); errs.KindOf(err) != errs.NotFound {
		t.Errorf("another section's site: %v", err)
	}
	start.SiteID, start.Reason = valley.ID(valley.Home), ""
	if _, err := n.DB.StartEvacuation(t.Context(), n.Scope("site"), start, n.Clock.Now()); errs.KindOf(err) != errs.Fix {
		t.Errorf("without a reason: %v", err)
	}
}
