package response

import (
	"slices"
	"strings"
	"time"
)

// Course is what one target went through, for the figures after an event
// (operations.md §8). A zero time is a state that was never reached, or a clock
// that does not exist. All times are since it was asked the last time.
type Course struct {
	Unit      string // id of the section
	Published time.Time
	Ended     time.Time // lifted, released, or the moment of the figures
	Reached   Milestones
	Due       Milestones
}

// Milestones are the times of the states that count.
type Milestones struct {
	Delivered, Acknowledged, Acted, Reported, Confirmed, Verified time.Time
}

// Milestone is a state that counts, by its place in Milestones.
type Milestone string

// The milestones. Acted is 转移中 of an evacuation, 已落实 of the other measures.
const (
	AtDelivered    Milestone = "delivered"
	AtAcknowledged Milestone = "acknowledged"
	AtActed        Milestone = "acted"
	AtReported     Milestone = "reported"
	AtConfirmed    Milestone = "confirmed"
	AtVerified     Milestone = "verified"
)

// MilestoneList lists them in the order of the way.
func MilestoneList() []Milestone {
	return []Milestone{AtDelivered, AtAcknowledged, AtActed, AtReported, AtConfirmed, AtVerified}
}

func (m Milestones) at(s Milestone) time.Time {
	switch s {
	case AtDelivered:
		return m.Delivered
	case AtAcknowledged:
		return m.Acknowledged
	case AtActed:
		return m.Acted
	case AtReported:
		return m.Reported
	case AtConfirmed:
		return m.Confirmed
	}
	return m.Verified
}

// Figure is how long a state took, since publishing. Only targets that reached
// it are in Median, P90 and Worst; the others are in Missed when they needed it.
type Figure struct {
	Reached int           `json:"reached"`
	Late    int           `json:"late"`   // reached after its time, or needed and never reached
	Missed  int           `json:"missed"` // needed and never reached
	Median  time.Duration `json:"median"`
	P90     time.Duration `json:"p90"`
	Worst   time.Duration `json:"worst"`
}

// UnitFigures are the figures of one unit; Unit is "" for all of them together.
type UnitFigures struct {
	Unit    string               `json:"unit"`
	Targets int                  `json:"targets"`
	States  map[Milestone]Figure `json:"states"`
	Broken  map[string]int       `json:"broken"` // 断链: targets by the first link that is missing, see BrokenAt
}

// The links of the chain by which a target is broken (断链).
const (
	BrokenDelivery = "not_delivered" // 未送达
	BrokenAnswer   = "unanswered"    // 无应答
	BrokenAct      = "not_acted"     // 签收未行动
	BrokenReport   = "not_reported"  // 未报告
	BrokenConfirm  = "not_confirmed" // 未确认
	BrokenVerify   = "not_verified"  // 未核实
)

// BrokenAt is the first state that a target needed and did not reach; "" when
// the chain is whole. A state with a due time is one that was needed; a site that
// went further than an earlier state had that one too (a report by phone needs no
// receipt).
func (c Course) BrokenAt() string {
	for i, s := range MilestoneList() {
		if c.needed(s) && !c.passed(i) {
			return map[Milestone]string{
				AtDelivered: BrokenDelivery, AtAcknowledged: BrokenAnswer, AtActed: BrokenAct,
				AtReported: BrokenReport, AtConfirmed: BrokenConfirm, AtVerified: BrokenVerify,
			}[s]
		}
	}
	return ""
}

func (c Course) needed(s Milestone) bool { return !c.Due.at(s).IsZero() }

// passed says whether the i-th milestone or a later one was reached.
func (c Course) passed(i int) bool {
	return slices.ContainsFunc(MilestoneList()[i:], func(s Milestone) bool { return !c.Reached.at(s).IsZero() })
}

// late: a state never reached is late once its time is over when the warning
// ends.
func (c Course) late(i int, s Milestone) bool {
	due, reached := c.Due.at(s), c.Reached.at(s)
	switch {
	case due.IsZero():
		return false
	case !reached.IsZero():
		return reached.After(due)
	case c.passed(i):
		return false // gone past without a time of its own
	}
	return c.Ended.After(due)
}

// Figures counts courses for each unit, by its id, after all of them together.
func Figures(courses []Course) []UnitFigures {
	units := map[string][]Course{}
	for _, c := range courses {
		units[c.Unit] = append(units[c.Unit], c)
	}
	list := []UnitFigures{figuresOf("", courses)}
	for unit, own := range units {
		list = append(list, figuresOf(unit, own))
	}
	slices.SortFunc(list[1:], func(a, b UnitFigures) int { return strings.Compare(a.Unit, b.Unit) })
	return list
}

func figuresOf(unit string, courses []Course) UnitFigures {
	f := UnitFigures{Unit: unit, Targets: len(courses), States: map[Milestone]Figure{}, Broken: map[string]int{}}
	for i, s := range MilestoneList() {
		f.States[s] = figureOf(i, s, courses)
	}
	for _, c := range courses {
		if link := c.BrokenAt(); link != "" {
			f.Broken[link]++
		}
	}
	return f
}

func figureOf(i int, s Milestone, courses []Course) Figure {
	var f Figure
	var took []time.Duration
	for _, c := range courses {
		if at := c.Reached.at(s); !at.IsZero() {
			took = append(took, at.Sub(c.Published))
		} else if c.needed(s) && !c.passed(i) {
			f.Missed++
		}
		if c.late(i, s) {
			f.Late++
		}
	}
	slices.Sort(took)
	f.Reached, f.Median, f.P90, f.Worst = len(took), quantile(took, 50), quantile(took, 90), quantile(took, 100)
	return f
}

// quantile is the nearest-rank quantile: a time that somebody really took.
func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*percent + 99) / 100
	return sorted[max(rank, 1)-1]
}
