package feed

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// Rings of random points cross themselves everywhere: the worst that a polygon
// can be.
func TestATangleOfTenMegabytesIsReadInBoundedTime(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var doc strings.Builder
	for range 20 {
		doc.WriteString("<polygon>")
		for range 24_000 {
			fmt.Fprintf(&doc, "%.5f,%.5f ", 30+random.Float64(), 103+random.Float64())
		}
		doc.WriteString("</polygon>")
	}
	start := time.Now()
	_, r := one(t, capDoc("<polygon>"+square+"</polygon>", doc.String()))
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	if r.Outcome != Held {
		t.Errorf("got %s %v", r.Outcome, r.Reasons)
	}
	t.Logf("%d bytes in %s", doc.Len(), time.Since(start))
}
