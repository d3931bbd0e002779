package response

import (
	"time"

	"muster/internal/warning"
)

// ClockRow is one column of the table of clocks (operations.md §2.4).
type ClockRow struct {
	Measures []warning.Measure `json:"measures"`
	Levels   []warning.Level   `json:"levels"`
	HandOver int               `json:"hand_over"`        // seconds until a carrier has it
	Act      Span              `json:"act,omitzero"`     // 签收 → 转移中 / 已落实
	Report   Span              `json:"report,omitzero"`  // 转移中 → 报告已撤离; Times of the drill's time
	Confirm  Span              `json:"confirm,omitzero"` // 报告 → 现场已确认
	Verify   Span              `json:"verify,omitzero"`  // → 已核实
	Recheck  Span              `json:"recheck,omitzero"` // looked at again while the warning lives
	Inspect  Span              `json:"inspect,omitzero"` // 解除 → 雨后排查 done
	Rings    []Channel         `json:"rings"`            // how somebody is told of a clock that ran out
}

// Span is a time allowed for something; the earliest of what it names counts.
// The zero Span means that the clock does not exist.
type Span struct {
	Minutes    int    `json:"minutes,omitempty"`
	Times      int    `json:"times,omitempty"`       // times the time of this site's drills
	At         []Wall `json:"at,omitempty"`          // at these times of day
	BeforeDark bool   `json:"before_dark,omitempty"` // 天黑前, if that is still ahead
	NextShift  bool   `json:"next_shift,omitempty"`
	WindowEnd  bool   `json:"window_end,omitempty"` // when the warning ends; Minutes where there is no warning
}

// Some says whether the clock exists.
func (s Span) Some() bool {
	return s.Minutes > 0 || s.Times > 0 || len(s.At) > 0 || s.NextShift || s.WindowEnd
}

// ReportClock is how long an evacuation may take, before the factor of its
// column: most of Least and Percent of the median drill, or Undrilled.
type ReportClock struct {
	Least     int `json:"least"`
	Percent   int `json:"percent"`
	Undrilled int `json:"undrilled"` // where no drill was held
}

// LateClock is the second step of clocks that ran out.
type LateClock struct {
	County   int       `json:"county"`   // not confirmed: chief supervisor, then the county after so long
	Leader   int       `json:"leader"`   // 到期未解除: duty officer, then his leader after so long
	Remind   int       `json:"remind"`   // before a re-check is due
	Expired  []Channel `json:"expired"`  // how the publisher is told
	Reminder []Channel `json:"reminder"` // how the site is reminded of a re-check
}

// due is when a span that began at opened is over.
func (r *Rules) due(span Span, s Situation, opened time.Time) time.Time {
	var due time.Time
	soonest := func(t time.Time) {
		if due.IsZero() || t.Before(due) {
			due = t
		}
	}
	if span.WindowEnd && !s.WindowEnd.IsZero() {
		soonest(later(opened, s.WindowEnd))
	} else if span.Minutes > 0 {
		soonest(opened.Add(minutes(span.Minutes)))
	}
	if span.Times > 0 {
		soonest(opened.Add(time.Duration(span.Times) * r.Report.allowed(s.DrillTime)))
	}
	for _, w := range span.At {
		soonest(w.after(opened))
	}
	if span.NextShift {
		soonest(r.Day.nextShift(opened))
	}
	if span.BeforeDark {
		due = r.Day.beforeDark(opened, due)
	}
	return due
}

func (c ReportClock) allowed(drill time.Duration) time.Duration {
	if drill == 0 {
		return minutes(c.Undrilled)
	}
	return max(minutes(c.Least), drill*time.Duration(c.Percent)/100)
}

// HandOver is how long after publishing a notice may take until a carrier has
// it; past that it is the watchdog's.
func (r *Rules) HandOver(m warning.Measure, l warning.Level) time.Duration {
	return time.Duration(r.clockFor(m, l).HandOver) * time.Second
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
