package httpapi

import (
	"context"
	"fmt"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/xuri/excelize/v2"

	"muster/internal/roster"
)

type templateRequest struct {
	Kind string `path:"kind" enum:"companies,projects,sections,sites,people,posts,beds,duty_roster,teams,shifts,leaves,certificates,contact_list,contract_staff"`
}

// importTemplate is an empty table of a kind: headings, cells that keep what is
// typed as text, and a sheet that says how to fill them in.
func (s *Server) importTemplate(_ context.Context, _ call, in *templateRequest) (*huma.StreamResponse, error) {
	kind, err := roster.ParseKind(in.Kind)
	if err != nil {
		return nil, err
	}
	book := &workbook{File: excelize.NewFile()}
	if err := book.template(kind); err != nil {
		_ = book.Close()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer book.Close()
		ctx.SetHeader("Content-Type", spreadsheet)
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+in.Kind+`.xlsx"`)
		ctx.SetHeader("X-Content-Type-Options", "nosniff")
		if _, err := book.WriteTo(ctx.BodyWriter()); err != nil {
			s.Log.Error("template broke off", "kind", in.Kind, "err", err)
		}
	}}, nil
}

// textFormat is the built-in number format "@" (ECMA-376 Part 1 §18.8.30): an ID
// number stays what was typed.
const textFormat = 49

func (b *workbook) template(kind roster.Kind) error {
	headings := roster.Headings(kind)
	asText, err := b.NewStyle(&excelize.Style{NumFmt: textFormat})
	if err != nil {
		return err
	}
	bold, err := b.NewStyle(&excelize.Style{NumFmt: textFormat, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := b.tables(kind, headings, asText, bold); err != nil {
		return err
	}
	if err := b.sheet("填写说明", func(w *sheetWriter) error { return explain(w, kind, headings) }); err != nil {
		return err
	}
	return b.DeleteSheet("Sheet1")
}

// tables are what is to be filled in: of a form as it is printed.
func (b *workbook) tables(kind roster.Kind, headings []roster.Heading, asText, bold int) error {
	for _, form := range roster.PrintedForms(kind) {
		if err := b.printed(form, asText); err != nil {
			return err
		}
	}
	if kind.IsForm() {
		return nil
	}
	if _, err := b.NewSheet(kind.Label()); err != nil {
		return err
	}
	table, err := b.NewStreamWriter(kind.Label())
	if err != nil {
		return err
	}
	if err := firstError(table.SetColStyle(1, len(headings), asText), table.SetColWidth(1, len(headings), 18)); err != nil {
		return err
	}
	titles := make([]any, len(headings))
	for i, h := range headings {
		titles[i] = excelize.Cell{StyleID: bold, Value: titleOf(h)}
	}
	return firstError(table.SetRow("A1", titles), table.Flush())
}

func titleOf(h roster.Heading) string {
	if h.Required {
		return "★" + h.Name
	}
	return h.Name
}

func explain(w *sheetWriter, kind roster.Kind, headings []roster.Heading) error {
	w.row(fmt.Sprintf("%s：带★的必须填写；一次最多 %d 行；可以有多余的列和标题行；合计、小计、注不会导入。", kind.Label(), roster.MaxRows))
	w.row("再次导入会更新已有的，不会删除文件里没有的。")
	w.row()
	w.row("列", "必填", "示例", "说明", "也认得的列名")
	for _, h := range headings {
		w.row(h.Name, yes(h.Required), h.Example, h.Hint, strings.Join(h.Aliases, "、"))
	}
	return w.err
}
