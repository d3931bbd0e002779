package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"muster/internal/clock"
	"muster/internal/httpapi"
	"muster/internal/media"
	"muster/tiles"
	"muster/web"
)

type serveCommand struct {
	Listen string `help:"监听地址" default:":8420" env:"MUSTER_LISTEN"`
	Public string `help:"对外的地址（https://…），写在通知的链接里；不填则通知不带链接" env:"MUSTER_PUBLIC_URL"`
	Cert   string `help:"TLS 证书（PEM，含中间证书）；不填则由前面的代理做 TLS" env:"MUSTER_TLS_CERT"`
	Key    string `help:"TLS 私钥（PEM）" env:"MUSTER_TLS_KEY"`
}

// Run serves on the configured database and object store. It never migrates and
// refuses a schema that it does not know.
func (c *serveCommand) Run(ctx context.Context, sh shell) error {
	cfg := readConfig(sh.getenv)
	if err := cfg.need("MUSTER_DATABASE", "MUSTER_SEAL_KEYS", "MUSTER_S3_ENDPOINT", "MUSTER_S3_ACCESS", "MUSTER_S3_SECRET"); err != nil {
		return err
	}
	o, err := open(ctx, cfg.database, cfg.owner, cfg.seal)
	if err != nil {
		return err
	}
	defer o.db.Close()
	store, err := media.Open(ctx, cfg.store)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	s := service{opened: o, store: store, clock: sh.clock, log: sh.log, getenv: sh.getenv, base: c.Public, secure: sh.getenv("MUSTER_INSECURE_COOKIE") != "true"}
	scheme := "http"
	if c.Cert != "" || c.Key != "" {
		files, err := certificateFiles(c.Cert, c.Key)
		if err != nil {
			return err
		}
		s.tls, s.secure, scheme = &transport{certificate: files.certificate}, true, "https"
	}
	s.ready = func() { sh.printf("Muster 在 %s://%s\n", scheme, l.Addr()) }
	return s.run(ctx, l)
}

// service is the running product on one database and one store.
type service struct {
	opened
	store   *media.Store
	clock   clock.Clock
	log     *slog.Logger
	demo    bool
	getenv  func(string) string
	base    string // address of the answer pages, for links in notices
	dataDir string // of the one machine; empty in production
	secure  bool
	wechat  *httpapi.WeChat               // nil: what is configured
	tls     *transport                    // nil: plain HTTP
	also    []func(context.Context) error // further work until the end
	ready   func()                        // told once requests are answered
}

// shutdownWithin is how long requests under way may take to end.
const shutdownWithin = 5 * time.Second

// run serves until ctx ends, then lets what is under way finish.
func (s service) run(ctx context.Context, l net.Listener) error {
	at := s.clock.Now()
	in := intake{s.db, s.log}
	if err := s.prepare(ctx, in, at); err != nil {
		return err
	}
	responder := s.responder(s.base)
	watchdog, err := s.watchdog(s.getenv)
	if err != nil {
		return err
	}
	if s.wechat == nil {
		if s.wechat, err = readWeChat(s.getenv); err != nil {
			return err
		}
	}
	tilePool, err := tiles.Connect(ctx, s.db.Pool().Config(), tileConnections)
	if err != nil {
		return err
	}
	defer tilePool.Close()
	shown, err := s.mapTiles(tilePool)
	if err != nil {
		return err
	}
	api := httpapi.New(httpapi.Options{DB: s.db, Sealer: s.sealer, Clock: s.clock, Intake: in, Store: s.store, Hooks: responder.Hooks,
		Courier: courier{responder.Directory}, WeChat: s.wechat, Gates: s.gates(), Checkin: web.Checkin(), Public: s.base,
		Page: web.Handler(), Tiles: shown, Log: s.log, Demo: s.demo, Secure: s.secure})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{Handler: s.front(api), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute,
		// Streams end with us instead of holding the shutdown up.
		BaseContext: func(net.Listener) context.Context { return ctx }}
	if s.ready != nil {
		s.ready()
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := s.serveOn(server, l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	s.servePlain(ctx, g, api)
	g.Go(func() error {
		<-ctx.Done()
		cancel()
		end, stop := context.WithTimeout(context.WithoutCancel(ctx), shutdownWithin)
		defer stop()
		return server.Shutdown(end)
	})
	g.Go(func() error { return api.Run(ctx) })
	g.Go(func() error { return s.expire(ctx) })
	g.Go(func() error { return s.forward(ctx) })
	g.Go(func() error { return responder.Run(ctx) })
	g.Go(func() error { return watchdog.Run(ctx) })
	g.Go(func() error { return s.seal(ctx) })
	g.Go(func() error { return s.correct(ctx) })
	g.Go(func() error { return s.upward().Run(ctx) })
	g.Go(func() error { return s.keepTiles(ctx, shown) })
	for _, f := range s.also {
		g.Go(func() error { return f(ctx) })
	}
	return g.Wait()
}

// front is what stands before the API where requests come by TLS.
func (s service) front(api http.Handler) http.Handler {
	if s.secure {
		api = strict(api)
	}
	if s.tls != nil && s.tls.ca != nil {
		api = s.tls.withCA(api)
	}
	return api
}

func (s service) serveOn(server *http.Server, l net.Listener) error {
	if s.tls == nil {
		return server.Serve(l)
	}
	server.TLSConfig = s.tls.config()
	server.ErrorLog = slog.NewLogLogger(s.log.Handler(), slog.LevelDebug) // each phone that does not trust us yet
	return server.ServeTLS(l, "", "")
}

// servePlain answers beside TLS what cannot come by it.
func (s service) servePlain(ctx context.Context, g *errgroup.Group, api http.Handler) {
	if s.tls == nil || s.tls.plain == nil {
		return
	}
	server := &http.Server{Handler: s.tls.plainly(api), ReadHeaderTimeout: 10 * time.Second}
	g.Go(func() error {
		if err := server.Serve(s.tls.plain); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
}

// prepare loads what every installation has and picks up what a power cut left.
func (s service) prepare(ctx context.Context, in intake, at time.Time) error {
	if err := s.db.SeedRegions(ctx, at); err != nil {
		return err
	}
	if err := s.db.SeedPolicy(ctx, at); err != nil {
		return err
	}
	return in.recover(ctx, at)
}

const expireEvery = 10 * time.Second

// expire ends warnings whose time is over. A database that is away for a while
// is only logged: the next round does the same work.
func (s service) expire(ctx context.Context) error {
	tick := time.NewTicker(expireEvery)
	defer tick.Stop()
	for {
		if n, err := s.db.ExpireDue(ctx, s.clock.Now()); err != nil && ctx.Err() == nil {
			s.log.Error("expiry failed", "err", err)
		} else if n > 0 {
			s.log.Info("warnings expired, not lifted", "count", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
