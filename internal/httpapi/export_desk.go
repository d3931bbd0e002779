package httpapi

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/response"
)

// deskExportRoutes are the workbooks of what stands on the desk beside the
// registry. Who may draft, keep devices or see alarms may take their lists out.
func (s *Server) deskExportRoutes() {
	allowSheet(s, "exportGates", "/gates/export.xlsx", "设备接入导出", account.EditDevices, s.exportGates)
	allowSheet(s, "exportStandings", "/standing-authorisations/export.xlsx", "常设授权导出", account.DraftWarning, s.exportStandings)
	allowSheet(s, "exportMessages", "/messages/export.xlsx", "收到的预警信息导出，连同没有派发的和原因", account.DraftWarning, s.exportMessages)
	allowSheet(s, "exportStrays", "/inbound/export.xlsx", "没有着落的回复导出", account.DraftWarning, s.exportStrays)
	allowSheet(s, "exportAlarms", "/alarms/export.xlsx", "值守告警导出", account.SeeAlarms, s.exportAlarms)
	allowSheet(s, "exportClaims", "/verify/export.xlsx", "等核实的报告导出，生效中的各预警", account.Export, s.exportClaims)
	allowSheet(s, "exportMuster", "/responses/{id}/muster/export.xlsx", "清点名单导出，按角色遮盖", account.Export, s.exportMuster)
	allowSheet(s, "exportEvening", "/evening-counts/export.xlsx", "一天的报数导出，连同没有报的驻地", account.Export, s.exportEvening)
}

func (s *Server) exportGates(ctx context.Context, c call, in *struct {
	State string `query:"state" enum:"waiting,refused,active,silent" doc:"不填为全部"`
}) (export, error) {
	return export{noun: "gates", sheet: "设备接入", filter: map[string]any{"state": in.State},
		head: []any{"序列号", "协议", "点位", "合同段", "项目", "状态", "项目申请", "申请人", "主管部门同意", "同意人", "不同意", "不同意的人", "理由", "最后消息", "型号", "待处理"},
		rows: byMarks(uuid.Nil,
			func(after uuid.UUID, n int) ([]postgres.GateRow, error) {
				return s.DB.Gates(ctx, c.scope, postgres.GateState(in.State), after, n, today(c.at), c.at)
			},
			func(g postgres.GateRow) uuid.UUID { return g.ID },
			func(w *sheetWriter, g postgres.GateRow) {
				v := viewGate(g, c.at)
				w.row(v.Serial, v.Protocol, v.Site.Name, v.Section, v.Project, v.StateLabel, v.AppliedAt, v.AppliedBy, v.ApprovedAt, v.ApprovedBy,
					v.RefusedAt, v.RefusedBy, v.RefusedReason, v.LastSeenAt, v.Model, strings.Join(v.Words, "；"))
			})}, nil
}

var standingStateLabels = words[string]{{"coming", "未生效"}, {"in_force", "生效中"}, {"over", "已到期"}, {"revoked", "已撤销"}}

func (s *Server) exportStandings(ctx context.Context, c call, in *struct {
	Over bool `query:"over" doc:"连同已到期、已撤销的"`
}) (export, error) {
	list, err := s.DB.SignedStandings(ctx, c.scope, in.Over, c.at)
	return export{noun: "standing", sheet: "常设授权", filter: map[string]any{"over": in.Over},
		head: []any{"名称", "单位", "状态", "灾种", "等级", "数据源", "面积上限（平方公里）", "点位上限", "等待（分钟）", "生效", "失效", "签发人", "签发", "撤销", "撤销人", "撤销理由", "说明"},
		rows: listed(list, func(w *sheetWriter, x postgres.Standing) {
			v := viewSigned(x, c.at)
			w.row(v.Title, v.Authority.Name, standingStateLabels.of(v.State), labelsOf(v.Hazards), labelsOf(v.Levels), strings.Join(v.Sources, "、"), v.MaxKM2,
				v.MaxSites, v.DelayMinutes, v.ValidFrom, v.ValidUntil, v.Signer.Title, v.RecordedAt, x.RevokedAt, textOf(x.RevokerTitle), x.RevokedReason, v.Words)
		})}, err
}

func labelsOf(list []codeLabel) string {
	var all []string
	for _, l := range list {
		all = append(all, l.Label)
	}
	return strings.Join(all, "、")
}

var outcomeLabels = words[string]{{"accepted", "已识别"}, {"held", "待人工确认"}, {"ignored", "不派发"}, {"rejected", "拒收"}}

func (s *Server) exportMessages(ctx context.Context, c call, in *struct {
	Outcome string `query:"outcome" maxLength:"60" doc:"accepted,held,ignored,rejected；不填为全部"`
}) (export, error) {
	return export{noun: "messages", sheet: "收到的预警信息", filter: map[string]any{"outcome": in.Outcome},
		head: []any{"收到", "数据源", "格式", "识别", "原因", "发布单位", "发布时间", "标题", "编号", "疑点", "有草稿"},
		rows: byMarks(postgres.Mark{At: c.at.Add(time.Minute)},
			func(m postgres.Mark, n int) ([]postgres.MessageRow, error) {
				return s.DB.Messages(ctx, c.scope, in.Outcome, m, n)
			},
			func(m postgres.MessageRow) postgres.Mark {
				return postgres.Mark{At: m.ReceivedAt, ID: m.RawID, Seq: m.Seq}
			},
			func(w *sheetWriter, m postgres.MessageRow) {
				v := viewMessage(m)
				w.row(v.ReceivedAt, v.Source, v.Format, outcomeLabels.of(v.Outcome), said(v.Reasons), v.Sender, v.Sent, v.Headline, v.Identifier, labelsOf(v.Flags), yes(v.WarningID != nil))
			})}, nil
}

func said(list []reasonView) string {
	var all []string
	for _, r := range list {
		all = append(all, r.Text)
	}
	return strings.Join(all, "；")
}

func (s *Server) exportStrays(ctx context.Context, c call, in *struct {
	Open bool `query:"open" default:"true"`
}) (export, error) {
	show := s.discloser(c)
	pages := byMarks(postgres.Mark{At: c.at.Add(time.Minute)},
		func(m postgres.Mark, n int) ([]postgres.StrayReply, error) {
			return s.DB.StrayReplies(ctx, c.scope, in.Open, m, n)
		},
		func(r postgres.StrayReply) postgres.Mark { return postgres.Mark{At: r.At, ID: r.InboundID, Seq: r.Seq} },
		func(w *sheetWriter, r postgres.StrayReply) {
			v := viewStray(r, show)
			w.row(v.At, v.VerdictLabel, v.Said, textOf(v.Person), textOf(v.SiteName), yes(textOf(v.Mode) == "exercise"), v.SeenAt)
		})
	return export{noun: "inbound", sheet: "没有着落的回复", filter: map[string]any{"open": in.Open},
		head: []any{"时间", "判定", "原话", "人", "点位", "演练", "已判读"},
		rows: func(w *sheetWriter) (bool, error) {
			more, err := pages(w)
			return more, firstError(err, show.audited(ctx, "inbound_export", ""))
		}}, nil
}

func (s *Server) exportAlarms(ctx context.Context, _ call, _ *struct{}) (export, error) {
	list, err := s.DB.OpenAlarms(ctx)
	return export{noun: "alarms", sheet: "值守告警", head: []any{"告警", "对象", "内容", "开始", "最近仍在", "已另行告警", "处置手册"},
		rows: listed(list, func(w *sheetWriter, a response.Alarm) {
			w.row(a.Code.Label(), a.Subject, a.Words, a.OpenedAt, a.SeenAt, a.ToldAt, a.Code.Playbook())
		})}, err
}

// claimed are the states of what waits for a look of the supervisor or the
// authority.
var claimed = []string{string(response.CarriedOut), string(response.Reported), string(response.Confirmed)}

func (s *Server) exportClaims(ctx context.Context, c call, _ *struct{}) (export, error) {
	return export{noun: "claims", sheet: "等核实", head: append([]any{"预警"}, append(boardHead, "证据", "疑点", "抽中")...),
		rows: func(w *sheetWriter) (more bool, err error) {
			active, err := s.DB.Warnings(ctx, c.scope, []string{"active", "expired"}, postgres.Mark{At: c.at.Add(time.Minute)}, exportPage)
			for _, warning := range active {
				if err != nil || more {
					break
				}
				more, err = s.boardRows(ctx, c, warning.ID, postgres.BoardFilter{States: claimed}, w, func(v threadView) []any {
					return append(append([]any{warning.Title}, v.cells()...), evidenceWords(v.Evidence), strings.Join(v.Doubts, "；"), yes(v.Drawn))
				})
			}
			return more, err
		}}, nil
}

func evidenceWords(list []string) string {
	var all []string
	for _, e := range list {
		all = append(all, response.Evidence(e).Label())
	}
	return strings.Join(all, "、")
}

func (s *Server) exportMuster(ctx context.Context, c call, in *ResponsePath) (export, error) {
	show := s.discloser(c)
	v, err := s.shownMuster(ctx, c, in.ID, show)
	return export{noun: "muster", sheet: "清点名单", filter: map[string]any{"response": in.ID},
		head: []any{"姓名", "电话", "情况", "依据", "清点时间", "说法不同", "清点后又进入", "列入名单时最后打卡", "备注"},
		rows: func(w *sheetWriter) (bool, error) {
			for _, p := range v.People {
				w.row(textOf(p.Name), textOf(p.Phone), p.StateLabel, response.Evidence(p.Evidence).Label(), p.MarkedAt, yes(p.Disputed), yes(p.Back), p.LastEvidenceAt, p.Words)
			}
			return false, firstError(w.err, show.audited(ctx, "muster_export", in.ID.String()))
		}}, err
}

func (s *Server) exportEvening(ctx context.Context, c call, in *struct {
	Day string `query:"day" format:"date" doc:"哪一天的晚上，北京时间；不填为今天"`
}) (export, error) {
	text := firstOf(in.Day, c.at.In(clock.Shanghai).Format(time.DateOnly))
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return export{}, errs.New(errs.Fix, "day", "日期不对")
	}
	list, err := s.DB.EveningOfDay(ctx, c.scope, day, exportLimit+1)
	return export{noun: "evening", sheet: "每日报数", filter: map[string]any{"day": text},
		head: []any{"日期", "项目", "合同段", "点位", "行政区划", "报数", "不在的", "访客", "说明", "报数时间", "收到"},
		rows: listed(list, func(w *sheetWriter, e postgres.EveningOfSite) {
			w.row(text, e.Project, e.Section, e.Site, e.Region, e.People, e.Away, e.Visitors, e.Words, e.CountedAt, e.RecordedAt)
		})}, err
}

// listed writes a list that was read as a whole.
func listed[T any](list []T, write func(*sheetWriter, T)) func(*sheetWriter) (bool, error) {
	return func(w *sheetWriter) (bool, error) {
		for _, v := range list[:min(len(list), exportLimit)] {
			write(w, v)
		}
		return len(list) > exportLimit, w.err
	}
}
