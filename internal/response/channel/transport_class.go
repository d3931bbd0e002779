package channel

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// verdict is what one documented code of a carrier means for us.
type verdict struct {
	class Class
	after time.Duration // earliest next try
	bad   bool          // the receiver's number is wrong
}

// verdicts is a carrier's table of codes. Codes that are not in it go by prefix,
// then by other.
type verdicts struct {
	exact  map[string]verdict
	prefix []prefixVerdict // the first that fits counts
	other  verdict
}

type prefixVerdict struct {
	prefix string
	verdict
}

// failure classes a refusal. What the carrier said is kept without numbers that
// could be a phone's.
func (v verdicts) failure(code, text string) *Failure {
	found, ok := v.exact[code]
	if !ok {
		found = v.other
		for _, p := range v.prefix {
			if strings.HasPrefix(code, p.prefix) {
				found = p.verdict
				break
			}
		}
	}
	return &Failure{Class: found.class, Code: code, Text: scrub(text), After: found.after, Bad: found.bad}
}

var longNumber = regexp.MustCompile(`\+?\d{7,}`)

// scrub takes numbers out of a carrier's text and bounds it.
func scrub(text string) string {
	const most = 120
	text = longNumber.ReplaceAllString(strings.ToValidUTF8(strings.TrimSpace(text), ""), "…")
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	return text
}
