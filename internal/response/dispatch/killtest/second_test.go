package killtest

import (
	"testing"

	"muster/internal/response/channel/fake"
)

// A replica stands still (SIGSTOP) with notices in its hands until its lease is over
// and a second one has taken them; then it goes on. What it says late changes
// nothing, and the carrier knows the keys.
func TestASecondReplicaTakesOver(t *testing.T) {
	for _, c := range []struct {
		name string
		stop func(*night, *process)
	}{
		{"from one that stands still with claims", func(_ *night, p *process) {
			p.wire.arm(cut{sql: "WITH ready AS", after: true, do: p.pause})
		}},
		{"from one that stands still with a message at the carrier", func(n *night, p *process) {
			n.door.arm(func() { p.pause() })
		}},
		{"from one that stands still before it writes", func(_ *night, p *process) {
			p.wire.arm(cut{sql: "INSERT INTO notice_attempt", now: true, do: func() bool {
				p.pause()
				<-p.freed
				return true
			}})
		}},
	} {
		t.Run(c.name, func(t *testing.T) { takenOver(t, c.stop) })
	}
}

func takenOver(t *testing.T, stop func(*night, *process)) {
	n := newNight(t, province.Clone(t).AppDSN, fake.Bystanders())
	n.publish(n.draft(12))
	slow, quick := n.start(0, nil), n.start(0, nil)
	stop(n, slow)
	late := make(chan error, 1)
	go func() {
		_, err := slow.do(t.Context(), "settle", request{})
		late <- err
	}()
	<-slow.held
	held := n.count("SELECT count(*) FROM notice WHERE state = 'sending'")
	n.push(lease + 1)
	if !n.settle(quick) {
		t.Fatal("the second replica died")
	}
	if left := n.count("SELECT count(*) FROM notice WHERE state = 'sending'"); held == 0 || left > 0 {
		t.Errorf("%d notices were in the hands of the first, %d were not taken over", held, left)
	}
	before := n.ledger()
	slow.goOn()
	if err := <-late; err != nil {
		t.Error("the first replica did not end its work:", err)
	}
	if after := n.ledger(); after != before {
		t.Errorf("a late word changed the ledger from\n%s\nto\n%s", before, after)
	}
	n.rest(2 * restStep)
	n.audit().print(n)
}

// ledger is every notice that has left, with all that is written about it.
func (n *night) ledger() string {
	n.t.Helper()
	var text string
	must(n.t, n.db.Pool().QueryRow(n.t.Context(), `
		SELECT coalesce(string_agg(id || ' ' || state || ' ' || epoch || ' ' || coalesce(provider_id, ''), E'\n' ORDER BY id), '') FROM notice
		WHERE  channel IN ('sms', 'voice')`).Scan(&text))
	return text
}
