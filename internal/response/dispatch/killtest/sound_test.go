package killtest

import (
	"github.com/jackc/pgx/v5"
)

// unsound are the rows that must never be there when everything has come to rest, by
// what is wrong with them. $1 is the present.
var unsound = map[string]string{
	"an open duty whose time has come was not looked at": `
		SELECT kind || ' ' || next_at FROM duty WHERE state = 'open' AND next_at <= $1`,
	"a notice is in the hands of nobody": `
		SELECT kind || ' ' || channel FROM notice WHERE state = 'sending' AND lease_until <= $1`,
	"a notice should have left": `
		SELECT kind || ' ' || channel || ' ' || state FROM notice WHERE state IN ('queued', 'failed_now') AND next_at <= $1 AND channel IN ('sms', 'voice')`,
	"a notice was written twice": `
		SELECT kind || ' ' || channel || ' ' || count(*) FROM notice WHERE $1::timestamptz IS NOT NULL
		GROUP BY warning_id, revision, response_id, kind, occasion, party_id, rung, round, channel HAVING count(*) > 1`,
	"a step that no machine allows": `
		SELECT from_state || ' → ' || to_state FROM response_event e WHERE from_state <> to_state AND $1::timestamptz IS NOT NULL
		AND NOT EXISTS (SELECT FROM transition t WHERE t.machine = 'response' AND (t.from_state, t.event, t.to_state) = (e.from_state, e.event, e.to_state))`,
	"a step that is missing: a thread left a state more often than it came to it, or less often": `
		WITH ends AS (
		    SELECT id AS thread, 'pending' AS state, 1 AS n FROM response UNION ALL
		    SELECT id, state, -1 FROM response UNION ALL
		    SELECT response_id, from_state, -1 FROM response_event WHERE from_state <> to_state UNION ALL
		    SELECT response_id, to_state, 1 FROM response_event WHERE from_state <> to_state)
		SELECT state || ' ' || sum(n) FROM ends WHERE $1::timestamptz IS NOT NULL GROUP BY thread, state HAVING sum(n) <> 0`,
	"a thread that nobody has answered, without a clock": `
		SELECT site_name || ' ' || state FROM response r WHERE state IN ('pending', 'delivered', 'read', 'unanswered', 'reopened') AND opened_at <= $1
		AND NOT EXISTS (SELECT FROM duty d WHERE d.subject_id = r.id AND d.kind = 'acknowledge' AND d.state = 'open')`,
	"a clock of a thread that has ended": `
		SELECT site_name || ' ' || d.kind FROM duty d JOIN response r ON r.id = d.subject_id WHERE d.state = 'open' AND r.ended_at <= $1`,
	"a push that was kept and not read": `
		SELECT id::text FROM inbound WHERE understood_at IS NULL AND received_at <= $1`,
}

// sound fails the test for each unsound row.
func (n *night) sound() {
	n.t.Helper()
	for what, sql := range unsound {
		rows, err := n.db.Pool().Query(n.t.Context(), sql, n.clock.Now())
		must(n.t, err)
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(n.t, err)
		if len(found) > 0 {
			n.t.Errorf("%s: %d, among them %q", what, len(found), found[0])
		}
	}
}
