package app

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/roster/gate"
	"muster/internal/roster/gate/simulate"
)

type gateCommand struct {
	Simulate    gateSimulate    `cmd:"" help:"扮演一台设备过完一天：掉线、断网补传、重发"`
	Conformance gateConformance `cmd:"" help:"按协议逐项检查一个平台，说明哪里不对"`
	Reconcile   gateReconcile   `cmd:"" help:"在工地网络里运行：向宇泛类终端查记录并补送（对账）"`
	Upstream    upstreamCommand `cmd:"" help:"上级实名制平台：把收到的打卡转报上去"`
}

// gateSpeaker is how a device, or the kit, is let in.
type gateSpeaker struct {
	Serial string `help:"设备序列号；实名制协议为项目编码" default:"SIM0001"`
	Key    string `help:"推送接口的密钥编号，实名制协议的 appid" name:"key-id"`
	Secret string `help:"签名密钥，实名制协议的 appsecret（32 字符）" env:"MUSTER_GATE_SECRET"`
}

func (g gateSpeaker) config(url string, c clock.Clock) simulate.Config {
	return simulate.Config{URL: strings.TrimSuffix(url, "/"), Serial: g.Serial, Key: g.Key, Secret: g.Secret, HTTP: http.DefaultClient, Clock: c}
}

type gateSimulate struct {
	Protocol string        `arg:"" help:"协议：push、realname、hikvision、zkteco、dahua、uniview、uface"`
	URL      string        `arg:"" help:"设备地址，到令牌为止，例如 https://…/gate/hikvision/令牌"`
	People   string        `help:"进出的人，逗号分开：设备上的人员编号；实名制协议为证件号码" default:"10001,10002,10003,10004,10005,10006,10007,10008,10009,10010"`
	Outage   time.Duration `help:"这一天中断网多久" default:"2h"`
	Drop     int           `help:"百分之几的请求出岔子：丢失、只到一半、回答丢失、到两次" default:"10"`
	Batch    int           `help:"一次发多少条；0 为协议允许的最多" default:"0"`
	Seed     uint64        `help:"随机种子：同一种子是同一天" default:"1"`
	Repeat   bool          `help:"把同一天再发一遍：应当什么也不改变"`
	gateSpeaker
}

// Run plays a day that ends now against a server.
func (c *gateSimulate) Run(ctx context.Context, sh shell) error {
	now := sh.clock.Now().Truncate(time.Minute)
	day := simulate.NewDay(strings.Split(c.People, ","), now, c.Seed)
	if c.Outage > 0 {
		noon := now.Add(-8*time.Hour - 30*time.Minute) // people go out to eat and come back
		day.Down = []simulate.Outage{{From: noon, Until: noon.Add(c.Outage)}}
	}
	for range c.rounds() {
		if err := c.play(ctx, sh, day); err != nil {
			return err
		}
	}
	return nil
}

func (c *gateSimulate) rounds() int {
	if c.Repeat {
		return 2
	}
	return 1
}

func (c *gateSimulate) play(ctx context.Context, sh shell, day simulate.Day) error {
	device, err := c.device(sh.clock)
	if err != nil {
		return err
	}
	before := simulate.Progress{}
	err = day.Play(ctx, device, 20, func(p simulate.Progress) {
		c.tell(sh, before, p)
		before = p
	})
	if u, once := device.(*simulate.Uface); once && ctx.Err() == nil {
		return c.reconcile(ctx, sh, u, day)
	}
	if err != nil {
		return errs.New(errs.Again, "not_acknowledged", "还有 %d 条没有得到确认", device.Waiting()).Because(err)
	}
	sh.printf("一天结束：%d 条全部得到确认\n", before.Seen)
	return nil
}

// device is one with a memory of its own, on a line that goes wrong.
func (c *gateSimulate) device(now clock.Clock) (simulate.Device, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" {
		return nil, errs.New(errs.Fix, "url", "地址不对，应形如 https://主机/gate/协议/令牌")
	}
	config := c.config(c.URL, now)
	config.Batch = c.Batch
	random := rand.New(rand.NewPCG(c.Seed, 1))
	faults := []simulate.Fault{simulate.Dropped, simulate.Half, simulate.Unheard, simulate.Repeated}
	config.HTTP = &http.Client{Timeout: time.Minute, Transport: &simulate.Line{Faults: func(int) simulate.Fault {
		if random.IntN(100) >= c.Drop {
			return simulate.Fine
		}
		return faults[random.IntN(len(faults))]
	}}}
	return simulate.New(c.Protocol, config)
}

// tell says what is worth saying about a step.
func (c *gateSimulate) tell(sh shell, before, p simulate.Progress) {
	at := p.At.In(clock.Shanghai).Format("15:04")
	switch {
	case p.Down && !before.Down:
		sh.printf("%s  断网\n", at)
	case before.Down && !p.Down:
		sh.printf("%s  恢复，补传 %d 条，剩 %d 条\n", at, before.Waiting, p.Waiting)
	case p.Err != nil && !p.Down:
		sh.printf("%s  没有得到确认，剩 %d 条，稍后重发：%v\n", at, p.Waiting, p.Err)
	case p.Seen != before.Seen && p.Seen/20 != before.Seen/20:
		sh.printf("%s  已有 %d 条，剩 %d 条\n", at, p.Seen, p.Waiting)
	}
}

// reconcile is what a terminal needs that calls once and forgets (对账): it is
// asked what it has seen, and that is posted to its address.
func (c *gateSimulate) reconcile(ctx context.Context, sh shell, u *simulate.Uface, day simulate.Day) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: u, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	terminal := gate.UfaceTerminal{URL: "http://" + l.Addr().String(), Password: u.Password, HTTP: http.DefaultClient}
	n, err := terminal.Bring(ctx, day.Passes[0].At.Add(-time.Minute), sh.clock.Now(), strings.TrimSuffix(c.URL, "/"))
	if err == nil {
		sh.printf("对账：终端上的 %d 条全部送到\n", n)
	}
	return err
}
