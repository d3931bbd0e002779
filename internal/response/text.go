package response

import (
	"fmt"
	"strings"
	"time"

	"muster/internal/errs"
	"muster/internal/warning"
)

// Var is a named value of a template.
type Var struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Wording is one notice in words.
type Wording struct {
	Template string `json:"template"`        // id of the rule book: E70; E70D in a drill, E70I and E70A for 行业提示 and 自动转发
	Vars     []Var  `json:"vars,omitempty"`  // in the template's order
	Title    string `json:"title,omitempty"` // where the channel has one
	Text     string `json:"text"`            // the whole text, without the carrier's signature
}

// maxCard is the size of a robot's card in bytes: half of what the strictest
// robot takes, so that it is read on a phone without opening.
const maxCard = 900

// Text is what a notice of a kind says through a channel about a measure. There
// is an errs.NotFound when the rule book has no words for it: the channel must
// then be left out.
func (r *Rules) Text(k NoticeKind, m warning.Measure, c Channel, f Facts) (Wording, error) {
	t := r.template(k, m, c, f)
	if t == nil {
		return Wording{}, errs.New(errs.NotFound, "no_text", "规则中没有“%s”经%s发送的文字", k, c.Label())
	}
	id, text := r.Texts.dressed(*t, c, f)
	w := Wording{Template: id, Title: r.Texts.fill(t.Title, m, c, f, nil), Text: r.Texts.fill(text, m, c, f, nil)}
	if c == Robot {
		w.Text = r.card(text, m, f)
	}
	for _, name := range variables(text) {
		w.Vars = append(w.Vars, Var{name, r.Texts.value(name, m, c, f)})
	}
	return w, nil
}

// Headline is the first line of the answer page: 《暴雨红色预警》·请立即撤离·3号驻地·还有 04:59.
func (r *Rules) Headline(m warning.Measure, f Facts, at time.Time) string {
	ask := "请立即" + m.Label()
	if m == warning.Read {
		ask = "请阅知"
	}
	drill := ""
	if f.Exercise {
		drill = "演练·"
	}
	return fmt.Sprintf("%s《%s》·%s·%s·%s", drill, f.Warning, ask, twoSites(f.Sites), remaining(f.By.Sub(at)))
}

func remaining(left time.Duration) string {
	word := "还有"
	if left < 0 {
		word, left = "已超时", -left
	}
	s := int(left / time.Second)
	return fmt.Sprintf("%s %02d:%02d", word, s/60, s%60)
}

// dressed adds what stands before and after the text in a drill and by its
// source. Each dress is a template of its own at the carriers.
func (x *Texts) dressed(t Template, c Channel, f Facts) (id, text string) {
	id, text = t.ID, t.Text
	if t.Sourced && c == SMS {
		switch f.Source {
		case SourceAuto:
			id, text = id+"A", x.Auto+text
		case SourceInstruction:
			id, text = id+"I", x.Instruction+text
		}
	}
	if f.Exercise && !t.Exercise {
		if words, ok := x.Drill[c]; ok {
			id, text = id+"D", words[0]+text+words[1]
		}
	}
	return id, text
}

// fill puts the values in; with replaces some of them.
func (x *Texts) fill(text string, m warning.Measure, c Channel, f Facts, with map[string]string) string {
	filled := variable.ReplaceAllStringFunc(text, func(v string) string {
		name := v[2 : len(v)-1]
		if value, ok := with[name]; ok {
			return value
		}
		return x.value(name, m, c, f)
	})
	return strings.TrimSpace(filled)
}

// value is a value as the channel may carry it: as long as it was registered
// for, without what carriers refuse, and never empty where they need one.
func (x *Texts) value(name string, m warning.Measure, c Channel, f Facts) string {
	v, _ := f.said(name, m, c)
	if name == "link" {
		return v
	}
	width := x.Widths[name]
	if name == "site" && len(f.Sites) > 1 {
		tail := others(len(f.Sites))
		return shorten(or(c.clean(f.Sites[0]), "点位"), width-len([]rune(tail))) + tail
	}
	v = c.clean(v)
	if !c.locked() {
		return v
	}
	if v == "" {
		v, _ = Facts{}.said(name, m, c)
	}
	return shorten(or(v, "无"), width)
}

// card shortens the sentence until the card has its size.
func (r *Rules) card(text string, m warning.Measure, f Facts) string {
	return r.Texts.fill(text, m, Robot, f, r.cardValues(text, m, f))
}

// cardValues are the values that a card shortens.
func (r *Rules) cardValues(text string, m warning.Measure, f Facts) map[string]string {
	var shorter map[string]string
	card := r.Texts.fill(text, m, Robot, f, nil)
	sentence := []rune(r.Texts.value("sentence", m, Robot, f))
	for len(card) > maxCard && len(sentence) > 0 {
		over := (len(card)-maxCard)/3 + 2
		sentence = sentence[:max(0, len(sentence)-over)]
		shorter = map[string]string{"sentence": string(sentence) + "…"}
		card = r.Texts.fill(text, m, Robot, f, shorter)
	}
	return shorter
}

// shorten keeps both ends: what tells site names apart stands at either.
func shorten(s string, width int) string {
	chars := []rune(s)
	if len(chars) <= width {
		return s
	}
	head := width / 2
	tail := max(0, width-1-head)
	return string(chars[:head]) + "…" + string(chars[len(chars)-tail:])
}
