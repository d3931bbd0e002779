package response

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"muster/internal/warning"
)

// texts checks every template in every dress by the carriers' rules, with the
// largest values they were registered for.
func (c *rulesCheck) texts() {
	c.r.index()
	ids := map[string]bool{}
	for i, t := range c.r.Texts.Templates {
		where := fmt.Sprintf("texts.templates[%d]", i)
		if t.ID == "" || ids[t.ID] {
			c.wrong(where+".id", "编号“%s”缺少或重复", t.ID)
		}
		ids[t.ID] = true
		c.channels(where+".channels", t.Channels)
		for _, k := range t.Kinds {
			if !slices.Contains(NoticeKinds(), k) {
				c.wrong(where+".kinds", "没有通知类型“%s”", k)
			}
		}
		for _, channel := range t.Channels {
			c.template(where+"("+t.ID+")", t, channel)
		}
	}
}

func (c *rulesCheck) template(where string, t Template, channel Channel) {
	x := &c.r.Texts
	for _, f := range dresses(t) {
		id, text := x.dressed(t, channel, f)
		for _, words := range checkTemplate(channel, text, x.Widths) {
			c.wrong(where, "%s：%s", id, words)
		}
		if !channel.locked() {
			continue
		}
		largest := x.largest(text)
		for _, words := range CheckText(channel, largest, x.Signature) {
			c.wrong(where, "%s：%s", id, words)
		}
		if limit := smsLimit(t); channel == SMS && id == t.ID && utf8.RuneCountInString(largest)+x.Signature > limit {
			c.wrong(where, "%s：连签名%d字，超过%d字", id, utf8.RuneCountInString(largest)+x.Signature, limit)
		}
	}
	for _, words := range checkTemplate(App, t.Title, nil) {
		c.wrong(where+".title", "%s", words)
	}
}

func smsLimit(t Template) int {
	if t.Form == FormLong {
		return twoSMS
	}
	return oneSMS
}

func dresses(t Template) []Facts {
	if t.Exercise {
		return []Facts{{Exercise: true}}
	}
	list := []Facts{{}, {Exercise: true}}
	if t.Sourced {
		for _, source := range []string{SourceAuto, SourceInstruction} {
			list = append(list, Facts{Source: source}, Facts{Source: source, Exercise: true})
		}
	}
	return list
}

// largest is a text with the widest values it may carry.
func (x *Texts) largest(text string) string {
	return variable.ReplaceAllStringFunc(text, func(v string) string {
		return strings.Repeat("字", x.Widths[v[2:len(v)-1]])
	})
}

// words walks through every plan the rules can make and asks for the text of
// each step.
func (c *rulesCheck) words() {
	missing := map[string]bool{}
	ask := func(m warning.Measure, l warning.Level, steps []Step) {
		for _, s := range steps {
			for _, channel := range s.Channels {
				if c.r.template(s.Kind, m, channel, Facts{Level: l, Source: SourceRelay}) == nil {
					missing[fmt.Sprintf("%s经%s发送“%s”", m.Label(), channel.Label(), s.Kind)] = true
				}
			}
		}
	}
	for _, m := range allMeasures {
		for _, l := range warning.Colours() {
			for _, plan := range c.r.everyPlan(m, l) {
				ask(m, l, plan.Steps)
			}
			for k := range c.r.Tells {
				ask(m, l, c.r.Tell(k))
			}
		}
	}
	for what := range missing {
		c.wrong("texts.templates", "缺少%s的文字", what)
	}
}

// everyPlan gives the plans that differ in whom they tell and how.
func (r *Rules) everyPlan(m warning.Measure, l warning.Level) []Plan {
	var plans []Plan
	opened := time.Date(2026, 7, 1, 4, 0, 0, 0, time.UTC)
	usual := Situation{Measure: m, Level: l, Sleeps: true, WindowEnd: opened.Add(24 * time.Hour)}
	for _, k := range []DutyKind{MustAcknowledge, MustAct, MustReport, MustConfirm, MustVerify, MustRecheck, MustInspect, MustLift} {
		plans = append(plans, r.Plan(k, usual, opened))
	}
	for _, change := range []func(*Situation){
		func(s *Situation) { s.NoSignal = true }, func(s *Situation) { s.Nobody = true },
		func(s *Situation) { s.Reopened = true }, func(s *Situation) { s.Upgrade = true },
	} {
		s := usual
		change(&s)
		plans = append(plans, r.Plan(MustAcknowledge, s, opened))
	}
	for _, p := range []Party{AtCounty, AtCity, AtProvince} {
		plans = append(plans, r.Oversee(p, usual, opened))
	}
	return plans
}
