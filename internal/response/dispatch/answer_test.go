package dispatch_test

import (
	"testing"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// aNightAtHome is a night on which only the home is still silent: the tunnel's
// section has answered for the tunnel.
func aNightAtHome(t *testing.T) (*flowtest.Night, uuid.UUID) {
	t.Helper()
	n := flowtest.New(t)
	flood := n.Publish(flowtest.RedFlood)
	must(t, n.Says("section", flood, valley.Tunnel, postgres.Answer{Event: response.Acknowledge}))
	n.Phone(lead).Got("0 voice V2_evacuate", "0 sms E70I")
	n.Phone(section).Got("0 voice V2_takeover", "0 sms N70") // the tunnel has no lead
	return n, flood
}

// Whoever answers, by whatever way, is left in peace from that instant on, and so
// is everybody above; and the clock of 转移 runs.
func TestEveryAnswerStopsTheCalls(t *testing.T) {
	for name, answers := range map[string]func(n *flowtest.Night, flood uuid.UUID) error{
		"the code by SMS":        func(n *flowtest.Night, _ uuid.UUID) error { return sends(n, n.Phone(lead).Code()) },
		"the code among words":   func(n *flowtest.Night, _ uuid.UUID) error { return sends(n, "收到，"+n.Phone(lead).Code()+"。") },
		"收到, and one thing open": func(n *flowtest.Night, _ uuid.UUID) error { return sends(n, "收到") },
		"key 1, all was heard":   func(n *flowtest.Night, _ uuid.UUID) error { n.Phone(lead).Presses("1", true); return nil },
		"the code on the page":   func(n *flowtest.Night, _ uuid.UUID) error { n.Phone(lead).Types(n.Phone(lead).Code()); return nil },
		"the signed link": func(n *flowtest.Night, flood uuid.UUID) error {
			return n.Phone(lead).Clicks(flood, response.Acknowledge, valley.Home)
		},
		"the button": func(n *flowtest.Night, flood uuid.UUID) error {
			return n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Acknowledge})
		},
		"the section's button": func(n *flowtest.Night, flood uuid.UUID) error {
			return n.Says("section", flood, valley.Home, postgres.Answer{Event: response.Acknowledge})
		},
		"a call by hand, the measure said back": func(n *flowtest.Night, flood uuid.UUID) error {
			return n.Calls("shimian", lead, flood, valley.Home, "repeated_back", "马上撤到集合点并清点")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, flood := aNightAtHome(t)
			must(t, answers(n, flood))
			n.Is(flood, valley.Home, response.Acknowledged)
			if waiting := n.Count("SELECT count(*) FROM notice WHERE state IN ('queued', 'failed_now', 'sending')"); waiting != 0 {
				t.Errorf("%d notices still wait", waiting)
			}
			n.Advance(minutes(6))
			n.Phone(lead).Got()
			n.Phone(section).Got()
			n.Phone(valley.PhoneOfSupervisor).Got("0 sms Y70") // about the tunnel
			n.Advance(minutes(5))                              // 签收未行动
			n.Phone(section).Got("10 voice V2_late", "10 sms J70")
		})
	}
}

func sends(n *flowtest.Night, text string) error {
	n.Phone(lead).Sends(text)
	return nil
}

// What proves less than an answer is kept and stops nothing: two minutes later he
// is called again.
func TestWhatIsNotAnAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(n *flowtest.Night, flood uuid.UUID)
		state   response.State
	}{
		"nothing but the carrier's receipt": {func(*flowtest.Night, uuid.UUID) {}, response.Delivered},
		"key 1 before the end":              {func(n *flowtest.Night, _ uuid.UUID) { n.Phone(lead).Presses("1", false) }, response.Read},
		"key 9":                             {func(n *flowtest.Night, _ uuid.UUID) { n.Phone(lead).Presses("9", true) }, response.Read},
		"hung up":                           {func(n *flowtest.Night, _ uuid.UUID) { n.Phone(lead).Presses("", true) }, response.Read},
		"another code":                      {func(n *flowtest.Night, _ uuid.UUID) { n.Phone(lead).Sends(other(n.Phone(lead).Code())) }, response.Delivered},
		"words":                             {func(n *flowtest.Night, _ uuid.UUID) { n.Phone(lead).Sends("谁啊") }, response.Delivered},
		"the page opened": {func(n *flowtest.Night, flood uuid.UUID) {
			must(n.T, n.Phone(lead).Clicks(flood, response.Open, valley.Home))
		}, response.Read},
		"a call by hand, nothing said back": {func(n *flowtest.Night, flood uuid.UUID) {
			must(n.T, n.Calls("shimian", lead, flood, valley.Home, "answered", "嗯"))
		}, response.Read},
		"a voicemail": {func(n *flowtest.Night, flood uuid.UUID) {
			must(n.T, n.Calls("shimian", lead, flood, valley.Home, "voicemail", ""))
		}, response.Delivered},
		"a third person": {func(n *flowtest.Night, flood uuid.UUID) {
			must(n.T, n.Calls("shimian", lead, flood, valley.Home, "third_person", "我转告他"))
		}, response.Delivered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, flood := aNightAtHome(t)
			c.happens(n, flood)
			n.Is(flood, valley.Home, c.state)
			n.Advance(minutes(5))
			n.Phone(lead).Got("2 voice V2_evacuate", "5 voice V2_evacuate")
			n.Phone(section).Got("5 voice V2_takeover", "5 sms N70")
		})
	}
}

func other(code string) string {
	return string('0'+(code[0]-'0'+1)%10) + code[1:]
}

// A call by hand that says nothing back, and one whose words were not written
// down.
func TestAHandCallNeedsTheWords(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	for _, outcome := range []string{"repeated_back", "shouted"} {
		if err := n.Calls("shimian", lead, flood, valley.Home, outcome, ""); errs.KindOf(err) != errs.Fix {
			t.Errorf("%s: %v", outcome, err)
		}
	}
	n.Is(flood, valley.Home, response.Delivered)
}

// Somebody who answers for three sites may name fewer: the calls go on for the
// others only.
func TestAnAnswerNamesItsSites(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	flood := n.Publish(flowtest.RedFlood.In(warning.Red, valley.Tianquan))
	n.Phone(valley.PhoneOfMany).Got("0 voice V2_evacuate", "0 sms E70I")
	must(t, n.Phone(valley.PhoneOfMany).Clicks(flood, response.Acknowledge, valley.Camp1, valley.Camp2))
	n.Is(flood, valley.Camp1, response.Acknowledged)
	n.Is(flood, valley.Camp2, response.Acknowledged)
	n.Advance(minutes(2))
	n.Phone(valley.PhoneOfMany).Got("2 voice V2_evacuate")
	n.Phone(valley.PhoneOfMany).Hears(channel.Voice, "请立即组织camp3全体人员")
	must(t, n.Phone(valley.PhoneOfMany).Clicks(flood, response.Acknowledge, valley.Camp3))
	n.Advance(minutes(4))
	n.Phone(valley.PhoneOfMany).Got()
}
