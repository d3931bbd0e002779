package app

import (
	"context"
	"time"

	"muster/internal/account"
	"muster/internal/postgres"
)

type keyCommand struct {
	Feed   feedKey   `cmd:"" help:"发放（或更换）一个数据源的密钥，只显示这一次"`
	Device deviceKey `cmd:"" help:"登记一台设备（或更换它的密钥），只显示这一次"`
}

type feedKey struct {
	Name       string        `arg:"" help:"数据源名称，例如 sichuan-cma"`
	Title      string        `help:"显示名称"`
	Silent     time.Duration `help:"这么久没有消息就报警，例如 6h；0 不报" name:"silent-after"`
	Aggregator bool          `help:"汇集方：可以转来其他发布单位的更新和解除"`
	Data       string        `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
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
	if err := o.db.WatchFeed(ctx, c.Name, c.Silent); err != nil {
		return err
	}
	sh.printf("POST /api/v1/feeds/%s/messages\nAuthorization: Bearer %s\n", c.Name, key)
	return nil
}

type deviceKey struct {
	Serial    string `arg:"" help:"设备序列号"`
	Site      string `arg:"" help:"点位：项目代码/合同段/点位代码"`
	Purpose   string `help:"presence 进出，attendance 只考勤" enum:"presence,attendance" default:"presence"`
	Direction string `help:"in、out 或 both" enum:"in,out,both" default:"both"`
	Data      string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run registers a device.
func (c *deviceKey) Run(ctx context.Context, sh shell) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	site, err := o.db.FindPlace(ctx, "site", c.Site)
	if err != nil {
		return err
	}
	key := account.NewKey("device")
	if err := o.db.CreateDevice(ctx, c.Serial, site.Site, c.Purpose, c.Direction, key, postgres.Actor{Name: "cli"}, sh.clock.Now()); err != nil {
		return err
	}
	sh.printf("POST /api/v1/passes\nAuthorization: Bearer %s\n", key)
	return nil
}
