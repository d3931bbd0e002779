package httpapi

import (
	"context"
	"net/http"

	"muster/internal/account"
	"muster/internal/response"
	"muster/internal/roster"
	"muster/internal/warning"
)

// What the response's codes are called. The words of states, channels, evidence
// and refusals are the response's own.
var (
	dutyLabels = words[response.DutyKind]{
		{response.MustAcknowledge, "签收"}, {response.MustAct, "行动"}, {response.MustReport, "报告已撤离"}, {response.MustConfirm, "现场确认"},
		{response.MustVerify, "核实"}, {response.MustRecheck, "复查"}, {response.MustInspect, "雨后排查"}, {response.MustOversee, "督办简报"},
		{response.MustLift, "到期处理"},
	}
	partyLabels = words[response.Party]{
		{response.AtSite, "驻地/工点负责人"}, {response.AtSection, "合同段负责人"}, {response.AtNeighbour, "邻近点位"}, {response.AtSupervisor, "监理"},
		{response.AtChief, "总监理工程师"}, {response.AtOwner, "项目公司"}, {response.AtParent, "母体企业"}, {response.AtCounty, "县级值班"},
		{response.AtCity, "市级值班"}, {response.AtProvince, "省级值班"}, {response.AtPublisher, "发布单位值班员"},
		{response.AtPublisherLeader, "发布单位带班领导"},
	}
	noticeKindLabels = words[response.NoticeKind]{
		{response.NoticeAlert, "叫应"}, {response.NoticeUpgrade, "升级"}, {response.NoticeTakeover, "接替叫应"}, {response.NoticeLate, "逾时催办"},
		{response.NoticeRefused, "报告被退回"}, {response.NoticeReentry, "有人返回"}, {response.NoticeSupport, "需要支援"},
		{response.NoticeStarted, "自行启动撤离"}, {response.NoticeArrival, "进场提醒"}, {response.NoticeNarrowed, "不再受影响"},
		{response.NoticeExpired, "到期未解除"}, {response.NoticeLifted, "解除"}, {response.NoticeReturn, "准予返回"}, {response.NoticeDigest, "简报"},
		{response.NoticeConfirm, "待现场确认"}, {response.NoticeVerify, "待核实"}, {response.NoticeRecheck, "复查提醒"},
		{response.NoticeLiftDue, "待解除或延长"}, {response.NoticeCopy, "抄送"}, {response.NoticeReview, "待审定"},
	}
	eventLabels = words[string]{
		{"delivered", "送达"}, {"read", "已阅"}, {"acknowledged", "签收"}, {"moving", "开始转移"}, {"carried_out", "报告落实"},
		{"reported", "报告已撤离"}, {"confirmed", "现场确认"}, {"verified", "核实"}, {"refused", "退回"}, {"recheck", "复查未按时"},
		{"reentry", "有人返回"}, {"unanswered", "无应答"}, {"upgraded", "升级"}, {"released", "不再受影响"}, {"expired", "到期"},
		{"lifted", "解除"}, {"return_allowed", "准予返回"}, {"return_stopped", "收回准予返回"}, {"called", "人工叫应"}, {"climbed", "自动叫应"},
		{"inspected", "雨后排查"},
	}
	doubtLabels = words[string]{
		{"single_evidence", "证据单一"}, {"too_fast", "报告过快"}, {"headcount_diff", "人数不符"}, {"reentry", "有人返回"}, {"photo_reused", "照片可疑"},
		{"refused_before", "曾被退回"}, {"no_signal", "无通信信号"}, {"danger_big", "危险性大"}, {"first_evacuation", "首次撤离"},
	}
	callLabels = words[string]{
		{"repeated_back", "复诵措施"}, {"answered", "接听未复诵"}, {"no_answer", "无人接听"}, {"voicemail", "语音信箱"}, {"third_person", "他人接听"},
		{"wrong_person", "不是本人"},
	}
	milestoneLabels = words[response.Milestone]{
		{response.AtDelivered, "送达"}, {response.AtAcknowledged, "签收"}, {response.AtActed, "行动"}, {response.AtReported, "报告"},
		{response.AtConfirmed, "确认"}, {response.AtVerified, "核实"},
	}
	brokenLabels = words[string]{
		{response.BrokenDelivery, "未送达"}, {response.BrokenAnswer, "无应答"}, {response.BrokenAct, "签收未行动"}, {response.BrokenReport, "未报告"},
		{response.BrokenConfirm, "未确认"}, {response.BrokenVerify, "未核实"},
	}
)

// words is a vocabulary in reading order.
type words[T ~string] []struct {
	code  T
	label string
}

// of is the Chinese word of a code; the code itself where there is none.
func (w words[T]) of(code T) string {
	for _, x := range w {
		if x.code == code {
			return x.label
		}
	}
	return string(code)
}

func (w words[T]) list() []codeLabel {
	all := make([]codeLabel, len(w))
	for i, x := range w {
		all[i] = codeLabel{string(x.code), x.label}
	}
	return all
}

type labelled interface {
	~string
	Label() string
}

func labels[T labelled](codes []T) []codeLabel {
	list := make([]codeLabel, len(codes))
	for i, c := range codes {
		list[i] = codeLabel{string(c), c.Label()}
	}
	return list
}

func (s *Server) vocabularyRoutes() {
	allow(s, operation{id: "vocabulary", method: http.MethodGet, path: "/vocabulary", summary: "代码与中文名称"}, account.SeeSites, s.vocabulary)
}

func (s *Server) vocabulary(context.Context, call, *struct{}) (*answer[map[string][]codeLabel], error) {
	return reply(map[string][]codeLabel{
		"response_states": labels(response.States()), "notice_states": labels(response.NoticeStates()), "channels": labels(response.Channels()),
		"evidence": labels(response.Evidences()), "refusals": labels(response.Refusals()), "alarms": labels(response.AlarmCodes()),
		"measures": labels([]warning.Measure{warning.Read, warning.Patrol, warning.Stop, warning.KeepOut, warning.Shelter, warning.Evacuate}),
		"levels":   labels([]warning.Level{warning.Red, warning.Orange, warning.Yellow, warning.Blue, warning.LevelUnknown}),
		"duties":   dutyLabels.list(), "parties": partyLabels.list(), "notice_kinds": noticeKindLabels.list(), "events": eventLabels.list(),
		"doubts": doubtLabels.list(), "calls": callLabels.list(),
		"site_kinds": labels(roster.SiteKinds()), "signals": labels([]roster.Signal{roster.NoSignal, roster.WeakSignal, roster.GoodSignal}),
		"sectors":       labels([]roster.Sector{roster.Road, roster.Waterway}),
		"unit_states":   labels([]roster.Status{roster.Planned, roster.Building, roster.Stopped, roster.Winter, roster.HandedOver, roster.Finished}),
		"section_kinds": labels([]roster.SectionKind{roster.Construction, roster.Supervision, roster.Testing}),
		"company_kinds": labels([]roster.CompanyKind{roster.OwnerCompany, roster.ContractorCompany, roster.SupervisorCompany, roster.LaboratoryCompany, roster.ParentCompany}),
		"post_roles": labels([]roster.Role{roster.SiteLead, roster.NightWatch, roster.SectionLead, roster.SectionDeputy, roster.SafetyHead, roster.SiteSupervisor,
			roster.OwnerHead, roster.DutyOfficer, roster.DutyLeader, roster.Laboratory, roster.Worker}),
		"unit_kinds":      labels([]roster.UnitKind{roster.AuthorityUnit, roster.ProjectUnit, roster.SectionUnit, roster.SiteUnit}),
		"device_purposes": purposeLabels.list(), "device_directions": deviceWayLabels.list(), "device_states": deviceStatusLabels.list(), "ties": tieLabels.list(),
		"milestones": milestoneLabels.list(), "broken": brokenLabels.list(),
	}, nil)
}
