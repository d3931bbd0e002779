package response

import (
	"regexp"
	"slices"

	"muster/internal/warning"
)

// Texts is the part of the rule book that says what may be said (operations.md
// §4). What carriers have approved is locked: signature, fixed words, order and
// width of the values.
type Texts struct {
	Signature   int                   `json:"signature"`   // characters of the longest signature, with its 【】
	Long        bool                  `json:"long"`        // SMS in the long form, where there is one
	Widths      map[string]int        `json:"widths"`      // the most characters a value may have in an SMS, a call or a WeChat field
	Drill       map[Channel][2]string `json:"drill"`       // 演练: what stands first and last
	Auto        string                `json:"auto"`        // 自动转发: stands before an SMS
	Instruction string                `json:"instruction"` // 行业提示, with the basis: stands before an SMS
	Templates   []Template            `json:"templates"`
}

// The forms of a template. The plain form has no values: for carriers that
// allow none in a call, and for recordings.
const (
	FormUsual = ""
	FormLong  = "long"  // up to 134 characters by SMS
	FormPlain = "plain" // a call without values
)

// Where the measure comes from, as warning.kind stores it.
const (
	SourceRelay       = "relay"       // 转发
	SourceAuto        = "auto_relay"  // 自动转发
	SourceInstruction = "instruction" // 行业提示
)

// Template is one text with its values as ${name}.
type Template struct {
	ID       string            `json:"id"`
	Channels []Channel         `json:"channels"`
	Kinds    []NoticeKind      `json:"kinds"` // none: all
	Measures []warning.Measure `json:"measures,omitempty"`
	Levels   []warning.Level   `json:"levels,omitempty"`
	Sources  []string          `json:"sources,omitempty"`
	Form     string            `json:"form,omitempty"`
	Exercise bool              `json:"exercise,omitempty"` // the drill's own wording
	Sourced  bool              `json:"sourced,omitempty"`  // has forms of its own for 自动转发 (A) and 行业提示 (I)
	Title    string            `json:"title,omitempty"`
	Text     string            `json:"text"`
}

type templateKey struct {
	channel Channel
	kind    NoticeKind
}

var variable = regexp.MustCompile(`\$\{(\w+)\}`)

// Variables are the names of the values in the order of the text.
func (t Template) Variables() []string { return variables(t.Text) }

func variables(text string) []string {
	var names []string
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

// locked says whether a carrier has approved the words of the channel.
func (c Channel) locked() bool { return c == SMS || c == Voice || c == WeChat }

// index sorts the templates by where they are looked for.
func (r *Rules) index() {
	r.templates = map[templateKey][]*Template{}
	for i := range r.Texts.Templates {
		t := &r.Texts.Templates[i]
		kinds := t.Kinds
		if len(kinds) == 0 {
			kinds = NoticeKinds()
		}
		for _, c := range t.Channels {
			for _, k := range kinds {
				r.templates[templateKey{c, k}] = append(r.templates[templateKey{c, k}], t)
			}
		}
	}
}

// template finds the text that fits best: the form that was asked for, then the
// drill's own, then the one written for the measure. An upgrade without words of
// its own asks in the words of the alert.
func (r *Rules) template(k NoticeKind, m warning.Measure, c Channel, f Facts) *Template {
	var best *Template
	score := -1
	for _, t := range r.templates[templateKey{c, k}] {
		if s := t.fit(m, f, r.Texts.Long); s > score {
			best, score = t, s
		}
	}
	if best == nil && k == NoticeUpgrade {
		return r.template(NoticeAlert, m, c, f)
	}
	return best
}

// fit is −1 for a template that does not fit.
func (t *Template) fit(m warning.Measure, f Facts, long bool) int {
	wanted := t.Form == FormUsual && (!f.Plain || len(t.Variables()) == 0) || t.Form == FormLong && long || t.Form == FormPlain && f.Plain
	switch {
	case !wanted,
		t.Exercise && !f.Exercise,
		len(t.Measures) > 0 && !slices.Contains(t.Measures, m),
		len(t.Levels) > 0 && !slices.Contains(t.Levels, colour(f.Level)),
		len(t.Sources) > 0 && !slices.Contains(t.Sources, f.Source):
		return -1
	}
	score := 0
	for i, better := range []bool{len(t.Measures) > 0, t.Exercise, t.Form != FormUsual} {
		if better {
			score |= 1 << i
		}
	}
	return score
}
