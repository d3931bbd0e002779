package channel

import (
	"regexp"
	"slices"
	"strings"
)

// cardLimit is the most bytes of a card, the same for all robots (operations.md
// §4.4). Every provider takes more: WeCom 2,048 for text and 4,096 for markdown,
// Feishu 20 KB for the whole request.
const cardLimit = 900

// openPage is what the link of a card is called.
const openPage = "打开处置页"

const ellipsis = "…"

// card is a robot's message before a provider's markup is put around it.
type card struct {
	title    string
	lines    []string
	link     string
	level    string
	exercise bool
	mention  []string
}

// cardOf makes the card of a message that, rendered, is within cardLimit. The
// line of the instruction (要求) and those that name a drill (演练) stay whole as
// long as anything else can be cut.
func cardOf(m Message, render func(card) string) card {
	c := card{title: cardTitle(m), lines: cardLines(m.Text), link: m.Link, level: m.Level, exercise: m.Exercise,
		mention: m.Mention}
	for {
		excess := len(render(c)) - cardLimit
		if excess <= 0 || !c.shorten(excess) {
			return c
		}
	}
}

func cardTitle(m Message) string {
	title := inert(m.Title)
	if title == "" {
		title = "通知"
	}
	if m.Exercise && !strings.HasPrefix(title, "演练") {
		title = "演练｜" + title
	}
	return title
}

func cardLines(text string) []string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(inert(line)); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// markup are the signs by which the providers read markdown, mentions and links.
var markup = strings.NewReplacer("[", "［", "]", "］", "*", "＊", "<", "＜", ">", "＞", "`", "＇", "#", "＃", "_", "＿", "~", "～",
	"\r", "", "\x00", "")

// inert takes the markup out of words: a site's name must not become a link or
// call a whole group.
func inert(s string) string { return markup.Replace(strings.ToValidUTF8(s, "")) }

// shorten takes about excess bytes away from what matters least: the longest line
// that is not essential, then the title, then the link, then the end of the
// instruction. It is false when nothing is left to take.
func (c *card) shorten(excess int) bool {
	if i := c.dispensable(); i >= 0 {
		c.shortenLine(i, excess)
		return true
	}
	const enough = 120 // bytes of a title that still says which warning
	if len(c.title) > enough {
		c.title = clip(c.title, max(enough, len(c.title)-excess))
		return true
	}
	if len(c.link) > cardLimit/2 {
		c.link = "" // a cut link opens nothing
		return true
	}
	if len(c.lines) == 0 {
		return false
	}
	c.shortenLine(len(c.lines)-1, excess)
	return true
}

// shortenLine cuts a line, or drops it when too little of it would be left.
func (c *card) shortenLine(i, excess int) {
	const tooLittle = 24
	if keep := len(c.lines[i]) - excess; keep >= tooLittle {
		c.lines[i] = clip(c.lines[i], keep)
		return
	}
	c.lines = slices.Delete(slices.Clone(c.lines), i, i+1)
}

// dispensable is the longest line that a reader can do without, or -1. A text of
// one line is all instruction.
func (c *card) dispensable() int {
	best := -1
	for i, line := range c.lines {
		if len(c.lines) == 1 || essential(line) {
			continue
		}
		if best < 0 || len(line) > len(c.lines[best]) {
			best = i
		}
	}
	return best
}

func essential(line string) bool {
	return strings.HasPrefix(line, "要求") || strings.Contains(line, "演练")
}

// clip cuts a text to at most limit bytes on a rune boundary and shows that it
// was cut.
func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	if limit < len(ellipsis) {
		return ""
	}
	return strings.ToValidUTF8(s[:limit-len(ellipsis)], "") + ellipsis
}

var mobile = regexp.MustCompile(`^1[3-9]\d{9}$`)

// mobiles are the mentions that are phone numbers.
func mobiles(mention []string) []string {
	return slices.DeleteFunc(slices.Clone(mention), func(s string) bool { return !mobile.MatchString(s) })
}
