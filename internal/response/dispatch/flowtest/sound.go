package flowtest

import (
	"context"

	"github.com/jackc/pgx/v5"

	"muster/internal/response"
	"muster/internal/warning"
)

// unsound are the rows that must never be there when everything has come to rest,
// by what is wrong with them.
var unsound = map[string]string{
	"an open duty whose time has come was not looked at": `
		SELECT kind || ' ' || next_at FROM duty WHERE state = 'open' AND (next_at IS NULL OR next_at <= $1)`,
	"a notice is written twice": `
		SELECT kind || ' ' || channel || ' ' || count(*) FROM notice
		GROUP BY warning_id, revision, response_id, kind, occasion, party_id, rung, round, channel HAVING count(*) > 1 AND $1::timestamptz IS NOT NULL`,
	"a notice is in nobody's hands": `
		SELECT kind || ' ' || channel || ' ' || state FROM notice WHERE state = 'sending' AND lease_until <= $1`,
	"a notice that should have left is still here": `
		SELECT kind || ' ' || channel || ' ' || state FROM notice WHERE state IN ('queued', 'failed_now') AND next_at <= $1 AND channel IN ('sms', 'voice')`,
	"a step that no machine allows": `
		SELECT e.from_state || ' → ' || e.to_state FROM response_event e WHERE e.from_state <> e.to_state AND $1::timestamptz IS NOT NULL
		AND NOT EXISTS (SELECT FROM transition t WHERE t.machine = 'response' AND (t.from_state, t.event, t.to_state) = (e.from_state, e.event, e.to_state))`,
	"a duty of a thread that has ended": `
		SELECT r.site_name || ' ' || d.kind FROM duty d JOIN response r ON r.id = d.subject_id WHERE d.state = 'open' AND r.ended_at <= $1`,
}

// Sound asserts what holds after every story, whatever happened in it.
func (n *Night) Sound() {
	n.T.Helper()
	ctx := context.WithoutCancel(n.T.Context())
	for what, sql := range unsound {
		rows, err := n.DB.Pool().Query(ctx, sql, n.Clock.Now())
		must(n.T, err)
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		must(n.T, err)
		if len(found) > 0 {
			n.T.Errorf("%s: %q", what, found)
		}
	}
	n.clocked(ctx)
	n.chained(ctx)
}

// clocked: a live thread has the clock that its state asks for.
func (n *Night) clocked(ctx context.Context) {
	rules := response.DefaultRules()
	rows, err := n.DB.Pool().Query(ctx, `
		SELECT site_name, state, measure, level, at_risk, ARRAY(SELECT kind FROM duty d WHERE d.subject_id = r.id AND d.state = 'open') AS duties
		FROM   response r WHERE ended_at IS NULL`)
	must(n.T, err)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[struct {
		SiteName string
		State    response.State
		Measure  warning.Measure
		Level    warning.Level
		AtRisk   bool
		Duties   []string
	}])
	must(n.T, err)
	for _, t := range list {
		if kind, asks := rules.NextDuty(t.State, t.Measure, t.Level, t.AtRisk); asks && len(t.Duties) == 0 {
			n.T.Errorf("%s is %s and no clock runs for %s", t.SiteName, t.State, kind)
		}
	}
}

// step is one move of a thread.
type step struct{ from, to response.State }

// chained: the moves of each thread lead from its beginning to where it stands,
// without a gap. Their times are not asked: the clock may have been put back.
func (n *Night) chained(ctx context.Context) {
	rows, err := n.DB.Pool().Query(ctx, `
		SELECT r.site_name || r.id, r.state, r.cause = 'warning', e.from_state, e.to_state
		FROM   response r LEFT JOIN response_event e ON e.response_id = r.id AND e.from_state IS NOT NULL AND e.from_state <> e.to_state`)
	must(n.T, err)
	steps, now := map[string][]step{}, map[string]response.State{}
	begin := map[string]response.State{}
	for rows.Next() {
		var name string
		var state response.State
		var warned bool
		var from, to *response.State
		must(n.T, rows.Scan(&name, &state, &warned, &from, &to))
		now[name], begin[name] = state, response.Acknowledged
		if warned {
			begin[name] = response.Pending
		}
		if from != nil {
			steps[name] = append(steps[name], step{*from, *to})
		}
	}
	must(n.T, rows.Err())
	for name, end := range now {
		if !leads(begin[name], end, steps[name]) {
			n.T.Errorf("%s began at %s and stands at %s, its events do not lead there: %v", name, begin[name], end, steps[name])
		}
	}
}

// leads says whether there is a way that takes every step once (Euler: each state
// is left as often as it is entered, but for the ends, and all of it hangs
// together).
func leads(begin, end response.State, steps []step) bool {
	balance := map[response.State]int{}
	balance[begin]--
	balance[end]++
	reached := map[response.State]bool{begin: true}
	for range steps {
		for _, s := range steps {
			reached[s.to] = reached[s.to] || reached[s.from]
		}
	}
	for _, s := range steps {
		balance[s.from]++
		balance[s.to]--
		if !reached[s.from] {
			return false
		}
	}
	for _, n := range balance {
		if n != 0 {
			return false
		}
	}
	return true
}
