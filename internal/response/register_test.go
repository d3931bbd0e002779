package response

import (
	"slices"
	"testing"

	"muster/internal/warning"
)

// A text that a notice may need at night and that no carrier has approved would
// never leave: whatever Text names must have been registered.
func TestEveryTextThatCanBeNeededIsRegistered(t *testing.T) {
	r := DefaultRules()
	for _, c := range []Channel{SMS, Voice} {
		filed := r.Register(c)
		for _, k := range NoticeKinds() {
			for _, m := range []warning.Measure{warning.Read, warning.Patrol, warning.Stop, warning.KeepOut, warning.Shelter, warning.Evacuate} {
				for _, source := range []string{SourceRelay, SourceAuto, SourceInstruction} {
					for _, exercise := range []bool{false, true} {
						w, err := r.Text(k, m, c, Facts{Level: warning.Red, Source: source, Exercise: exercise})
						if err != nil {
							continue
						}
						if !slices.ContainsFunc(filed, func(f Registered) bool { return f.ID == w.Template }) {
							t.Errorf("%s %s %s: %s is not registered", c, k, m, w.Template)
						}
					}
				}
			}
		}
	}
}
