package response_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"muster/internal/response"
)

func TestWhatIsKnownOfAPersonInAMuster(t *testing.T) {
	began := time.Date(2026, 7, 20, 22, 0, 0, 0, time.UTC)
	lead, helper := uuid.New(), uuid.New()
	after := func(n int) time.Time { return began.Add(time.Duration(n) * time.Minute) }
	mark := func(by uuid.UUID, minute int, s response.MusterState) response.Mark {
		return response.Mark{ID: uuid.New(), State: s, Evidence: response.RollCall, At: after(minute), By: by}
	}
	in := func(minute int) *response.Seen {
		return &response.Seen{At: after(minute), Here: true, Inside: true}
	}
	out := func(minute int) *response.Seen { return &response.Seen{At: after(minute), Here: true} }
	type marks = []response.Mark
	for name, c := range map[string]struct {
		marks          marks
		gate           *response.Seen
		want           response.MusterState
		disputed, back bool
	}{
		"nothing is known":                            {want: response.MusterOpen},
		"went in before it began":                     {gate: in(-30), want: response.MusterOpen},
		"the gate saw him leave":                      {gate: out(3), want: response.MusterSafe},
		"left long before it began":                   {gate: out(-3), want: response.MusterOpen},
		"the gate of another site saw him":            {gate: &response.Seen{At: after(3), Inside: true}, want: response.MusterElsewhere},
		"called":                                      {marks: marks{mark(lead, 4, response.MusterSafe)}, want: response.MusterSafe},
		"called, then went in again":                  {marks: marks{mark(lead, 4, response.MusterSafe)}, gate: in(9), want: response.MusterOpen, back: true},
		"went in again, then called again":            {marks: marks{mark(lead, 12, response.MusterSafe)}, gate: in(9), want: response.MusterSafe},
		"missing, then the gate saw him leave":        {marks: marks{mark(lead, 4, response.MusterMissing)}, gate: out(9), want: response.MusterSafe},
		"two helpers disagree":                        {marks: marks{mark(lead, 4, response.MusterSafe), mark(helper, 6, response.MusterMissing)}, want: response.MusterMissing, disputed: true},
		"one corrects himself":                        {marks: marks{mark(lead, 4, response.MusterSafe), mark(lead, 6, response.MusterMissing)}, want: response.MusterMissing},
		"much later the other one has found him":      {marks: marks{mark(lead, 4, response.MusterMissing), mark(helper, 40, response.MusterSafe)}, want: response.MusterSafe},
		"they agree in the end, both having said it":  {marks: marks{mark(lead, 4, response.MusterMissing), mark(helper, 6, response.MusterSafe), mark(lead, 7, response.MusterSafe)}, want: response.MusterSafe},
		"on leave says the lead, and no gate says no": {marks: marks{mark(lead, 4, response.MusterElsewhere)}, want: response.MusterElsewhere},
	} {
		t.Run(name, func(t *testing.T) {
			got := response.AccountFor(c.marks, c.gate, began)
			if got.State != c.want || got.Disputed != c.disputed || got.Back != c.back {
				t.Errorf("%+v", got)
			}
		})
	}
}

// Several helpers without signal send what they have when they can, some of it
// twice: whatever the order, the same is known afterwards.
func TestMarksMergeInAnyOrder(t *testing.T) {
	began := time.Date(2026, 7, 20, 22, 0, 0, 0, time.UTC)
	helpers := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
	states := []response.MusterState{response.MusterSafe, response.MusterMissing, response.MusterElsewhere}
	rapid.Check(t, func(t *rapid.T) {
		marks := rapid.SliceOf(rapid.Custom(func(t *rapid.T) response.Mark {
			return response.Mark{ID: uuid.New(), State: rapid.SampledFrom(states).Draw(t, "state"), By: rapid.SampledFrom(helpers).Draw(t, "by"),
				At: began.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "minute")) * time.Minute)}
		})).Draw(t, "marks")
		shuffled := append([]response.Mark{}, marks...)
		for range rapid.IntRange(0, 3).Draw(t, "repeated") {
			if len(marks) > 0 {
				shuffled = append(shuffled, rapid.SampledFrom(marks).Draw(t, "again"))
			}
		}
		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 1))
		order.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if one, two := response.AccountFor(marks, nil, began), response.AccountFor(shuffled, nil, began); one != two {
			t.Fatalf("%+v is not %+v", one, two)
		}
	})
}

func TestAPhonesClockIsBelievedWithinReason(t *testing.T) {
	began := time.Date(2026, 7, 20, 22, 0, 0, 0, time.UTC)
	received := began.Add(time.Hour)
	for said, want := range map[time.Time]time.Time{
		began.Add(20 * time.Minute): began.Add(20 * time.Minute),
		began.Add(-24 * time.Hour):  received,
		began.Add(24 * time.Hour):   received,
	} {
		if got := response.MarkTime(said, began, received); !got.Equal(want) {
			t.Errorf("%v taken as %v", said, got)
		}
	}
}
