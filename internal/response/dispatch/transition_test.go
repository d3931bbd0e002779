package dispatch_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"muster/internal/postgres/pgtest"
	"muster/internal/response"
)

type transition struct{ Machine, FromState, Event, ToState string }

// The rows that the database enforces are the machines of the code. (That the code
// is what docs/states.md shows is tried in package response.)
func TestTheDatabaseEnforcesTheMachinesOfTheCode(t *testing.T) {
	t.Parallel()
	var want []transition
	for _, s := range response.Transitions() {
		want = append(want, transition{"response", string(s.From), string(s.Event), string(s.To)})
	}
	for _, s := range response.NoticeSteps() {
		want = append(want, transition{"notice", string(s.From), "", string(s.To)})
	}
	for _, s := range response.DutySteps() {
		want = append(want, transition{"duty", string(s[0]), "", string(s[1])})
	}
	rows, err := pgtest.New(t).Pool().Query(t.Context(), "SELECT machine, from_state, event, to_state FROM transition")
	must(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowToStructByPos[transition])
	must(t, err)
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("the database does not allow %v", w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("the code does not know %v", g)
		}
	}
}

// A step that is not in the table is refused, also to the owner of the tables.
func TestAnIllegalStepIsRefused(t *testing.T) {
	t.Parallel()
	n, flood := aNightAtHome(t)
	for _, sql := range []string{
		"UPDATE response SET state = 'verified' WHERE warning_id = $1",
		"UPDATE notice SET state = 'queued' WHERE warning_id = $1",
		"UPDATE duty SET state = 'open', next_at = now(), ended_at = NULL WHERE warning_id = $1 AND state = 'done'",
	} {
		if _, err := n.DB.Pool().Exec(t.Context(), sql, flood); err == nil {
			t.Errorf("%s: nobody minds", sql)
		}
	}
}
