package roster

import (
	"fmt"
	"strings"

	"muster/internal/errs"
)

// record is one row of a table as written, with its line in the file.
type record struct {
	line  int
	cells []string
}

// table reads a table: titles, headings, rows, what stands at the foot.
func (in *reader) table(records []record) error {
	head, next := in.layout.findHeader(records)
	if next < 0 {
		return errs.New(errs.Fix, "import_empty", "文件是空的")
	}
	if missing := in.missing(head); len(missing) > 0 {
		in.Problems = append(in.Problems, missing...)
		in.LooksLike = likelyKind(in.Kind, records)
		in.Rows += len(records) - next
		return nil
	}
	if len(head.extra) > 0 {
		in.list(head.line, "没有用到的列："+strings.Join(head.extra, "、"))
	}
	for _, r := range records[:next] {
		in.stands(r)
	}
	for _, r := range records[next:] {
		if !in.stands(r) {
			in.record(head, r)
		}
	}
	return nil
}

// stands says whether a record stands around the rows of a form: a title, a field,
// headings of the next table, a note.
func (in *reader) stands(r record) bool {
	if in.layout.around == nil {
		return false
	}
	words := map[string]bool{}
	for _, c := range r.cells {
		if c = strings.TrimSpace(c); c != "" {
			words[c] = true
		}
	}
	return in.layout.around(in, r.cells) || len(words) == 1
}

// record reads one row of data.
func (in *reader) record(head header, r record) {
	text, skip := notData(r.cells)
	if head.repeats(r.cells) {
		text, skip = "重复的表头，未导入", true
	}
	if skip {
		if text == "" {
			text = "签名行，未导入"
		}
		if strings.TrimSpace(strings.Join(r.cells, "")) != "" {
			in.list(r.line, text)
		}
		return
	}
	row := &row{in: in, line: r.line, cells: make(map[field]string, len(head.at)), titles: head.title}
	for f, i := range head.at {
		if i < len(r.cells) {
			row.cells[f] = strings.TrimSpace(r.cells[i])
		}
	}
	in.Rows++
	if row.formulaErrors() {
		return
	}
	in.layout.read(in, row)
}

// formulaErrors refuses a row in which a formula came to nothing: its value would
// be taken for a word.
func (r *row) formulaErrors() bool {
	for f, cell := range r.cells {
		switch cell {
		case "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!":
			r.problem(f, "公式没有算出结果", "请改正公式，或直接填写值")
		}
	}
	return r.bad
}

// sheetLines is more than a sheet can have: the lines of several sheets are
// numbered through, so that rows of all of them can be told apart.
const sheetLines = 1 << 21

// Place says on which sheet a line is, and its number there. The sheet of a file
// that is none, or has one sheet, is "".
func (f File) Place(line int) (sheet string, number int) {
	if len(f.Sheets) > 1 {
		sheet = f.Sheets[min(line/sheetLines, len(f.Sheets)-1)]
	}
	return sheet, line % sheetLines
}

// Placed gives problems the sheets and lines that people see.
func (f File) Placed(list []Problem) []Problem {
	for i := range list {
		list[i].Sheet, list[i].Line = f.Place(list[i].Line)
	}
	return list
}

// PlacedList does the same for what was listed.
func (f File) PlacedList(list []Listed) []Listed {
	for i := range list {
		list[i].Sheet, list[i].Line = f.Place(list[i].Line)
	}
	return list
}

// words names a line inside a text.
func (f File) words(line int) string {
	sheet, number := f.Place(line)
	if sheet == "" {
		return fmt.Sprintf("第 %d 行", number)
	}
	return fmt.Sprintf("工作表“%s”第 %d 行", sheet, number)
}
