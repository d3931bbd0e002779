package httpapi

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/roster"
)

func (s *Server) exportSites(ctx context.Context, c call, in *listSitesRequest) (export, error) {
	return export{noun: "sites", sheet: "点位", filter: asked(in.ListRequest, map[string]any{"status": in.Status, "project": in.Project, "section": in.Section}),
		head: []any{"项目", "合同段", "编号", "名称", "类型", "住人", "险", "险的原因", "行政区划", "区划代码", "床位", "通信信号", "集合点", "转移路线", "参建单位", "关闭时间"},
		rows: byPages(in, func(f postgres.RegistryFilter) ([]postgres.Site, error) { return s.DB.Sites(ctx, c.scope, f) },
			func(v postgres.Site) postgres.NameMark { return postgres.NameMark{Name: v.Name, ID: v.ID} },
			each(func(w *sheetWriter, v postgres.Site) {
				w.row(v.ProjectName, v.SectionName, v.Code, v.Name, roster.SiteKind(v.Kind).Label(), yes(v.Sleeps), yes(v.AtRisk), v.RiskReason, v.RegionName,
					v.Region, v.Beds, roster.Signal(v.Signal).Label(), v.MusterPoint, v.Route, v.Company, v.ClosedAt)
			}))}, nil
}

func (s *Server) exportProjects(ctx context.Context, c call, in *listUnitsRequest) (export, error) {
	return export{noun: "projects", sheet: "项目", filter: asked(in.ListRequest, map[string]any{"status": in.Status}),
		head: []any{"代码", "名称", "行业", "状态", "建设单位", "行政区划", "合同段数", "点位数", "自何时起"},
		rows: byPages(in, func(f postgres.RegistryFilter) ([]postgres.ProjectRow, error) { return s.DB.Projects(ctx, c.scope, f) }, markProject,
			each(func(w *sheetWriter, p postgres.ProjectRow) {
				w.row(p.Code, p.Name, roster.Sector(p.Sector).Label(), roster.Status(p.Status).Label(), p.OwnerName, p.RegionName, p.Sections, p.Sites, p.ValidFrom)
			}))}, nil
}

func (s *Server) exportSections(ctx context.Context, c call, in *listUnitsRequest) (export, error) {
	return export{noun: "sections", sheet: "合同段", filter: asked(in.ListRequest, map[string]any{"status": in.Status, "project": in.Project}),
		head: []any{"项目", "编号", "名称", "类别", "状态", "单位", "监理合同段", "点位数", "自何时起"},
		rows: byPages(in, func(f postgres.RegistryFilter) ([]postgres.SectionRow, error) { return s.DB.Sections(ctx, c.scope, f) }, markSection,
			each(func(w *sheetWriter, x postgres.SectionRow) {
				w.row(x.ProjectName, x.Code, x.Name, roster.SectionKind(x.Kind).Label(), roster.Status(x.Status).Label(), x.CompanyName, x.SupervisedName, x.Sites, x.ValidFrom)
			}))}, nil
}

func (s *Server) exportCompanies(ctx context.Context, c call, in *ListRequest) (export, error) {
	return export{noun: "companies", sheet: "单位", filter: asked(*in, nil), head: []any{"名称", "统一社会信用代码", "类别", "上级单位"},
		rows: byPages(in, func(f postgres.RegistryFilter) ([]postgres.CompanyRow, error) { return s.DB.Companies(ctx, c.scope, f) }, markCompany,
			each(func(w *sheetWriter, f postgres.CompanyRow) {
				w.row(f.Name, f.USCC, roster.CompanyKind(f.Kind).Label(), textOf(f.ParentName))
			}))}, nil
}

// exportPeople shows each person as the list would; whose data were given out in
// full is written down page by page.
func (s *Server) exportPeople(ctx context.Context, c call, in *listPeopleRequest) (export, error) {
	return export{noun: "people", sheet: "人员",
		filter: asked(in.ListRequest, map[string]any{"status": in.Status, "project": in.Project, "section": in.Section, "site": in.Site}),
		head:   []any{"姓名", "手机", "证件号码", "语言", "岗位", "所属", "住宿"},
		rows: byPages(in, func(f postgres.RegistryFilter) ([]postgres.RegisteredPerson, error) { return s.people(ctx, c, f) }, markPerson,
			func(w *sheetWriter, rows []postgres.RegisteredPerson) error {
				show := s.discloser(c)
				views, err := s.viewPeople(ctx, show, rows)
				if err != nil {
					return err
				}
				for _, p := range views {
					posts, units, beds := p.columns()
					w.row(p.Name, p.Phone, p.IDNumber, p.Language, posts, units, beds)
				}
				return firstError(w.err, show.audited(ctx, "people_export", ""))
			})}, nil
}

// columns are the ties that hold, in words.
func (p personView) columns() (posts, units, beds string) {
	var a, b, d []string
	for _, t := range p.Ties {
		switch {
		case t.Until != nil:
		case t.Kind == "bed":
			d = append(d, t.Unit.Name)
		case t.Kind == "post":
			a, b = append(a, t.RoleLabel), append(b, t.Unit.Name)
		}
	}
	return strings.Join(a, "、"), strings.Join(b, "、"), strings.Join(d, "、")
}

func (s *Server) exportDevices(ctx context.Context, c call, in *listDevicesRequest) (export, error) {
	return export{noun: "devices", sheet: "设备",
		filter: asked(in.ListRequest, map[string]any{"status": in.Status, "project": in.Project, "section": in.Section, "site": in.Site}),
		head:   []any{"序列号", "用途", "方向", "状态", "最后消息", "点位", "合同段", "项目", "行政区划", "登记时间", "停用时间"},
		rows: byPages(in, func(f postgres.RegistryFilter) ([]postgres.RegisteredDevice, error) {
			return s.DB.RegisteredDevices(ctx, c.scope, f, c.at)
		}, markDevice, each(func(w *sheetWriter, d postgres.RegisteredDevice) {
			v := viewRegisteredDevice(d, c.at)
			w.row(v.Serial, v.PurposeLabel, v.DirectionLabel, v.StatusLabel, v.LastSeenAt, v.Site.Name, v.Section.Name, v.Project.Name, v.Region.Name, v.RecordedAt, v.DisabledAt)
		}))}, nil
}

func (s *Server) exportWarnings(ctx context.Context, c call, in *struct {
	State string `query:"state" default:"draft,active,lifted,expired" maxLength:"60"`
}) (export, error) {
	return export{noun: "warnings", sheet: "预警", filter: map[string]any{"state": in.State},
		head: []any{"标题", "演练", "状态", "等级", "灾种", "类别", "发布单位", "来源", "发布", "到期", "结束", "结束原因", "点位数", "确定在场", "可能在场"},
		rows: byMarks(postgres.Mark{At: c.at.Add(time.Minute)},
			func(m postgres.Mark, n int) ([]postgres.Warning, error) {
				return s.DB.Warnings(ctx, c.scope, strings.Split(in.State, ","), m, n)
			},
			func(v postgres.Warning) postgres.Mark { return postgres.Mark{At: v.CreatedAt, ID: v.ID} },
			func(w *sheetWriter, x postgres.Warning) {
				v := viewRow(x)
				w.row(v.Title, yes(v.Mode == "exercise"), warningStateLabels.of(v.State), v.LevelLabel, v.HazardLabel, v.KindLabel, v.Authority.Name, v.Issuer,
					v.PublishedAt, v.Expires, v.ClosedAt, v.ClosedWhy, x.Sites, x.Certain, x.Possible)
			})}, nil
}

var warningStateLabels = words[string]{{"draft", "草稿"}, {"active", "生效"}, {"lifted", "已解除"}, {"expired", "到期未解除"}, {"discarded", "未发布"}}

func (s *Server) exportTargets(ctx context.Context, c call, in *listTargetsRequest) (export, error) {
	show := s.discloser(c)
	_, targets, err := s.shownTargets(ctx, show, in.ID, in.Revision)
	return export{noun: "targets", sheet: "受影响点位", filter: map[string]any{"warning": in.ID, "revision": in.Revision},
		head: []any{"项目", "合同段", "点位", "类型", "行政区划", "等级", "措施", "要求", "理由", "发布时确定", "发布时可能", "现在确定", "现在可能", "应有", "负责人", "电话"},
		rows: func(w *sheetWriter) (bool, error) {
			for _, v := range targets[:min(len(targets), exportLimit)] {
				names, phones := responsibleWords(v.Responsible)
				w.row(v.Project.Name, v.Section.Name, v.Name, v.KindLabel, v.RegionName, v.LevelLabel, v.MeasureLabel, v.Sentence, strings.Join(v.Why, "；"),
					v.Frozen.Certain, v.Frozen.Possible, v.People.Certain, v.People.Possible, v.People.Expected, names, phones)
			}
			return len(targets) > exportLimit, show.audited(ctx, "targets_export", in.ID.String())
		}}, err
}

func responsibleWords(list []contactView) (names, phones string) {
	var a, b []string
	for _, p := range list {
		a, b = append(a, deref(p.Name)+"（"+p.RoleLabel+"）"), append(b, deref(p.Phone))
	}
	return strings.Join(a, "、"), strings.Join(b, "、")
}

func (s *Server) exportBoard(ctx context.Context, c call, in *boardRequest) (export, error) {
	if _, err := s.DB.WarningByID(ctx, c.scope, in.ID); err != nil {
		return export{}, err
	}
	states, err := readStates(in.State)
	f := postgres.BoardFilter{Unit: in.Unit, Text: in.Query, States: states}
	return export{noun: "board", sheet: "处置看板", filter: map[string]any{"warning": in.ID, "state": in.State, "unit": in.Unit}, head: boardHead,
		rows: func(w *sheetWriter) (bool, error) { return s.boardRows(ctx, c, in.ID, f, w, threadView.cells) }}, err
}

var boardHead = []any{"项目", "合同段", "点位", "行政区划", "措施", "状态", "自", "确定在场", "可能在场", "应有", "已清点", "未找到", "签收", "行动", "报告", "确认", "核实"}

func (v threadView) cells() []any {
	return []any{v.ProjectName, v.SectionName, v.SiteName, v.RegionName, v.MeasureLabel, v.StateLabel, v.Since, v.People.Certain, v.People.Possible,
		v.People.Expected, v.PeopleSafe, v.PeopleMissing, v.AcknowledgedAt, v.ActedAt, v.ReportedAt, v.ConfirmedAt, v.VerifiedAt}
}

// boardRows writes the board of a warning, page by page.
func (s *Server) boardRows(ctx context.Context, c call, id uuid.UUID, f postgres.BoardFilter, w *sheetWriter, cells func(threadView) []any) (more bool, err error) {
	f.Limit, f.After = exportPage, postgres.BoardMark{AsOf: c.at}
	for {
		rows, err := s.DB.Board(ctx, c.scope, id, f, c.at)
		if err != nil {
			return false, err
		}
		rows, next := pageOf(rows, f)
		for _, r := range rows {
			if w.rows > exportLimit {
				return true, nil
			}
			w.row(cells(viewThread(r, c.at))...)
		}
		if next == nil || w.err != nil {
			return false, w.err
		}
		if err := unpackCursor(*next, &f.After); err != nil {
			return false, err
		}
	}
}

func (s *Server) exportAudit(ctx context.Context, c call, in *struct {
	From  time.Time `query:"from"`
	Until time.Time `query:"until" doc:"不填：现在"`
}) (export, error) {
	until := in.Until
	if until.IsZero() {
		until = c.at.Add(time.Minute)
	}
	return export{noun: "audit", sheet: "审计日志", filter: map[string]any{"from": in.From, "until": in.Until},
		head: []any{"时间", "操作人", "操作", "对象", "编号", "内容"},
		rows: byMarks(postgres.Mark{At: until},
			func(m postgres.Mark, n int) ([]postgres.Audit, error) { return s.DB.AuditSince(ctx, in.From, m, n) },
			func(a postgres.Audit) postgres.Mark { return postgres.Mark{At: a.At, ID: a.ID} },
			func(w *sheetWriter, a postgres.Audit) {
				w.row(a.At, a.Actor, a.Act, a.Noun, a.NounID, wordsOf(a.Detail))
			})}, nil
}

// wordsOf is a detail of the audit trail in one cell.
func wordsOf(detail map[string]any) string {
	b, err := json.Marshal(detail)
	if err != nil || len(detail) == 0 {
		return ""
	}
	return string(b)
}
