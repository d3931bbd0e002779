package feed

import (
	"regexp"
	"slices"
	"strings"
)

// acting are the words by which an office issues, changes or ends a warning.
var acting = regexp.MustCompile(`发布|发出|签发|解除|取消|撤销|继续|更新|变更|升级|降级|升至|降至|调整`)

// byName are words after which an office is only quoted.
var byName = regexp.MustCompile(`(?:根据|依据|按照|据|结合)$`)

// resultHead begins the daily bulletins that name no office.
var resultHead = regexp.MustCompile(`(?:地质灾害|山洪灾害)气象(?:风险)?预警(?:预报)?结果如下`)

// head is where a bulletin begins: an office and what it does, or the words of a
// daily bulletin.
type head struct {
	from, to int // of the sentence that acts
	begins   int // where the first that says it begins: its title
	issuer   *office
}

// farthestVerb is how many bytes may stand between an office and its verb: a date
// and a few words.
const farthestVerb = 120

// heads finds where bulletins begin, in order.
func heads(p plain, list []office) []head {
	var out []head
	for i, o := range list {
		if byName.MatchString(p.s[max(0, o.from-9):o.from]) {
			continue
		}
		rest := p.s[o.to:min(len(p.s), o.to+farthestVerb)]
		if stop := strings.IndexAny(rest, "。;!"); stop >= 0 {
			rest = rest[:stop]
		}
		if i+1 < len(list) && list[i+1].from < o.to+len(rest) {
			rest = rest[:max(0, list[i+1].from-o.to)]
		}
		if acting.MatchString(rest) {
			out = append(out, head{o.from, sentenceEnd(p.s, o.to), o.from, &list[i]})
		}
	}
	for _, m := range resultHead.FindAllStringIndex(p.s, -1) {
		if !within(out, m[0]) {
			start := p.lineStart(m[0])
			out = append(out, head{from: start, to: m[1], begins: start})
		}
	}
	slices.SortFunc(out, func(a, b head) int { return a.from - b.from })
	return out
}

func within(list []head, at int) bool {
	for _, h := range list {
		if at >= h.from && at < h.to {
			return true
		}
	}
	return false
}

// longestHead is as far as the sentence that acts is followed.
const longestHead = 600

// headEnd is what ends the sentence that acts: what comes after is the forecast.
var headEnd = regexp.MustCompile(`[。!;]|:[^0-9]|:$|预计|预报`)

func sentenceEnd(s string, from int) int {
	limit := whole(s, min(len(s), from+longestHead))
	if m := headEnd.FindStringIndex(s[from:limit]); m != nil {
		return from + m[0]
	}
	return limit
}

// whole moves a place back to where a character begins.
func whole(s string, at int) int {
	for at < len(s) && at > 0 && s[at]&0xC0 == 0x80 {
		at--
	}
	return at
}
