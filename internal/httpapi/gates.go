package httpapi

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

func (s *Server) gateRoutes() {
	allow(s, operation{id: "listGates", method: http.MethodGet, path: "/gates", summary: "门禁设备的状况：未认领、待同意、不同意、正常、静默"}, account.EditDevices, s.listGates)
	allow(s, operation{id: "adoptGate", method: http.MethodPost, path: "/gates/unknown/{id}/adopt", summary: "认领一台未登记的设备；令牌只显示这一次", status: http.StatusCreated},
		account.EditDevices, s.adoptGate)
	allow(s, operation{id: "getGate", method: http.MethodGet, path: "/devices/{id}/gate", summary: "设备怎样接入，现在怎样"}, account.EditDevices, s.getGate)
	allow(s, operation{id: "putGate", method: http.MethodPut, path: "/devices/{id}/gate", summary: "登记设备怎样接入（项目申请）；新令牌只显示这一次"}, account.EditDevices, s.putGate)
	s.gateApplicationRoutes()
	allow(s, operation{id: "gateSites", method: http.MethodGet, path: "/devices/{id}/sites", summary: "劳务系统的项目编码、通道各对应哪个点位"}, account.EditDevices, s.gateSites)
	allow(s, operation{id: "putGateSites", method: http.MethodPut, path: "/devices/{id}/sites", summary: "登记项目编码、通道对应的点位"}, account.EditDevices, s.putGateSites)
	allow(s, operation{id: "orderGate", method: http.MethodPost, path: "/devices/{id}/orders", summary: "让设备开闸、重传、报数（设备来取时执行）", status: http.StatusNoContent},
		account.EditDevices, s.orderGate)
	allow(s, operation{id: "gateQuarantine", method: http.MethodGet, path: "/devices/{id}/quarantine", summary: "七天内留存待查的记录：原因、条数、隐去个人信息的样例"}, account.EditDevices, s.gateQuarantine)
}

type gatePageView struct {
	Items   []GateRowView     `json:"items"`
	Unknown []unknownGateView `json:"unknown" doc:"未登记而来敲门的设备"`
	Next    *string           `json:"next"`
	AsOf    time.Time         `json:"as_of"`
}

// GateRowView is how a gate stands, in numbers and in words.
type GateRowView struct {
	ID             uuid.UUID      `json:"id"`
	Serial         string         `json:"serial"`
	Protocol       string         `json:"protocol"`
	Purpose        string         `json:"purpose"`
	Direction      string         `json:"direction"`
	Site           unitView       `json:"site"`
	Section        string         `json:"section"`
	Project        string         `json:"project"`
	State          string         `json:"state" enum:"waiting,refused,active,silent"`
	StateLabel     string         `json:"state_label"`
	AppliedAt      *time.Time     `json:"applied_at"`
	AppliedBy      string         `json:"applied_by"`
	ApprovedAt     *time.Time     `json:"approved_at"`
	ApprovedBy     string         `json:"approved_by"`
	RefusedAt      *time.Time     `json:"refused_at"`
	RefusedBy      string         `json:"refused_by"`
	RefusedReason  string         `json:"refused_reason"`
	LastSeenAt     *time.Time     `json:"last_seen_at" doc:"最后一次打卡或心跳"`
	BeatAt         *time.Time     `json:"beat_at" doc:"最后一次心跳"`
	SilentSeconds  *int64         `json:"silent_s" doc:"计入的静默时间，秒；夜间不计，除非单独设了时限"`
	AllowedSeconds *int64         `json:"silent_allowed_s"`
	ClockOffsetMs  *int64         `json:"clock_offset_ms" doc:"设备时钟快多少毫秒"`
	Backlog        *int           `json:"backlog" doc:"设备说还没有发的条数"`
	Model          string         `json:"model"`
	Firmware       string         `json:"firmware"`
	Address        string         `json:"address"`
	Errors         map[string]int `json:"errors_today" doc:"今天留存待查的条数，按原因"`
	Unmapped       int            `json:"unmapped" doc:"劳务系统报来、没有对应点位的项目或通道"`
	Words          []string       `json:"words" doc:"要处理的事，一句一件"`
}

type unknownGateView struct {
	ID       uuid.UUID `json:"id"`
	Protocol string    `json:"protocol"`
	Serial   string    `json:"serial"`
	Address  string    `json:"address"`
	Model    string    `json:"model"`
	FirstAt  time.Time `json:"first_at"`
	LastAt   time.Time `json:"last_at"`
	Times    int       `json:"times"`
}

type listGatesRequest struct {
	State  string `query:"state" enum:"unknown,waiting,refused,active,silent" doc:"不填为全部"`
	Cursor string `query:"cursor" maxLength:"60"`
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
}

const stateUnknown = "unknown"

func (s *Server) listGates(ctx context.Context, c call, in *listGatesRequest) (*answer[gatePageView], error) {
	out := gatePageView{Items: []GateRowView{}, Unknown: []unknownGateView{}, AsOf: c.at}
	after, err := readIDCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	if in.State == stateUnknown || in.State == "" && in.Cursor == "" {
		list, err := s.DB.UnknownGates(ctx)
		if err != nil {
			return nil, err
		}
		for _, u := range list {
			out.Unknown = append(out.Unknown, unknownGateView(u))
		}
	}
	if in.State == stateUnknown {
		return reply(out, nil)
	}
	rows, err := s.DB.Gates(ctx, c.scope, postgres.GateState(in.State), after, in.Limit, today(c.at), c.at)
	for _, g := range rows {
		out.Items = append(out.Items, viewGate(g, c.at))
	}
	if len(rows) == in.Limit {
		next := base64.RawURLEncoding.EncodeToString(rows[len(rows)-1].ID[:])
		out.Next = &next
	}
	return reply(out, err)
}

// readIDCursor is the id after which a list goes on.
func readIDCursor(cursor string) (uuid.UUID, error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) != 0 && len(b) != 16 {
		return uuid.Nil, errs.New(errs.Fix, "cursor", "翻页标记不对，请从第一页开始")
	}
	var id uuid.UUID
	copy(id[:], b)
	return id, nil
}

// today is when the civil day began.
func today(at time.Time) time.Time {
	d := at.In(clock.Shanghai)
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, clock.Shanghai)
}

func viewGate(g postgres.GateRow, at time.Time) GateRowView {
	state := g.State(at)
	v := GateRowView{ID: g.ID, Serial: g.Serial, Protocol: g.Protocol, Purpose: g.Purpose, Direction: g.Direction,
		Site: unitView{g.SiteID, g.SiteCode, g.SiteName}, Section: g.SectionCode, Project: g.ProjectCode, State: string(state), StateLabel: gateStateLabels[state],
		AppliedAt: g.AppliedAt, AppliedBy: g.AppliedBy, ApprovedAt: g.ApprovedAt, ApprovedBy: g.ApprovedBy,
		RefusedAt: g.RefusedAt, RefusedBy: g.RefusedBy, RefusedReason: g.RefusedReason, LastSeenAt: g.LastSeenAt, BeatAt: g.BeatAt,
		ClockOffsetMs: g.ClockOffsetMs, Backlog: g.Backlog, Model: g.Model, Firmware: g.Firmware, Address: g.Address, Errors: g.Errors, Unmapped: g.Unmapped,
		Words: gateWords(g, at)}
	if g.LastSeenAt != nil {
		silence := g.Silence(at)
		quiet, allowed := int64(silence.For.Seconds()), int64(silence.Allowed.Seconds())
		v.SilentSeconds, v.AllowedSeconds = &quiet, &allowed
	}
	return v
}

var gateStateLabels = map[postgres.GateState]string{postgres.GateWaiting: "待同意", postgres.GateRefused: "不同意", postgres.GateActive: "正常", postgres.GateSilent: "静默"}

// gateWords is what somebody has to do about a gate.
func gateWords(g postgres.GateRow, at time.Time) []string {
	words := []string{}
	add := func(when bool, text string) {
		if when {
			words = append(words, text)
		}
	}
	add(g.RefusedAt != nil, "主管部门不同意接入："+g.RefusedReason+"；改好后重新申请")
	add(g.ApprovedAt == nil && g.RefusedAt == nil, "主管部门还没有同意，设备发来的记录暂不接收，请它保留")
	add(g.ApprovedAt != nil && g.LastSeenAt == nil, "登记后还没有收到过它的任何数据，请核对地址和令牌")
	add(g.LastSeenAt != nil && g.State(at) == postgres.GateSilent, "很久没有声音了，请看供电和网络；现场在场人数可能已经不准")
	if g.ClockOffsetMs != nil {
		text := gate.ClockText(time.Duration(*g.ClockOffsetMs) * time.Millisecond)
		add(text != "", text)
	}
	add(g.TwinAt != nil && at.Sub(*g.TwinAt) < 24*time.Hour, "另一台设备（序列号 "+g.SaidSerial+"）在用它的地址：换了设备请改登记，两台设备请各用各的地址")
	add(g.Unmapped > 0, "有项目编码或通道没有对应点位，暂按设备所在点位计人")
	add(g.Errors[string(gate.UnknownPerson)] > 0, "今天有未登记人员的打卡，请登记这些人或对应他们的编号")
	add(g.Errors[string(roster.ZoneError)] > 0, "今天有时间差 8 小时的记录，请把设备时区设为东八区")
	add(g.Errors[string(roster.Clock1970)] > 0, "今天有出厂时间的记录，请给设备校时")
	return words
}
