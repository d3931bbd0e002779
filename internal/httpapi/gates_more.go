package httpapi

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster"
	"muster/internal/roster/gate"
)

type gateSiteView struct {
	Project string    `json:"project" maxLength:"200" doc:"项目编码；空为任意"`
	Channel string    `json:"channel" maxLength:"200" doc:"通道；空为任意"`
	SiteID  uuid.UUID `json:"site_id"`
}

type unmappedView struct {
	Project string    `json:"project"`
	Channel string    `json:"channel"`
	FirstAt time.Time `json:"first_at"`
	LastAt  time.Time `json:"last_at"`
	Passes  int64     `json:"passes"`
}

type gateSitesView struct {
	Items    []gateSiteView `json:"items"`
	Unmapped []unmappedView `json:"unmapped" doc:"报来而没有对应点位：暂按设备所在点位计人"`
}

func (s *Server) gateSites(ctx context.Context, c call, in *DevicePath) (*answer[gateSitesView], error) {
	if _, err := s.DB.DeviceWithin(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	list, err := s.DB.GateSites(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := gateSitesView{Items: []gateSiteView{}, Unmapped: []unmappedView{}}
	for _, g := range list {
		out.Items = append(out.Items, gateSiteView(g))
	}
	missing, err := s.DB.UnmappedGates(ctx, in.ID)
	for _, u := range missing {
		out.Unmapped = append(out.Unmapped, unmappedView(u))
	}
	return reply(out, err)
}

type putGateSitesRequest struct {
	DevicePath
	Body struct {
		Items []gateSiteView `json:"items" maxItems:"1000"`
	}
}

func (s *Server) putGateSites(ctx context.Context, c call, in *putGateSitesRequest) (*answer[gateSitesView], error) {
	if _, err := s.DB.DeviceWithin(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	list := make([]postgres.GateSite, 0, len(in.Body.Items))
	seen := map[[2]string]bool{}
	for _, v := range in.Body.Items {
		key := [2]string{v.Project, v.Channel}
		if v.Project == "" && v.Channel == "" || seen[key] {
			return nil, errs.New(errs.Fix, "gate_sites", "项目编码和通道至少填一个，同一对只能出现一次")
		}
		seen[key] = true
		list = append(list, postgres.GateSite(v))
	}
	if err := s.DB.PutGateSites(ctx, c.scope, in.ID, list, c.actor(), c.at); err != nil {
		return nil, err
	}
	return s.gateSites(ctx, c, &in.DevicePath)
}

type orderGateRequest struct {
	DevicePath
	OnceHeader
	Body struct {
		Kind string    `json:"kind" enum:"unlock,send_passes,count_passes,say_info" doc:"unlock 开闸，send_passes 重传，count_passes 对账，say_info 报信息"`
		From time.Time `json:"from,omitempty" doc:"重传、对账的起点"`
		To   time.Time `json:"to,omitempty" doc:"重传、对账的终点"`
		Door int       `json:"door,omitempty" minimum:"0" maximum:"64"`
	}
}

func (s *Server) orderGate(ctx context.Context, c call, in *orderGateRequest) (*nothing, error) {
	g, err := s.DB.GateByDevice(ctx, c.scope, in.ID, today(c.at))
	if err != nil {
		return nil, err
	}
	if g.Protocol != string(gate.ZKTeco) {
		return nil, errs.New(errs.Fix, "no_orders", "这种协议的设备不来取命令，请在现场操作；目前只有中控设备可以")
	}
	b := in.Body
	o := postgres.GateOrder{Kind: b.Kind, Door: b.Door}
	if kind := gate.OrderKind(b.Kind); kind == gate.SendPasses || kind == gate.CountPasses {
		if b.From.IsZero() || !b.From.Before(b.To) || b.To.Sub(b.From) > 31*24*time.Hour {
			return nil, errs.New(errs.Fix, "order_span", "起止时间不对").With(errs.Detail{Where: "body.from", Text: "要早于终点，不超过 31 天", Mend: "RFC 3339"})
		}
		o.FromAt, o.ToAt = &b.From, &b.To
	}
	return nil, s.DB.OrderGate(ctx, in.ID, o, c.actor(), in.once(c, "order "+in.ID.String(), b), c.at)
}

type gateAsideView struct {
	Reasons []asideReasonView `json:"reasons"`
	Since   time.Time         `json:"since"`
}

type asideReasonView struct {
	Reason   string             `json:"reason"`
	Text     string             `json:"text"`
	Count    int                `json:"count"`
	FirstAt  time.Time          `json:"first_at"`
	LastAt   time.Time          `json:"last_at"`
	Examples []asideExampleView `json:"examples"`
}

type asideExampleView struct {
	ReceivedAt time.Time `json:"received_at"`
	Shape      string    `json:"shape" doc:"记录的样子：时间保留，字母为 x，数字为 9，汉字为 某"`
}

const (
	asideSpan     = 7 * 24 * time.Hour
	asideExamples = 3
)

func (s *Server) gateQuarantine(ctx context.Context, c call, in *DevicePath) (*answer[gateAsideView], error) {
	if _, err := s.DB.DeviceWithin(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	out := gateAsideView{Reasons: []asideReasonView{}, Since: c.at.Add(-asideSpan)}
	reasons, err := s.DB.AsideReasons(ctx, in.ID, out.Since)
	if err != nil {
		return nil, err
	}
	examples, err := s.DB.AsideExamples(ctx, in.ID, out.Since, asideExamples)
	if err != nil {
		return nil, err
	}
	for _, r := range reasons {
		v := asideReasonView{r.Reason, gate.ReasonText(roster.Reason(r.Reason)), r.Count, r.FirstAt, r.LastAt, []asideExampleView{}}
		for _, e := range examples {
			if e.Reason == r.Reason {
				v.Examples = append(v.Examples, asideExampleView{e.ReceivedAt, gate.Shape(s.asideRecord(e.Body))})
			}
		}
		out.Reasons = append(out.Reasons, v)
	}
	return reply(out, nil)
}

// asideRecord is a record as it came: opened where it was sealed.
func (s *Server) asideRecord(body json.RawMessage) []byte {
	var kept struct{ Row, Sealed string }
	if json.Unmarshal(body, &kept) != nil || kept.Sealed == "" {
		return body
	}
	plain, err := s.Sealer.Open("pass_quarantine", "body", kept.Row, kept.Sealed)
	if err != nil {
		s.Log.Error("a record kept aside does not open", "row", kept.Row, "err", err)
		return nil
	}
	return []byte(plain)
}
