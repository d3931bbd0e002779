package dispatch_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch/flowtest"
)

func with(e response.Event, list ...response.Evidence) postgres.Answer {
	return postgres.Answer{Event: e, Evidence: list}
}

// kindOf is the kind of an error, "" for none.
func kindOf(err error) errs.Kind {
	if err == nil {
		return ""
	}
	return errs.KindOf(err)
}

// moving is a night on which the home's people are on their way.
func moving(t *testing.T) (*flowtest.Night, uuid.UUID) {
	t.Helper()
	n, flood := aNightAtHome(t)
	must(t, n.Says("section", flood, valley.Tunnel, with(response.CarryOut, response.StopRecord)))
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Move}))
	n.Advance(minutes(10))
	return n, flood
}

// A report needs what the rule book asks for, and nobody missing; what is lacking
// is said, and nothing changes.
func TestAReportNeedsItsEvidence(t *testing.T) {
	t.Parallel()
	n, flood := moving(t)
	one := 1
	for name, a := range map[string]postgres.Answer{
		"none":                  with(response.Report),
		"roll call only":        with(response.Report, response.RollCall),
		"a gate without a call": with(response.Report, response.GateBurst),
		"a photo for red":       with(response.Report, response.RollCall, response.Photo),
		"somebody is missing":   {Event: response.Report, Safe: &six, Missing: &one, Evidence: out.Evidence},
		"carried out, not out":  with(response.CarryOut, response.StopRecord),
	} {
		if err := n.Says("site", flood, valley.Home, a); errs.KindOf(err) != errs.Fix {
			t.Errorf("%s: %v", name, err)
		}
	}
	n.Is(flood, valley.Home, response.Moving)
}

// Reported, confirmed by the supervisor, verified by an authority: each by somebody
// else, each with what it needs.
func TestFromReportToVerified(t *testing.T) {
	t.Parallel()
	n, flood := moving(t)
	may := func(login string, a postgres.Answer, want errs.Kind) {
		t.Helper()
		if err := n.Says(login, flood, valley.Home, a); kindOf(err) != want {
			t.Errorf("%s %s: %v", login, a.Event, err)
		}
	}
	confirm, verify := with(response.Confirm, response.OnSpot), with(response.Verify, response.CallBack)
	may("shimian", verify, errs.Conflict) // nothing is reported yet
	must(t, n.Says("site", flood, valley.Home, out))
	n.Phone(valley.PhoneOfSupervisor).Hears(channel.Voice, "home已经报告", "到现场核对人数")
	for login, a := range map[string]postgres.Answer{"site": confirm, "section": confirm, "yaan": confirm, "owner": confirm} {
		may(login, a, errs.Forbidden)
	}
	may("supervisor", with(response.Confirm, response.Photo), errs.Fix)
	may("supervisor", confirm, "")
	n.Is(flood, valley.Home, response.Confirmed)
	for _, login := range []string{"site", "section", "owner", "parent", "supervisor"} {
		may(login, verify, errs.Forbidden)
	}
	may("yaan", with(response.Verify, response.Words), errs.Fix)
	may("yaan", verify, "")
	n.Is(flood, valley.Home, response.Verified)
}

// The supervisor does not come: his chief is rung; nobody verifies: the city sees it.
func TestNobodyChecks(t *testing.T) {
	t.Parallel()
	n, flood := moving(t)
	must(t, n.Says("site", flood, valley.Home, out))
	n.Phone(valley.PhoneOfChief).Silent(channel.Voice)
	n.Advance(minutes(31))
	n.Phone(valley.PhoneOfChief).Hears(channel.Voice, "home", "超时")
	must(t, n.Says("supervisor", flood, valley.Home, with(response.Confirm, response.OnSpot)))
	n.Advance(minutes(61))
	if n.Count("SELECT count(*) FROM notice WHERE kind = 'late' AND channel = 'app' AND party_id = $1", n.Person(valley.PhoneOfYaan)) == 0 {
		t.Error("the city does not see that nobody verified")
	}
	n.Is(flood, valley.Home, response.Confirmed)
}

// A refusal names its reason; the site is told why and by when, and reports again.
// One for a suspected false report rings the authority that supervises.
func TestARefusal(t *testing.T) {
	t.Parallel()
	n, flood := moving(t)
	must(t, n.Says("site", flood, valley.Home, out))
	if err := n.Says("yaan", flood, valley.Home, postgres.Answer{Event: response.Refuse, Reason: "just so"}); errs.KindOf(err) != errs.Fix {
		t.Errorf("a refusal without a reason of the list: %v", err)
	}
	must(t, n.Says("yaan", flood, valley.Home, postgres.Answer{Event: response.Refuse, Reason: string(response.FalseSuspected), Words: "闸机显示还有2人"}))
	n.Is(flood, valley.Home, response.Refused)
	n.Phone(lead).Hears(channel.SMS, "报告被退回", "谎报嫌疑")
	if n.Phone(valley.PhoneOfYaan).Heard(channel.SMS) == 0 {
		t.Error("the supervising authority was not told")
	}
	must(t, n.Says("site", flood, valley.Home, out))
	n.Is(flood, valley.Home, response.Reported)
	if n.Count("SELECT count(*) FROM response WHERE id = $1 AND 'refused_before' = ANY(doubts) AND drawn", n.Thread(flood, valley.Home)) != 1 {
		t.Error("a report after a refusal is not doubted")
	}
}

// 签收未行动: acknowledged, and nobody moves (金阳): section and owner are rung by name.
func TestAcknowledgedAndNobodyMoves(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Acknowledge}))
	n.Advance(minutes(10))
	n.Phone(section).Hears(channel.Voice, "home执行山洪红色预警要求已经超时")
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "home执行山洪红色预警要求已经超时")
	n.Is(flood, valley.Home, response.Acknowledged)
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Move}))
	n.Advance(minutes(31)) // 转移中, and no report
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "home执行山洪红色预警要求已经超时")
}

// What was verified is looked at again every two hours while the warning lives;
// who forgets it loses it.
func TestASecondLook(t *testing.T) {
	t.Parallel()
	n := flowtest.NewAt(t, valley.Evening.Add(12*time.Hour)) // 9.30 in the morning
	flood := n.Publish(flowtest.RedFlood)
	must(t, n.Says("section", flood, valley.Tunnel, with(response.CarryOut, response.StopRecord)))
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Move}))
	n.Advance(minutes(5))
	must(t, n.Says("site", flood, valley.Home, out))
	must(t, n.Says("supervisor", flood, valley.Home, with(response.Confirm, response.OnSpot)))
	must(t, n.Says("yaan", flood, valley.Home, with(response.Verify, response.OnSpot)))
	n.Jump(100 * time.Minute)
	n.Phone(lead).Hears(channel.SMS, "复查home人员")
	must(t, n.Says("site", flood, valley.Home, out))
	n.Jump(minutes(30))
	n.Is(flood, valley.Home, response.Verified)
	n.Jump(100 * time.Minute)
	n.Is(flood, valley.Home, response.Acknowledged)
}
