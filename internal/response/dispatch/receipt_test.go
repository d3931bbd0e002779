package dispatch_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch/flowtest"
)

// callOf is the key of the first call to a phone, and sms that of its text.
func noticeOf(n *flowtest.Night, phone string, kind channel.Kind) string {
	n.T.Helper()
	var id uuid.UUID
	must(n.T, n.DB.Pool().QueryRow(n.T.Context(), "SELECT id FROM notice WHERE party_id = $1 AND channel = $2 ORDER BY created_at LIMIT 1",
		n.Person(phone), kind).Scan(&id))
	return id.String()
}

func stateOf(n *flowtest.Night, notice string) (state string) {
	n.T.Helper()
	must(n.T, n.DB.Pool().QueryRow(n.T.Context(), "SELECT state FROM notice WHERE id = $1", notice).Scan(&state))
	return state
}

// Nobody but the carrier can answer for somebody: a wrong token, a wrong signature,
// an old one, a body that is none.
func TestForgedPushes(t *testing.T) {
	for name, forged := range map[string]flowtest.Told{
		"a token that was guessed":     {Token: "a-token-that-nobody-was-given"},
		"another secret":               {Secret: "a-secret-of-24-characters"},
		"signed ten minutes ago":       {At: valley.Evening.Add(-10 * time.Minute)},
		"signed for the drill account": {Secret: "flowtest-secret-of-24-charactersexercise"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, flood := aNightAtHome(t)
			forged.Kind = channel.Voice
			forged.Events = []channel.PlainEvent{{Kind: channel.Key, EventID: "x", Key: noticeOf(n, lead, channel.Voice), Digit: "1", PlayedOut: true, At: n.Clock.Now()}}
			if status := n.Tells(forged); status != http.StatusForbidden {
				t.Errorf("it was answered with %d", status)
			}
			n.Is(flood, valley.Home, response.Delivered)
			forged.Token, forged.Secret, forged.At = "", "", time.Time{}
			if status := n.Tells(forged); status != http.StatusOK {
				t.Errorf("the true one was answered with %d", status)
			}
			n.Is(flood, valley.Home, response.Acknowledged)
		})
	}
}

// Receipts for what nobody sent, and for what another contract sent, are kept and
// change nothing.
func TestReceiptsForUnknownMessages(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	pressed := func(key string) []channel.PlainEvent {
		return []channel.PlainEvent{{Kind: channel.Key, EventID: uuid.NewString(), Key: key, Digit: "1", PlayedOut: true, At: n.Clock.Now()}}
	}
	for _, told := range []flowtest.Told{
		{Kind: channel.Voice, Events: pressed(uuid.NewString())},
		{Kind: channel.Voice, Events: pressed("not even one of our keys")},
		{Kind: channel.SMS, Events: pressed(noticeOf(n, lead, channel.Voice))},
		{Kind: channel.Voice, Mode: "exercise", Events: pressed(noticeOf(n, lead, channel.Voice))},
	} {
		if status := n.Tells(told); status != http.StatusOK {
			t.Errorf("%+v was answered with %d", told, status)
		}
	}
	if got := n.Verdicts("unknown_message"); got != 4 {
		t.Errorf("%d of 4 are kept as unknown", got)
	}
	n.Is(flood, valley.Home, response.Delivered)
}

// The key comes before "delivered", "failed" comes after both: what is further on
// never goes back.
func TestReceiptsOutOfOrder(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	call := noticeOf(n, lead, channel.Voice)
	for i, kind := range []channel.EventKind{channel.Key, channel.Heard, channel.Delivered, channel.Failed, channel.Seen} {
		e := channel.PlainEvent{Kind: kind, EventID: uuid.NewString(), Key: call, Digit: "1", PlayedOut: true, At: n.Clock.Now().Add(time.Duration(-i) * time.Second)}
		n.Tells(flowtest.Told{Kind: channel.Voice, Events: []channel.PlainEvent{e}})
		if got := stateOf(n, call); got != "answered" {
			t.Errorf("after %s the call is %s", kind, got)
		}
		n.Is(flood, valley.Home, response.Acknowledged)
	}
}

// "Failed", and then "delivered" after all: it was delivered.
func TestAFailureThatWasNone(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	text := noticeOf(n, valley.PhoneOfSupervisor, channel.SMS)
	for _, c := range []struct {
		kind channel.EventKind
		want string
	}{{channel.Failed, "delivered"}, {channel.Seen, "read"}, {channel.Delivered, "read"}} {
		n.Tells(flowtest.Told{Kind: channel.SMS, Events: []channel.PlainEvent{{Kind: c.kind, EventID: uuid.NewString(), Key: text, At: n.Clock.Now()}}})
		if got := stateOf(n, text); got != c.want {
			t.Errorf("after %s it is %s, want %s", c.kind, got, c.want)
		}
	}
	n.Is(flood, valley.Tunnel, response.Acknowledged)
}

// Receipts twice, shuffled, and strays beside them, all night: one 签收 at each site
// and no step that is not in the table.
func TestABadNightForReceipts(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	must(t, n.Carrier.SetConditions("", fake.Conditions{ReceiptTwice: 0.5, ReceiptShuffle: true, ReceiptUnknown: 0.3, ReceiptLoss: 0.2, LostAnswer: 0}))
	for _, phone := range []string{lead, section, deputy} {
		n.Phone(phone).Will(fake.Person{Text: fake.Code, Call: fake.Confirm, After: fake.Span{Low: 10_000, High: 90_000}})
	}
	flood := n.Publish(flowtest.RedFlood)
	n.Advance(minutes(9))
	for _, site := range []string{valley.Home, valley.Tunnel} {
		n.Is(flood, site, response.Acknowledged)
		if got := n.Count(`SELECT count(*) FROM response_event WHERE response_id = $1 AND to_state = 'acknowledged' AND from_state <> to_state`,
			n.Thread(flood, site)); got != 1 {
			t.Errorf("签收 happened %d times at the %s", got, site)
		}
	}
}

// Our server is away when the answer comes: the carrier keeps it and tells it
// again, and it counts from when it was given.
func TestAnAnswerThatFindsNobody(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	n.Deaf = true
	n.Phone(lead).Presses("1", true)
	n.Is(flood, valley.Home, response.Delivered)
	n.Deaf = false
	n.Advance(minutes(1))
	n.Is(flood, valley.Home, response.Acknowledged)
	n.Advance(minutes(5))
	n.Phone(lead).Got()
}
