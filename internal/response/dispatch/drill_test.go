package dispatch_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/roster"
	"muster/internal/warning"
)

var redDrill = flowtest.Warning{Mode: "exercise", Hazard: warning.FlashFlood, Level: warning.Red, Regions: []string{string(valley.Shimian)}, Hours: 12}

// In a drill people are called as in earnest, and every message says at its
// beginning and at its end that it is one.
func TestADrillSaysSo(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	flood := n.Publish(redDrill)
	n.Phone(lead).Got("0 voice V1_drill", "0 sms E70ID")
	n.Phone(lead).Hears(channel.SMS, "演练，非真实预警。", "撤至集合点", "演练，请按方案行动。")
	n.Phone(lead).Hears(channel.Voice, "这是演练，不是真实预警。", "再说一遍，这是演练。")
	n.Advance(minutes(22))
	n.Phone(lead).Got("2 voice V1_drill", "5 voice V1_drill")
	n.Phone(valley.PhoneOfProvince).Hears(channel.SMS, "演练", "简报")
	n.Is(flood, valley.Home, response.Unanswered)
	marked(n)
}

// A whole drill, from the call to the way back, with everything that can go wrong
// in between: it is told as a drill throughout, and nothing leaves by a live
// contract.
func TestADrillFromBeginningToEnd(t *testing.T) {
	t.Parallel()
	n := flowtest.NewAt(t, valley.Evening.Add(12*time.Hour)) // 9.30 in the morning
	flood := n.Publish(redDrill)
	must(t, n.Says("section", flood, valley.Tunnel, with(response.CarryOut, response.StopRecord)))
	n.Phone(lead).Presses("2", true)
	n.Phone(valley.PhoneOfShimian).Hears(channel.Voice, "这是演练", "请求支援")
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Move}))
	n.Advance(minutes(5))
	must(t, n.Says("site", flood, valley.Home, out))
	must(t, n.Says("yaan", flood, valley.Home, postgres.Answer{Event: response.Refuse, Reason: string(response.CountWrong)}))
	n.Phone(lead).Hears(channel.SMS, "演练", "被退回")
	must(t, n.Says("site", flood, valley.Home, out))
	n.Advance(minutes(1))
	n.Passes(valley.HomeGate, valley.LateWorker, roster.In)
	n.Is(flood, valley.Home, response.Reopened)
	n.Phone(valley.PhoneOfLate).Hears(channel.SMS, "演练")
	n.Phone(section).Hears(channel.Voice, "这是演练", "有人返回")
	n.Phone(lead).Sends(n.Phone(lead).Code())
	n.Advance(minutes(1))
	must(t, n.Says("site", flood, valley.Home, out))
	must(t, n.Says("supervisor", flood, valley.Home, with(response.Confirm, response.OnSpot)))
	must(t, n.Says("yaan", flood, valley.Home, with(response.Verify, response.OnSpot)))
	n.Lift(flood)
	n.Phone(lead).Hears(channel.SMS, "演练", "解除")
	must(t, inspect(n, flood, postgres.Inspection{Checklist: []string{"排水"}, Supervisor: true, Geologist: true}))
	must(t, allow(n, flood, response.AtCounty))
	n.Phone(lead).Hears(channel.SMS, "演练", "可以返回")
	marked(n)
}

// What begins by itself, is narrowed, changes its level or expires in a drill says
// so too.
func TestTheOtherWordsOfADrill(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	_, err := n.DB.StartEvacuation(t.Context(), n.Scope("site"), postgres.SelfStart{SiteID: valley.ID(valley.Home), Mode: "exercise", Cause: "site_lead",
		Reason: "看不准", By: n.Officer("site")}, n.Clock.Now())
	must(t, err)
	w := redDrill.In(warning.Yellow, valley.Shimian, valley.Tianquan)
	w.Hours = 1
	flood := n.Publish(w)
	w = w.In(warning.Red, valley.Shimian)
	n.Revise(flood, w)
	n.Phone(valley.PhoneOfMany).Hears(channel.SMS, "演练", "不再受影响")
	n.Phone(lead).Hears(channel.SMS, "演练", "升级")
	n.Jump(time.Hour)
	n.Phone(lead).Hears(channel.SMS, "演练", "已到期但未解除")
	n.Phone(valley.PhoneOfYaan).Hears(channel.Voice, "这是演练", "已经到期")
	marked(n)
}

// marked asserts that every text of the night says 演练 and that nothing left by a
// contract for actual warnings.
func marked(n *flowtest.Night) {
	n.T.Helper()
	rows, err := n.DB.Pool().Query(n.T.Context(), `
		SELECT n.kind || ' ' || n.channel || ': ' || (n.wording->>'text') FROM notice n LEFT JOIN channel_account a ON a.id = n.account_id
		WHERE  n.mode <> 'exercise' OR a.mode <> 'exercise' OR coalesce(n.wording->>'title', '') || (n.wording->>'text') NOT LIKE '%演练%'`)
	must(n.T, err)
	wrong, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(n.T, err)
	for _, w := range wrong {
		n.T.Errorf("not marked, or by a live contract: %s", w)
	}
	if n.Count("SELECT count(*) FROM notice WHERE account_id IS NOT NULL") < 5 {
		n.T.Error("hardly anything was sent")
	}
}

// Not even a mistake in the code can send a drill by a live contract: the key of
// the ledger forbids it.
func TestADrillCannotLeaveByALiveContract(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(redDrill)
	_, err := n.DB.Pool().Exec(t.Context(), "UPDATE notice SET account_id = $1 WHERE mode = 'exercise'", flowtest.AccountID("actual", channel.SMS))
	if err == nil {
		t.Error("a notice of a drill was given to a live contract")
	}
}

// A drill and an earnest warning at the same sites: neither touches the other.
func TestADrillBesideTheRealThing(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	drill := n.Publish(redDrill)
	n.Phone(lead).Seen()
	n.Advance(minutes(6))
	flood := n.Publish(rain.In(warning.Red, valley.Shimian))
	n.Phone(lead).Hears(channel.SMS, "暴雨红色预警生效")
	must(t, n.Says("site", drill, valley.Home, postgres.Answer{Event: response.Acknowledge}))
	n.Is(flood, valley.Home, response.Delivered)
	n.Lift(drill)
	n.Is(flood, valley.Home, response.Delivered)
	n.Advance(minutes(5))
	if n.Count("SELECT count(*) FROM notice WHERE warning_id = $1 AND mode = 'actual' AND channel = 'voice' AND rung = 0", flood) == 0 {
		t.Error("the earnest one does not ring")
	}
	_, err := n.DB.Give(t.Context(), account.Everywhere(), postgres.Answer{EventID: uuid.New(), Event: response.Acknowledge,
		Threads: []uuid.UUID{n.Thread(flood, valley.Home)}, By: n.Officer("site"), At: n.Clock.Now()}, n.Clock.Now())
	must(t, err)
	n.Is(flood, valley.Home, response.Acknowledged)
	n.Is(drill, valley.Home, response.Inspecting)
}
