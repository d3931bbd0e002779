package response

import (
	"bytes"
	"time"

	"github.com/google/uuid"
)

// MusterState is what is known of one expected person in a muster (清点).
type MusterState string

// The states. Open is everybody of whom nothing is known yet; it is neither safe
// nor missing.
const (
	MusterOpen      MusterState = "open"      // 未清点
	MusterSafe      MusterState = "safe"      // 已到
	MusterMissing   MusterState = "missing"   // 失联
	MusterElsewhere MusterState = "elsewhere" // 不在点位
)

var musterLabels = map[MusterState]string{MusterOpen: "未清点", MusterSafe: "已到", MusterMissing: "失联", MusterElsewhere: "不在点位"}

// MusterStates lists the states in reading order.
func MusterStates() []MusterState {
	return []MusterState{MusterMissing, MusterOpen, MusterSafe, MusterElsewhere}
}

// Label is the Chinese word of the state.
func (s MusterState) Label() string { return musterLabels[s] }

// Mark is what one helper said about one person.
type Mark struct {
	ID       uuid.UUID
	State    MusterState
	Evidence Evidence
	At       time.Time
	By       uuid.UUID // the helper
	Words    string
}

// Seen is the last that a gate anywhere saw of a person.
type Seen struct {
	At     time.Time
	Here   bool // at the site that is evacuated
	Inside bool
}

// Accounted is what follows for one person from all that is known.
type Accounted struct {
	State    MusterState
	Evidence Evidence
	At       time.Time
	By       uuid.UUID
	Words    string
	Disputed bool // two helpers say different things
	Back     bool // went in again after having been accounted for
}

// disputeWithin is how far apart two helpers' words may lie and still contradict
// each other; later than that, the later one knows more.
const disputeWithin = 15 * time.Minute

// AccountFor folds everything known about a person since the evacuation began:
// the marks of all helpers and the gates. The order in which they came does not
// matter, nor that one came twice. The latest evidence counts; a gate that saw the
// person go in again makes all earlier words worthless.
func AccountFor(marks []Mark, gate *Seen, since time.Time) Accounted {
	last, disputed := latest(marks)
	if gate == nil || gate.At.Before(since) || last != nil && !gate.At.After(last.At) {
		if last == nil {
			return Accounted{State: MusterOpen}
		}
		return Accounted{State: last.State, Evidence: last.Evidence, At: last.At, By: last.By, Words: last.Words, Disputed: disputed}
	}
	seen := Accounted{Evidence: GateBurst, At: gate.At}
	switch {
	case gate.Here && gate.Inside:
		return Accounted{State: MusterOpen, At: gate.At, Back: last != nil}
	case gate.Here:
		seen.State = MusterSafe
	default:
		seen.State = MusterElsewhere
	}
	return seen
}

// latest is the last mark, and whether another helper said otherwise shortly
// before.
func latest(marks []Mark) (last *Mark, disputed bool) {
	for i := range marks {
		if last == nil || marks[i].after(*last) {
			last = &marks[i]
		}
	}
	of := map[uuid.UUID]Mark{}
	for _, m := range marks {
		if old, there := of[m.By]; !there || m.after(old) {
			of[m.By] = m
		}
	}
	for _, m := range of {
		disputed = disputed || m.State != last.State && last.At.Sub(m.At) <= disputeWithin
	}
	return last, disputed
}

func (m Mark) after(o Mark) bool {
	if c := m.At.Compare(o.At); c != 0 {
		return c > 0
	}
	return bytes.Compare(m.ID[:], o.ID[:]) > 0
}

// MarkTime is when a mark is taken to have been made. A phone's clock is believed
// between the beginning of the evacuation and the arrival of the mark; outside of
// that it is wrong, and the arrival counts.
func MarkTime(said, began, received time.Time) time.Time {
	if said.Before(began) || said.After(received) {
		return received
	}
	return said
}

// MusterTotals are the numbers of a muster. Visitors are counted, not named, and
// stand beside the others: they are never added up with them.
type MusterTotals struct {
	Listed    int
	Open      int
	Safe      int
	Missing   int
	Elsewhere int
	Disputed  int
	Back      int
}

// Add counts one person in.
func (t *MusterTotals) Add(a Accounted) {
	t.Listed++
	switch a.State {
	case MusterSafe:
		t.Safe++
	case MusterMissing:
		t.Missing++
	case MusterElsewhere:
		t.Elsewhere++
	default:
		t.Open++
	}
	if a.Disputed {
		t.Disputed++
	}
	if a.Back {
		t.Back++
	}
}
