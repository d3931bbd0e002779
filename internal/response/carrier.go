package response

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The carriers' rules (operations.md §4.1).
const (
	maxSMS      = 500 // characters with the signature
	oneSMS      = 70  // characters of one short message, with the signature
	twoSMS      = 134
	maxSpoken   = 1000
	maxPlay     = 25  // seconds of one play
	speed       = 4.5 // characters a second
	maxValue    = 35  // characters of a value
	maxSpeaking = 2   // values in a call
	maxThing    = 20  // characters of a field of a WeChat subscription message
)

var (
	mobile   = regexp.MustCompile(`1[3-9]\d{9}`)
	identity = regexp.MustCompile(`\d{17}[\dXx]`)
	link     = regexp.MustCompile(`(?i)(https?://|www\.)[^\s，。]*|[a-z0-9-]+(\.[a-z0-9-]+)*\.(cn|com|net|org|top|cc)(/[^\s，。]*)?`)
)

// forbidden are signs that carriers refuse in a text.
var forbidden = map[Channel]string{
	SMS:   "【】「」•★→",
	Voice: "#/:-%【】",
}

// avoided are words that set no clock, claim what was not checked, or threaten
// (operations.md §4.4).
var avoided = []string{"尽快", "适时", "建议", "如有必要", "疏散", "已安全", "全部安全", "失效", "一级响应", "追责", "严肃处理", "测试"}

// clean makes a value fit for a channel that leaves the house. Numbers of phones
// and papers are nobody's business there.
func (c Channel) clean(v string) string {
	if !c.locked() && c != Robot {
		return v
	}
	if c == Voice {
		v = clockTime.ReplaceAllString(v, "${1}点${2}分")
	}
	drop := forbidden[c]
	if c == Robot {
		drop = markdown
	}
	v = strings.Map(func(r rune) rune {
		if strings.ContainsRune(drop, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, v)
	for again := strings.ContainsAny(v, ".:0123456789"); again; { // what is left may join into another
		before := v
		for _, pattern := range []*regexp.Regexp{identity, mobile, link} {
			v = pattern.ReplaceAllString(v, "")
		}
		again = v != before
	}
	return v
}

// markdown are the signs by which a value could change a card.
const markdown = "*[]()<>`_#\n"

var clockTime = regexp.MustCompile(`(\d{1,2})[:：](\d{2})`)

// Segments is how many short messages a text of so many characters is, with the
// signature: one up to 70, otherwise 67 each.
func Segments(characters int) int {
	if characters <= oneSMS {
		return 1
	}
	return (characters + 66) / 67
}

// PlayTime is how long a text takes to be spoken once, in whole seconds.
func PlayTime(text string) int {
	return int(float64(utf8.RuneCountInString(text))/speed + 0.5)
}

// CheckText says in words what a carrier would refuse in a finished text;
// signature is its number of characters with 【】.
func CheckText(c Channel, text string, signature int) []string {
	var wrong []string
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	n := utf8.RuneCountInString(text)
	switch {
	case c == SMS && n+signature > maxSMS:
		bad("连签名%d字，短信最多%d字", n+signature, maxSMS)
	case c == Voice && n > maxSpoken:
		bad("%d字，语音最多%d字", n, maxSpoken)
	case c == Voice && PlayTime(text) > maxPlay:
		bad("播放一遍约%d秒，最多%d秒", PlayTime(text), maxPlay)
	case c == Robot && len(text) > maxCard:
		bad("卡片%d字节，最多%d字节", len(text), maxCard)
	}
	if i := strings.IndexAny(text, forbidden[c]); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		bad("含运营商不允许的符号“%c”", r)
	}
	if (c == SMS || c == Voice || c == Robot) && (mobile.MatchString(text) || identity.MatchString(text)) {
		bad("含手机号码或证件号码")
	}
	if c == Voice && link.MatchString(text) || c == SMS && strings.Contains(text, "://") {
		bad("含链接")
	}
	return wrong
}

// checkTemplate says in words what a carrier would refuse in a template,
// whatever its values.
func checkTemplate(c Channel, text string, widths map[string]int) []string {
	var wrong []string
	names := variables(text)
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for i, name := range names {
		if _, ok := (Facts{}).said(name, "", c); !ok {
			bad("没有名为“%s”的变量", name)
		}
		if !c.locked() {
			continue
		}
		if slices.Contains(names[:i], name) {
			bad("变量“%s”出现两次", name)
		}
		if w := widths[name]; w == 0 || w > maxValue {
			bad("变量“%s”没有登记长度或超过%d字", name, maxValue)
		}
	}
	if c == Voice && len(names) > maxSpeaking {
		bad("语音最多%d个变量", maxSpeaking)
	}
	if c == SMS || c == Voice {
		wrong = append(wrong, adjacent(text)...)
	}
	for _, word := range avoided {
		if strings.Contains(text, word) {
			bad("不用“%s”一词", word)
		}
	}
	return wrong
}

// adjacent: signs between two values do not part them.
func adjacent(text string) []string {
	parts := variable.Split(text, -1)
	letters := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	}
	if !slices.ContainsFunc(parts, letters) {
		return []string{"只有变量，没有固定文字"}
	}
	for _, between := range parts[1:max(1, len(parts)-1)] {
		if !letters(between) {
			return []string{"两个变量相邻"}
		}
	}
	return nil
}
