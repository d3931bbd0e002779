package roster

import (
	"fmt"
	"slices"
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
		f, known := l.fieldOf(cell, h.at)
		switch {
		case known:
			h.at[f], h.title[f] = i, title
		case title != "" && wordKey(title) != "序号" && wordKey(title) != "备注":
			h.extra = append(h.extra, title)
		}
	}
	return h
}

// fieldOf finds the field of a heading, first with what stands in brackets,
// then without: 市(州), 手机号码(必填). Of several rows, first all together
// (负责人 + 联系电话), then the lowest. Of several fields that go by one heading it
// is the first that has no column yet.
func (l layout) fieldOf(heading string, taken map[field]int) (field, bool) {
	keys := []string{wordKey(heading), wordKey(dropBracketed(heading))}
	for parts := strings.Split(heading, headingBreak); len(parts) > 1; parts = parts[:len(parts)-1] {
		last := parts[len(parts)-1]
		keys = append(keys, wordKey(last), wordKey(dropBracketed(last)))
	}
	for _, key := range keys {
		for _, c := range l.columns {
			for _, name := range c.names() {
				if _, twice := taken[c.field]; key != "" && key == wordKey(name) && !twice {
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

// titleRows is how many rows of titles may stand above the headings, headingRows
// how many the headings themselves may take.
const (
	titleRows   = 5
	headingRows = 3
)

// findHeader picks, of the first rows, the one, or the two or three together, with
// the most known headings; next is the first row below them.
func (l layout) findHeader(records []record) (best header, next int) {
	next = -1
	for depth := 1; depth <= headingRows; depth++ {
		for i := 0; i <= titleRows && i+depth <= len(records); i++ {
			rows := records[i : i+depth]
			h := l.matchHeader(rows[0].line, joinHeadings(rows))
			if next < 0 || len(h.at) > len(best.at) {
				best, next = h, i+depth
			}
		}
	}
	return best, next
}

// headingBreak stands between the parts of a heading that takes several rows.
const headingBreak = "\n"

// joinHeadings joins what stands above each other. A merged cell has the same text
// in all its rows and is one part.
func joinHeadings(rows []record) []string {
	var all []string
	for n, r := range rows {
		left := ""
		for i, cell := range r.cells {
			for len(all) <= i {
				all = append(all, "")
			}
			// A table that is no workbook has merged headings only in their first cell.
			if cell = strings.TrimSpace(cell); cell != "" {
				left = cell
			} else if below(rows[n+1:], i) {
				cell = left
			}
			switch {
			case all[i] == "" || all[i] == cell:
				all[i] = cell
			case cell != "" && !strings.HasSuffix(all[i], headingBreak+cell):
				all[i] += headingBreak + cell
			}
		}
	}
	return all
}

// below says whether one of the rows has something in a column.
func below(rows []record, column int) bool {
	return slices.ContainsFunc(rows, func(r record) bool { return column < len(r.cells) && strings.TrimSpace(r.cells[column]) != "" })
}

// repeats says whether a row is the headings again, or a part of them, as at the
// top of every printed page.
func (h header) repeats(cells []string) bool {
	for f, i := range h.at {
		if i >= len(cells) {
			return false
		}
		cell := strings.Join(strings.Fields(cells[i]), "")
		if cell == "" || !strings.Contains(h.title[f], cell) {
			return false
		}
	}
	return len(h.at) > 0
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
