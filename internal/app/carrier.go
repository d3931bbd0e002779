package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"

	"golang.org/x/sync/errgroup"

	"muster/internal/clock"
	"muster/internal/demo"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch"
)

type carrierCommand struct {
	Listen string `help:"监听地址" default:"127.0.0.1:8421"`
	Hooks  string `help:"回执推送到哪里：Muster 的地址" default:"http://127.0.0.1:8420"`
	Data   string `help:"数据目录（未配置 MUSTER_DATABASE 时）" default:"data" type:"path" env:"MUSTER_DATA"`
}

// Run starts the fake carrier by itself, for a Muster that runs elsewhere, and
// puts its contracts into that database.
func (c *carrierCommand) Run(ctx context.Context, sh shell) error {
	o, done, err := openConfigured(ctx, sh, c.Data)
	if err != nil {
		return err
	}
	defer done()
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return errs.New(errs.Fix, "listen", "不能在 %s 监听：换一个 --listen", c.Listen).Because(err)
	}
	k, err := fakeCarrier(ctx, o, sh.clock, "http://"+l.Addr().String(), c.Hooks)
	if err != nil {
		return err
	}
	sh.printf("模拟运营商在 http://%s\n", l.Addr())
	return serveCarrier(ctx, k, l)
}

// fakeCarrier makes the fake carrier of the demonstration and writes its
// contracts into the database.
func fakeCarrier(ctx context.Context, o opened, c clock.Clock, carrier, hooks string) (*fake.Carrier, error) {
	sections, err := o.db.SomeSections(ctx, demoGroups)
	if err != nil {
		return nil, err
	}
	var served []fake.Account
	for _, k := range demo.Contracts(carrier, response.DefaultRules(), sections) {
		if err := putContract(ctx, o, k, c); err != nil {
			return nil, err
		}
		served = append(served, fake.Account{Account: channel.Account{Kind: k.Channel, Provider: k.Provider, Settings: k.Settings, Secrets: k.Secrets, Clock: c},
			Callback: fmt.Sprintf("%s/hooks/%s/%s", hooks, k.ID, k.Token)})
	}
	f := fake.New(fake.Options{Clock: c, Accounts: served})
	return f, f.SetConditions("", fake.DefaultConditions())
}

// demoGroups is how many sections of the demonstration have a group with a robot.
const demoGroups = 12

func putContract(ctx context.Context, o opened, k demo.Contract, c clock.Clock) error {
	secrets, err := json.Marshal(k.Secrets)
	if err != nil {
		return err
	}
	a := k.Account
	a.SecretsSealed = o.sealer.Seal("channel_account", "secrets", a.ID.String(), string(secrets))
	if k.Token != "" {
		a.HookHash = dispatch.HookHash(k.Token)
	}
	return o.db.PutChannelAccount(ctx, a, k.UnitKind, postgres.Actor{Name: "demo"}, c.Now())
}

func serveCarrier(ctx context.Context, k *fake.Carrier, l net.Listener) error {
	server := &http.Server{Handler: k, BaseContext: func(net.Listener) context.Context { return ctx }}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error { return k.Run(ctx) })
	g.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
	return g.Wait()
}
