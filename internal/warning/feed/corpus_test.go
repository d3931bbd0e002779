package feed

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"muster/internal/reftest"
	"muster/internal/warning"
)

// receivedAt is when the written corpus is taken to have arrived.
var receivedAt = time.Date(2026, 7, 10, 11, 0, 0, 0, time.UTC)

// meets says what an expectation of the written corpus means for a result.
func meets(expect string, r Result, at time.Time) bool {
	message := warning.Message{}
	if len(r.Messages) > 0 {
		message = r.Messages[0]
	}
	readable := r.Outcome == Accepted || r.Outcome == Held
	switch expect {
	case "reject", "reject-as-cap":
		return r.Outcome == Rejected && len(r.Reasons) > 0 && len(r.Messages) == 0
	case "accept":
		return r.Outcome == Accepted && len(r.Reasons) == 0
	case "accept-flag":
		return readable && len(message.Flags) > 0
	case "accept-no-dispatch":
		return r.Outcome == Ignored && !message.Dispatchable(at)
	case "reject-or-flag":
		return r.Outcome == Rejected || len(message.Flags) > 0
	case "reject-area":
		return message.HasFlag(warning.FlagAreaInvalid) && message.Claims[0].Area.Geometry == nil
	}
	return false
}

func TestWrittenCorpus(t *testing.T) {
	dir, ok := reftest.Find(t, "corpus/written")
	if !ok {
		return
	}
	var cases []struct{ File, Expect, Why string }
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "EXPECT.json")), &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 37 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		t.Run(c.File, func(t *testing.T) {
			r := Parse(readFile(t, filepath.Join(dir, c.File)), receivedAt)
			if !meets(c.Expect, r, receivedAt) {
				t.Errorf("expected %s (%s), got %+v", c.Expect, c.Why, r)
			}
		})
	}
}
