package roster

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
)

// reader gathers the rows of a file and what is wrong with them.
type reader struct {
	File
	opt    Options
	layout layout
	seen   map[string]int // natural key → first line
	above  staffTable     // what stands above the rows of a form
}

// list notes something that was not taken and is no fault.
func (in *reader) list(line int, text string) {
	in.Listed = append(in.Listed, Listed{Line: line, Text: text})
}

// row is one row being read. Its methods note what is wrong and return a zero
// value, so that every bad cell of a row is found in one pass.
type row struct {
	in       *reader
	line     int
	cells    map[field]string
	titles   map[field]string // the headings as written
	geometry orb.Geometry     // of a GeoJSON feature, in the datum received
	bad      bool
}

func (r *row) problem(f field, text, mend string) {
	r.bad = true
	title := r.titles[f]
	if title == "" {
		title = string(f)
	}
	r.in.Problems = append(r.in.Problems, Problem{Line: r.line, Column: title, Value: masked(f, r.cells[f]), Text: text, Mend: mend})
}

// refuse notes the error of a value.
func (r *row) refuse(f field, err error) {
	if d, bad := errorDetail(err); bad {
		r.problem(f, d.Text, d.Mend)
	}
}

func masked(f field, value string) string {
	switch f {
	case fPerson, fHolder, fNext, fLeaderName, fAdminName:
		return MaskName(value)
	case fPhone, fLeaderPhone, fAdminPhone:
		return MaskPhone(value)
	case fID, fNumber, fAdminID:
		return MaskID(value)
	case fHolderCerts, fNextCerts:
		id, _ := readPapers(value)
		return MaskID(id)
	}
	if r := []rune(value); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return value
}

// text is a cell; "" when it is empty or says that it does not apply.
func (r *row) text(f field) string {
	if s := r.cells[f]; s != "/" && s != "／" && s != "-" && s != "—" {
		return s
	}
	return ""
}

// need is a cell that must be filled, at most 200 characters.
func (r *row) need(f field) string {
	s := r.text(f)
	switch {
	case s == "":
		r.problem(f, "没有填", fmt.Sprintf("“%s”必须填写", f))
	case utf8.RuneCountInString(s) > 200:
		r.problem(f, "超过 200 个字", "请写短一些")
	}
	return s
}

// value reads a cell with a parser; "" is left to the caller's default.
func value[T any](r *row, f field, parse func(string) (T, error)) T {
	var v T
	if s := r.text(f); s != "" {
		var err error
		if v, err = parse(s); err != nil {
			r.refuse(f, err)
		}
	}
	return v
}

// needed is value for a cell that must be filled.
func needed[T any](r *row, f field, parse func(string) (T, error)) T {
	r.need(f)
	return value(r, f, parse)
}

func orElse[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// key notes a row's natural key; the same key in an earlier line is a problem.
func (r *row) key(f field, parts ...string) {
	k := strings.Join(parts, "\x00")
	if first, twice := r.in.seen[k]; twice {
		r.problem(f, fmt.Sprintf("与%s重复", r.in.words(first)), "请删掉其中一行")
		return
	}
	r.in.seen[k] = r.line
}

// parseYes reads 是/否, √, 有/无 and the like.
func parseYes(text string) (bool, error) {
	switch wordKey(text) {
	case "是", "有", "√", "✓", "✔", "y", "yes", "true", "1", "住人", "对":
		return true, nil
	case "否", "无", "×", "✗", "x", "n", "no", "false", "0", "不住人", "不":
		return false, nil
	}
	return false, fix("yes_no", "看不出是“是”还是“否”", "可填：是、否、√、有、无")
}

// parseCount reads a whole number that is not negative; a unit such as 人 or 张
// behind it is taken off.
func parseCount(text string) (int, error) {
	digits := strings.TrimRight(withoutSpaces(text), "人张床个")
	digits = strings.TrimSuffix(strings.ReplaceAll(digits, ",", ""), ".0")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n > 100_000 {
		return 0, fix("count", "不是数量", "请填写整数，如 48")
	}
	return n, nil
}

// date reads a civil day; the zero time when the cell is empty.
func (r *row) date(f field) time.Time { return value(r, f, ParseDate) }

// span reads from and until, which must be in order.
func (r *row) span(from, until field) (time.Time, time.Time) {
	a, b := r.date(from), r.date(until)
	if !a.IsZero() && !b.IsZero() && !b.After(a) {
		r.problem(until, "早于或等于开始日期", "结束日期应在开始日期之后")
	}
	return a, b
}
