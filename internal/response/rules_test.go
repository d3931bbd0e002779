package response

import "testing"

func TestTheDefaultRulesAreInOrder(t *testing.T) {
	if _, err := ParseRules(DefaultRulesJSON()); err != nil {
		t.Fatal(err)
	}
}
