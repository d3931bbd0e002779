package roster

import (
	"fmt"
	"time"
)

// Numbers are what is independently known of the people at a site at an instant:
// what the gates saw, what the lead counted in the evening, who is expected. They
// are shown beside each other, never averaged, never added up.
type Numbers struct {
	At                time.Time
	Certain, Possible int // by passes
	Expected          int // beds ∪ shifts − leave, ∪ present
	OnLeave           int // present though on leave
	ManySites         int // present, and seen at many sites within a day
	Evening           *EveningNumber
	Gates             *Gates // nil: nothing is said about them
}

// EveningNumber is the last evening count (每日报数).
type EveningNumber struct {
	People, Away, Visitors int
	At                     time.Time
}

// Gates is the health of what tells presence at a site. HeardAt is the gates' latest
// sign of life; zero: never. Where codes are scanned (扫码点) silence means nothing.
type Gates struct {
	Count   int
	HeardAt time.Time
	Scanned bool
}

// GateQuiet is how long the gates of a site may be silent before the silence is
// worth a word beside a difference. Alarms have limits of their own (SilentFor).
const GateQuiet = time.Hour

// ManySites is at how many sites within a day somebody can hardly have been.
const ManySites = 10

// EveningHolds is how long an evening count is compared with: until the next one.
const EveningHolds = 24 * time.Hour

// SilentSince is since when the gates are silent; the zero time when they are not.
func (g Gates) SilentSince(at time.Time) time.Time {
	if g.Count == 0 || g.HeardAt.IsZero() || at.Sub(g.HeardAt) < GateQuiet {
		return time.Time{}
	}
	return g.HeardAt
}

// Difference is a difference between two numbers, or a reason why one of them is
// weak, in words.
type Difference struct {
	Code string
	Text string
}

// Differences says in words where the numbers differ, and what may be the reason.
func (n Numbers) Differences() []Difference {
	list := []Difference{}
	say := func(is bool, code, format string, args ...any) {
		if is {
			list = append(list, Difference{code, fmt.Sprintf(format, args...)})
		}
	}
	compare := func(a string, x int, b string, y int, why string) {
		say(x != y, "headcount_diff", "%s %d，%s %d：差 %d 人%s", a, x, b, y, max(x-y, y-x), why)
	}
	seen, e := n.Gates == nil || n.Gates.Count > 0 || n.Gates.Scanned, n.evening()
	if seen && e != nil {
		compare("晚间报数", e.People, "打卡在场", n.Certain, n.doubtful())
	}
	switch {
	case e != nil:
		compare("晚间报数", e.People, "应在", n.Expected, "")
	case seen:
		compare("打卡在场", n.Certain, "应在", n.Expected, n.doubtful())
	}
	say(!seen, "no_gate", "这里没有闸机：在场人数只能靠报数和登记")
	say(seen && n.Gates != nil && n.Gates.Count == 0, "no_gate", "这里没有闸机：在场人数靠扫码、报数和登记")
	say(seen && n.silence() != "" && len(list) == 0, "gate_silent", "%s", n.silence())
	if n.Evening != nil && e == nil {
		say(true, "evening_old", "最近一次晚间报数是 %s前的，未与它比较", inWords(n.At.Sub(n.Evening.At)))
	}
	say(n.OnLeave > 0, "on_leave", "%d 人请假却打卡在场，仍算在场", n.OnLeave)
	say(n.ManySites > 0, "many_sites", "在场的 %d 人一天内在 %d 个以上点位打过卡，请核实是否有人代打卡", n.ManySites, ManySites)
	return list
}

// evening is the evening count, as long as it holds.
func (n Numbers) evening() *EveningNumber {
	if n.Evening == nil || n.At.Sub(n.Evening.At) >= EveningHolds {
		return nil
	}
	return n.Evening
}

// doubtful is why the number of the gates may be wrong.
func (n Numbers) doubtful() string {
	why := ""
	if n.Possible > 0 {
		why = fmt.Sprintf("；另有 %d 人可能在场", n.Possible)
	}
	if silence := n.silence(); silence != "" {
		why += "；" + silence
	}
	return why
}

func (n Numbers) silence() string {
	switch {
	case n.Gates == nil || n.Gates.Count == 0:
		return ""
	case n.Gates.HeardAt.IsZero():
		return "闸机从未有过消息"
	}
	since := n.Gates.SilentSince(n.At)
	if since.IsZero() {
		return ""
	}
	return "闸机已静默 " + inWords(n.At.Sub(since))
}

// inWords is a duration as people say it, rounded down.
func inWords(d time.Duration) string {
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d 分钟", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d 小时", int(d.Hours()))
	}
	return fmt.Sprintf("%d 天", int(d.Hours()/24))
}
