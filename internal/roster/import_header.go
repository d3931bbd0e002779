package roster

import (
	"fmt"
	"strings"
)

// header says in which cell of a record a field stands, and under what heading.
type header struct {
	line  int
	at    map[field]int
	title map[field]string
	extra []string // headings nobody knows
}

// matchHeader reads a record as a heading row.
func (l layout) matchHeader(line int, cells []string) header {
	h := header{line: line, at: map[field]int{}, title: map[field]string{}}
	for i, cell := range cells {
		title := strings.Join(strings.Fields(cell), "")
		f, known := l.fieldOf(cell)
		_, twice := h.at[f]
		switch {
		case known && !twice:
			h.at[f], h.title[f] = i, title
		case title != "" && wordKey(title) != "序号" && wordKey(title) != "备注":
			h.extra = append(h.extra, title)
		}
	}
	return h
}

// fieldOf finds the field of a heading, first with what stands in brackets,
// then without: 市(州), 手机号码(必填).
func (l layout) fieldOf(heading string) (field, bool) {
	for _, key := range []string{wordKey(heading), wordKey(dropBracketed(heading))} {
		for _, c := range l.columns {
			for _, name := range c.names() {
				if key != "" && key == wordKey(name) {
					return c.field, true
				}
			}
		}
	}
	return "", false
}

// missing reports every required column that is not there, once each. The datum
// is required where the file as a whole has none.
func (in *reader) missing(h header) []Problem {
	var problems []Problem
	for _, c := range in.layout.columns {
		_, there := h.at[c.field]
		if there || !c.required && (c.field != fDatum || in.opt.Datum != "") {
			continue
		}
		p := Problem{
			Line: h.line, Column: string(c.field), Text: fmt.Sprintf("缺少“%s”一列", c.field),
			Mend: "请加上这一列，列名可用：" + strings.Join(c.names(), "、"),
		}
		if c.field == fDatum {
			p.Mend += "；或在导入时为整个文件选定坐标系"
		}
		if len(h.extra) > 0 {
			p.Value = strings.Join(h.extra, "、")
			p.Mend += "；文件里没有认出的列名见左"
		}
		problems = append(problems, p)
	}
	return problems
}

// titleRows is how many rows of titles may stand above the headings.
const titleRows = 3

// findHeader picks, of the first rows, the one with the most known headings.
func (l layout) findHeader(records []record) (header, int) {
	best, at := header{}, -1
	for i, r := range records[:min(len(records), titleRows+1)] {
		if h := l.matchHeader(r.line, r.cells); at < 0 || len(h.at) > len(best.at) {
			best, at = h, i
		}
	}
	return best, at
}

// notData says why a row is no data: a total, a note or a signature at the foot.
func notData(cells []string) (text string, skip bool) {
	for _, cell := range cells {
		c := fold(cell)
		if c == "" {
			continue
		}
		key := strings.ReplaceAll(c, " ", "")
		for _, word := range []string{"合计", "小计", "总计", "共计"} {
			if strings.HasPrefix(key, word) {
				return "合计行，未导入", true
			}
		}
		for _, word := range []string{"注:", "备注:", "说明:", "填表说明"} {
			if strings.HasPrefix(key, word) || key == "注" {
				return "说明行，未导入", true
			}
		}
		return "", strings.Contains(key, "签名") || strings.Contains(key, "签字")
	}
	return "", true
}
