package killtest

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
	"muster/internal/response/channel/fake"
)

// tally is what stands in the ledger and what the carrier knows, side by side.
type tally struct {
	targets, threads, notices, attempts int
	states                              map[response.NoticeState]int
	keys                                int // idempotency keys that the carrier took
	handOvers                           int // how often it was given one
	arrived                             int // what reached a phone
	strangers                           int // keys that no notice has
	lost                                int // written as sent, and the carrier has never seen it
	denied                              int // the carrier has it, and the ledger says that it never left
	waiting                             int // due, and in nobody's hands
}

// audit counts, and fails the test where something is lost, doubled or illegal.
func (n *night) audit() tally {
	n.t.Helper()
	n.sound()
	y := n.tally()
	for what, count := range map[string]int{
		"targets without a thread":                               y.targets - y.threads,
		"handed over under a key that no notice has":             y.strangers,
		"written as sent, never seen by the carrier":             y.lost,
		"the carrier has it, the ledger says that it never left": y.denied,
		"due and in nobody's hands":                              y.waiting,
		"arrived twice":                                          y.arrived - y.keys,
	} {
		if count != 0 {
			n.t.Errorf("%s: %d", what, count)
		}
	}
	return y
}

func (n *night) tally() tally {
	n.t.Helper()
	y := tally{states: map[response.NoticeState]int{},
		targets:  n.count("SELECT count(*) FROM target WHERE until_revision IS NULL"),
		threads:  n.count("SELECT count(*) FROM response"),
		attempts: n.count("SELECT count(*) FROM notice_attempt")}
	rows, err := n.db.Pool().Query(n.t.Context(), "SELECT id, state, next_at <= $1 AS due FROM notice WHERE channel IN ('sms', 'voice')", n.clock.Now())
	must(n.t, err)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[struct {
		ID    uuid.UUID
		State response.NoticeState
		Due   bool
	}])
	must(n.t, err)
	taken := n.carrier.HandOvers()
	y.notices, y.keys, y.strangers = len(list), len(taken), len(taken)
	for _, times := range taken {
		y.handOvers += times
	}
	for _, i := range list {
		y.states[i.State]++
		_, handed := taken[i.ID.String()]
		if handed {
			y.strangers--
		}
		switch i.State {
		case response.Sent, response.NoticeThere, response.NoticeRead:
			if !handed {
				y.lost++
			}
		case response.Queued, response.FailedNow, response.Sending:
			if i.Due {
				y.waiting++
			}
		case response.NotSent, response.Superseded:
			if handed {
				y.denied++
			}
		}
	}
	boxes, _ := n.carrier.Boxes(fake.Phone, "", 0, 1<<20)
	for _, b := range boxes {
		y.arrived += b.Total
	}
	return y
}

// print writes the numbers as a table.
func (y tally) print(n *night) {
	n.t.Helper()
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(what string, value any) { fmt.Fprintf(t, "%s\t%v\n", what, value) }
	line("targets, each with its thread", y.targets)
	line("notices by SMS and voice", y.notices)
	for _, s := range []response.NoticeState{response.Sent, response.NoticeThere, response.NoticeRead, response.Answered, response.Failed, response.NotSent,
		response.Superseded, response.FailedNow, response.Queued} {
		line("  "+string(s), y.states[s])
	}
	line("attempts written down", y.attempts)
	line("keys that the carrier took", y.keys)
	line("hand-overs", y.handOvers)
	line("  again, under the same key", y.handOvers-y.keys)
	line("  again, under another key", y.strangers)
	line("arrived at phones", y.arrived)
	line("lost", y.lost+y.waiting)
	_ = t.Flush()
	n.t.Log("\n" + b.String())
}
