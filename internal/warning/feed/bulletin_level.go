package feed

import (
	"regexp"
	"sort"
	"strings"

	"muster/internal/warning"
)

// subject is a hazard that the bulletin is about, with the level at its head.
type subject struct {
	event  string
	hazard warning.Hazard
	level  warning.Level
}

// gradeBeside is a grade in brackets behind a colour: 橙色预警(Ⅱ级).
var gradeBeside = regexp.MustCompile(`^"?(?:预警)?(?:信号)?[(/]?(Ⅳ级|Ⅲ级|Ⅱ级|Ⅰ级|IV级|III级|II级|I级|[1-4一二三四]级)`)

// subjects finds the hazards with their levels in the head of the bulletin; in one
// that has no head, in its first signal.
func (b *bulletin) subjects() []subject {
	all := signalsIn(b.text.s, b.from, b.to)
	var of []signal
	for _, x := range all {
		if x.from < b.head.to && !b.ofBefore(x) {
			of = append(of, x)
		}
	}
	if len(of) == 0 && len(all) > 0 {
		of = all[:1]
	}
	var out []subject
	for _, x := range b.changed(of) {
		b.mark(x.hazardAt, x.hazardTo, MarkHazard, x.hazard.Label(), x.hazard != warning.Other)
		out = b.addSubject(out, x)
	}
	return out
}

// ofBefore says whether a signal is the one that ends or is replaced while another
// is issued: 解除暴雨黄色预警,发布暴雨橙色预警.
func (b *bulletin) ofBefore(x signal) bool {
	return !b.lifts && (strings.HasSuffix(b.text.s[b.from:x.from], "解除") || strings.HasSuffix(b.text.s[b.from:x.from], "取消"))
}

// changed keeps of signals before and after 升级为 what is after; where that is a
// colour alone (暴雨黄色预警升级为橙色预警), the hazard is the one before.
func (b *bulletin) changed(list []signal) []signal {
	if len(list) == 0 {
		return list
	}
	from := list[0].from
	turns := changedTo.FindAllStringIndex(b.text.s[from:max(from, b.head.to)], -1)
	if len(turns) == 0 {
		return list
	}
	at := from + turns[len(turns)-1][1]
	var after []signal
	for _, x := range list {
		if x.from >= at {
			after = append(after, x)
		}
	}
	if len(after) > 0 {
		return after
	}
	words := levelWords(b.text.s, at, b.head.to)
	if len(words) == 0 {
		return list
	}
	x := list[len(list)-1]
	x.levelAt, x.levelTo, x.level = words[0].from, words[0].to, words[0].level
	return []signal{x}
}

func (b *bulletin) addSubject(list []subject, x signal) []subject {
	level := b.levelOf(x)
	for i, have := range list {
		if have.hazard != x.hazard {
			continue
		}
		switch {
		case level == warning.LevelUnknown || level == have.level:
		case have.level == warning.LevelUnknown:
			list[i].level = level
		default:
			b.conflict()
			list[i].level = warning.Higher(level, have.level)
		}
		return list
	}
	return append(list, subject{x.event, x.hazard, level})
}

// levelOf is the level beside the hazard. A grade behind the colour that says
// something else is a conflict: the higher is taken.
func (b *bulletin) levelOf(x signal) warning.Level {
	if x.levelTo == 0 {
		return x.level
	}
	b.mark(x.levelAt, x.levelTo, MarkLevel, x.level.Label(), true)
	if m := gradeBeside.FindStringSubmatchIndex(b.text.s[x.levelTo:b.to]); m != nil && !ofPlan(b.text.s[x.levelTo+m[3]:]) {
		grade := levelOfWord(b.text.s[x.levelTo+m[2] : x.levelTo+m[3]])
		b.mark(x.levelTo+m[2], x.levelTo+m[3], MarkLevel, grade.Label(), grade == x.level)
		if grade != x.level {
			b.conflict()
			return warning.Higher(grade, x.level)
		}
	}
	return x.level
}

func (b *bulletin) conflict() {
	b.flag(warning.FlagLevelConflict)
	b.hold("level_conflict", "文中的等级前后不一致，已取较高的，请人工确认")
}

// levelled gives each place its level: the level word at the head of its clause or
// list (3级,黄色预警:…), the one that closes its list (…(黄色预警)), else unknown,
// which leaves it to the head of the bulletin.
func (b *bulletin) levelled(list []place) []warning.Level {
	words := levelWords(b.text.s, max(b.from, b.head.to), b.adviceAt)
	out := make([]warning.Level, len(list))
	for i, p := range list {
		out[i] = b.levelFor(p, list, words)
	}
	for _, w := range words {
		b.mark(w.from, w.to, MarkLevel, w.level.Label(), true)
	}
	return out
}

func (b *bulletin) levelFor(p place, list []place, words []levelWord) warning.Level {
	clauseFrom, clauseTo := b.clauseOf(p.from)
	var before, after *levelWord
	for i, w := range words {
		if w.to <= p.from {
			before = &words[i]
		}
		if after == nil && w.from >= p.to && w.from < clauseTo {
			after = &words[i]
		}
	}
	heads := before != nil && (titles.MatchString(b.text.s[before.to:b.to]) || !placeBetween(list, max(clauseFrom, b.startOf(before.from)), before.from))
	switch {
	case heads && before.from >= clauseFrom:
		return before.level
	case after != nil:
		return after.level
	case heads:
		return before.level
	}
	return warning.LevelUnknown
}

// titles is what follows a level that stands over a list: 黄色预警:…, 黄色预警区域….
var titles = regexp.MustCompile(`^"?(?:气象|风险)*(?:预警)?(?:信号)?(?:[(][^()]{1,12}[)])?(?::|预警区域|区域)`)

// startOf is where the clause of a place begins.
func (b *bulletin) startOf(at int) int { from, _ := b.clauseOf(at); return from }

func (b *bulletin) clauseOf(at int) (from, to int) {
	if b.stops == nil {
		b.stops = clauseEnds(b.text.s, b.from, b.to)
	}
	i := sort.SearchInts(b.stops, at)
	if i == 0 {
		return b.from, b.stops[0]
	}
	return b.stops[i-1], b.stops[min(i, len(b.stops)-1)]
}

// clauseEnds are the places where clauses end, the last of them the end itself.
func clauseEnds(s string, from, to int) []int {
	var out []int
	for i, r := range s[from:to] {
		if r == '。' || r == ';' || r == '!' {
			out = append(out, from+i)
		}
	}
	return append(out, to)
}

func placeBetween(list []place, from, to int) bool {
	i := sort.Search(len(list), func(i int) bool { return list[i].from >= from })
	return i < len(list) && list[i].from < to
}
