package warning

// Level is the colour of a warning (预警等级). The stored words are English;
// feeds code the same four colours in at least four ways, so a number of a feed
// is never a Level.
type Level string

// The levels, strictest first. Unknown is not the lowest: it counts as orange.
const (
	Red          Level = "red"     // 红色, Ⅰ级 特别重大
	Orange       Level = "orange"  // 橙色, Ⅱ级 重大
	Yellow       Level = "yellow"  // 黄色, Ⅲ级 较大
	Blue         Level = "blue"    // 蓝色, Ⅳ级 一般
	LevelUnknown Level = "unknown" // 未定级
)

var levels = map[Level]struct {
	label string
	rank  int
	grade string
}{
	Red:          {"红色", 4, "Ⅰ级"},
	Orange:       {"橙色", 3, "Ⅱ级"},
	Yellow:       {"黄色", 2, "Ⅲ级"},
	Blue:         {"蓝色", 1, "Ⅳ级"},
	LevelUnknown: {"未定级", 3, ""},
}

// Label is the Chinese word of the level.
func (l Level) Label() string { return levels[l].label }

// Rank orders levels: red 4 … blue 1. An unknown level ranks as orange (3),
// because a message whose level cannot be read must not be treated as mild.
func (l Level) Rank() int { return levels[l].rank }

// Grade is the level's number in law (特别重大 is Ⅰ级); empty for what has none.
func (l Level) Grade() string { return levels[l].grade }

// Valid says whether l is one of the five words.
func (l Level) Valid() bool { _, ok := levels[l]; return ok }

// Colours are the four real levels, strictest first.
func Colours() []Level { return []Level{Red, Orange, Yellow, Blue} }

// Higher gives the stricter of two levels; a colour wins over unknown of the
// same rank, because it says more.
func Higher(a, b Level) Level {
	if a.Rank() > b.Rank() || (a.Rank() == b.Rank() && a != LevelUnknown) {
		return a
	}
	return b
}
