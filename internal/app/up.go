package app

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"syscall"

	"muster/internal/errs"
	"muster/internal/media"
	"muster/internal/media/s3gw"
)

type upCommand struct {
	Data   string `help:"数据目录" default:"data" type:"path" env:"MUSTER_DATA"`
	Listen string `help:"监听地址" default:"127.0.0.1:8420" env:"MUSTER_LISTEN"`
	Demo   bool   `help:"装入演示数据"`
	TLS    bool   `name:"tls" help:"用自建 CA 提供 https：手机离线使用和安装到桌面需要它"`
}

// Run starts everything on one machine and stops it again when ctx ends.
func (c *upCommand) Run(ctx context.Context, sh shell) error {
	began := sh.clock.Now()
	l, err := listen(c.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	sh.printf("启动数据库\n")
	m, err := startMachine(ctx, sh, c.Data, machineOptions{})
	if err != nil {
		return err
	}
	defer m.stop()
	sh.printf("启动对象存储\n")
	gateway, err := s3gw.Start(ctx, filepath.Join(m.dir, "s3"))
	if err != nil {
		return err
	}
	defer gateway.Stop()
	store, err := media.Open(ctx, gateway.Config)
	if err != nil {
		return err
	}
	o, err := open(ctx, m.appDSN, m.ownerDSN, m.ring)
	if err != nil {
		return err
	}
	defer o.db.Close()
	s := service{opened: o, store: store, clock: sh.clock, log: sh.log, getenv: sh.getenv, dataDir: m.dir}
	s.base = "http://" + l.Addr().String()
	hooks := s.base
	if c.TLS {
		if s.tls, err = ownTransport(m.dir, l, sh.clock); err != nil {
			return err
		}
		defer s.tls.plain.Close()
		s.base, s.secure = s.tls.base, true
		hooks = "http://" + reachable(s.tls.plain.Addr().(*net.TCPAddr))
	}
	carrier := ""
	if c.Demo {
		if err := s.demonstrate(ctx, sh); err != nil {
			return err
		}
		if carrier, err = s.withCarrier(ctx, hooks); err != nil {
			return err
		}
		s.wechat = demoWeChat(carrier)
	}
	s.ready = func() {
		sh.printf("\nMuster 已启动（%.1f 秒）：%s\n", sh.clock.Now().Sub(began).Seconds(), s.base)
		if s.tls != nil {
			sh.printf("手机先信任本机的 CA：%s（muster doctor 说明怎样做）\n", s.tls.caAddress())
		}
		if c.Demo {
			sh.printf("%s%s模拟运营商（每部手机的屏幕）：%s\n", demoAccounts(s.base), s.demoPhone(ctx), carrier)
		}
		sh.printf("数据在 %s。按 Ctrl-C 停止。\n", m.dir)
	}
	stopped := make(chan error, 1)
	run, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { stopped <- s.run(run, l) }()
	select {
	case err = <-stopped:
	case <-m.cluster.Exited():
		cancel()
		err = errors.Join(errs.New(errs.Down, "postgres_exited", "数据库意外停止，日志在 %s", filepath.Join(m.dir, "pg", "server.log")), <-stopped)
	}
	sh.printf("正在停止 …\n")
	return err
}

// listen takes the address; where its port is taken and was not chosen by hand,
// a free one.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) && address == "127.0.0.1:8420" {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, errs.New(errs.Fix, "listen", "不能在 %s 监听：换一个 --listen", address).Because(err)
	}
	return l, nil
}
