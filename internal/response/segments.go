package response

import (
	"strings"

	"muster/internal/warning"
)

// Segment is a piece of a text that will be sent. What a carrier has approved is
// locked: an officer cannot change it, and no new wording can be approved at night
// (operations.md §4.1).
type Segment struct {
	Text   string
	Locked bool
	Value  string // the name of the value that it is; empty for fixed words
}

// Segments is Text cut into fixed words and values: together they are its Text.
func (r *Rules) Segments(k NoticeKind, m warning.Measure, c Channel, f Facts) (Wording, []Segment, error) {
	w, err := r.Text(k, m, c, f)
	if err != nil {
		return w, nil, err
	}
	_, text := r.Texts.dressed(*r.template(k, m, c, f), c, f)
	var shorter map[string]string
	if c == Robot {
		shorter = r.cardValues(text, m, f)
	}
	var list []Segment
	rest := 0
	for _, at := range variable.FindAllStringSubmatchIndex(text, -1) {
		list = append(list, Segment{Text: text[rest:at[0]], Locked: c.locked()})
		name := text[at[2]:at[3]]
		value, short := shorter[name]
		if !short {
			value = r.Texts.value(name, m, c, f)
		}
		list = append(list, Segment{Text: value, Value: name})
		rest = at[1]
	}
	return w, trimmed(append(list, Segment{Text: text[rest:], Locked: c.locked()})), nil
}

// trimmed leaves out what is empty, and the space around the whole.
func trimmed(list []Segment) []Segment {
	for len(list) > 0 {
		if list[0].Text = strings.TrimLeft(list[0].Text, " \n\t"); list[0].Text != "" {
			break
		}
		list = list[1:]
	}
	for len(list) > 0 {
		last := &list[len(list)-1]
		if last.Text = strings.TrimRight(last.Text, " \n\t"); last.Text != "" {
			break
		}
		list = list[:len(list)-1]
	}
	kept := list[:0]
	for _, s := range list {
		if s.Text != "" {
			kept = append(kept, s)
		}
	}
	return kept
}
