package response

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/internal/errs"
	"muster/internal/warning"
)

// allMeasures lists the measures in the order of the rule book.
var allMeasures = []warning.Measure{warning.Read, warning.Patrol, warning.Stop, warning.KeepOut, warning.Shelter, warning.Evacuate}

// check builds the indexes and lists everything that is wrong.
func (r *Rules) check() []errs.Detail {
	c := rulesCheck{r: r}
	c.head()
	c.ladder()
	c.clocks()
	c.evidence()
	c.budget()
	c.texts()
	if len(c.details) == 0 {
		c.words() // every notice a clock can ask for has its text
	}
	return c.details
}

type rulesCheck struct {
	r       *Rules
	details []errs.Detail
}

func (c *rulesCheck) wrong(where, format string, args ...any) {
	c.details = append(c.details, errs.Detail{Where: where, Text: fmt.Sprintf(format, args...)})
}

func (c *rulesCheck) head() {
	r := c.r
	if strings.TrimSpace(r.Version) == "" {
		c.wrong("version", "缺少版本号")
	}
	if _, err := time.Parse(time.DateOnly, r.ValidFrom); err != nil {
		c.wrong("valid_from", "不是日期")
	}
	if len(r.Day.Shifts) == 0 {
		c.wrong("day.shifts", "缺少交接班时刻")
	}
	if r.Day.Dark <= r.Day.Light {
		c.wrong("day.dark", "天黑须在天亮之后")
	}
	for i, copied := range r.Copies {
		c.channels(fmt.Sprintf("copies[%d].channels", i), copied.Channels)
	}
	for k, list := range r.Tells {
		if !slices.Contains(NoticeKinds(), k) {
			c.wrong("tells", "没有通知类型“%s”", k)
		}
		for i, who := range list {
			c.channels(fmt.Sprintf("tells.%s[%d].channels", k, i), who.Channels)
		}
	}
	c.positive("codes", r.Codes.AfterEnd, r.Codes.Tries)
	c.positive("report", r.Report.Least, r.Report.Percent, r.Report.Undrilled)
	c.positive("late", r.Late.County, r.Late.Leader)
}

func (c *rulesCheck) positive(where string, values ...int) {
	if slices.Min(values) <= 0 {
		c.wrong(where, "须大于0")
	}
}

func (c *rulesCheck) channels(where string, list []Channel) {
	for _, channel := range list {
		if channel.Label() == "" {
			c.wrong(where, "没有通道“%s”", channel)
		}
	}
}

// rows calls add for every measure and level of a row and says which cells are
// named twice; complete says which are missing.
func (c *rulesCheck) rows(where string, measures []warning.Measure, levels []warning.Level, add func(rowKey) bool) {
	for _, m := range measures {
		if !m.Valid() {
			c.wrong(where+".measures", "没有措施“%s”", m)
		}
		for _, l := range levels {
			if !slices.Contains(warning.Colours(), l) {
				c.wrong(where+".levels", "没有等级“%s”", l)
			} else if !add(rowKey{m, l}) {
				c.wrong(where, "%s%s重复", m.Label(), l.Label())
			}
		}
	}
}

func (c *rulesCheck) complete(where string, has func(rowKey) bool) {
	for _, m := range allMeasures {
		for _, l := range warning.Colours() {
			if !has(rowKey{m, l}) {
				c.wrong(where, "缺少%s%s", m.Label(), l.Label())
			}
		}
	}
}

func (c *rulesCheck) ladder() {
	c.r.ladder = map[rowKey]*LadderRow{}
	for i := range c.r.Ladder {
		row, where := &c.r.Ladder[i], fmt.Sprintf("ladder[%d]", i)
		c.rows(where, row.Measures, row.Levels, func(k rowKey) bool {
			_, twice := c.r.ladder[k]
			c.r.ladder[k] = row
			return !twice
		})
		c.ladderRow(where, row)
	}
	c.complete("ladder", func(k rowKey) bool { return c.r.ladder[k] != nil })
}

// ladderRow: each rung comes after the one below, the end after all of them.
func (c *rulesCheck) ladderRow(where string, row *LadderRow) {
	if len(row.Site) == 0 {
		c.wrong(where+".site", "至少要有一轮")
	}
	last := 0
	for i, g := range row.Site {
		c.rung(fmt.Sprintf("%s.site[%d]", where, i), &g, &last)
	}
	c.rung(where+".section", row.Section, &last)
	c.rung(where+".owner", row.Owner, &last)
	if row.Section != nil && row.Over <= last {
		c.wrong(where+".over", "无应答须在最后一级之后")
	}
	for name, d := range map[string]*Digest{"county": row.County, "city": row.City, "province": row.Province} {
		if d == nil {
			continue
		}
		c.channels(where+"."+name+".channels", slices.Concat(d.Channels, d.Once))
		if d.At < 0 || d.Every < 0 {
			c.wrong(where+"."+name, "分钟数不能为负")
		}
	}
}

func (c *rulesCheck) rung(where string, g *Rung, last *int) {
	if g == nil {
		return
	}
	c.channels(where+".channels", slices.Concat(g.Channels, g.IfSleeping))
	if g.At < *last {
		c.wrong(where+".at", "不能早于前一步")
	}
	*last = g.At
}

func (c *rulesCheck) clocks() {
	c.r.clocks = map[rowKey]*ClockRow{}
	for i := range c.r.Clocks {
		row, where := &c.r.Clocks[i], fmt.Sprintf("clocks[%d]", i)
		c.rows(where, row.Measures, row.Levels, func(k rowKey) bool {
			_, twice := c.r.clocks[k]
			c.r.clocks[k] = row
			return !twice
		})
		c.channels(where+".rings", row.Rings)
		c.positive(where+".hand_over", row.HandOver)
		if slices.Contains(row.Measures, warning.Evacuate) && !row.Report.Some() {
			c.wrong(where+".report", "撤离须有报告时限")
		}
	}
	c.complete("clocks", func(k rowKey) bool { return c.r.clocks[k] != nil })
}

func (c *rulesCheck) evidence() {
	for i, row := range c.r.Evidence {
		where := fmt.Sprintf("evidence[%d]", i)
		for _, e := range slices.Concat(slices.Concat(row.Report, row.Confirm, row.CutOff, row.Proof)...) {
			if e.Label() == "" {
				c.wrong(where, "没有证据类型“%s”", e)
			}
		}
		if !slices.Contains([]VerifyRule{VerifyNone, VerifyEvery, VerifyDraw}, row.Verify) {
			c.wrong(where+".verify", "没有核实方式“%s”", row.Verify)
		}
		if row.Rate < 0 || row.Rate > 100 {
			c.wrong(where+".rate", "抽查比例须在0到100之间")
		}
	}
	c.complete("evidence", func(k rowKey) bool {
		return slices.ContainsFunc(c.r.Evidence, func(row EvidenceRow) bool {
			return !row.AtRisk && slices.Contains(row.Measures, k.measure) && slices.Contains(row.Levels, k.level)
		})
	})
	for i, row := range c.r.Return {
		if row.Giver != AtOwner && row.Giver != AtCounty {
			c.wrong(fmt.Sprintf("return[%d].giver", i), "只能是项目公司或主管部门")
		}
	}
}

func (c *rulesCheck) budget() {
	for channel, caps := range c.r.Budget.Caps {
		for i, limit := range caps {
			where := fmt.Sprintf("budget.caps.%s[%d]", channel, i)
			if limit.Max <= limit.Keep || limit.Keep < 0 || limit.Seconds < 0 {
				c.wrong(where, "次数须大于预留次数，且不能为负")
			}
			if limit.Code == "" || limit.Words == "" {
				c.wrong(where, "缺少代码或文字")
			}
		}
	}
	c.positive("retry", c.r.Retry.First, c.r.Retry.Most, c.r.Retry.GiveUp)
}
