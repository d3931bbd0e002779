package httpapi

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/roster/gate"
)

// GateSetup is how a device is spoken to.
type GateSetup struct {
	Protocol      string            `json:"protocol" enum:"push,realname,hikvision,zkteco,dahua,uniview,uface"`
	KeyID         string            `json:"key_id,omitempty" maxLength:"100" doc:"签名密钥的编号；实名制接口的 appid"`
	BareSerial    string            `json:"bare_serial,omitempty" maxLength:"64" doc:"只能填主机和端口、没有令牌的设备：凭这个序列号和地址名单接入"`
	Readers       map[string]string `json:"readers,omitempty" doc:"读头或门 → in、out"`
	SaysIn        bool              `json:"says_in,omitempty" doc:"人在设备上自己选进出（中控）"`
	System        string            `json:"system,omitempty" maxLength:"40" doc:"设备上人员编号属于哪个系统"`
	Zone          string            `json:"zone,omitempty" maxLength:"40" doc:"设备时区；不填为 Asia/Shanghai"`
	Addresses     []string          `json:"addresses,omitempty" maxItems:"20" doc:"允许的来源地址，CIDR；不填不限"`
	PerMinute     int               `json:"per_minute,omitempty" minimum:"0" maximum:"60000" doc:"每分钟请求数；0 为默认"`
	SilentSeconds int               `json:"silent_after_s,omitempty" minimum:"0" maximum:"604800" doc:"静默多少秒告警，昼夜都计；0 为默认"`
}

type gateDetailView struct {
	GateRowView
	Setup     GateSetup `json:"setup"`
	HasSecret bool      `json:"has_secret"`
	Token     *string   `json:"token" doc:"只在更换后的这一次回答里有"`
	Path      string    `json:"path" doc:"填进设备的地址；令牌处为…时请更换令牌取得完整地址"`
}

func (s *Server) getGate(ctx context.Context, c call, in *DevicePath) (*answer[gateDetailView], error) {
	g, err := s.DB.GateByDevice(ctx, c.scope, in.ID, today(c.at))
	if err != nil {
		return nil, err
	}
	return reply(viewGateSetup(g, c.at, nil), nil)
}

func viewGateSetup(g postgres.GateRow, at time.Time, token *string) gateDetailView {
	v := gateDetailView{GateRowView: viewGate(g, at), HasSecret: g.HasSecret, Token: token, Path: gatePath(g.Protocol, g.BareSerial, token),
		Setup: GateSetup{Protocol: g.Protocol, BareSerial: g.BareSerial, Readers: g.Readers, SaysIn: g.SaysIn, System: g.System, Zone: g.Zone,
			Addresses: g.Addresses, PerMinute: g.PerMinute}}
	if g.KeyID != nil {
		v.Setup.KeyID = *g.KeyID
	}
	if g.SilentAfter != nil {
		v.Setup.SilentSeconds = int(g.SilentAfter.Seconds())
	}
	return v
}

// gatePath is what is entered in the device after the host.
func gatePath(protocol, bare string, token *string) string {
	switch {
	case bare != "" && protocol == string(gate.ZKTeco):
		return "/iclock/"
	case bare != "" && protocol == string(gate.Uniview):
		return "/LAPI/V1.0/"
	case token != nil:
		return "/gate/" + protocol + "/" + *token
	}
	return "/gate/" + protocol + "/…"
}

type putGateRequest struct {
	DevicePath
	Body struct {
		GateSetup
		Secret   string `json:"secret,omitempty" maxLength:"200" doc:"签名密钥；不填保持原来的"`
		NewToken bool   `json:"new_token,omitempty" doc:"更换令牌：旧的立即失效"`
	}
}

// putGate writes how a device is spoken to. The first time, and when it is asked
// for, the device gets a new token: of the old one only a hash is known.
func (s *Server) putGate(ctx context.Context, c call, in *putGateRequest) (*answer[gateDetailView], error) {
	if _, err := s.DB.DeviceWithin(ctx, c.scope, in.ID); err != nil {
		return nil, err
	}
	config, err := s.gateConfig(in.ID, in.Body.GateSetup, in.Body.Secret)
	if err != nil {
		return nil, err
	}
	_, err = s.DB.GateByDevice(ctx, c.scope, in.ID, today(c.at))
	first := errs.Is(err, errs.NotFound)
	if err != nil && !first {
		return nil, err
	}
	if err := s.DB.PutGate(ctx, in.ID, config, c.actor(), c.at); err != nil {
		return nil, err
	}
	var token *string
	if first || in.Body.NewToken {
		key := account.NewKey("gate")
		if err := s.DB.GateKey(ctx, in.ID, key, c.actor(), c.at); err != nil {
			return nil, err
		}
		token = &key
	}
	g, err := s.DB.GateByDevice(ctx, c.scope, in.ID, today(c.at))
	if err != nil {
		return nil, err
	}
	return reply(viewGateSetup(g, c.at, token), nil)
}

// gateConfig checks what was entered and seals the secret.
func (s *Server) gateConfig(device uuid.UUID, b GateSetup, secret string) (postgres.GateConfig, error) {
	wrong := errs.New(errs.Fix, "gate_setup", "接入设置有误")
	add := func(bad bool, where, text, mend string) {
		if bad {
			wrong = wrong.With(errs.Detail{Where: "body." + where, Text: text, Mend: mend})
		}
	}
	for _, a := range b.Addresses {
		_, err := netip.ParsePrefix(a)
		add(err != nil, "addresses", "不是地址段："+a, "例如 10.20.0.0/16，单个地址写 10.20.0.7/32")
	}
	for _, direction := range b.Readers {
		add(direction != "in" && direction != "out", "readers", "方向不对", "in 或 out")
	}
	_, err := time.LoadLocation(b.Zone)
	add(err != nil || b.Zone == "Local", "zone", "没有这个时区", "例如 Asia/Shanghai")
	bareable := []string{string(gate.ZKTeco), string(gate.Uniview)}
	add(b.BareSerial != "" && !slices.Contains(bareable, b.Protocol), "bare_serial", "这种协议要用带令牌的地址", "只有中控、宇视可以不带令牌")
	add(b.BareSerial != "" && len(b.Addresses) == 0, "addresses", "没有令牌的设备必须登记来源地址", "设备的出口地址")
	add(b.Protocol == string(gate.RealName) && secret != "" && len(secret) != 32, "secret", "appsecret 应为 32 个字符", "按劳务系统里的填写")
	if len(wrong.Details) > 0 {
		return postgres.GateConfig{}, wrong
	}
	config := postgres.GateConfig{Protocol: b.Protocol, KeyID: b.KeyID, BareSerial: strings.TrimSpace(b.BareSerial), Readers: b.Readers, SaysIn: b.SaysIn,
		System: b.System, Zone: b.Zone, Addresses: b.Addresses, PerMinute: b.PerMinute, SilentAfter: time.Duration(b.SilentSeconds) * time.Second}
	if secret != "" {
		config.SecretSealed = s.Sealer.Seal("gate", "secret", device.String(), secret)
	}
	return config, nil
}

type adoptGateRequest struct {
	DevicePath
	OnceHeader
	Body struct {
		SiteID    uuid.UUID `json:"site_id"`
		Purpose   string    `json:"purpose" enum:"presence,attendance"`
		Direction string    `json:"direction" enum:"in,out,both"`
		Serial    string    `json:"serial,omitempty" maxLength:"64" doc:"设备没有报序列号时按铭牌填"`
		Bare      bool      `json:"bare,omitempty" doc:"设备只能填主机和端口：凭序列号和现在的地址接入（中控、宇视）"`
	}
}

func (s *Server) adoptGate(ctx context.Context, c call, in *adoptGateRequest) (*answer[gateDetailView], error) {
	key := account.NewKey("gate")
	a := postgres.Adoption{Unknown: in.ID, Serial: in.Body.Serial, SiteID: in.Body.SiteID, Purpose: in.Body.Purpose, Direction: in.Body.Direction,
		Bare: in.Body.Bare, Key: key}
	device, fresh, err := s.DB.AdoptGate(ctx, c.scope, a, c.actor(), in.once(c, "adopt "+in.ID.String(), in.Body), c.at)
	if err != nil {
		return nil, err
	}
	g, err := s.DB.GateByDevice(ctx, c.scope, device, today(c.at))
	if err != nil {
		return nil, err
	}
	if !fresh {
		return reply(viewGateSetup(g, c.at, nil), nil)
	}
	return reply(viewGateSetup(g, c.at, &key), nil)
}
