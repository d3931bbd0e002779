package feed

import (
	"html"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain is a pasted text brought to one way of writing: simplified characters,
// half-width digits and brackets, no tags, no blanks or line ends inside words;
// with the way back to where each byte came from.
type plain struct {
	s      string
	at     []int  // of each byte of s, and of its end: which character of the paste
	breaks []int  // bytes of s before which a line began
	wrote  []rune // the characters of s as they were written
	nth    []int  // of each byte of s, and of its end: which of wrote
}

// words are the bytes from…to as they were written.
func (p plain) words(from, to int) string { return string(p.wrote[p.nth[from]:p.nth[to]]) }

// simplified are the traditional characters (繁体) of the words that are looked
// for, and of the regions that we have.
var simplified = func() map[rune]rune {
	pairs := []rune("紅红黃黄藍蓝預预氣气臺台颱台風风發发佈布災灾質质東东縣县區区鎮镇鄉乡廣广達达資资陽阳樂乐瀘泸綿绵遂遂內内雲云雷雷電电霧雾" +
		"結结凍冻險险點点時时將将續续級级變变關关係系號号貢贡爾尔馬马義义會会會会蘆芦滎荥漢汉寶宝峨峨甯宁寧宁溫温龍龙潰溃洩泄廳厅務务" +
		"總总處处責责應应對对導导長长門门開开閉闭鹽盐興兴蘇苏諾诺魯鲁隆隆劍剑蒼苍營营順顺進进遠远過过當当於于為为與与幾几個个國国" +
		"聯联間间較较體体積积強强濕湿熱热濃浓異异標标準准條条線线訊讯報报監监測测規规劃划農农養养紀纪來来撤撤離离圍围員员請请註注")
	table := map[rune]rune{}
	for i := 0; i+1 < len(pairs); i += 2 {
		table[pairs[i]] = pairs[i+1]
	}
	return table
}()

// punctuation are the signs that are written in several ways.
var punctuation = map[rune]rune{
	'—': '-', '–': '-', '－': '-', '〜': '~', '“': '"', '”': '"', '「': '"', '」': '"', '『': '"', '』': '"', '〔': '(', '〕': ')', '﹕': ':', '﹔': ';', '．': '.',
}

type plainWriter struct {
	out     strings.Builder
	p       plain
	last    rune
	gap     bool // blanks since the last character
	newLine bool // with a line end among them
}

func plainOf(text string) plain {
	w := plainWriter{}
	position := 0
	for rest := text; rest != ""; {
		n, written, isBreak := nextSign(rest)
		r := oneWay(written)
		switch {
		case isBreak:
			w.gap, w.newLine = true, true
		case r == ' ':
			w.gap = true
		case r != 0:
			w.put(r, written, position)
		}
		position += utf8.RuneCountInString(rest[:n])
		rest = rest[n:]
	}
	w.p.at, w.p.nth = append(w.p.at, position), append(w.p.nth, len(w.p.wrote))
	w.p.s = w.out.String()
	return w.p
}

// put writes a character. A gap stays only where it keeps two words or numbers of
// the Latin kind apart: inside Chinese it is an accident of the layout.
func (w *plainWriter) put(r, written rune, position int) {
	if w.gap && latin(w.last) && latin(r) {
		w.write(' ', ' ', position)
	}
	if w.newLine {
		w.p.breaks = append(w.p.breaks, w.out.Len())
	}
	w.gap, w.newLine = false, false
	w.write(r, written, position)
	w.last = r
}

func (w *plainWriter) write(r, written rune, position int) {
	n, _ := w.out.WriteRune(r)
	for range n {
		w.p.at, w.p.nth = append(w.p.at, position), append(w.p.nth, len(w.p.wrote))
	}
	w.p.wrote = append(w.p.wrote, written)
}

func latin(r rune) bool { return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// nextSign reads what stands first: how many bytes it takes, the character
// it stands for (0: none, ' ': a gap) and whether it ends a line.
func nextSign(rest string) (n int, r rune, isBreak bool) {
	if n, isBreak = tagAt(rest); n > 0 {
		return n, 0, isBreak
	}
	if n, r = entityAt(rest); n == 0 {
		r, n = utf8.DecodeRuneInString(rest)
	}
	switch {
	case r == '\n' || r == '\u2028' || r == '\u2029':
		return n, ' ', true
	case unicode.IsSpace(r):
		return n, ' ', false
	case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError:
		return n, 0, false
	}
	return n, r, false
}

func oneWay(r rune) rune {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	if p, ok := punctuation[r]; ok {
		return p
	}
	if s, ok := simplified[r]; ok {
		return s
	}
	return r
}

// longestTag is what is still taken for the remains of a web page; anything
// longer is text.
const longestTag = 300

func tagAt(rest string) (n int, isBreak bool) {
	if len(rest) < 3 || rest[0] != '<' || !(latin(rune(rest[1])) || rest[1] == '/' || rest[1] == '!') {
		return 0, false
	}
	end := strings.IndexByte(rest[:min(len(rest), longestTag)], '>')
	if end < 0 {
		return 0, false
	}
	name := strings.ToLower(strings.TrimLeft(rest[1:end], "/"))
	for _, block := range []string{"br", "p", "div", "tr", "li", "h1", "h2", "h3", "title"} {
		isBreak = isBreak || name == block || strings.HasPrefix(name, block+" ") || strings.HasPrefix(name, block+"/")
	}
	return end + 1, isBreak
}

func entityAt(rest string) (int, rune) {
	if rest[0] != '&' {
		return 0, 0
	}
	end := strings.IndexByte(rest[:min(len(rest), 12)], ';')
	if end < 0 {
		return 0, 0
	}
	r, n := utf8.DecodeRuneInString(html.UnescapeString(rest[:end+1]))
	if n == 0 || r == '&' && rest[:end+1] != "&amp;" {
		return 0, 0
	}
	return end + 1, r
}

// lineStart is the start of the line that a byte is on.
func (p plain) lineStart(byteAt int) int {
	i := sort.SearchInts(p.breaks, byteAt+1)
	if i == 0 {
		return 0
	}
	return p.breaks[i-1]
}
