package response

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/warning"
)

// Facts is everything a text may say. What must never be in an SMS, a call or a
// card has no field here: names and lists of people, phone and ID numbers, beds,
// whoever reported a danger (operations.md §4.4).
type Facts struct {
	Warning    string // short name, see ShortName
	Level      warning.Level
	Source     string   // SourceRelay, SourceAuto, SourceInstruction
	Basis      string   // of an instruction
	Sites      []string // names; a text names one or two and the number
	Muster     string   // 集合点
	Issuer     string   // who issued the original
	Issued     time.Time
	Authority  string // who publishes
	Published  time.Time
	Until      time.Time // when the warning ends
	By         time.Time // when the answer is due
	At         time.Time // when it was lifted, when one may return
	Code       string    // six digits
	Sentence   string    // of the measure, with the hazard's clause (warning.Policy)
	Note       string    // the officer's
	Reason     string
	Returned   int // people who went back in
	Total      int // sites
	Unanswered int // of Total
	Unfinished int
	Unverified int
	Link       string // never in an SMS or a call
	Exercise   bool   // 演练
	Plain      bool   // only a call without values is of use
}

// shortHazards are the hazard groups whose label is too long for an SMS.
var shortHazards = map[warning.Hazard]string{warning.Ice: "冰冻", warning.Fire: "森林火险", warning.Other: "灾害"}

// ShortName is the name of a warning in at most eight characters: 地质灾害红色预警.
func ShortName(h warning.Hazard, l warning.Level) string {
	name := h.Label()
	if short := shortHazards[h]; short != "" {
		name = short
	}
	if l == warning.LevelUnknown {
		return name + "预警"
	}
	return name + l.Label() + "预警"
}

// said gives the value of a name in words; ok is false for a name nobody knows.
func (f Facts) said(name string, m warning.Measure, c Channel) (value string, ok bool) {
	switch name {
	case "warning":
		return or(f.Warning, "预警"), true
	case "site":
		return oneSite(f.Sites), true
	case "sites":
		return twoSites(f.Sites), true
	case "measure":
		return m.Label(), true
	case "issuer":
		return or(f.Issuer, f.Authority, "发布单位"), true
	case "authority":
		return or(f.Authority, "主管部门"), true
	case "muster":
		return or(f.Muster, "指定集合点"), true
	case "reason":
		return or(f.Reason, "见系统"), true
	case "basis":
		return or(f.Basis, "应急预案"), true
	case "note", "sentence", "code", "link":
		return map[string]string{"note": f.Note, "sentence": f.Sentence, "code": f.Code, "link": f.Link}[name], true
	case "ask":
		return "请立即" + m.Label() + "并签收", true
	case "origin":
		return f.origin(), true
	case "clock":
		return f.clock(), true
	case "drill":
		return map[bool]string{true: "演练|"}[f.Exercise], true
	}
	if n, ok := f.counts()[name]; ok {
		return count(n), true
	}
	t, ok := f.times()[name]
	return stamp(t), ok
}

func (f Facts) counts() map[string]int {
	return map[string]int{"n": f.Returned, "total": f.Total, "a": f.Unanswered, "b": f.Unfinished, "c": f.Unverified}
}

func (f Facts) times() map[string]time.Time {
	return map[string]time.Time{"issued": f.Issued, "published": f.Published, "until": f.Until, "by": f.By, "time": f.At}
}

// origin always names who issued the warning and when (气象法 22, 25).
func (f Facts) origin() string {
	publisher := f.Authority + " " + stamp(f.Published)
	switch f.Source {
	case SourceInstruction:
		return "行业提示 " + publisher + "，依据" + or(f.Basis, "应急预案")
	case SourceAuto:
		return "原发布 " + f.Issuer + " " + stamp(f.Issued) + "，自动转发 " + publisher
	}
	return "原发布 " + f.Issuer + " " + stamp(f.Issued) + "，转发 " + publisher
}

func (f Facts) clock() string {
	var parts []string
	if !f.By.IsZero() {
		parts = append(parts, "时限 "+stamp(f.By))
	}
	if !f.Until.IsZero() {
		parts = append(parts, "有效至 "+stamp(f.Until))
	}
	return strings.Join(parts, " · ")
}

// stamp writes 21日20:30.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "规定时间"
	}
	t = t.In(clock.Shanghai)
	return fmt.Sprintf("%d日%02d:%02d", t.Day(), t.Hour(), t.Minute())
}

// count: four digits are what the carriers' templates have room for.
func count(n int) string {
	if n > 9999 {
		return "逾万"
	}
	return strconv.Itoa(n)
}

func oneSite(names []string) string {
	switch len(names) {
	case 0:
		return "所属点位"
	case 1:
		return names[0]
	}
	return names[0] + others(len(names))
}

func twoSites(names []string) string {
	if len(names) < 2 {
		return oneSite(names)
	}
	two := names[0] + "、" + names[1]
	if len(names) == 2 {
		return two
	}
	return two + others(len(names))
}

func others(n int) string { return "等" + count(n) + "处" }

func or(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
