package app

import (
	"context"

	"muster/internal/account"
)

type keyCommand struct {
	Feed feedKey `cmd:"" help:"发放（或更换）一个数据源的密钥，只显示这一次"`
}

type feedKey struct {
	Name       string `arg:"" help:"数据源名称，例如 sichuan-cma"`
	Title      string `help:"显示名称"`
	Aggregator bool   `help:"汇集方：可以转来其他发布单位的更新和解除"`
	Data       string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run gives a feed a key.
func (c *feedKey) Run(ctx context.Context, sh shell) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	key := account.NewKey("feed")
	if err := o.db.CreateFeed(ctx, c.Name, or(c.Title, c.Name), key, c.Aggregator, sh.clock.Now()); err != nil {
		return err
	}
	sh.printf("POST /api/v1/feeds/%s/messages\nAuthorization: Bearer %s\n", c.Name, key)
	return nil
}
