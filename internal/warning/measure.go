package warning

// Measure is what a site is required to do (措施).
type Measure string

// The measures, mildest first (operations.md §1).
const (
	Read     Measure = "read"     // 阅知: read and pass on
	Patrol   Measure = "patrol"   // 加密巡查: patrol more often
	Stop     Measure = "stop"     // 停工: stop work, leave the working face, count
	KeepOut  Measure = "keep_out" // 禁入: close the area
	Shelter  Measure = "shelter"  // 就地避险: shelter where you are
	Evacuate Measure = "evacuate" // 撤离: leave, everybody accounted for
)

var measures = map[Measure]struct {
	label      string
	strictness int
}{
	Read:     {"阅知", 1},
	Patrol:   {"加密巡查", 2},
	Stop:     {"停工", 3},
	KeepOut:  {"禁入", 4},
	Shelter:  {"就地避险", 5},
	Evacuate: {"撤离", 6},
}

// Label is the Chinese word of the measure.
func (m Measure) Label() string { return measures[m].label }

// Strictness orders measures: 撤 6 > 避 5 > 禁 4 > 停 3 > 巡 2 > 阅 1; 0 for a
// word that is not a measure.
func (m Measure) Strictness() int { return measures[m].strictness }

// Valid says whether m is one of the six words.
func (m Measure) Valid() bool { _, ok := measures[m]; return ok }

// Stricter gives the stricter of two measures.
func Stricter(a, b Measure) Measure {
	if b.Strictness() > a.Strictness() {
		return b
	}
	return a
}
