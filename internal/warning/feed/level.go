package feed

import (
	"regexp"
	"strings"

	"muster/internal/warning"
)

var capSeverity = map[string]warning.Level{
	"Extreme": warning.Red, "Severe": warning.Orange, "Moderate": warning.Yellow, "Minor": warning.Blue,
}

var colourWords = []struct {
	word  string
	level warning.Level
}{
	{"红", warning.Red}, {"紅", warning.Red}, {"red", warning.Red},
	{"橙", warning.Orange}, {"orange", warning.Orange},
	{"黄", warning.Yellow}, {"黃", warning.Yellow}, {"yellow", warning.Yellow},
	{"蓝", warning.Blue}, {"藍", warning.Blue}, {"blue", warning.Blue},
}

// levelOfColour reads a field that holds one colour, in Chinese or English.
func levelOfColour(s string) warning.Level {
	s = strings.ToLower(s)
	for _, c := range colourWords {
		if strings.Contains(s, c.word) {
			return c.level
		}
	}
	return warning.LevelUnknown
}

var (
	headlineColour = regexp.MustCompile(`[红紅橙黄黃蓝藍]色`)
	changedTo      = regexp.MustCompile(`(?:升级|降级|变更|调整|更改|转换|更新|升|降|改)(?:为|至|成)`)
	headlineGrade  = regexp.MustCompile(`(Ⅳ|Ⅲ|Ⅱ|Ⅰ|IV|III|II|I)级`)
	grades         = map[string]warning.Level{
		"Ⅰ": warning.Red, "I": warning.Red, "Ⅱ": warning.Orange, "II": warning.Orange,
		"Ⅲ": warning.Yellow, "III": warning.Yellow, "Ⅳ": warning.Blue, "IV": warning.Blue,
	}
)

// levelOfHeadline reads the level from a Chinese headline. Where the level is
// changed (蓝色升级为橙色) only what stands after the last such word counts;
// otherwise the highest colour does, then the grade (Ⅱ级).
func levelOfHeadline(headline string) warning.Level {
	if at := changedTo.FindAllStringIndex(headline, -1); len(at) > 0 {
		tail := headline[at[len(at)-1][1]:]
		if c := headlineColour.FindString(tail); c != "" {
			return levelOfColour(c)
		}
	}
	level := warning.LevelUnknown
	for i, c := range headlineColour.FindAllString(headline, -1) {
		if found := levelOfColour(c); i == 0 {
			level = found
		} else {
			level = warning.Higher(level, found)
		}
	}
	if m := headlineGrade.FindStringSubmatch(headline); level == warning.LevelUnknown && m != nil {
		return grades[m[1]]
	}
	return level
}

// setLevel decides between what the severity field, a colour parameter and the
// headline say. Where they disagree the higher is taken and flagged.
func (d *draft) setLevel(c *warning.Claim, field, parameter, headline warning.Level) {
	c.Level = warning.LevelUnknown
	for _, said := range []struct {
		level  warning.Level
		source string
	}{{field, "field"}, {parameter, "parameter"}, {headline, "headline"}} {
		switch {
		case said.level == warning.LevelUnknown || said.level == "":
		case c.Level == warning.LevelUnknown:
			c.Level, c.LevelSource = said.level, said.source
		case said.level != c.Level:
			d.flag(warning.FlagLevelConflict)
			if said.level.Rank() > c.Level.Rank() {
				c.Level, c.LevelSource = said.level, said.source
			}
		}
	}
	if c.Level == warning.LevelUnknown {
		d.flag(warning.FlagLevelUnknown)
	}
}

// saysLifted says whether a headline ends a warning: it holds 解除 (取消) and
// does not go on to issue another (解除黄色预警，发布橙色预警).
func saysLifted(headline string) bool {
	at := -1
	for _, word := range []string{"解除", "取消"} {
		if i := strings.LastIndex(headline, word); i >= 0 {
			at = max(at, i)
		}
	}
	if at < 0 {
		return false
	}
	tail := headline[at:]
	return !strings.Contains(tail, "发布") && !changedTo.MatchString(tail)
}
