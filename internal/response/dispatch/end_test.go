package dispatch_test

import (
	"testing"
	"time"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/roster"
	"muster/internal/warning"
)

// A lift goes at once to exactly those who were told, and to whoever came in late;
// the clocks and the calls stop.
func TestALiftGoesToThoseWhoWereTold(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	flood := n.Publish(flowtest.RedFlood)
	n.Advance(minutes(1))
	n.Passes(valley.HomeGate, valley.LateWorker, roster.In)
	n.Phone(valley.PhoneOfLate).Got("1 sms I70")
	n.Phone(lead).Got("0 voice V2_evacuate", "0 sms E70I")
	n.Lift(flood)
	for _, told := range []string{lead, section, valley.PhoneOfLate} {
		n.Phone(told).Hears(channel.SMS, "已于", "解除", "未获准不得进入")
	}
	for _, untold := range []string{valley.PhoneOfOwner, valley.PhoneOfShimian, valley.PhoneOfYaan, valley.PhoneOfHut, valley.PhoneOfMany} {
		n.Phone(untold).Silent(channel.SMS, channel.Voice)
	}
	n.Is(flood, valley.Home, response.Inspecting)
	n.Phone(lead).Got("1 sms L70")
	n.Advance(minutes(30))
	n.Phone(lead).Got()
	n.Phone(valley.PhoneOfShimian).Silent(channel.SMS, channel.Voice)
}

// What has not left when the lift comes never leaves, and whoever was not reached
// has nothing to be told.
func TestALiftOvertakesWhatHasNotLeft(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	must(t, n.Carrier.SetConditions("", fake.Conditions{Outage: fake.Error}))
	flood := n.Publish(flowtest.RedFlood)
	n.Advance(minutes(1))
	n.Lift(flood)
	must(t, n.Carrier.SetConditions("", fake.Conditions{}))
	n.Advance(minutes(5))
	n.Phone(lead).Silent(channel.SMS, channel.Voice)
}

// After the lift a code is taken note of and changes nothing; after half an hour it
// opens nothing.
func TestAnAnswerAfterTheLift(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	code := n.Phone(lead).Code()
	n.Lift(flood)
	n.Phone(lead).Sends(code)
	n.Is(flood, valley.Home, response.Inspecting)
	if n.Verdicts(response.OutcomeLate) != 1 {
		t.Error("the answer after the lift is not kept as late")
	}
	if err := n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Acknowledge}); err == nil {
		t.Error("the button still acknowledges")
	}
	n.Jump(31 * time.Minute)
	if err := n.Phone(lead).Clicks(flood, response.Acknowledge, valley.Home); err == nil {
		t.Error("the link opens after half an hour")
	}
	n.Is(flood, valley.Home, response.Inspecting)
}

// Whoever said that he is not the man is not told of the end either.
func TestALiftDoesNotCallAStranger(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	n.Phone(lead).Presses("3", true)
	n.Lift(flood)
	n.Phone(lead).Got()
}

// 阅知 and 加密巡查 end with the lift; whoever left or stopped work inspects first.
func TestWhatALiftLeavesToDo(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	rainfall := n.Publish(rain.In(warning.Orange, valley.Hanyuan)) // slope 停禁, camp 巡
	n.Lift(rainfall)
	n.Is(rainfall, valley.Slope, response.Inspecting)
	n.Is(rainfall, valley.Camp, response.Lifted)
}

// The time is over and nobody has lifted it: nobody may return, who was told is
// told that, and a person is rung: the publisher's officer, then his leader.
func TestWhatExpiresGoesToAPerson(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	short := flowtest.RedFlood
	short.Hours = 1
	flood := n.Publish(short)
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Acknowledge}))
	must(t, n.Says("section", flood, valley.Tunnel, postgres.Answer{Event: response.Acknowledge}))
	n.Phone(lead).Got("0 voice V2_evacuate", "0 sms E70I")
	n.Jump(time.Hour)
	n.Is(flood, valley.Home, response.ExpiredOpen)
	n.Phone(lead).Hears(channel.SMS, "已到期但未解除", "不得返回")
	n.Phone(valley.PhoneOfYaan).Hears(channel.Voice, "已经到期，还没有解除")
	n.Phone(valley.PhoneOfYaanLeader).Silent(channel.Voice)
	n.Advance(minutes(31))
	n.Phone(valley.PhoneOfYaanLeader).Hears(channel.Voice, "已经到期，还没有解除")
	n.Lift(flood)
	n.Is(flood, valley.Home, response.Inspecting)
	n.Phone(lead).Hears(channel.SMS, "解除")
}
