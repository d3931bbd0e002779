package dispatch_test

import (
	"strings"
	"testing"

	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// What a warning writes is looked at once per statement; a row that refers to
// nothing is refused all the same.
func TestNothingRefersToWhatIsNotThere(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(rain.In(warning.Red, valley.Shimian))
	n.Settle()
	// a copy of a row of the table, with some of its columns changed
	copied := func(table, columns string) string {
		return "INSERT INTO " + table + " SELECT (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), " + columns + "))).* FROM " +
			table + " x LIMIT 1"
	}
	for name, sql := range map[string]string{
		"a target of no revision":            copied("target", "'site_id', gen_random_uuid(), 'from_revision', 99"),
		"a target that ends with none":       "UPDATE target SET until_revision = 99",
		"a response to no target":            copied("response", "'site_id', gen_random_uuid(), 'target_id', gen_random_uuid()"),
		"a response at another site":         copied("response", "'site_id', gen_random_uuid()"),
		"a response that moves to no target": "UPDATE response SET target_id = gen_random_uuid()",
		"a summons of nobody":                copied("summons", "'person_id', gen_random_uuid(), 'phone_hash', NULL"),
		"a notice of no revision":            copied("notice", "'revision', 99"),
	} {
		if _, err := n.DB.Pool().Exec(t.Context(), sql); err == nil || !strings.Contains(err.Error(), "23503") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
