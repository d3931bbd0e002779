package warning

import (
	"fmt"
	"strings"

	"muster/internal/errs"
)

// check builds the index and lists everything that is wrong.
func (p *Policy) check() []errs.Detail {
	c := policyCheck{p: p}
	c.head()
	p.index = map[rowKey]*Row{}
	for i := range p.Rows {
		c.row(fmt.Sprintf("rows[%d]", i), &p.Rows[i])
	}
	c.complete()
	return c.details
}

type policyCheck struct {
	p       *Policy
	details []errs.Detail
}

func (c *policyCheck) wrong(where, format string, args ...any) {
	c.details = append(c.details, errs.Detail{Where: where, Text: fmt.Sprintf(format, args...)})
}

func (c *policyCheck) head() {
	if strings.TrimSpace(c.p.Version) == "" {
		c.wrong("version", "缺少版本号")
	}
	for kind, column := range c.p.Kinds {
		if column.Label() == "" {
			c.wrong("kinds."+kind, "没有“%s”这一列", column)
		}
	}
	for m := range measures {
		if c.p.Sentences[m] == "" {
			c.wrong("sentences."+string(m), "缺少“%s”的指令文字", m.Label())
		}
	}
}

func (c *policyCheck) row(where string, r *Row) {
	if !r.Hazard.Valid() {
		c.wrong(where+".hazard", "没有灾种“%s”", r.Hazard)
	}
	if r.Variant != Usual && r.Variant != FireNear && r.Variant != EarlyWarning {
		c.wrong(where+".variant", "没有情形“%s”", r.Variant)
	}
	for _, l := range r.Levels {
		key := rowKey{r.Hazard, r.Variant, l}
		switch {
		case !l.Valid() || l == LevelUnknown:
			c.wrong(where+".levels", "没有等级“%s”", l)
		case c.p.index[key] != nil:
			c.wrong(where+".levels", "%s%s重复", r.Hazard.Label(), l.Label())
		default:
			c.p.index[key] = r
		}
	}
	for _, column := range Columns() {
		c.cell(where+".cells."+string(column), r.Cells[column])
	}
}

func (c *policyCheck) cell(where string, cell Cell) {
	if !cell.Measure.Valid() {
		c.wrong(where+".measure", "没有措施“%s”", cell.Measure)
	}
	for name, m := range map[string]Measure{
		"at_risk": cell.AtRisk, "low_danger": cell.LowDanger, "weak_cabin": cell.WeakCabin,
	} {
		if m != "" && !m.Valid() {
			c.wrong(where+"."+name, "没有措施“%s”", m)
		}
	}
	if cell.AtRisk != "" && cell.AtRisk.Strictness() < cell.Measure.Strictness() {
		c.wrong(where+".at_risk", "有风险的点位不能比一般点位宽松")
	}
}

// complete wants a line for every hazard and colour, so that no site is ever
// left without a measure.
func (c *policyCheck) complete() {
	for _, h := range Hazards() {
		for _, l := range Colours() {
			if c.p.index[rowKey{h, Usual, l}] == nil {
				c.wrong("rows", "缺少%s%s", h.Label(), l.Label())
			}
		}
	}
}
