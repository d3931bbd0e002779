package response

import (
	"fmt"
	"slices"
	"time"

	"muster/internal/warning"
)

// DoubtLimits are the figures of the doubt rules (operations.md §3).
type DoubtLimits struct {
	Fastest int `json:"fastest"` // minutes: a report sooner than this,
	Percent int `json:"percent"` // or than so much of the median drill, is too fast
	People  int `json:"people"`  // a count may differ by so many people
	Share   int `json:"share"`   // and by so many per cent
	Refused int `json:"refused"` // days a refusal is remembered
	Photo   int `json:"photo"`   // metres from the site at which a photo still proves something
}

// ReportFacts is what is known when a report came in. Of the counts, -1 is one that
// nobody has.
type ReportFacts struct {
	Measure     warning.Measure
	Evidence    []Evidence
	Took        time.Duration // from publishing to the report
	DrillTime   time.Duration // median drill of the site; 0: none held
	People      int           // said to be out, and elsewhere with a reason
	Certain     int           // headcount by passes when the warning was published
	Beds        int
	Evening     int       // the last evening count
	InwardPass  bool      // somebody went in after the report
	PhotoUsed   bool      // photographed before, old, or elsewhere
	LastRefused time.Time // zero: never
	NoSignal    bool
	BigDanger   bool // assessment: danger 大
	First       bool // the first evacuation of the site
	At          time.Time
}

// Doubt is a reason to look at a report whatever the lot says.
type Doubt struct {
	Code string // of the flags in operations.md §6 where there is one
	Text string
}

// Doubts gives the reasons to doubt a report, none if there are none. What is
// about counting people and leaving concerns 撤离 only.
func (r *Rules) Doubts(in ReportFacts) []Doubt {
	var list []Doubt
	when := func(is bool, code, format string, args ...any) {
		if is {
			list = append(list, Doubt{code, fmt.Sprintf(format, args...)})
		}
	}
	limits, evacuation := r.Doubt, in.Measure == warning.Evacuate
	fastest := max(minutes(limits.Fastest), in.DrillTime*time.Duration(limits.Percent)/100)
	when(evacuation && kinds(in.Evidence) < 2, "single_evidence", "只有一种证据")
	when(evacuation && in.Took < fastest, "too_fast", "发布后%d分钟即报告，快于%d分钟", int(in.Took.Minutes()), int(fastest.Minutes()))
	if evacuation && !slices.Contains(in.Evidence, Words) {
		for _, c := range in.counts() {
			when(limits.differs(in.People, c.people), "headcount_diff", "报告%d人，%s%d人", in.People, c.what, c.people)
		}
	}
	when(in.InwardPass, "reentry", "报告之后有人进入")
	when(in.PhotoUsed, "photo_reused", "照片用过、过旧或拍摄地点不符")
	remembered := in.At.AddDate(0, 0, -limits.Refused)
	when(!in.LastRefused.IsZero() && in.LastRefused.After(remembered), "refused_before", "%d天内报告曾被退回", limits.Refused)
	when(in.NoSignal, "no_signal", "现场没有通信信号")
	when(in.BigDanger, "danger_big", "评估危险性大")
	when(evacuation && in.First, "first_evacuation", "该点位首次撤离")
	return list
}

type headcount struct {
	what   string
	people int
}

func (in ReportFacts) counts() []headcount {
	return []headcount{{"打卡在场", in.Certain}, {"住宿登记", in.Beds}, {"最近晚间报数", in.Evening}}
}

// differs: by more than so many people, or more than such a share.
func (l DoubtLimits) differs(said, known int) bool {
	if known < 0 {
		return false
	}
	by := max(said-known, known-said)
	return by > l.People || by*100 > l.Share*known
}

// kinds counts what proves something by itself: words do not.
func kinds(list []Evidence) int {
	seen := map[Evidence]bool{}
	for _, e := range list {
		if e != Words {
			seen[e] = true
		}
	}
	return len(seen)
}
