package dispatch_test

import (
	"testing"
	"time"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// An upgrade asks again from the first rung, in words that say so, also whoever
// has answered; what was answered before counts no more.
func TestAnUpgradeBeginsAnew(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	w := n.Publish(flashRain.In(warning.Yellow, valley.Shimian))
	n.Phone(lead).Got("0 voice V2_evacuate", "0 sms E70I")
	must(t, n.Says("site", w, valley.Home, postgres.Answer{Event: response.Acknowledge}))
	n.Advance(minutes(2))
	n.Revise(w, flashRain.In(warning.Red, valley.Shimian))
	n.Is(w, valley.Home, response.Delivered)
	n.Phone(lead).Hears(channel.SMS, "预警升级为山洪红色预警", "重新签收")
	n.Phone(lead).Got("2 voice V2_evacuate", "2 sms U70I")
	n.Advance(minutes(5))
	n.Phone(lead).Got("4 voice V2_evacuate", "7 voice V2_evacuate")
	n.Phone(deputy).Hears(channel.Voice, "home负责人没有应答山洪红色预警")
}

// The same level goes on in silence, also when the end of the window moves; the
// clocks keep running.
func TestASameLevelGoesOnInSilence(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	n.Advance(minutes(1))
	longer := flowtest.RedFlood
	longer.Hours = 24
	n.Revise(flood, longer)
	n.Phone(lead).Got()
	n.Is(flood, valley.Tunnel, response.Acknowledged)
	n.Advance(minutes(1))
	n.Phone(lead).Got("2 voice V2_evacuate")
}

// A milder level goes on in silence too; what is asked for less urgently is asked
// at its own times.
func TestAMilderLevelGoesOnInSilence(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	n.Advance(minutes(2))
	n.Phone(lead).Got("2 voice V2_evacuate")
	n.Revise(flood, flashRain.In(warning.Orange, valley.Shimian)) // 撤 as before: 0, 5, 10
	n.Phone(lead).Got()
	n.Advance(minutes(4))
	n.Phone(lead).Got("5 voice V2_evacuate")
	n.Phone(section).Got() // at ten minutes, not at five
	n.Advance(minutes(5))
	n.Phone(section).Got("10 voice V2_takeover", "10 sms N70")
}

// Who is new is asked; who stays hears nothing.
func TestAWiderAreaAsksOnlyTheNew(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Acknowledge}))
	n.Revise(flood, flowtest.RedFlood.In(warning.Red, valley.Shimian, valley.Tianquan))
	n.Phone(lead).Got()
	n.Is(flood, valley.Home, response.Acknowledged)
	n.Phone(valley.PhoneOfMany).Got("0 voice V2_evacuate", "0 sms E70I")
	n.Is(flood, valley.Camp1, response.Delivered)
}

// Who is let go is told so, and only who had been told; his clocks stop. When he
// comes back under it he is asked like new.
func TestANarrowerAreaLetsGo(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	flood := n.Publish(flowtest.RedFlood.In(warning.Red, valley.Shimian, valley.Tianquan))
	n.Phone(valley.PhoneOfMany).Got("0 voice V2_evacuate", "0 sms E70I")
	n.Advance(minutes(1))
	n.Revise(flood, flowtest.RedFlood)
	n.Is(flood, valley.Camp1, response.Released)
	n.Phone(valley.PhoneOfMany).Got("1 sms C70")
	n.Phone(valley.PhoneOfMany).Hears(channel.SMS, "不再受影响", "等3处")
	n.Phone(valley.PhoneOfOwner).Silent(channel.SMS, channel.Voice)
	n.Advance(minutes(4))
	n.Phone(valley.PhoneOfMany).Got()
	n.Revise(flood, flowtest.RedFlood.In(warning.Red, valley.Shimian, valley.Tianquan))
	n.Phone(valley.PhoneOfMany).Got("5 voice V2_evacuate", "5 sms E70I")
	n.Advance(minutes(2))
	n.Phone(valley.PhoneOfMany).Got("7 voice V2_evacuate")
}

// An answer to what was let go is too late; it is kept.
func TestAnAnswerAfterBeingLetGo(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	flood := n.Publish(flowtest.RedFlood.In(warning.Red, valley.Shimian, valley.Tianquan))
	code := n.Phone(valley.PhoneOfMany).Code()
	n.Revise(flood, flowtest.RedFlood)
	n.Phone(valley.PhoneOfMany).Sends(code)
	n.Is(flood, valley.Camp1, response.Released)
	if n.Verdicts(response.OutcomeLate) != 1 {
		t.Error("that it was too late is not kept")
	}
}

// A bulletin that is over and was not lifted is replaced by the next day's: one
// thread per site is open, and nobody is asked to lift what is gone.
func TestDailyBulletinsDoNotPileUp(t *testing.T) {
	t.Parallel()
	n := flowtest.NewAt(t, valley.Evening.Add(20*time.Hour)) // 17:30
	bulletin := ground.In(warning.Yellow, valley.Shimian)
	bulletin.Hours = 24
	first := n.Publish(bulletin)
	must(t, n.Says("site", first, valley.Home, postgres.Answer{Event: response.Acknowledge}))
	n.Jump(24 * time.Hour)
	n.Is(first, valley.Home, response.ExpiredOpen)
	n.Phone(valley.PhoneOfYaan).Hears(channel.Voice, "已经到期，还没有解除")
	second := n.Publish(bulletin)
	n.Is(first, valley.Home, response.Released)
	n.Is(second, valley.Home, response.Delivered)
	if open := n.Count("SELECT count(*) FROM response WHERE site_id = $1 AND ended_at IS NULL", valley.ID(valley.Home)); open != 1 {
		t.Errorf("%d threads are open at the home", open)
	}
	n.Phone(valley.PhoneOfYaanLeader).Got()
	n.Advance(minutes(40)) // half an hour later his leader would be rung
	n.Phone(valley.PhoneOfYaanLeader).Got()
}
