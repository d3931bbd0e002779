package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/xuri/excelize/v2"

	"muster/internal/account"
	"muster/internal/postgres"
)

// exportLimit is the most rows of one workbook; it says so when there were more.
const exportLimit = 100_000

// exportPage is how many rows are read at once.
const exportPage = 1000

// export is a list on its way into a workbook.
type export struct {
	noun   string         // for the audit trail and the name of the file
	sheet  string         // what the table is called
	filter map[string]any // what it was narrowed by; never names or numbers of people
	head   []any
	rows   func(w *sheetWriter) (more bool, err error) // more: there would have been more than were written
}

func (s *Server) exportRoutes() {
	allowSheet(s, "exportSites", "/sites/export.xlsx", "点位导出", account.Export, s.exportSites)
	allowSheet(s, "exportProjects", "/projects/export.xlsx", "项目导出", account.Export, s.exportProjects)
	allowSheet(s, "exportSections", "/sections/export.xlsx", "合同段导出", account.Export, s.exportSections)
	allowSheet(s, "exportCompanies", "/companies/export.xlsx", "单位导出", account.Export, s.exportCompanies)
	allowSheet(s, "exportPeople", "/people/export.xlsx", "人员导出，按角色遮盖", account.Export, s.exportPeople)
	allowSheet(s, "exportTeams", "/teams/export.xlsx", "班组导出", account.Export, s.exportTeams)
	allowSheet(s, "exportCertificates", "/certificates/export.xlsx", "证书导出，按角色遮盖", account.Export, s.exportCertificates)
	allowSheet(s, "exportDevices", "/devices/export.xlsx", "设备导出", account.Export, s.exportDevices)
	allowSheet(s, "exportWarnings", "/warnings/export.xlsx", "预警导出", account.Export, s.exportWarnings)
	allowSheet(s, "exportTargets", "/warnings/{id}/targets/export.xlsx", "受影响点位导出", account.Export, s.exportTargets)
	allowSheet(s, "exportBoard", "/warnings/{id}/board/export.xlsx", "处置看板导出", account.Export, s.exportBoard)
	s.formExportRoutes()
	allowSheet(s, "exportAudit", "/audit/export.xlsx", "审计日志导出", account.SeeAudit, s.exportAudit)
	s.deskExportRoutes()
}

// allowSheet registers an export: the same filters as the list, no pages.
func allowSheet[I any](s *Server, id, path, summary string, perm account.Permission, of func(context.Context, call, *I) (export, error)) {
	allow(s, operation{id: id, method: http.MethodGet, path: path, summary: summary + "（Excel，最多 10 万行）"}, perm,
		func(ctx context.Context, c call, in *I) (*huma.StreamResponse, error) {
			x, err := of(ctx, c, in)
			if err != nil {
				return nil, err
			}
			return s.workbook(ctx, c, x)
		})
}

// workbook is finished before the first byte is sent, and written down before:
// a list that breaks off in the middle looks as if it were whole.
func (s *Server) workbook(ctx context.Context, c call, x export) (*huma.StreamResponse, error) {
	book := &workbook{File: excelize.NewFile()}
	rows, more := 0, false
	err := book.sheet(x.sheet, func(w *sheetWriter) error {
		w.row(x.head...)
		var err error
		more, err = x.rows(w)
		rows = w.rows - 1
		return firstError(err, w.err)
	})
	if err == nil {
		err = book.sheet("说明", func(w *sheetWriter) error { return x.explain(w, c, rows, more) })
	}
	if err == nil {
		err = book.DeleteSheet("Sheet1")
	}
	if err == nil {
		err = s.DB.Audited(ctx, c.actor(), "export", x.noun, "", map[string]any{"rows": rows, "more": more, "filter": x.filter}, c.at)
	}
	if err != nil {
		_ = book.Close()
		return nil, err
	}
	return s.spreadsheet(book, x.noun, c.at), nil
}

// spreadsheet gives a workbook out as a file.
func (s *Server) spreadsheet(book *workbook, noun string, at time.Time) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer book.Close()
		ctx.SetHeader("Content-Type", spreadsheet)
		ctx.SetHeader("Content-Disposition", `attachment; filename="`+noun+at.Format("-20060102-1504")+`.xlsx"`)
		ctx.SetHeader("X-Content-Type-Options", "nosniff")
		ctx.SetHeader("Cache-Control", "no-store")
		if _, err := book.WriteTo(ctx.BodyWriter()); err != nil {
			s.Log.Error("export broke off", "noun", noun, "err", err)
		}
	}}
}

func (x export) explain(w *sheetWriter, c call, rows int, more bool) error {
	w.row("导出人", c.who.Title)
	w.row("导出时间", c.at)
	w.row("行数", rows)
	if more {
		w.row("不完整", "只导出了前 10 万行，请缩小范围后分次导出")
	}
	w.row("说明", "本表按导出人的权限生成，含内部信息，请勿外传；导出已记入审计日志")
	return w.err
}

// byPages writes all pages of a list by name, up to the limit.
func byPages[T any](in filtering, list func(postgres.RegistryFilter) ([]T, error), mark func(T) postgres.NameMark, write func(*sheetWriter, []T) error) func(*sheetWriter) (bool, error) {
	return func(w *sheetWriter) (bool, error) {
		f, err := in.filter()
		if err != nil {
			return false, err
		}
		f.After, f.Limit = postgres.NameMark{}, exportPage
		for written := 0; ; {
			rows, err := list(f)
			if err != nil || len(rows) == 0 {
				return false, err
			}
			if written+len(rows) > exportLimit {
				return true, write(w, rows[:exportLimit-written])
			}
			if err := firstError(write(w, rows), w.err); err != nil || len(rows) < exportPage {
				return false, err
			}
			written += len(rows)
			f.After = mark(rows[len(rows)-1])
		}
	}
}

// each writes one row for one thing.
func each[T any](row func(*sheetWriter, T)) func(*sheetWriter, []T) error {
	return func(w *sheetWriter, list []T) error {
		for _, v := range list {
			row(w, v)
		}
		return w.err
	}
}

// byMarks writes all pages of a list that goes on after a mark.
func byMarks[T, M any](from M, list func(M, int) ([]T, error), mark func(T) M, write func(*sheetWriter, T)) func(*sheetWriter) (bool, error) {
	return func(w *sheetWriter) (bool, error) {
		for written := 0; ; {
			rows, err := list(from, exportPage)
			if err != nil {
				return false, err
			}
			for _, r := range rows {
				if written == exportLimit {
					return true, nil
				}
				write(w, r)
				written++
			}
			if len(rows) < exportPage || w.err != nil {
				return false, w.err
			}
			from = mark(rows[len(rows)-1])
		}
	}
}

func asked(in ListRequest, more map[string]any) map[string]any {
	f := map[string]any{"kind": in.Kind, "region": in.Region, "searched": in.Query != ""}
	for key, value := range more {
		f[key] = value
	}
	return f
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
