package dispatch_test

import (
	"testing"
	"time"

	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// Both carriers are away for ten minutes. The ladder climbs on meanwhile; when they
// are back everybody on it is told once, not once for each round that was missed.
func TestTheCarrierIsAwayForTenMinutes(t *testing.T) {
	for _, how := range []fake.Outage{fake.Error, fake.Cut} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			n := flowtest.New(t)
			must(t, n.Carrier.SetConditions("", fake.Conditions{Outage: how}))
			flood := n.Publish(flowtest.RedFlood)
			n.Advance(minutes(10))
			n.Phone(lead).Got()
			n.Is(flood, valley.Home, response.Pending)
			must(t, n.Carrier.SetConditions("", fake.Conditions{}))
			n.Advance(minutes(1))
			n.Phone(lead).Got("10 voice V2_evacuate", "10 sms E70I")
			n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "接替")
			n.Advance(minutes(5))
			n.Phone(lead).Got()
		})
	}
}

// An authority is told the newest numbers when the carrier is back, not each
// digest that it missed.
func TestMissedDigestsDoNotPileUp(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	must(t, n.Carrier.SetConditions("", fake.Conditions{Outage: fake.Error}))
	n.Publish(flowtest.RedFlood)
	n.Advance(minutes(35))
	must(t, n.Carrier.SetConditions("", fake.Conditions{}))
	n.Advance(minutes(1))
	n.Phone(valley.PhoneOfShimian).Got("35 voice V1_digest", "35 sms G70")
}

// The telephone alone is away: the text is there at once.
func TestOnlyTheTelephoneIsAway(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	must(t, n.Carrier.SetConditions("http/voice", fake.Conditions{Outage: fake.Error}))
	n.Publish(flowtest.RedFlood)
	n.Phone(lead).Got("0 sms E70I")
	n.Advance(minutes(1))
	n.Phone(lead).Silent(channel.Voice)
}

// A carrier that hangs holds up nobody else; what it did not take is handed over
// again under the same key.
func TestASlowCarrier(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Dispatch.Pace = dispatch.Pace{Parallel: 64, Timeout: 200 * time.Millisecond, Lease: 30 * time.Second}
	must(t, n.Carrier.SetConditions("http/voice", fake.Conditions{Outage: fake.Hang}))
	n.Publish(flowtest.RedFlood)
	n.Phone(lead).Got("0 sms E70I")
	must(t, n.Carrier.SetConditions("", fake.Conditions{}))
	n.Advance(30 * time.Second)
	n.Phone(lead).Got("0 voice V2_evacuate")
}

// It was taken, and the answer got lost: the carrier sees the key again and rings
// nobody twice.
func TestAnAnswerThatGotLost(t *testing.T) {
	for name, weather := range map[string]fake.Conditions{"never answered": {LostAnswer: 1}, "nonsense": {Garbage: 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := flowtest.New(t)
			n.Dispatch.Pace = dispatch.Pace{Parallel: 64, Timeout: 200 * time.Millisecond, Lease: 30 * time.Second}
			must(t, n.Carrier.SetConditions("", weather))
			n.Publish(flowtest.RedFlood)
			must(t, n.Carrier.SetConditions("", fake.Conditions{}))
			n.Advance(minutes(1))
			n.Phone(lead).Got("0 voice V2_evacuate", "0 sms E70I")
		})
	}
}

// The preferred carrier fails: the next contract is used within the minute.
func TestTheOtherCarrierIsUsed(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	preferred := n.Preferred(channel.Voice)
	must(t, preferred.SetConditions("", fake.Conditions{Outage: fake.Error}))
	n.Publish(flowtest.RedFlood)
	for range 6 {
		n.Advance(5 * time.Second)
	}
	n.Phone(lead).Got("0 voice V2_evacuate", "0 sms E70I")
	must(t, preferred.SetConditions("", fake.Conditions{}))
	n.Advance(minutes(2))
	n.Phone(lead).Got()
	if screen, _ := preferred.Look(fake.Box{Kind: fake.Phone, Address: lead}); screen.Total != 1 {
		t.Errorf("after a while the preferred carrier is tried again: %d calls", screen.Total)
	}
}

// 关机 and 空号: nobody waits for what cannot come; the section is called at once.
func TestNumbersThatLeadNowhere(t *testing.T) {
	for _, how := range []fake.Manner{fake.Off, fake.Nobody} {
		t.Run(string(how), func(t *testing.T) {
			t.Parallel()
			n := flowtest.New(t)
			n.Phone(lead).Will(fake.Person{Text: how, Call: how})
			flood := n.Publish(flowtest.RedFlood)
			n.Advance(minutes(1)) // the section was called about the tunnel just now
			n.Phone(deputy).Hears(channel.Voice, "home负责人没有应答")
			n.Is(flood, valley.Home, response.Delivered) // to the section
			if n.Count("SELECT count(*) FROM notice WHERE state = 'failed' AND party_id = $1", n.Person(lead)) != 2 {
				t.Error("that he was not reached is not kept")
			}
			n.Advance(minutes(5))
			n.Phone(lead).Got("0 voice V2_evacuate", "0 sms E70I") // as the carrier shows it
		})
	}
}

// A number that is no mobile number is refused by the carrier, and that is an
// answer, not an error.
func TestANumberThatIsNone(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Do("UPDATE person SET phone_sealed = $2 WHERE id = $1", n.Person(lead),
		valley.Sealer.Seal("person", "phone", n.Person(lead).String(), "0835123"))
	flood := n.Publish(flowtest.RedFlood)
	n.Advance(minutes(1))
	n.Phone(deputy).Hears(channel.Voice, "home负责人没有应答")
	n.Is(flood, valley.Home, response.Delivered)
	if n.Count("SELECT count(*) FROM notice WHERE state = 'failed' AND reason_code <> '' AND party_id = $1", n.Person(lead)) != 2 {
		t.Error("nobody can see why it failed:\n" + n.Ledger())
	}
}

// A contract whose secrets do not open, and no contract at all: the notices wait in
// sight, and the ladder climbs.
func TestWithoutAContract(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Do("UPDATE channel_account SET disabled_at = $1 WHERE channel = 'voice'", n.Clock.Now())
	flood := n.Publish(flowtest.RedFlood.In(warning.Red, valley.Shimian))
	n.Phone(lead).Got("0 sms E70I")
	n.Advance(minutes(5))
	n.Phone(section).Hears(channel.SMS, "home负责人未应答")
	n.Is(flood, valley.Home, response.Delivered)
	n.Do("UPDATE channel_account SET disabled_at = NULL")
	n.Advance(minutes(1))
}
