package warning

import (
	"strings"
	"testing"
)

// matrixOfTheBook is the table of operations.md §1, column by column:
// residence | tunnel | bridge | slope | water | yard. 阅 read, 巡 patrol, 停 stop,
// 撤 evacuate, 避 shelter, 停禁 stop and closed; 撤(险)/巡 is 撤 at a flagged site,
// else 巡; [低:巡] with a low-danger report, [弱:撤] in weak cabins. Levels that
// the book leaves out stand with the next higher one.
var matrixOfTheBook = []struct{ hazard, variant, levels, cells string }{
	{"rain", "", "blue", "撤(险)/阅 | 阅 | 阅 | 巡 | 巡 | 阅"},
	{"rain", "", "yellow", "撤(险)/巡 | 巡 | 停 | 停 | 停 | 巡"},
	{"rain", "", "orange", "撤(险)/巡 | 停 | 停 | 停禁 | 撤 | 停"},
	{"rain", "", "red", "撤 | 停 | 停 | 停禁 | 撤 | 撤(险)/停"},
	{"flash_flood", "", "blue", "撤(险)/巡 | 巡 | 巡 | 巡 | 停 | 巡"},
	{"flash_flood", "", "yellow", "撤(险)/巡 | 停(险)/巡 | 停(险)/巡 | 停(险)/巡 | 撤 | 撤(险)/巡"},
	{"flash_flood", "", "orange", "撤 | 停 | 停 | 停禁 | 撤 | 撤(险)/停"},
	{"flash_flood", "", "red", "撤 | 停 | 停 | 停禁 | 撤 | 撤"},
	{"geohazard", "", "blue", "阅 | 阅 | 阅 | 巡 | 阅 | 阅"},
	{"geohazard", "", "yellow", "撤(险)/巡 | 巡 | 巡 | 停(险)/巡 | 巡 | 巡"},
	{"geohazard", "", "orange", "撤[低:巡] | 停(险)/巡 | 停(险)/巡 | 停禁 | 停(险)/巡 | 撤(险)/停"},
	{"geohazard", "", "red", "撤 | 停 | 停 | 停禁 | 撤(险)/停 | 撤(险)/停"},
	{"flood", "", "blue", "阅 | 阅 | 阅 | 阅 | 巡 | 阅"},
	{"flood", "", "yellow", "撤(险)/阅 | 阅 | 停 | 巡 | 停 | 巡"},
	{"flood", "", "orange red", "撤(险)/巡 | 巡 | 停禁 | 停(险)/巡 | 撤 | 撤(险)/停"},
	{"reservoir", "", "blue yellow orange red", "撤(险)/巡 | 阅 | 撤 | 巡 | 撤 | 撤(险)/巡"},
	{"wind", "", "blue", "阅 | 阅 | 停 | 阅 | 停 | 停"},
	{"wind", "", "yellow", "巡 | 阅 | 停 | 停 | 停 | 停"},
	{"wind", "", "orange red", "避[弱:撤] | 停 | 停禁 | 停 | 撤 | 停禁"},
	{"lightning", "", "blue yellow", "阅 | 停 | 停 | 停 | 停 | 巡"},
	{"lightning", "", "orange red", "避 | 停 | 停 | 停 | 停 | 停"},
	{"heat", "", "blue yellow", "阅 | 阅 | 阅 | 阅 | 阅 | 阅"},
	{"heat", "", "orange", "阅 | 阅 | 停 | 停 | 停 | 停"},
	{"heat", "", "red", "阅 | 阅 | 停 | 停 | 停 | 停"},
	{"ice", "", "blue yellow", "阅 | 阅 | 停 | 巡 | 巡 | 巡"},
	{"ice", "", "orange red", "避 | 巡 | 停 | 停 | 停 | 停禁"},
	{"fog", "", "blue yellow", "阅 | 阅 | 停 | 阅 | 巡 | 巡"},
	{"fog", "", "orange red", "阅 | 阅 | 停 | 停 | 停 | 停"},
	{"fire", "", "blue yellow", "阅 | 阅 | 巡 | 巡 | 阅 | 巡"},
	{"fire", "", "orange red", "巡 | 停 | 停 | 停 | 阅 | 停"},
	{"fire", "fire_near", "blue yellow orange red", "撤 | 撤 | 撤 | 撤 | 撤 | 撤"},
	{"quake", "early_warning", "blue yellow orange red", "避 | 避 | 避 | 撤 | 撤 | 避"},
	{"quake", "", "orange red", "撤 | 停禁 | 停禁 | 停禁 | 停 | 停"},
	{"quake", "", "blue yellow", "巡 | 停 | 巡 | 巡 | 巡 | 巡"},
	{"other", "", "blue yellow", "阅 | 阅 | 阅 | 阅 | 阅 | 阅"},
	{"other", "", "orange red", "巡 | 巡 | 巡 | 巡 | 巡 | 巡"},
}

var letters = map[string]Measure{"阅": Read, "巡": Patrol, "停": Stop, "撤": Evacuate, "避": Shelter}

// kindOf is a site kind for each column.
var kindOf = map[Column]string{
	Residence: "residence_own", Tunnel: "tunnel", Bridge: "bridge", Slope: "slope", Water: "river_work", Yard: "plant",
}

type wantCell struct {
	plain, flagged, low, weak Measure
	closed                    bool
}

// readCell reads the notation of the book.
func readCell(s string) wantCell {
	s = strings.TrimSpace(s)
	var low, weak Measure
	if body, extra, ok := strings.Cut(s, "["); ok {
		kind, letter, _ := strings.Cut(strings.TrimSuffix(extra, "]"), ":")
		if s = body; kind == "低" {
			low = letters[letter]
		} else {
			weak = letters[letter]
		}
	}
	flagged, plain, ok := strings.Cut(s, "(险)/")
	if !ok {
		plain, flagged = s, s
	}
	c := wantCell{closed: plain == "停禁", low: low, weak: weak}
	c.plain, c.flagged = letters[strings.TrimSuffix(plain, "禁")], letters[strings.TrimSuffix(flagged, "禁")]
	if c.low == "" {
		c.low = c.plain
	}
	if c.weak == "" {
		c.weak = c.plain
	}
	return c
}

func TestTheMatrixIsTheBook(t *testing.T) {
	p := DefaultPolicy()
	seen := 0
	for _, row := range matrixOfTheBook {
		for _, level := range strings.Fields(row.levels) {
			for i, text := range strings.Split(row.cells, "|") {
				column, want := Columns()[i], readCell(text)
				in := Situation{Hazard: Hazard(row.hazard), Variant: Variant(row.variant), Level: Level(level), Kind: kindOf[column]}
				name := strings.Join([]string{row.hazard, row.variant, level, string(column)}, " ")
				seen++
				check := func(which string, edit func(*Situation), measure Measure) {
					s := in
					edit(&s)
					if got := p.Propose(s).Measure; got != measure {
						t.Errorf("%s, %s: %s, the book says %s", name, which, got.Label(), measure.Label())
					}
				}
				check("plain", func(*Situation) {}, want.plain)
				check("flagged", func(s *Situation) { s.AtRisk = true }, want.flagged)
				check("low danger", func(s *Situation) { s.LowDangerReport = true }, want.low)
				check("weak cabin", func(s *Situation) { s.WeakCabin = true }, want.weak)
				if got := p.Propose(in).ClosedArea; got != (want.closed || want.plain == Evacuate) {
					t.Errorf("%s: closed area %v", name, got)
				}
			}
		}
	}
	if want := (13*4 + 2*4) * 6; seen != want {
		t.Errorf("%d cells checked, want %d", seen, want)
	}
}
