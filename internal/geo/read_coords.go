package geo

import (
	"fmt"

	"github.com/paulmach/orb"
)

// coordinates reads numbers as people paste them: pairs by line, by semicolon or
// in brackets, in degrees or degrees, minutes and seconds, with or without 经度
// and 纬度, numbers of points and heights. Blank lines and lines of words part
// one shape from the next.
func (r *reader) coordinates(text string) {
	r.datum = datumIn(text)
	groups := groupsOf(lex(text))
	small := true
	for _, g := range groups {
		small = small && len(r.pairsOf(g)) < 3
	}
	if small && len(groups) > 1 { // every position on a paragraph of its own
		all := group{name: groups[0].name}
		for _, g := range groups {
			all.lines = append(all.lines, g.lines...)
		}
		groups = []group{all}
	}
	r.notes = nil
	for _, g := range groups {
		r.shape(g, r.pairsOf(g))
	}
}

// group is the lines of one shape.
type group struct {
	name  string
	lines []textLine
}

func (g group) where() string { return fmt.Sprintf("第 %d 行", g.lines[0].at) }

func groupsOf(lines []textLine) []group {
	var groups []group
	var g group
	end := func() {
		if len(g.lines) > 0 {
			groups = append(groups, g)
			g = group{}
		}
	}
	for _, l := range lines {
		switch {
		case len(l.numbers) > 0:
			g.lines = append(g.lines, l)
		case l.words == "":
			end()
		case axisOf(l.words) == noAxis: // not the head of a table
			end()
			g.name = l.words
		}
	}
	end()
	return groups
}

// shape takes the positions of a group for what was asked, or for what their
// number suggests.
func (r *reader) shape(g group, at []orb.Point) {
	kind := r.as
	if kind == "" || kind == AutoShape {
		kind = [...]ShapeKind{PointShape, PointShape, LineShape, AreaShape}[min(len(at), 3)]
	}
	switch {
	case len(at) == 0:
	case kind == PointShape:
		r.add(rawShape{PointShape, g.name, g.where(), [][][]orb.Point{{at}}})
	case kind == LineShape:
		r.line(g.name, g.where(), at)
	default:
		if at[0] != at[len(at)-1] {
			at = append(at, at[0]) // a list of corners is not an open ring
		}
		r.area(g.name, g.where(), [][]orb.Point{at})
	}
}

// pairsOf finds the columns of a group. Where its records are not alike, numbers
// are paired one after another.
func (r *reader) pairsOf(g group) []orb.Point {
	for _, cut := range []gap{byMark + 1, byMark, bySpace} { // by line only; at marks too; at blanks too
		records := recordsOf(g, cut)
		if n := alike(records); n == 2 || n == 3 || n == 6 {
			if at, ok := r.columns(records, n); ok {
				return at
			}
		}
	}
	return r.greedy(g)
}

// recordsOf cuts lines where a gap is at least as wide as cut.
func recordsOf(g group, cut gap) [][]number {
	var records [][]number
	for _, l := range g.lines {
		begin := true
		for _, n := range l.numbers {
			if begin || n.gap >= cut {
				records = append(records, nil)
			}
			begin = false
			records[len(records)-1] = append(records[len(records)-1], n)
		}
	}
	return records
}

// alike is how many numbers each record has; 0 when they differ.
func alike(records [][]number) int {
	for _, rec := range records {
		if len(rec) != len(records[0]) {
			return 0
		}
	}
	if len(records) == 0 {
		return 0
	}
	return len(records[0])
}

func (r *reader) columns(records [][]number, n int) ([]orb.Point, bool) {
	switch n {
	case 2:
		return r.column(records, 0), true
	case 6:
		return sexagesimals(records)
	}
	first, last := fits(records, 0), fits(records, 1)
	if last && (!first || counts(records)) {
		return r.column(records, 1), true // the first one is the number of the point
	}
	return r.column(records, 0), first // the last one is a height
}

// column takes the numbers at i and i+1, and says where their words contradict.
func (r *reader) column(records [][]number, i int) []orb.Point {
	all := make([]orb.Point, len(records))
	for j, rec := range records {
		a, b := rec[i], rec[i+1]
		all[j] = orb.Point{a.value, b.value}
		r.listen(a)
		r.listen(b)
	}
	return all
}

// listen compares what the word beside a number says with what it can be.
func (r *reader) listen(n number) {
	lon := n.value >= MinLon && n.value <= MaxLon
	lat := n.value >= MinLat && n.value <= MaxLat
	switch {
	case n.says == lonAxis && lat || n.says == latAxis && lon:
		r.latFirst = false
	case n.says == latAxis && lat:
		r.latFirst = true // said, so there is nothing to remark
	}
}

// fits says whether the columns i and i+1 of all records can be positions.
func fits(records [][]number, i int) bool {
	for _, rec := range records {
		if !either(rec[i].value, rec[i+1].value) {
			return false
		}
	}
	return true
}

func either(a, b float64) bool {
	return LonLat{Lon: a, Lat: b}.inRange() || LonLat{Lon: b, Lat: a}.inRange()
}

// counts says whether the first column counts the records.
func counts(records [][]number) bool {
	for i, rec := range records {
		if !rec[0].integer || rec[0].value != records[0][0].value+float64(i) {
			return false
		}
	}
	return true
}

// sexagesimals are records of degrees, minutes, seconds twice.
func sexagesimals(records [][]number) ([]orb.Point, bool) {
	all := make([]orb.Point, len(records))
	for i, rec := range records {
		for k := range 2 {
			d, m, s := rec[3*k], rec[3*k+1].value, rec[3*k+2].value
			if !d.integer || m < 0 || m >= 60 || s < 0 || s >= 60 {
				return nil, false
			}
			all[i][k] = d.value + m/60 + s/3600
		}
		if !either(all[i][0], all[i][1]) {
			return nil, false
		}
	}
	return all, true
}

// greedy pairs neighbours that can be a position and passes over the others.
func (r *reader) greedy(g group) []orb.Point {
	var all []orb.Point
	var held *number
	line := 0
	for _, l := range g.lines {
		for i := range l.numbers {
			n := l.numbers[i]
			switch {
			case held != nil && either(held.value, n.value):
				r.listen(*held)
				r.listen(n)
				all = append(all, orb.Point{held.value, n.value})
				held = nil
				continue
			case held != nil && !held.integer:
				r.note(fmt.Sprintf("第 %d 行", line), fmt.Sprintf("%g 没有配成一对经纬度，已略去", held.value), "请写成 经度,纬度")
			}
			held, line = &n, l.at
		}
	}
	if held != nil && !held.integer {
		r.note(fmt.Sprintf("第 %d 行", line), fmt.Sprintf("%g 没有配成一对经纬度，已略去", held.value), "请写成 经度,纬度")
	}
	return all
}
