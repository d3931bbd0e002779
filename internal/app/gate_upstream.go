package app

import (
	"context"
	"net/url"
	"time"

	"github.com/google/uuid"

	"muster/internal/app/upward"
	"muster/internal/clock"
	"muster/internal/errs"
	"muster/internal/postgres"
)

type upstreamCommand struct {
	Add     upstreamAdd     `cmd:"" help:"登记或更换一个上级平台；停用的重新启用，从停下处接着转报"`
	List    upstreamList    `cmd:"" help:"列出上级平台"`
	Status  upstreamStatus  `cmd:"" help:"一个上级平台转报到哪里、等着什么、拒收了什么"`
	Retry   upstreamRetry   `cmd:"" help:"把上级平台拒收的再报一次"`
	Disable upstreamDisable `cmd:"" help:"停用一个上级平台"`
}

// upward forwards what was received to the platforms above.
func (s service) upward() upward.Forwarder {
	return upward.Forwarder{DB: s.db, Sealer: s.sealer, Clock: s.clock, Log: s.log}
}

// upstreamNames is the space of the ids of platforms: the same name is the same one.
var upstreamNames = uuid.MustParse("0b7c2b5e-2f0f-4f57-9a6b-9a3d5f0a7c41")

type upstreamAdd struct {
	Name    string    `arg:"" help:"名称，例如 省实名制平台-P1"`
	Project string    `arg:"" help:"项目代码；几个项目就登记几个"`
	URL     string    `arg:"" help:"上级平台的接口地址"`
	Code    string    `help:"上级平台上的项目编码（projectCode）；不填则与项目代码相同"`
	AppID   string    `help:"appid" name:"app-id" required:""`
	Secret  string    `help:"appsecret，32 个字符；请用环境变量给出，不要写在命令里" env:"MUSTER_UPSTREAM_SECRET" required:""`
	From    time.Time `help:"从哪一天收到的打卡开始，例如 2026-03-01；不填：新登记的从现在，已有的不变" format:"2006-01-02"`
	Data    string    `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// secretLength is that of the dialect's appsecret, an AES-256 key.
const secretLength = 32

func (c *upstreamAdd) check() error {
	if len(c.Secret) != secretLength {
		return errs.New(errs.Fix, "upstream_secret", "appsecret 应为 %d 个字符", secretLength)
	}
	if u, err := url.Parse(c.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return errs.New(errs.Fix, "upstream_url", "地址应以 https:// 或 http:// 开头")
	}
	return nil
}

// Run keeps a platform, its secret sealed.
func (c *upstreamAdd) Run(ctx context.Context, sh shell) error {
	if err := c.check(); err != nil {
		return err
	}
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	place, err := o.db.FindPlace(ctx, "project", c.Project)
	if err != nil {
		return err
	}
	u := postgres.Upstream{ID: uuid.NewSHA1(upstreamNames, []byte(c.Name)), Name: c.Name, ProjectID: place.Project, ProjectCode: or(c.Code, c.Project),
		URL: c.URL, AppID: c.AppID}
	if !c.From.IsZero() {
		u.FromAt = time.Date(c.From.Year(), c.From.Month(), c.From.Day(), 0, 0, 0, 0, clock.Shanghai)
	}
	u.SecretSealed = o.sealer.Seal("upstream", "secret", u.ID.String(), c.Secret)
	if err := o.db.PutUpstream(ctx, u, postgres.Actor{Name: "cli"}, sh.clock.Now()); err != nil {
		return err
	}
	sh.printf("已登记 %s，一分钟内开始转报；muster gate upstream status %s 查看\n", c.Name, c.Name)
	return nil
}

type upstreamDisable struct {
	Name string `arg:"" help:"名称（upstream list 列出）"`
	Data string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run stops forwarding. What comes meanwhile is forwarded when the platform is
// added again.
func (c *upstreamDisable) Run(ctx context.Context, sh shell) error {
	return withUpstream(ctx, sh, c.Data, c.Name, func(o opened, u postgres.Upstream) error {
		if err := o.db.DisableUpstream(ctx, u.ID, postgres.Actor{Name: "cli"}, sh.clock.Now()); err != nil {
			return err
		}
		sh.printf("已停用 %s\n", u.Name)
		return nil
	})
}

type upstreamRetry struct {
	Name string `arg:"" help:"名称（upstream list 列出）"`
	Data string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run has everything that was refused sent again.
func (c *upstreamRetry) Run(ctx context.Context, sh shell) error {
	return withUpstream(ctx, sh, c.Data, c.Name, func(o opened, u postgres.Upstream) error {
		n, err := o.db.RetryUpstream(ctx, u.ID, postgres.Actor{Name: "cli"}, sh.clock.Now())
		if err == nil {
			sh.printf("%d 条将在一分钟内重报\n", n)
		}
		return err
	})
}

func withUpstream(ctx context.Context, sh shell, data, name string, do func(opened, postgres.Upstream) error) error {
	o, done, err := openConfigured(ctx, sh, data)
	if err != nil {
		return err
	}
	defer done()
	u, err := o.db.UpstreamNamed(ctx, name)
	if err != nil {
		return err
	}
	return do(o, u)
}
