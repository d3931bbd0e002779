package dispatch_test

import (
	"testing"

	"github.com/google/uuid"

	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// A carrier that begins anew gives its ids anew: a receipt is about the message
// that got the id last, and is taken.
func TestAReceiptUnderAnIdThatWasGivenTwice(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(rain.In(warning.Red, valley.Shimian))
	n.Settle()
	sms := flowtest.AccountID("actual", channel.SMS)
	n.Do("UPDATE notice SET provider_id = '1' WHERE account_id = $1", sms)
	n.Do("UPDATE notice SET tried_at = tried_at + interval '1 minute' WHERE id = (SELECT min(id::text)::uuid FROM notice WHERE account_id = $1)", sms)
	if same := n.Count("SELECT count(*) FROM notice WHERE provider_id = '1'"); same < 2 {
		t.Fatalf("%d messages have the id", same)
	}
	now := n.Clock.Now()
	push, _, err := n.DB.KeepPush(t.Context(), response.Push{ID: uuid.New(), Account: &sms, Sealed: "sealed", Hash: []byte("hash")}, now)
	must(t, err)
	verdicts, err := n.DB.TakePush(t.Context(), push, &sms, []response.CarrierEvent{{Kind: "delivered", ProviderID: "1", At: now}}, now)
	must(t, err)
	if len(verdicts) != 1 || verdicts[0].Outcome != string(response.OutcomeTaken) {
		t.Errorf("%+v", verdicts)
	}
	if about := n.Count(`SELECT count(*) FROM inbound_event e WHERE e.inbound_id = $1
		AND e.notice_id = (SELECT id FROM notice WHERE account_id = $2 ORDER BY tried_at DESC LIMIT 1)`, push, sms); about != 1 {
		t.Error("the receipt is about another message")
	}
}
