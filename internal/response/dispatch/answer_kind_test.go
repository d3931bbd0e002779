package dispatch_test

import (
	"testing"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// 需要支援: charge is taken, and the county is rung at once.
func TestACallForHelp(t *testing.T) {
	for name, asks := range map[string]func(p flowtest.Phone){
		"key 2":              func(p flowtest.Phone) { p.Presses("2", true) },
		"the code and words": func(p flowtest.Phone) { p.Sends(p.Code() + " 需要支援") },
		"on the page":        func(p flowtest.Phone) { p.Types(p.Code() + " 需要支援") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, flood := aNightAtHome(t)
			asks(n.Phone(lead))
			n.Is(flood, valley.Home, response.Acknowledged)
			n.Phone(valley.PhoneOfShimian).Got("0 voice V2_support", "0 sms S70")
			n.Phone(valley.PhoneOfShimian).Hears(channel.Voice, "home请求支援")
			if n.Count("SELECT count(*) FROM response WHERE id = $1 AND 'support' = ANY(flags)", n.Thread(flood, valley.Home)) != 1 {
				t.Error("nobody can see on the board that help is needed")
			}
		})
	}
}

// Help is heard whatever else is wrong with the answer: the message cut short, the
// code mistyped. That it was heard is no 签收.
func TestHelpIsHeardWithoutAValidAnswer(t *testing.T) {
	for name, asks := range map[string]func(p flowtest.Phone){
		"key 2 before the end": func(p flowtest.Phone) { p.Presses("2", false) },
		"a wrong code":         func(p flowtest.Phone) { p.Sends(other(p.Code()) + "，需要支援，有人受伤") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, flood := aNightAtHome(t)
			asks(n.Phone(lead))
			n.Phone(valley.PhoneOfShimian).Hears(channel.Voice, "home请求支援")
			if n.Events(flood, valley.ID(valley.Home), "acknowledged") != 0 {
				t.Error("it counts as 签收")
			}
		})
	}
}

// 不是本人: the next person now, and this number no more, not under the next warning
// of the night either.
func TestNotHim(t *testing.T) {
	for name, says := range map[string]func(n *flowtest.Night, flood uuid.UUID){
		"key 3":       func(n *flowtest.Night, _ uuid.UUID) { n.Phone(lead).Presses("3", false) },
		"words":       func(n *flowtest.Night, _ uuid.UUID) { n.Phone(lead).Sends("你打错了") },
		"on the page": func(n *flowtest.Night, _ uuid.UUID) { n.Phone(lead).Types(n.Phone(lead).Code() + " 不是本人") },
		"a call by hand": func(n *flowtest.Night, flood uuid.UUID) {
			must(n.T, n.Calls("shimian", lead, flood, valley.Home, "wrong_person", "不认识"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, flood := aNightAtHome(t)
			n.Advance(minutes(2))
			n.Phone(lead).Got("2 voice V2_evacuate")
			says(n, flood)
			n.Phone(section).Got("2 voice V2_takeover", "2 sms N70")
			n.Phone(section).Hears(channel.Voice, "home负责人没有应答")
			n.Advance(minutes(8))
			n.Phone(lead).Got()
			n.Publish(rain.In(warning.Red, valley.Shimian))
			n.Phone(lead).Got()
		})
	}
}

// 无法到场: who takes over cannot come; the owner is called now, not in five minutes.
func TestUnableToCome(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	n.Advance(minutes(5))
	n.Phone(valley.PhoneOfOwner).Silent(channel.Voice)
	n.Phone(section).Presses("2", true)
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "home负责人没有应答")
	if n.Events(flood, valley.ID(valley.Home), "acknowledged") != 0 {
		t.Error("it counts as 签收")
	}
}

// The same answer twice, two answers, an answer after somebody else's: one 签收, one
// clock.
func TestAnswersThatComeTwice(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	must(t, n.Carrier.SetConditions("", fake.Conditions{ReceiptTwice: 1, ReceiptShuffle: true}))
	n.Phone(lead).Sends(n.Phone(lead).Code())
	n.Phone(lead).Sends(n.Phone(lead).Code())
	n.Phone(lead).Presses("1", true)
	same := postgres.Answer{EventID: uuid.New(), Event: response.Acknowledge}
	must(t, n.Says("site", flood, valley.Home, same))
	must(t, n.Says("site", flood, valley.Home, same))
	n.Is(flood, valley.Home, response.Acknowledged)
	if got := n.Count(`SELECT count(*) FROM response_event WHERE response_id = $1 AND from_state <> 'acknowledged' AND to_state = 'acknowledged'`,
		n.Thread(flood, valley.Home)); got != 1 {
		t.Errorf("签收 happened %d times", got)
	}
	if got := n.Count("SELECT count(*) FROM duty WHERE subject_id = $1 AND kind = 'act'", n.Thread(flood, valley.Home)); got != 1 {
		t.Errorf("%d clocks of 转移", got)
	}
}

// Whoever answers for a site of somebody else changes nothing anywhere.
func TestAnAnswerForSomebodyElsesSite(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	flood := n.Publish(flowtest.RedFlood.In(warning.Red, valley.Shimian, valley.Hanyuan))
	for login, site := range map[string]string{"site": valley.Tunnel, "section": valley.Slope, "deputy": valley.Camp} {
		if err := n.Says(login, flood, site, postgres.Answer{Event: response.Acknowledge}); errs.KindOf(err) != errs.Outside {
			t.Errorf("%s for the %s: %v", login, site, err)
		}
	}
	if err := n.Phone(lead).Clicks(flood, response.Acknowledge, valley.Home, valley.Camp); err == nil {
		t.Error("a link answers for a site that its owner was not asked about")
	}
	if n.Count("SELECT count(*) FROM response_event WHERE event = 'acknowledged'") != 0 {
		t.Error("something was acknowledged")
	}
}

// A reply from a number that nobody wrote to, and from one that got a copy only.
func TestRepliesFromNumbersThatWereNotAsked(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	stranger := channel.PlainEvent{Kind: channel.Reply, EventID: "r1", Phone: "13700000000", Text: n.Phone(lead).Code(), At: n.Clock.Now()}
	n.Tells(flowtest.Told{Kind: channel.SMS, Events: []channel.PlainEvent{stranger}})
	if n.Verdicts(response.OutcomeStranger) != 1 {
		t.Error("the reply of a stranger is not kept as one")
	}
	n.Advance(minutes(5))
	n.Phone(valley.PhoneOfSupervisor).Sends("收到")
	if n.Events(flood, valley.ID(valley.Home), "acknowledged") != 0 {
		t.Error("a copy was answered, and it counts as 签收")
	}
}

// Five wrong codes lock the phone's codes: the right one is for the desk to look
// at. The telephone still answers.
func TestWrongCodesLock(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	for range 5 {
		n.Phone(lead).Types(other(n.Phone(lead).Code()))
	}
	n.Phone(lead).Sends(n.Phone(lead).Code())
	if n.Verdicts(response.OutcomeWrongCode) != 5 || n.Verdicts(response.OutcomeLocked) != 1 {
		t.Errorf("%d wrong, %d locked", n.Verdicts(response.OutcomeWrongCode), n.Verdicts(response.OutcomeLocked))
	}
	n.Is(flood, valley.Home, response.Delivered)
	n.Phone(lead).Presses("1", true)
	n.Is(flood, valley.Home, response.Acknowledged)
}

// Two warnings at once: the code says which; 收到 says nothing and goes to the desk.
func TestTwoWarningsOnOnePhone(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	first := n.Phone(lead).Code()
	n.Advance(minutes(1))
	landslide := n.Publish(ground.In(warning.Red, valley.Shimian))
	n.Phone(lead).Sends("收到")
	if n.Verdicts(response.OutcomeAmbiguous) != 1 {
		t.Error("it is not clear what 收到 answers")
	}
	n.Phone(lead).Sends(first)
	n.Is(flood, valley.Home, response.Acknowledged)
	if n.Events(landslide, valley.ID(valley.Home), "acknowledged") != 0 {
		t.Error("the code of one warning answers the other")
	}
}
