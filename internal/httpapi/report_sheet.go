package httpapi

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"muster/internal/clock"
	"muster/internal/postgres"
)

const spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// reportSheet is the report as a workbook. It is finished before the first byte
// is sent: a list that breaks off in the middle looks as if it were whole.
func (s *Server) reportSheet(ctx context.Context, c call, in *WarningPath) (*huma.StreamResponse, error) {
	f, err := s.reportFacts(ctx, c, in.ID)
	if err != nil {
		return nil, err
	}
	book := &workbook{File: excelize.NewFile()}
	err = s.fillBook(ctx, c, book, f)
	if err == nil {
		err = f.show.audited(ctx, "report", in.ID.String())
	}
	if err == nil {
		err = s.DB.Audited(ctx, c.actor(), "export_report", "warning", in.ID.String(), map[string]any{"sites": len(f.sites)}, c.at)
	}
	if err != nil {
		_ = book.Close()
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer book.Close()
		ctx.SetHeader("Content-Type", spreadsheet)
		ctx.SetHeader("Content-Disposition", `attachment; filename="report-`+in.ID.String()+`.xlsx"`)
		ctx.SetHeader("X-Content-Type-Options", "nosniff")
		if _, err := book.WriteTo(ctx.BodyWriter()); err != nil {
			s.Log.Error("report broke off", "warning", in.ID, "err", err)
		}
	}}, nil
}

func (s *Server) fillBook(ctx context.Context, c call, book *workbook, f reportFacts) error {
	id := f.warning.ID
	for _, fill := range []struct {
		name string
		rows func(*sheetWriter) error
	}{
		{"总览", func(w *sheetWriter) error { return f.overview(w, c.at) }},
		{"时间线", func(w *sheetWriter) error { return s.timeRows(ctx, c, id, w) }},
		{"点位", f.siteRows},
		{"单位", f.unitRows},
		{"通知", func(w *sheetWriter) error { return s.noticeRows(ctx, c, id, namesOf(f.calls), w) }},
	} {
		if err := book.sheet(fill.name, fill.rows); err != nil {
			return err
		}
	}
	return book.DeleteSheet("Sheet1")
}

// overview begins with what kind of warning it was: a drill says so first.
func (f reportFacts) overview(w *sheetWriter, at time.Time) error {
	v := viewRow(f.warning)
	if f.warning.Mode == "exercise" {
		w.row("演练，非真实预警")
	}
	w.row("预警", v.Title)
	w.row("发布单位", v.Authority.Name)
	w.row("来源", v.KindLabel, v.Issuer)
	w.row("等级", v.LevelLabel)
	w.row("发布", v.PublishedAt)
	w.row("结束", v.ClosedAt, v.ClosedWhy)
	w.row("导出", at)
	w.row("点位数", len(f.sites))
	w.row()
	w.row("状态", "点位数")
	for _, n := range f.states() {
		w.row(n.Label, n.Count)
	}
	w.row()
	w.row("被叫应的人", "姓名", "点位数", "电话", "短信", "其他", "人工", "已应答", "不是本人")
	for i, p := range f.calls {
		w.row(i+1, p.Name, p.Sites, p.Voice, p.SMS, p.Other, p.Hand, yes(p.Answered), yes(p.Wrong))
	}
	w.row()
	w.row("未送达的原因", "通道", "状态", "条数")
	for _, x := range f.failures {
		w.row(x.Reason, x.Channel.Label(), x.State.Label(), x.Notices)
	}
	return w.err
}

func yes(is bool) string {
	if is {
		return "是"
	}
	return ""
}

func (s *Server) timeRows(ctx context.Context, c call, id uuid.UUID, w *sheetWriter) error {
	w.row("记录时间", "报称时间", "点位", "事件", "之前", "之后", "通道", "操作人", "说明")
	err := s.DB.EachReportEvent(ctx, c.scope, id, func(e postgres.ReportEvent) error {
		from, to, channel := "", "", ""
		if e.FromState != nil && e.ToState != nil {
			from, to = e.FromState.Label(), e.ToState.Label()
		}
		if e.Channel != nil {
			channel = e.Channel.Label()
		}
		w.row(e.RecordedAt, e.At, e.SiteName, eventLabels.of(e.Event), from, to, channel, e.Actor, e.Words)
		return w.err
	})
	return firstError(err, w.err)
}

func (f reportFacts) siteRows(w *sheetWriter) error {
	w.row("项目", "合同段", "点位", "区划", "措施", "等级", "状态", "发布", "送达", "签收", "行动", "报告", "现场确认", "核实", "签收时限",
		"已清点", "未找到", "退回次数", "返回次数", "疑点", "抽中")
	for _, x := range f.sites {
		var doubts []string
		for _, d := range x.Doubts {
			doubts = append(doubts, doubtLabels.of(d))
		}
		w.row(x.ProjectName, x.SectionName, x.SiteName, x.RegionName, x.Measure.Label(), x.Level.Label(), x.State.Label(), x.OpenedAt, x.DeliveredAt,
			x.AckedAt, x.ActedAt, x.ReportedAt, x.ConfirmedAt, x.VerifiedAt, x.AckDue, x.PeopleSafe, x.PeopleMissing, x.Refused, x.Reopened,
			strings.Join(doubts, "、"), yes(x.Drawn))
	}
	return w.err
}

func (f reportFacts) unitRows(w *sheetWriter) error {
	w.row("项目", "合同段", "点位数", "环节", "达到", "逾时", "未达到", "中位（分）", "P90（分）", "最慢（分）", "断链")
	for _, u := range f.units() {
		var broken []string
		for _, b := range u.Broken {
			broken = append(broken, fmt.Sprintf("%s %d", b.Label, b.Count))
		}
		for _, x := range u.States {
			w.row(u.Project, u.Name, u.Targets, x.Label, x.Reached, x.Late, x.Missed, x.Median/60, x.P90/60, x.Worst/60, strings.Join(broken, "、"))
		}
	}
	return w.err
}

func namesOf(calls []callsView) map[uuid.UUID]*string {
	names := map[uuid.UUID]*string{}
	for _, p := range calls {
		names[p.PersonID] = p.Name
	}
	return names
}

func (s *Server) noticeRows(ctx context.Context, c call, id uuid.UUID, names map[uuid.UUID]*string, w *sheetWriter) error {
	w.row("写出", "种类", "通道", "层级", "轮次", "接收人", "状态", "已发送", "已送达", "已阅", "已应答", "尝试次数", "原因")
	err := s.DB.EachReportNotice(ctx, c.scope, id, func(n postgres.ReportNotice) error {
		w.row(n.CreatedAt, noticeKindLabels.of(n.Kind), n.Channel.Label(), n.Rung, n.Round, names[n.PersonID], n.State.Label(), n.SentAt, n.DeliveredAt,
			n.ReadAt, n.AnsweredAt, n.Attempts, n.Reason)
		return w.err
	})
	return firstError(err, w.err)
}

func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// workbook is an Excel file whose sheets are written row by row: long ones go to
// a file on disk, not to memory.
type workbook struct{ *excelize.File }

func (b *workbook) sheet(name string, fill func(*sheetWriter) error) error {
	if _, err := b.NewSheet(name); err != nil {
		return err
	}
	stream, err := b.NewStreamWriter(name)
	if err != nil {
		return err
	}
	w := &sheetWriter{stream: stream}
	if err := fill(w); err != nil {
		return err
	}
	return stream.Flush()
}

// sheetWriter writes rows and keeps the first error. Every text is a cell of type
// text: what begins with = + - @ is never a formula.
type sheetWriter struct {
	stream *excelize.StreamWriter
	rows   int
	err    error
}

func (w *sheetWriter) row(values ...any) {
	w.rows++
	if w.err != nil {
		return
	}
	cells := make([]any, len(values))
	for i, v := range values {
		cells[i] = cellOf(v)
	}
	w.err = w.stream.SetRow(fmt.Sprintf("A%d", w.rows), cells)
}

// cellOf writes times by the clock of the place, as text: a date serial has no
// zone. What is missing is an empty cell.
func cellOf(v any) any {
	switch x := v.(type) {
	case time.Time:
		return x.In(clock.Shanghai).Format("2006-01-02 15:04:05")
	case *time.Time:
		if x != nil {
			return cellOf(*x)
		}
		return nil
	case *string:
		if x != nil {
			return *x
		}
		return nil
	case *int:
		if x != nil {
			return *x
		}
		return nil
	}
	return v
}
