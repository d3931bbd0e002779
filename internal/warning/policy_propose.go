package warning

import (
	"fmt"
	"slices"
	"strings"
)

// Situation is what is known about one site under one warning.
type Situation struct {
	Hazard  Hazard
	Variant Variant
	Level   Level
	Kind    string // site kind (operations.md §6)
	Sleeps  bool   // people sleep here (住人)

	AtRisk          bool   // the risk flag (险)
	RiskReason      string // why it is set, shown to people
	LowDangerReport bool   // a valid assessment says low danger (低风险)
	WeakCabin       bool   // cabins that do not stand a storm

	SectionStatus string // project status: building, stopped, winter …
	Empty         bool   // 0 people by passes AND by evening count
	Possible      bool   // matched only as possible
	LevelRaised   bool   // the county is on the list whose warnings count one level up (提级)
	DarkHours     bool   // the window holds hours between 20:00 and 08:00
	DarkAlready   bool   // too late to move people before dark: at once, then

	OtherFamilies []Hazard  // hazards of other live warnings at this site, blue or above
	Concurrent    []Measure // measures of other live warnings at this site
}

// Proposal is what the rule book proposes for one site. A person may change it
// before publication.
type Proposal struct {
	Measure    Measure  // the strictest of Own and the concurrent measures
	Own        Measure  // what this warning alone asks for
	ClosedArea bool     // the area is closed as well: 停禁, and always with 撤
	Scope      string   // which work is meant; empty: all of it
	Before     string   // civil time by which people are moved, such as 19:30
	Sentence   string   // the instruction, ready to send
	Why        []string // each rule that was applied, in Chinese, in order
}

// Propose applies the matrix and then the modifiers of the rule book in their
// order (operations.md §1, §1.1); each leaves its sentence in Why.
func (p *Policy) Propose(in Situation) Proposal {
	d := decision{policy: p, in: in, level: in.Level}
	d.unknownLevel()
	d.raisedLevel()
	if !p.has(in.Hazard, in.Variant, d.level) {
		d.in.Variant = Usual // early warning exists for earthquakes only
	}
	d.matrix()
	d.twoFamilies()
	d.onlyPossible()
	d.nobodyThere()
	d.out.Own = d.out.Measure
	d.several()
	d.night()
	d.finish()
	return d.out
}

// decision is a proposal on its way through the rules.
type decision struct {
	policy *Policy
	in     Situation
	level  Level
	nobody bool // idle and empty: only a watchman is told
	out    Proposal
}

func (d *decision) because(format string, args ...any) {
	d.out.Why = append(d.out.Why, fmt.Sprintf(format, args...))
}

// unknownLevel is the first half of modifier 6.
func (d *decision) unknownLevel() {
	if d.level == LevelUnknown || !d.level.Valid() {
		d.level = Orange
		d.because("等级未定，按橙色处理，请人工确认。")
	}
}

// raisedLevel is modifier 4: one level up in counties on the dated list.
func (d *decision) raisedLevel() {
	if !d.in.LevelRaised || d.level == Red {
		return
	}
	up := Colours()[slices.Index(Colours(), d.level)-1]
	d.because("所在县属震区或旱涝急转地区，提级响应：%s按%s处理。", d.level.Label(), up.Label())
	d.level = up
}

// matrix looks the site up; where people sleep outside a residence the
// residence column counts as well and the stricter of the two is taken.
func (d *decision) matrix() {
	d.column(d.policy.ColumnOf(d.in.Kind))
	if d.in.Sleeps && d.policy.ColumnOf(d.in.Kind) != Residence {
		own := d.out
		d.out = Proposal{}
		d.column(Residence)
		if d.out.Measure.Strictness() <= own.Measure.Strictness() {
			d.out = own
			return
		}
		d.because("该点位住人，取驻地与工点中较严的措施。")
		d.out.ClosedArea = d.out.ClosedArea || own.ClosedArea
		d.out.Why = append(own.Why, d.out.Why...)
	}
}

func (d *decision) column(c Column) {
	cell, basis := d.policy.cell(d.in.Hazard, d.in.Variant, d.level, c)
	d.out.Measure, d.out.ClosedArea, d.out.Scope = cell.Measure, cell.Closed, cell.Work
	switch {
	case d.in.AtRisk && cell.AtRisk != "":
		d.out.Measure = cell.AtRisk
		d.because("该点位有风险标记（%s）。", d.risk())
	case d.in.WeakCabin && cell.WeakCabin != "":
		d.out.Measure = cell.WeakCabin
		d.because("板房不牢固，不能就地避险。")
	case d.in.LowDangerReport && !d.in.AtRisk && cell.LowDanger != "":
		d.out.Measure = cell.LowDanger
		d.because("有有效的低风险评价报告。")
	}
	d.because("%s%s，%s：%s（依据：%s）。", d.in.Hazard.Label(), d.level.Label(), c.Label(), d.words(), d.policy.source(basis))
}

// risk is the reason of the risk flag.
func (d *decision) risk() string {
	if d.in.RiskReason == "" {
		return "原因未填"
	}
	return d.in.RiskReason
}

// words are the measure with what belongs to it.
func (d *decision) words() string {
	s := d.out.Measure.Label()
	if d.out.ClosedArea && d.out.Measure == Stop {
		s += "并禁入"
	}
	if d.out.Scope != "" {
		s += "，" + d.out.Scope
	}
	return s
}

// finish puts the sentence together. 撤 implies 停 and 禁 for the same site.
func (d *decision) finish() {
	parts := []string{d.policy.Sentences[d.out.Measure]}
	if d.out.Before != "" {
		parts = append(parts, d.out.Before+"前转移完毕。")
	}
	if d.out.ClosedArea && d.out.Measure == Stop {
		parts = append(parts, d.policy.Sentences[KeepOut])
	}
	parts = append(parts, d.policy.Clauses[d.in.Hazard])
	d.out.Sentence = strings.Join(parts, "")
	d.out.ClosedArea = d.out.ClosedArea || d.out.Measure == Evacuate || d.out.Measure == KeepOut
}
