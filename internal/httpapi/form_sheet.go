package httpapi

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"muster/internal/roster"
)

// printed writes a form as it is printed: title and headings in the middle and bold,
// the table with lines around its cells, everything as text.
func (b *workbook) printed(form roster.Printed, asText int) error {
	if _, err := b.NewSheet(form.Sheet); err != nil {
		return err
	}
	styles, err := b.formStyles()
	if err != nil {
		return err
	}
	landscape := "landscape"
	paper, wide := 9, 1 // A4; one page wide
	err = firstError(b.SetColStyle(form.Sheet, "A:Z", asText), b.SetPageLayout(form.Sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &paper, FitToWidth: &wide}))
	for i, width := range form.Widths {
		column, nameErr := excelize.ColumnNumberToName(i + 1)
		err = firstError(err, nameErr, b.SetColWidth(form.Sheet, column, column, width))
	}
	for i, row := range form.Rows {
		err = firstError(err, b.printedRow(form, i+1, row, styles.of(form, i+1)))
	}
	for _, m := range form.Merged {
		from, to, _ := strings.Cut(m, ":")
		err = firstError(err, b.MergeCell(form.Sheet, from, to))
	}
	return err
}

// printedRow writes a row; one of the table to its last column, for the lines.
func (b *workbook) printedRow(form roster.Printed, number int, row []string, style int) error {
	var err error
	lines := 1
	for j, text := range row {
		cell, nameErr := excelize.CoordinatesToCellName(j+1, number)
		err = firstError(err, nameErr, b.SetCellStr(form.Sheet, cell, text), b.SetCellStyle(form.Sheet, cell, cell, style))
		lines = max(lines, strings.Count(text, "\n")+1)
	}
	if number > form.HeadTo && lines > 1 {
		err = firstError(err, b.SetRowHeight(form.Sheet, number, float64(15*lines)))
	}
	return err
}

// formStyles are how the parts of a form look.
type formStyles struct{ title, head, cell, around int }

func (b *workbook) formStyles() (formStyles, error) {
	var s formStyles
	var err error
	border := []excelize.Border{{Type: "left", Style: 1, Color: "000000"}, {Type: "right", Style: 1, Color: "000000"}, {Type: "top", Style: 1, Color: "000000"}, {Type: "bottom", Style: 1, Color: "000000"}}
	middle := &excelize.Alignment{WrapText: true, Horizontal: "center", Vertical: "center"}
	for _, x := range []struct {
		into  *int
		style excelize.Style
	}{
		{&s.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: middle}},
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: middle, Border: border}},
		{&s.cell, excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}, Border: border}},
		{&s.around, excelize.Style{Alignment: &excelize.Alignment{Vertical: "center"}}},
	} {
		x.style.NumFmt = textFormat
		if *x.into, err = b.NewStyle(&x.style); err != nil {
			return s, err
		}
	}
	return s, nil
}

// of is how a row looks, counted from 1.
func (s formStyles) of(form roster.Printed, row int) int {
	switch {
	case row == 1:
		return s.title
	case row >= form.HeadFrom && row <= form.HeadTo:
		return s.head
	case row > form.HeadTo && row <= form.Last:
		return s.cell
	}
	return s.around
}
