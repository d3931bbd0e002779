package feed

import (
	"regexp"
	"strconv"
	"time"

	"muster/internal/clock"
)

// dayOrHour is a point in time as bulletins write it: 2026年7月10日18时30分,
// 10日20时, 今日20:00, 2026-07-10 18:30, 次日8时.
const (
	yearPart  = `(?:(20\d\d)[年/.-])?`
	datePart  = `(?:(?:` + yearPart + `(\d{1,2})[月/.-])?(\d{1,2})(?:日| |号)|(今日|今天|今晚|当日|昨日|昨天|明日|明天|次日|后天))`
	hourPart  = `(早上|上午|中午|下午|傍晚|晚上|夜间|凌晨)?(\d{1,2})(?:[时点](?:(\d{1,2})分|整)?|:(\d{2})(?::\d{2})?)`
	someHours = `(\d{1,3}|[一二三四六八九十]{1,3}|两)`
)

var (
	momentForm = regexp.MustCompile(`(?:` + datePart + `)?` + hourPart)
	spanForm   = regexp.MustCompile(`(?:` + datePart + `)?` + hourPart + `(?:起)?(?:至|到|-|~)(?:` + datePart + `)?` + hourPart)
	aheadForm  = regexp.MustCompile(`未来(?:的)?约?(?:` + someHours + `(?:-|至|到|~))?` + someHours + `个?小时`)
	untilForm  = regexp.MustCompile(`(?:有效(?:期|时间)?|持续|维持|截止(?:时间)?|当前|目前|即日起)(?:至|到|为|:)`)
	vagueForm  = regexp.MustCompile(`今(?:天)?(?:夜间|夜|晚)(?:至|到)明(?:天|日)?(?:白天)?|今明两天|明天白天|今天白天|未来[一二两三123]天`)
)

// point is a point in time with what the text left out.
type point struct {
	from, to    int
	year, month int // 0: not said
	day         int // 0: not said, unless relative
	relative    string
	hour, min   int
}

// pointGroups is how many groups a point has in a pattern.
const pointGroups = 8

func readPoint(s string, m []int, base int) (p point, ok bool) {
	num := func(i int) int {
		if m[2*i] < 0 {
			return 0
		}
		n, _ := strconv.Atoi(s[base+m[2*i] : base+m[2*i+1]])
		return n
	}
	word := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[base+m[2*i] : base+m[2*i+1]]
	}
	p = point{year: num(1), month: num(2), day: num(3), relative: word(4), hour: num(6), min: num(7) + num(8)}
	if part := word(5); p.hour < 12 && (part == "下午" || part == "傍晚" || part == "晚上" || p.relative == "今晚") {
		p.hour += 12
	}
	ok = p.hour <= 24 && p.min < 60 && p.month <= 12 && p.day <= 31 && (p.month == 0 || p.day > 0)
	return p, ok
}

// relativeDays are the words for a day, counted from the day of the text.
var relativeDays = map[string]int{"今日": 0, "今天": 0, "今晚": 0, "当日": 0, "昨日": -1, "昨天": -1, "明日": 1, "明天": 1, "次日": 1, "后天": 2}

// on gives the instant of a point, seen from a day that is near it: what the text
// left out is filled in so that the point comes to lie nearest. ok is false for a
// day that the calendar does not have.
func (p point) on(near time.Time) (time.Time, bool) {
	near = near.In(clock.Shanghai)
	y, mon, d := near.Date()
	switch {
	case p.day == 0:
		return clockOn(y, mon, d+relativeDays[p.relative], p.hour, p.min), true
	case p.year > 0:
		return p.exact(p.year, time.Month(p.month))
	}
	best, found := time.Time{}, false
	for shift := -1; shift <= 1; shift++ {
		year, month := y+shift, time.Month(p.month)
		if p.month == 0 {
			year, month = time.Date(y, mon+time.Month(shift), 1, 0, 0, 0, 0, clock.Shanghai).Year(), (mon+time.Month(shift)+11)%12+1
		}
		if t, ok := p.exact(year, month); ok && (!found || t.Sub(near).Abs() < best.Sub(near).Abs()) {
			best, found = t, true
		}
	}
	return best, found
}

func (p point) exact(year int, month time.Month) (time.Time, bool) {
	t := clockOn(year, month, p.day, p.hour, p.min)
	noon := time.Date(year, month, p.day, 12, 0, 0, 0, clock.Shanghai)
	return t, noon.Day() == p.day && noon.Month() == month && plausible(t)
}

func clockOn(y int, m time.Month, d, hour, min int) time.Time {
	return time.Date(y, m, d, hour, min, 0, 0, clock.Shanghai)
}

// hoursOfWord reads 6, 六, 十二, 二十四 or 两.
func hoursOfWord(word string) int {
	if n, err := strconv.Atoi(word); err == nil {
		return n
	}
	digits := map[rune]int{'一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '六': 6, '八': 8, '九': 9}
	total, unit := 0, 0
	for _, r := range word {
		if r == '十' {
			total, unit = total+max(unit, 1)*10, 0
			continue
		}
		unit = digits[r]
	}
	return total + unit
}
