package gate

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Shape is a record as its keeper may see it: how it is built, and its times,
// because a wrong clock is what one looks for. Every letter of a value is an x,
// every digit a 9, every Chinese character 某; the names of JSON fields stay.
func Shape(record []byte) string {
	var v any
	if json.Unmarshal(record, &v) == nil {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if e.Encode(shapeOf(v)) == nil {
			return cut(strings.TrimSpace(b.String()))
		}
	}
	return cut(blur(string(record)))
}

func shapeOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			out[fieldName(name)] = shapeOf(value)
		}
		return out
	case []any:
		v = slices.Clone(v[:min(len(v), 3)])
		for i := range v {
			v[i] = shapeOf(v[i])
		}
		return v
	case string:
		return blur(v)
	case float64:
		return "9"
	}
	return v
}

// fieldName keeps a name that a program gave: a number as a name may be anybody's.
func fieldName(name string) string {
	if strings.IndexFunc(name, unicode.IsLetter) == 0 && len(name) <= 40 {
		return name
	}
	return blur(name)
}

// aTime is an instant, not a birthday: it has a time of day.
var aTime = regexp.MustCompile(`\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})?`)

// blur hides what a text says, times apart.
func blur(text string) string {
	var b strings.Builder
	at := 0
	for _, span := range aTime.FindAllStringIndex(text, -1) {
		b.WriteString(strings.Map(veil, text[at:span[0]]))
		b.WriteString(text[span[0]:span[1]])
		at = span[1]
	}
	b.WriteString(strings.Map(veil, text[at:]))
	return b.String()
}

func veil(r rune) rune {
	switch {
	case unicode.IsDigit(r):
		return '9'
	case unicode.Is(unicode.Han, r):
		return '某'
	case unicode.IsLetter(r):
		return 'x'
	case r != unicode.ReplacementChar && unicode.IsPrint(r) || r == '\t' || r == '\n':
		return r
	}
	return '·'
}

const longestShape = 600

func cut(text string) string {
	if r := []rune(text); len(r) > longestShape {
		return string(r[:longestShape]) + "…"
	}
	return text
}
