package dispatch_test

import (
	"testing"
	"time"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch"
	"muster/internal/response/dispatch/flowtest"
)

// Seven minutes are missing (the server was down): the last round of each rung is
// run, once; what was overtaken is kept as skipped.
func TestAfterAGapEverybodyIsCalledOnce(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	n.Jump(minutes(7))
	n.Phone(lead).Got("7 voice V2_evacuate")
	n.Phone(section).Got("7 voice V2_takeover", "7 sms N70")
	if got := n.Events(flood, valley.ID(valley.Home), "skipped"); got != 1 {
		t.Errorf("%d rounds are kept as skipped, want the one of two minutes", got)
	}
	n.Advance(minutes(3))
	n.Phone(lead).Got()
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "home负责人没有应答")
}

// A whole night is missing: nobody is called a dozen times, and everything is as if
// it had been looked at.
func TestAfterANightEverybodyIsCalledOnce(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	n.Jump(8 * time.Hour)
	n.Is(flood, valley.Home, response.Unanswered)
	n.Phone(lead).Got("480 voice V2_evacuate")
	n.Phone(valley.PhoneOfShimian).Got("480 voice V1_digest", "480 sms G70")
	n.Advance(minutes(2))
	n.Phone(lead).Got()
}

// The clock is put back: nothing is done twice, and what was to come still comes.
func TestTheClockIsPutBack(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	n.Advance(minutes(5))
	n.Phone(lead).Got("2 voice V2_evacuate", "5 voice V2_evacuate")
	n.Jump(-minutes(4))
	n.Phone(lead).Got()
	n.Advance(minutes(5))
	n.Phone(lead).Got()
	n.Advance(minutes(5))
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "home负责人没有应答")
	n.Is(flood, valley.Home, response.Delivered)
}

// An answer counts although the clock went back in between.
func TestAnAnswerBeforeItWasAsked(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	n.Jump(-minutes(3))
	n.Phone(lead).Sends(n.Phone(lead).Code())
	n.Is(flood, valley.Home, response.Acknowledged)
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Move}))
	n.Is(flood, valley.Home, response.Moving)
	n.Advance(minutes(5))
	n.Phone(lead).Got()
}

// The worker dies with notices in its hands, before or after the carrier had them:
// another one takes them when the lease is over, under the same keys, and nobody's
// phone rings twice.
func TestAWorkerDies(t *testing.T) {
	for name, at := range map[string]dispatch.Point{"before the carrier has it": dispatch.Claimed, "after the carrier has it": dispatch.HandedOver} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := flowtest.New(t)
			n.Dispatch.Store = dying{n.DB, at == dispatch.Claimed}
			n.Publish(flowtest.RedFlood)
			n.Dispatch = n.NewDispatcher(n.DB)
			n.Advance(20 * time.Second) // the lease is not over
			if got := n.Count("SELECT count(*) FROM notice WHERE state = 'sending'"); got == 0 {
				t.Fatal("nothing is in the dead worker's hands")
			}
			n.Advance(20 * time.Second)
			n.Phone(lead).Hears(channel.SMS, "撤至集合点")
			if v, s := n.Phone(lead).Heard(channel.Voice), n.Phone(lead).Heard(channel.SMS); v != 1 || s != 1 {
				t.Errorf("%d calls and %d texts", v, s)
			}
		})
	}
}
