package dispatch_test

import (
	"testing"
	"time"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch/flowtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

const (
	lead    = valley.PhoneOfLead // of the home
	section = "19900000002"      // of A1
	deputy  = "19900000003"
)

// The evening on which everybody sleeps and nobody answers.
func TestSilenceClimbsRungByRung(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	flood := n.Publish(flowtest.RedFlood)
	n.Phone(lead).Hears(channel.SMS, "山洪红色预警", "home", "撤至集合点")
	if got := n.Phone(lead).Heard(channel.Voice); got != 1 {
		t.Errorf("at once the lead was called %d times", got)
	}
	if n.Phone(section).Heard(channel.Voice) != 1 {
		t.Error("the tunnel has no lead of its own: its section is the first to be called")
	}
	n.Advance(2 * time.Minute)
	n.Advance(3 * time.Minute)
	if got := n.Phone(lead).Heard(channel.Voice); got != 3 {
		t.Errorf("after five minutes the lead was called %d times, want 3 (0, 2, 5)", got)
	}
	n.Phone(deputy).Hears(channel.SMS, "未应答", "接替")
	n.Advance(25 * time.Minute)
	n.Is(flood, valley.Home, response.Unanswered)
}

// Whoever answers is left in peace, at once and on every channel; the next clock
// runs.
func TestACodeSentBackStopsTheCalls(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Phone(lead).Will(fake.Person{Text: fake.Code, Call: fake.Ignore, After: fake.Span{Low: 20_000, High: 20_000}})
	flood := n.Publish(flowtest.RedFlood)
	n.Advance(time.Minute)
	n.Is(flood, valley.Home, response.Acknowledged)
	n.Advance(10 * time.Minute)
	if got := n.Phone(lead).Heard(channel.Voice); got != 1 {
		t.Errorf("called %d times although he answered within the first minute", got)
	}
	n.Is(flood, valley.Home, response.Acknowledged)
	if n.Phone(section).Heard(channel.SMS) < 2 {
		t.Error("签收未行动: after ten minutes the section is told by name")
	}
	must(t, n.Says("site", flood, valley.Home, postgres.Answer{Event: response.Move}))
	n.Is(flood, valley.Home, response.Moving)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
