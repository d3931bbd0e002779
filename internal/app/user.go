package app

import (
	"bufio"
	"context"
	"strings"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
)

type userCommand struct {
	Add   userAdd   `cmd:"" help:"新建账号并授予一个角色；密码从标准输入读一行"`
	Field userField `cmd:"" help:"为有手机号、有现场岗位而没有账号的人开通手机登录"`
}

type userField struct {
	Data string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run opens the field page to everybody who answers for a place. Run again after
// an import, it adds those who are new.
func (c *userField) Run(ctx context.Context, sh shell) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	n, err := o.db.OpenFieldUsers(ctx, postgres.Actor{Name: "cli"}, sh.clock.Now())
	if err == nil {
		sh.printf("已开通 %d 人的手机登录\n", n)
	}
	return err
}

type userAdd struct {
	Login     string `arg:"" help:"账号名"`
	Title     string `help:"显示名称，写岗位，不写人名" required:""`
	Role      string `help:"角色，例如 system_admin、security_admin、auditor、duty_officer" required:""`
	PlaceKind string `help:"authority、company、project、section 或 site；管理员角色不填"`
	Place     string `help:"单位名称；项目代码；项目/合同段；项目/合同段/点位"`
	Data      string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run makes an account from the console of the machine: how the first
// administrators come to be. Afterwards the system administrator makes accounts
// and the security administrator gives them rights.
func (c *userAdd) Run(ctx context.Context, sh shell) error {
	role := account.Role(c.Role)
	if !role.Valid() || role.Installation() != (c.PlaceKind == "") {
		return errs.New(errs.Fix, "role", "角色 %q 不存在，或单位填写不当", c.Role)
	}
	password, err := bufio.NewReader(sh.stdin).ReadString('\n')
	password = strings.TrimRight(password, "\r\n")
	if err != nil && password == "" || len([]rune(password)) < 10 {
		return errs.New(errs.Fix, "password_short", "请在标准输入给出至少 10 个字符的密码")
	}
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	u := postgres.NewUser{Login: c.Login, Title: c.Title, PasswordHash: account.HashPassword(password), Role: role}
	if c.PlaceKind != "" {
		if u.Place, err = o.db.FindPlace(ctx, c.PlaceKind, c.Place); err != nil {
			return err
		}
	}
	if _, err := o.db.CreateUser(ctx, u, postgres.Actor{Name: "cli"}, sh.clock.Now()); err != nil {
		return err
	}
	sh.printf("已建立账号 %s（%s）\n", c.Login, role.Label())
	return nil
}
