package feed

import (
	"regexp"
	"strings"

	"muster/internal/warning"
)

// signal is a hazard with its level, as a text names them side by side.
type signal struct {
	from, to           int // the whole
	hazardAt, hazardTo int
	levelAt, levelTo   int // equal: no level beside it
	event              string
	hazard             warning.Hazard
	level              warning.Level
}

const (
	hazardPattern = `雷雨大风|雷暴大风|强对流(?:天气)?|暴雨诱发的?中小河流洪水|中小河流洪水|江河洪水|山洪灾害|山洪|洪水|渍涝|内涝|泥石流|滑坡|崩塌|地质灾害|水库泄洪|泄洪|` +
		`特大暴雨|大暴雨|暴雨|强降雨|连阴雨|台风|大风|龙卷风?|沙尘暴|雷电|雷暴|冰雹|高温|干热风|大雾|浓雾|霾|道路结冰|低温雨雪冰冻|冰冻|暴雪|大雪|寒潮|霜冻|低温|` +
		`森林草原火险|森林火险|草原火险|干旱|地震`
	levelPattern = `[红橙黄蓝]色|Ⅳ级|Ⅲ级|Ⅱ级|Ⅰ级|IV级|III级|II级|I级`
	between      = `(?:气象|风险|灾害|天气|事件|预报|等级|级别|信号)*`
	quote        = `["(《]?`
)

// signalForm are the ways to write hazard and level: 橙色山洪灾害气象预警,
// 暴雨橙色(预警信号), 地质灾害气象风险预警(黄色), and 暴雨预警 alone.
var signalForm = regexp.MustCompile(`(` + levelPattern + `)"?的?(` + hazardPattern + `)` + between + `预警` +
	`|(` + hazardPattern + `)` + between + quote + `(` + levelPattern + `)` +
	`|(` + hazardPattern + `)` + between + `(?:[1-4一二三四]级)(?:风险)?预警` +
	`|(` + hazardPattern + `)` + between + `预警` + between + `(?:[(:为是"]{0,2}(` + levelPattern + `))?`)

// levelForm is a level away from its hazard, where one is meant: 黄色预警, (橙色),
// 3级风险. A grade before 响应 is of a plan, not of a warning.
var levelForm = regexp.MustCompile(`(` + levelPattern + `)"?(?:[(](?:` + levelPattern + `|[1-4一二三四]级)[)])?(?:` + between + `预警|区域|风险区)` +
	`|[(](` + levelPattern + `)(?:` + between + `预警)?[)]` +
	`|([1-4一二三四]级)(?:气象)?(?:风险|预警)` +
	`|(?:预警|风险)(?:等级|级别)[:为是]?(` + levelPattern + `|[1-4一二三四]级)`)

var gradeDigits = map[string]warning.Level{"1": warning.Red, "一": warning.Red, "2": warning.Orange, "二": warning.Orange,
	"3": warning.Yellow, "三": warning.Yellow, "4": warning.Blue, "四": warning.Blue}

// levelOfWord reads 橙色, Ⅱ级, II级 or 2级. Geological bulletins count from 1 for
// red, as the Roman grades do.
func levelOfWord(word string) warning.Level {
	if stem, ok := strings.CutSuffix(word, "级"); ok {
		if l, ok := grades[stem]; ok {
			return l
		}
		if l, ok := gradeDigits[stem]; ok {
			return l
		}
		return warning.LevelUnknown
	}
	return levelOfColour(word)
}

// signalsIn finds the signals of a stretch of text.
func signalsIn(s string, from, to int) []signal {
	var out []signal
	for _, m := range signalForm.FindAllStringSubmatchIndex(s[from:to], -1) {
		g := func(i int) (int, int) {
			if m[2*i] < 0 {
				return 0, 0
			}
			return from + m[2*i], from + m[2*i+1]
		}
		x := signal{from: from + m[0], to: from + m[1]}
		for _, i := range []int{2, 3, 5, 6} {
			if a, b := g(i); b > 0 {
				x.hazardAt, x.hazardTo = a, b
			}
		}
		for _, i := range []int{1, 4, 7} {
			if a, b := g(i); b > 0 && !ofPlan(s[b:]) {
				x.levelAt, x.levelTo = a, b
			}
		}
		x.event = s[x.hazardAt:x.hazardTo]
		x.hazard, x.level = warning.HazardOf("", "", x.event), warning.LevelUnknown
		if x.levelTo > 0 {
			x.level = levelOfWord(s[x.levelAt:x.levelTo])
		}
		out = append(out, x)
	}
	return out
}

// ofPlan says whether a level is that of an emergency plan (Ⅱ级应急响应).
func ofPlan(after string) bool {
	return strings.HasPrefix(after, "应急响应") || strings.HasPrefix(after, "响应") || strings.HasPrefix(after, "防汛应急响应") || strings.HasPrefix(after, "地质灾害应急响应")
}

// levelWord is a level that stands away from its hazard.
type levelWord struct {
	from, to int
	level    warning.Level
}

func levelWords(s string, from, to int) []levelWord {
	var out []levelWord
	for _, m := range levelForm.FindAllStringSubmatchIndex(s[from:to], -1) {
		for i := 2; i < len(m); i += 2 {
			if m[i] >= 0 && !ofPlan(s[from+m[i+1]:]) {
				out = append(out, levelWord{from + m[i], from + m[i+1], levelOfWord(s[from+m[i] : from+m[i+1]])})
			}
		}
	}
	return out
}
