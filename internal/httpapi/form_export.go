package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// formUnits is the most projects and sections of one workbook of forms: each section
// is a table, and a workbook of more is looked at by nobody.
const formUnits = 300

func (s *Server) formExportRoutes() {
	allow(s, operation{id: "exportContactList", method: http.MethodGet, path: "/projects/contact_list.xlsx",
		summary: "附件4 联系汇总表导出，可原样再导入；号码按角色遮盖"}, account.Export, s.exportContactList)
	allow(s, operation{id: "exportContractStaff", method: http.MethodGet, path: "/sections/contract_staff.xlsx",
		summary: "表1-1、1-2、1-3 人员履约信息录入表导出，每个合同段一张，可原样再导入；号码按角色遮盖"}, account.Export, s.exportContractStaff)
}

type formRequest struct {
	Project uuid.UUID `query:"project" doc:"不填：管辖范围内的全部"`
}

func (s *Server) exportContactList(ctx context.Context, c call, in *formRequest) (*huma.StreamResponse, error) {
	x, err := s.formContent(ctx, c, in.Project)
	if err != nil {
		return nil, err
	}
	lines, cities := make([]roster.ContactLine, len(x.units)), map[string]bool{}
	for i, u := range x.units {
		lines[i] = x.contactLine(u)
		cities[u.City] = true
	}
	city := ""
	if len(cities) == 1 {
		city = x.units[0].City
	}
	return s.forms(ctx, x, "contact_list", []roster.Printed{roster.ContactForm(lines, city, c.at)}, len(lines))
}

func (s *Server) exportContractStaff(ctx context.Context, c call, in *formRequest) (*huma.StreamResponse, error) {
	x, err := s.formContent(ctx, c, in.Project)
	if err != nil {
		return nil, err
	}
	var tables []roster.Printed
	rows := 0
	for _, u := range x.units {
		if u.SectionID == nil {
			continue
		}
		table := x.staffTable(u)
		form := roster.StaffForm(table)
		form.Sheet = fmt.Sprintf("%s %d", form.Sheet, len(tables)+1)
		tables, rows = append(tables, form), rows+len(table.Posts)
	}
	return s.forms(ctx, x, "contract_staff", tables, rows)
}

// forms is a workbook of printed forms. It is written down, with whose data it gives
// out, before the first byte is sent.
func (s *Server) forms(ctx context.Context, x *formContent, noun string, forms []roster.Printed, rows int) (*huma.StreamResponse, error) {
	book := &workbook{File: excelize.NewFile()}
	err := book.forms(forms)
	if err == nil {
		err = book.sheet("说明", func(w *sheetWriter) error { return x.explain(w, rows) })
	}
	if err == nil {
		err = book.DeleteSheet("Sheet1")
	}
	if err == nil {
		err = x.show.audited(ctx, noun+"_export", "")
	}
	c := x.show.c
	if err == nil {
		err = s.DB.Audited(ctx, c.actor(), "export", noun, "", map[string]any{"rows": rows, "project": x.project, "id_numbers": x.given}, c.at)
	}
	if err != nil {
		_ = book.Close()
		return nil, err
	}
	return s.spreadsheet(book, noun, c.at), nil
}

func (b *workbook) forms(list []roster.Printed) error {
	asText, err := b.NewStyle(&excelize.Style{NumFmt: textFormat})
	for _, form := range list {
		if err == nil {
			err = b.printed(form, asText)
		}
	}
	return err
}

// explain is the sheet beside the forms; it names what could not be put into them.
func (x *formContent) explain(w *sheetWriter, rows int) error {
	c := x.show.c
	w.row("导出人", c.who.Title)
	w.row("导出时间", c.at)
	w.row("行数", rows)
	if x.masked > 0 {
		w.row("遮盖", fmt.Sprintf("%d 处身份证号、证书编号或手机号码按您的角色遮盖，这份表不能再导入", x.masked))
	}
	if x.without > 0 {
		w.row("未列入", fmt.Sprintf("%d 人没有登记身份证号，不能列入表1（表上必须有）", x.without))
	}
	if x.unprintable > 0 {
		w.row("未列入", fmt.Sprintf("%d 份证书的名称或编号不能照“名称：编号”写进表格，仍在系统里", x.unprintable))
	}
	w.row("说明", "本表含个人信息，请勿外传；导出和给出的号码已记入审计日志")
	return w.err
}

// formContent gathers what forms are filled in with, as far as the caller may see it.
type formContent struct {
	show    *discloser
	project uuid.UUID
	units   []postgres.FormUnit
	posts   map[uuid.UUID][]postgres.FormPost // by unit
	papers  map[uuid.UUID][]postgres.FormPaper
	mayFull account.Scope // where identity numbers are given in full

	given, masked, without, unprintable int
}

func (s *Server) formContent(ctx context.Context, c call, project uuid.UUID) (*formContent, error) {
	x := &formContent{show: s.discloser(c), project: project, posts: map[uuid.UUID][]postgres.FormPost{}, papers: map[uuid.UUID][]postgres.FormPaper{}}
	x.mayFull, _ = c.who.May(account.Import) // nobody who may not import: nowhere
	var err error
	if x.units, err = s.DB.FormUnits(ctx, c.scope, project, formUnits+1); err != nil {
		return nil, err
	}
	if len(x.units) > formUnits {
		return nil, errs.New(errs.Fix, "too_many", "管辖范围内的项目和合同段超过 %d 个，请先选一个项目，按项目导出", formUnits)
	}
	ids := make([]uuid.UUID, len(x.units))
	for i, u := range x.units {
		ids[i] = u.ID()
	}
	posts, err := s.DB.FormPosts(ctx, ids, c.at)
	if err != nil {
		return nil, err
	}
	people := make([]uuid.UUID, 0, len(posts))
	for _, p := range posts {
		x.posts[p.UnitID] = append(x.posts[p.UnitID], p)
		people = append(people, p.PersonID)
	}
	papers, err := s.DB.FormPapers(ctx, people, c.at)
	for _, p := range papers {
		x.papers[p.PersonID] = append(x.papers[p.PersonID], p)
	}
	return x, err
}
