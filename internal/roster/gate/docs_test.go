package gate_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"muster/internal/roster/gate"
)

// What docs/gates.md tells vendors is so.
func TestTheDocumentedSignature(t *testing.T) {
	page, err := os.ReadFile("../../../docs/gates.md")
	if err != nil {
		t.Fatal(err)
	}
	find := func(pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(string(page))
		if m == nil {
			t.Fatal("not in the page:", pattern)
		}
		return m[1]
	}
	body, key := find(`(?m)^BODY='(.*)'$`), find(`(?m)^KEY='([^']*)'`)
	unix, nonce := find("`Muster-Time: ([0-9]+)`"), find("`Muster-Nonce: ([0-9a-f]+)`")
	if got, want := gate.Sign([]byte(key), unix, nonce, "POST", "/gate/push/passes", []byte(body)), find("signature is\n`([0-9a-f]{64})`"); got != want {
		t.Error(got, want)
	}
	for _, p := range gate.Protocols() {
		if !strings.Contains(string(page), "`"+string(p)+"`") {
			t.Errorf("%s is not in the table", p)
		}
	}
	h := open(t, gate.Push, nil)
	example := find(`(?s)/gate/push/TOKEN/passes [^\n]* -d '(.*?)'\n`)
	if _, answer := h.post(passesPath, "application/json", []byte(example)); answer != find("(?s)```json\n(.*?)\n```") {
		t.Error(answer)
	}
}
