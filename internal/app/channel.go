package app

import (
	"context"
	"encoding/json"
	"os"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch"
)

type channelCommand struct {
	List      channelList      `cmd:"" help:"列出通道账号"`
	Put       channelPut       `cmd:"" help:"登记或更换一个通道账号（JSON）"`
	Disable   channelDisable   `cmd:"" help:"停用一个通道账号；再次登记即恢复"`
	Templates channelTemplates `cmd:"" help:"列出须向运营商报备的全部文字"`
}

type channelList struct {
	Data string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run lists the contracts, without secrets.
func (c *channelList) Run(ctx context.Context, sh shell) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	list, err := o.db.ChannelAccounts(ctx)
	for _, a := range list {
		sh.printf("%s\t%s\t%s\t%s\t%d\t%s\n", a.Mode, a.Channel.Label(), a.Provider, a.Name, a.Priority, a.ID)
	}
	return err
}

type channelPut struct {
	File  string `arg:"" type:"existingfile" help:"JSON：mode、channel、provider、name、priority、settings、secrets；群机器人、广播、系统对接另有 unit_kind、unit"`
	Hooks string `help:"Muster 对外的地址，用来写出回调地址" default:"https://muster.example"`
	Data  string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

type channelDisable struct {
	Name string `arg:"" help:"账号名称（channel list 列出）"`
	Mode string `help:"actual（实战）或 exercise（演练）" default:"actual" enum:"actual,exercise"`
	Data string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run takes a contract out of use: what waits leaves by the next contract of the
// channel, and what its carrier pushes afterwards is refused.
func (c *channelDisable) Run(ctx context.Context, sh shell) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	id, err := o.db.ChannelAccountID(ctx, c.Name, c.Mode)
	if err != nil {
		return err
	}
	if err := o.db.DisableChannelAccount(ctx, id, postgres.Actor{Name: "cli"}, sh.clock.Now()); err != nil {
		return err
	}
	sh.printf("已停用 %s\n", c.Name)
	return nil
}

type channelTemplates struct {
	Channel string `arg:"" enum:"sms,voice" help:"sms 或 voice"`
}

// Run prints every text that a carrier has to approve before the season.
func (c *channelTemplates) Run(sh shell) error {
	for _, t := range response.DefaultRules().Register(response.Channel(c.Channel)) {
		sh.printf("%s\t%s\n", t.ID, t.Text)
	}
	return nil
}

// contractFile is a contract as an administrator writes it down.
type contractFile struct {
	Mode     string            `json:"mode"` // actual, exercise
	Channel  response.Channel  `json:"channel"`
	Provider string            `json:"provider"`
	Name     string            `json:"name"`
	Priority int               `json:"priority"`
	UnitKind string            `json:"unit_kind"`
	Unit     string            `json:"unit"` // as people know it: project/section/site
	Settings map[string]string `json:"settings"`
	Secrets  map[string]string `json:"secrets"`
}

// Run checks a contract by opening its gateway and keeps it, its secrets sealed.
func (c *channelPut) Run(ctx context.Context, sh shell) error {
	f, err := readContract(c.File)
	if err != nil {
		return err
	}
	if _, err := channel.Open(channel.Account{Kind: f.Channel, Provider: f.Provider, Settings: f.Settings, Secrets: f.Secrets}); err != nil {
		return err
	}
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	a := response.Account{ID: uuid.NewSHA1(contractNames, []byte(f.Mode+"/"+f.Name)), Mode: f.Mode, Channel: f.Channel, Provider: f.Provider,
		Name: f.Name, Priority: max(1, f.Priority), Settings: f.Settings}
	if a.UnitID, err = unitOf(ctx, o, f); err != nil {
		return err
	}
	token := or(f.Secrets["callback_token"], account.NewKey("hook"))
	a.HookHash = dispatch.HookHash(token)
	secrets, err := json.Marshal(f.Secrets)
	if err != nil {
		return err
	}
	a.SecretsSealed = o.sealer.Seal("channel_account", "secrets", a.ID.String(), string(secrets))
	if err := o.db.PutChannelAccount(ctx, a, f.UnitKind, postgres.Actor{Name: "cli"}, sh.clock.Now()); err != nil {
		return err
	}
	sh.printf("已登记 %s。回执推送地址（只显示这一次）：%s/hooks/%s/%s\n", a.Name, c.Hooks, a.ID, token)
	return nil
}

func readContract(path string) (contractFile, error) {
	var f contractFile
	body, err := os.ReadFile(path)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(body, &f); err != nil {
		return f, errs.New(errs.Fix, "contract", "通道账号不是合法的JSON").Because(err)
	}
	if f.Mode != "actual" && f.Mode != "exercise" || f.Name == "" {
		return f, errs.New(errs.Fix, "contract", "通道账号不完整").With(errs.Detail{Where: "mode", Text: f.Mode, Mend: "actual（实战）或 exercise（演练）"},
			errs.Detail{Where: "name", Text: f.Name, Mend: "起一个名字"})
	}
	if f.Settings == nil {
		f.Settings = map[string]string{}
	}
	return f, nil
}

func unitOf(ctx context.Context, o opened, f contractFile) (*uuid.UUID, error) {
	if !f.Channel.ToUnit() {
		return nil, nil
	}
	place, err := o.db.FindPlace(ctx, f.UnitKind, f.Unit)
	if err != nil {
		return nil, err
	}
	id := map[string]uuid.UUID{"authority": place.Authority, "company": place.Company, "project": place.Project, "section": place.Section, "site": place.Site}[f.UnitKind]
	return &id, nil
}

// contractNames is the space of the ids of contracts: the same name in the same
// mode is the same contract.
var contractNames = uuid.MustParse("5b9c9a4e-7a4a-4b6e-8d27-6c6f7b1d2f10")
