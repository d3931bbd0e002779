package dispatch_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/roster"
	"muster/internal/warning"
)

var six, nobody = 6, 0

// out is a report that everybody is out, as the rule book wants it proved.
var out = postgres.Answer{Event: response.Report, Safe: &six, Missing: &nobody, Evidence: []response.Evidence{response.RollCall, response.GateBurst}}

// evacuated is a night at 2.40 with everybody reported out of the home.
func evacuated(t *testing.T) (*flowtest.Night, uuid.UUID) {
	t.Helper()
	n := flowtest.NewAt(t, valley.Evening.Add(5*time.Hour+10*time.Minute))
	flood := n.Publish(flowtest.RedFlood)
	must(t, n.Says("section", flood, valley.Tunnel, postgres.Answer{Event: response.CarryOut, Evidence: []response.Evidence{response.StopRecord}}))
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Move}))
	n.Advance(minutes(10))
	must(t, n.Says("site", flood, valley.Home, out))
	n.Is(flood, valley.Home, response.Reported)
	for _, phone := range []string{lead, section, deputy, valley.PhoneOfShimian} {
		n.Phone(phone).Seen()
	}
	return n, flood
}

// At three in the morning somebody fetches his papers: the target opens again, the
// site, the section and the county are rung, and he himself is told.
func TestSomebodyGoesBackAtThreeInTheMorning(t *testing.T) {
	t.Parallel()
	n, flood := evacuated(t)
	n.Advance(minutes(10)) // 3.00
	n.Passes(valley.HomeGate, valley.LateWorker, roster.In)
	n.Is(flood, valley.Home, response.Reopened)
	for _, phone := range []string{lead, section, deputy, valley.PhoneOfShimian} {
		n.Phone(phone).Hears(channel.Voice, "有人返回", "重新清点")
	}
	n.Phone(valley.PhoneOfLate).Hears(channel.SMS, "您进入的home", "向现场负责人报到")
	n.Phone(lead).Sends(n.Phone(lead).Code())
	n.Is(flood, valley.Home, response.Acknowledged)
	for _, phone := range []string{lead, section, valley.PhoneOfShimian} {
		n.Phone(phone).Seen()
	}
	n.Advance(minutes(6))
	n.Phone(lead).Got()
	n.Advance(minutes(1))
	must(t, n.Says("site", flood, valley.Home, out))
	n.Is(flood, valley.Home, response.Reported)
}

// It happens again: everybody is rung again, and nobody answers: it climbs.
func TestTheSecondTimeRingsAgain(t *testing.T) {
	t.Parallel()
	n, flood := evacuated(t)
	n.Advance(minutes(1))
	n.Passes(valley.HomeGate, valley.LateWorker, roster.In)
	n.Phone(lead).Got("11 voice V2_reentry", "11 sms A70")
	n.Phone(lead).Sends(n.Phone(lead).Code())
	n.Advance(minutes(1))
	must(t, n.Says("site", flood, valley.Home, out))
	n.Passes(valley.HomeGate, valley.LateWorker, roster.Out)
	n.Advance(minutes(1))
	n.Passes(valley.HomeGate, valley.Worker(1), roster.In)
	n.Is(flood, valley.Home, response.Reopened)
	n.Phone(lead).Got("13 voice V2_reentry", "13 sms A70")
	n.Advance(minutes(11))
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "home负责人没有应答")
}

// A pass from before the report (a device sends its backlog), a way out, and an
// entry before anything was reported reopen nothing.
func TestWhatIsNoReturn(t *testing.T) {
	t.Parallel()
	n, flood := evacuated(t)
	n.Advance(minutes(2))
	n.PassesAt(valley.HomeGate, valley.Worker(2), roster.In, 5)
	n.Passes(valley.HomeGate, valley.Worker(3), roster.Out)
	n.Is(flood, valley.Home, response.Reported)
	n.Phone(lead).Got()
}

// Where work is only stopped, whoever comes in late is told and nothing opens
// again.
func TestALateArrivalWhereWorkIsStopped(t *testing.T) {
	t.Parallel()
	n, flood := evacuated(t)
	n.Advance(minutes(1))
	n.Passes(valley.TunnelGate, valley.LateWorker, roster.In)
	n.Is(flood, valley.Tunnel, response.CarriedOut)
	n.Phone(valley.PhoneOfLate).Hears(channel.SMS, "您进入的tunnel正在执行山洪红色预警要求")
}

// Who comes in is told once, however often he passes; who left before it left is
// not told.
func TestComersAndLeavers(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(flowtest.RedFlood)
	n.Advance(minutes(1))
	n.Passes(valley.HomeGate, valley.LateWorker, roster.In)
	n.Passes(valley.HomeGate, valley.LateWorker, roster.In)
	n.Phone(valley.PhoneOfLate).Got("1 sms I70")
	n.Phone(valley.PhoneOfLate).Silent(channel.Voice)
}

func TestALeaverIsNotTold(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(flowtest.RedFlood)
	n.Advance(minutes(1))
	n.Away(channel.SMS)
	n.Passes(valley.HomeGate, valley.LateWorker, roster.In)
	n.Advance(minutes(1))
	n.Passes(valley.HomeGate, valley.LateWorker, roster.Out)
	n.Back()
	n.Advance(minutes(1))
	n.Phone(valley.PhoneOfLate).Silent(channel.SMS)
}

// The gate shows every live warning, strictest first; it refuses entry only where
// the measure is 禁入, the site chose so, and it is not a drill.
func TestWhatTheGateIsAnswered(t *testing.T) {
	closing := flowtest.Warning{Hazard: warning.Rain, Level: warning.Orange, Regions: []string{string(valley.Hanyuan)}, Hours: 12} // slope: 停禁, camp: 巡
	for name, c := range map[string]struct {
		site    string
		chosen  bool
		mode    string
		refuses bool
	}{
		"closed area, the site chose so": {valley.Slope, true, "actual", true},
		"closed area, not chosen":        {valley.Slope, false, "actual", false},
		"chosen, only 巡":                 {valley.Camp, true, "actual", false},
		"a drill":                        {valley.Slope, true, "exercise", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := flowtest.New(t)
			n.Do("UPDATE site SET closes_gate = $2 WHERE id = $1", valley.ID(c.site), c.chosen)
			w := closing
			w.Mode = c.mode
			id := n.Publish(w)
			shown, err := n.DB.AtGate(t.Context(), valley.ID(c.site))
			must(t, err)
			if len(shown) != 1 || shown[0].Sentence == "" || shown[0].Refuses() != c.refuses || shown[0].Exercise != (c.mode == "exercise") {
				t.Errorf("%+v", shown)
			}
			n.Lift(id)
			if shown, _ = n.DB.AtGate(t.Context(), valley.ID(c.site)); len(shown) != 0 {
				t.Errorf("after the lift it shows %+v", shown)
			}
		})
	}
}
