package geo

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// wkt reads one or several geometries, each with an optional SRID before it.
func (r *reader) wkt(text string) {
	p := wktReader{r: r, text: text}
	for p.skip(" \t\r\n;,"); p.at < len(p.text) && !p.broken && !r.full; p.skip(" \t\r\n;,") {
		p.srid()
		p.geometry(0)
	}
}

// wktReader is a place in a text of WKT.
type wktReader struct {
	r      *reader
	text   string
	at     int
	broken bool
	// The line that was asked for last and where it begins: places are asked for
	// from front to back.
	line, begins int
}

func (p *wktReader) skip(set string) {
	for p.at < len(p.text) && strings.IndexByte(set, p.text[p.at]) >= 0 {
		p.at++
	}
}

func (p *wktReader) space() { p.skip(" \t\r\n") }

// fail notes the first thing that is not understood; the rest is not read.
func (p *wktReader) fail(text string) {
	if !p.broken {
		p.broken = true
		p.r.note(p.where(p.at), text, "请按 POLYGON((经度 纬度, …)) 书写，并检查是否复制完整")
	}
}

func (p *wktReader) where(at int) string {
	for {
		next := strings.IndexByte(p.text[p.begins:max(p.begins, at)], '\n')
		if next < 0 {
			return fmt.Sprintf("第 %d 行第 %d 字", p.line+1, max(0, at-p.begins)+1)
		}
		p.line, p.begins = p.line+1, p.begins+next+1
	}
}

// word reads letters, in capitals.
func (p *wktReader) word() string {
	p.space()
	from := p.at
	for p.at < len(p.text) && (p.text[p.at]|0x20 >= 'a' && p.text[p.at]|0x20 <= 'z') {
		p.at++
	}
	return strings.ToUpper(p.text[from:p.at])
}

// is takes a character when it comes next.
func (p *wktReader) is(c byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *wktReader) srid() {
	from := p.at
	if p.word() != "SRID" || !p.is('=') {
		p.at = from
		return
	}
	p.space()
	digits := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		p.at++
	}
	p.r.reference("SRID", p.text[digits:p.at])
	if !p.is(';') {
		p.fail("SRID 后面缺少分号")
	}
}

func (p *wktReader) geometry(depth int) {
	p.space()
	where := p.where(p.at)
	kind := p.word()
	for _, flag := range []string{"ZM", "Z", "M"} { // POINTZ is POINT Z
		if base, cut := strings.CutSuffix(kind, flag); cut && base != "" {
			kind = base
			break
		}
	}
	before := p.at
	if next := p.word(); next == "EMPTY" {
		return
	} else if next != "Z" && next != "M" && next != "ZM" {
		p.at = before
	} else if empty := p.at; p.word() == "EMPTY" {
		return
	} else {
		p.at = empty
	}
	switch kind {
	case "POINT":
		for _, at := range p.positions() {
			p.r.point("", where, at)
		}
	case "MULTIPOINT":
		for _, at := range p.multiPoint() {
			p.r.point("", where, at)
		}
	case "LINESTRING":
		p.r.line("", where, p.positions())
	case "MULTILINESTRING":
		for _, line := range list(p, p.positions) {
			p.r.line("", where, line)
		}
	case "POLYGON":
		p.area(where, [][][]orb.Point{p.polygon()})
	case "MULTIPOLYGON":
		p.area(where, list(p, p.polygon))
	case "GEOMETRYCOLLECTION":
		if depth > maxNesting {
			p.fail("嵌套太深")
			return
		}
		list(p, func() struct{} { p.geometry(depth + 1); return struct{}{} })
	default:
		p.at = before
		p.fail("不认识的图形 " + shortName(kind))
	}
}

func (p *wktReader) area(where string, parts [][][]orb.Point) {
	if !p.broken {
		p.r.area("", where, parts...)
	}
}

func (p *wktReader) polygon() [][]orb.Point { return list(p, p.positions) }

// list reads ( one , another … ).
func list[T any](p *wktReader, one func() T) []T {
	var all []T
	if !p.is('(') {
		p.fail("缺少左括号")
	}
	for !p.broken {
		all = append(all, one())
		if p.is(')') {
			return all
		}
		if !p.is(',') {
			p.fail("括号没有配对")
		}
	}
	return nil
}

func (p *wktReader) positions() []orb.Point { return list(p, p.position) }

// multiPoint takes ((1 2), (3 4)) and (1 2, 3 4).
func (p *wktReader) multiPoint() []orb.Point {
	return list(p, func() orb.Point {
		if !p.is('(') {
			return p.position()
		}
		at := p.position()
		if !p.is(')') {
			p.fail("括号没有配对")
		}
		return at
	})
}

// position reads two numbers; a height and a measure after them are dropped.
func (p *wktReader) position() orb.Point {
	var at orb.Point
	for i := range 4 {
		x, ok := p.number()
		if !ok {
			if i < 2 {
				p.fail("这里应是一对经纬度")
			}
			break
		}
		if i < 2 {
			at[i] = x
		}
	}
	return at
}

func (p *wktReader) number() (float64, bool) {
	p.space()
	from := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.at]) >= 0 {
		p.at++
	}
	x, err := strconv.ParseFloat(p.text[from:p.at], 64)
	return x, err == nil
}
