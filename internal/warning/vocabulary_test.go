package warning

import (
	"testing"
	"time"
)

func TestLevelOrder(t *testing.T) {
	for i, l := range Colours() {
		if want := 4 - i; l.Rank() != want {
			t.Errorf("%s ranks %d, want %d", l, l.Rank(), want)
		}
	}
	if LevelUnknown.Rank() != Orange.Rank() {
		t.Error("an unknown level must count as orange")
	}
	if Higher(LevelUnknown, Orange) != Orange || Higher(Orange, LevelUnknown) != Orange {
		t.Error("a colour says more than an unknown level of the same rank")
	}
	if Higher(LevelUnknown, Yellow) != LevelUnknown {
		t.Error("unknown outranks yellow")
	}
}

func TestMeasureOrder(t *testing.T) {
	order := []Measure{Read, Patrol, Stop, KeepOut, Shelter, Evacuate}
	for i := 1; i < len(order); i++ {
		if order[i].Strictness() <= order[i-1].Strictness() {
			t.Errorf("%s must be stricter than %s", order[i], order[i-1])
		}
	}
	if Stricter(Evacuate, Shelter) != Evacuate || Stricter(Read, Stop) != Stop {
		t.Error("Stricter must give the stricter measure")
	}
}

func TestEveryWordHasAChineseLabel(t *testing.T) {
	for _, l := range append(Colours(), LevelUnknown) {
		if !l.Valid() || l.Label() == "" {
			t.Errorf("level %q has no label", l)
		}
	}
	for _, h := range Hazards() {
		if !h.Valid() || h.Label() == "" {
			t.Errorf("hazard %q has no label", h)
		}
	}
	for f, label := range flagLabels {
		if !f.Valid() || label == "" {
			t.Errorf("flag %q has no label", f)
		}
	}
	if Level("").Valid() || Hazard("storm").Valid() || Measure("go").Valid() || Status("x").Valid() || MsgType("x").Valid() {
		t.Error("a word outside the list must not be valid")
	}
}

func TestDispatchable(t *testing.T) {
	now := time.Date(2026, 7, 10, 12, 0, 0, 0, time.UTC)
	live := Claim{Expires: now.Add(time.Hour)}
	over := Claim{Expires: now}
	base := Message{Status: StatusActual, MsgType: MsgAlert, Claims: []Claim{over, live}}
	for _, c := range []struct {
		name string
		edit func(*Message)
		want bool
	}{
		{"an actual alert with one live claim", func(*Message) {}, true},
		{"an update", func(m *Message) { m.MsgType = MsgUpdate }, true},
		{"all claims over", func(m *Message) { m.Claims = []Claim{over} }, false},
		{"no claims", func(m *Message) { m.Claims = nil }, false},
		{"a cancel", func(m *Message) { m.MsgType = MsgCancel }, false},
		{"an all-clear sent as update", func(m *Message) { m.MsgType, m.AllClear = MsgUpdate, true }, false},
		{"an exercise", func(m *Message) { m.Status = StatusExercise }, false},
		{"a test", func(m *Message) { m.Status = StatusTest }, false},
		{"a draft", func(m *Message) { m.Status = StatusDraft }, false},
		{"system traffic", func(m *Message) { m.Status = StatusSystem }, false},
		{"no status", func(m *Message) { m.Status = "" }, false},
		{"an acknowledgement", func(m *Message) { m.MsgType = MsgAck }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := base
			c.edit(&m)
			if got := m.Dispatchable(now); got != c.want {
				t.Errorf("Dispatchable = %v, want %v", got, c.want)
			}
		})
	}
}
