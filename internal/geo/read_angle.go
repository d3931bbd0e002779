package geo

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// axis is what a word beside a number says it is.
type axis int

const (
	noAxis axis = iota
	lonAxis
	latAxis
)

// number is one angle of a text, in degrees.
type number struct {
	value   float64
	integer bool // written without a point and without minutes
	says    axis
	gap     gap // what stands between it and the one before on its line
}

// gap is how far apart two numbers of a line are.
type gap int

const (
	byComma gap = iota
	bySpace
	byMark // semicolon, bracket, 、
)

// textLine is a line with its numbers, and its words when it has none.
type textLine struct {
	at      int // counted from 1
	numbers []number
	words   string
}

// signs are the ways keyboards and programs write degrees, minutes and seconds.
var signs = strings.NewReplacer("º", "°", "˚", "°", "′", "'", "’", "'", "‘", "'", "´", "'", "`", "'", "″", `"`, "”", `"`, "“", `"`,
	"−", "-", "–", "-", "—", "-", "\u00a0", " ", "\u3000", " ", "。", ";", "，", ",", "；", ";", "：", ":", "（", "(", "）", ")", "【", "[", "】", "]", "＝", "=")

// narrowed turns full-width digits and letters into plain ones.
func narrowed(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - 0xFEE0
	}
	return r
}

var (
	minutesMarked = regexp.MustCompile(`^\s*(\d{1,2}(?:\.\d+)?)\s*['分]`)
	minutesBare   = regexp.MustCompile(`^(\d{1,2}(?:\.\d+)?)`)
	secondsMarked = regexp.MustCompile(`^\s*(\d{1,2}(?:\.\d+)?)\s*(?:"|''|秒)`)
	plainNumber   = regexp.MustCompile(`^[-+]?(?:\d+(?:\.\d*)?|\.\d+)`)
	degreeMark    = regexp.MustCompile(`^\s*[°度]`)
	sexagesimal   = regexp.MustCompile(`^(\d{1,3})(?::(\d{1,2}):(\d{1,2}(?:\.\d+)?)|-(\d{1,2})-(\d{1,2}(?:\.\d+)?))`)
	// An integer before one of these counts something, it is no degree.
	counted  = regexp.MustCompile(`^\s*(?:[年月日时点分秒号个人处户名辆台米千公月周]|k?m\b|%)`)
	axisWord = regexp.MustCompile(`(?i)(经度?|纬度?|longitude|latitude|long|lon|lng|lat|东|西|南|北|[ewnsxy])$`)
)

// lex finds the numbers of a text, line by line.
func lex(text string) []textLine {
	text = strings.Map(narrowed, signs.Replace(text))
	var lines []textLine
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n") {
		l := lineReader{text: line}
		for l.at < len(l.text) {
			l.step()
		}
		out := textLine{at: i + 1, numbers: l.numbers}
		if len(l.numbers) == 0 {
			out.words = strings.Trim(strings.TrimSpace(line), ":;,")
		}
		lines = append(lines, out)
	}
	return lines
}

// lineReader is a place in a line.
type lineReader struct {
	text    string
	at      int
	since   int // where the last number ended
	numbers []number
}

func (l *lineReader) step() {
	rest := l.text[l.at:]
	c, size := utf8.DecodeRuneInString(rest)
	switch {
	case c >= '0' && c <= '9', (c == '-' || c == '+' || c == '.') && plainNumber.MatchString(rest) && !l.afterDigit():
		l.take()
	default:
		l.at += size
	}
}

func (l *lineReader) afterDigit() bool {
	return l.at > 0 && (l.text[l.at-1] >= '0' && l.text[l.at-1] <= '9')
}

// take reads a number unless it only labels or counts something.
func (l *lineReader) take() {
	const enough = 24 // bytes: what is further away says nothing about this number
	before := l.text[max(l.since, l.at-enough):l.at]
	n, length := angle(l.text[l.at:])
	l.at += length
	if n.integer && (labels(before) || l.since > 0 && strings.TrimSpace(before) == "+" || counted.MatchString(l.text[l.at:])) {
		return
	}
	n.gap, n.says = gapOf(before), axisOf(before)
	l.numbers = append(l.numbers, n)
	l.since = l.at
}

// angle reads the number at the beginning of a text and says how long it is.
func angle(text string) (number, int) {
	if m := sexagesimal.FindStringSubmatch(text); m != nil {
		min, sec := m[2]+m[4], m[3]+m[5]
		return number{value: degreesOf(m[1], min, sec)}, len(m[0])
	}
	whole := plainNumber.FindString(text)
	n := number{integer: !strings.Contains(whole, ".")}
	at := len(whole)
	minutes, seconds := "", ""
	if mark := degreeMark.FindString(text[at:]); mark != "" {
		at += len(mark)
		integer := n.integer
		n.integer = false
		if integer {
			var length int
			minutes, seconds, length = minutesOf(text[at:])
			at += length
		}
	}
	n.value = degreesOf(whole, minutes, seconds)
	return n, at
}

// minutesOf reads minutes and seconds after a degree sign.
func minutesOf(text string) (minutes, seconds string, length int) {
	m := minutesMarked.FindStringSubmatch(text)
	if m == nil {
		m = minutesBare.FindStringSubmatch(text)
		if m == nil || degreeMark.MatchString(text[len(m[0]):]) {
			return "", "", 0
		}
		return m[1], "", len(m[0])
	}
	minutes, length = m[1], len(m[0])
	if s := secondsMarked.FindStringSubmatch(text[length:]); s != nil {
		return minutes, s[1], length + len(s[0])
	}
	if s := minutesBare.FindStringSubmatch(text[length:]); s != nil && !degreeMark.MatchString(text[length+len(s[0]):]) {
		return minutes, s[1], length + len(s[0])
	}
	return minutes, "", length
}

func degreesOf(whole, minutes, seconds string) float64 {
	d, _ := strconv.ParseFloat(whole, 64)
	m, _ := strconv.ParseFloat(minutes, 64)
	s, _ := strconv.ParseFloat(seconds, 64)
	if strings.HasPrefix(whole, "-") {
		return d - m/60 - s/3600
	}
	return d + m/60 + s/3600
}

// labels says whether the number after a text belongs to a name: P1, 点1, K12.
func labels(before string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	if last == utf8.RuneError || axisOf(before) != noAxis {
		return false
	}
	return unicode.IsLetter(last) && last < unicode.MaxASCII || strings.ContainsRune("点第号界拐桩", last)
}

// axisOf is what the word right before a number says. Two such words in a row
// are the head of a table and say nothing about one number.
func axisOf(before string) axis {
	before = strings.TrimRight(before, " \t:=°度")
	if strings.HasSuffix(before, "经") || strings.HasSuffix(before, "纬") {
		before += "度" // of 经度 the trim took half
	}
	word := axisWord.FindString(before)
	if word == "" {
		return noAxis
	}
	rest := strings.TrimSuffix(before, word)
	if last, _ := utf8.DecodeLastRuneInString(rest); last < unicode.MaxASCII && unicode.IsLetter(last) {
		return noAxis
	}
	if strings.ContainsAny(rest, "经纬") && !strings.HasSuffix(rest, "经") {
		return noAxis
	}
	switch strings.ToLower(word)[0] {
	case 'e', 'w', 'x':
		return lonAxis
	case 'n', 's', 'y':
		return latAxis
	}
	if strings.ContainsAny(word, "经东西") || strings.HasPrefix(strings.ToLower(word), "lo") || strings.EqualFold(word, "lng") {
		return lonAxis
	}
	return latAxis
}

func gapOf(between string) gap {
	switch {
	case strings.ContainsAny(between, ";|()[]{}、/"):
		return byMark
	case strings.Contains(between, ","):
		return byComma
	}
	return bySpace
}
