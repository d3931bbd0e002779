package app

import (
	"context"
	"net/http"
	"strings"
	"time"

	"muster/internal/roster/gate"
)

// gateReconcile is run inside a site's network, by a clock of that machine: a
// terminal of the Uface family calls once, and what fell into an outage is lost unless
// it is fetched (对账).
type gateReconcile struct {
	Terminal string        `arg:"" help:"终端在工地网络里的地址，如 http://192.168.1.20:8090"`
	URL      string        `arg:"" help:"设备地址，到令牌为止，例如 https://…/gate/uface/令牌"`
	Since    time.Duration `help:"往回查多久" default:"24h"`
	Password string        `help:"终端的口令" env:"MUSTER_TERMINAL_PASSWORD"`
}

// reconcileWait is how long one page of a terminal, or of the server, may take.
const reconcileWait = time.Minute

// Run fetches what the terminal has and posts it; what had come already is a
// repetition.
func (c *gateReconcile) Run(ctx context.Context, sh shell) error {
	now := sh.clock.Now()
	terminal := gate.UfaceTerminal{URL: strings.TrimSuffix(c.Terminal, "/"), Password: c.Password, HTTP: &http.Client{Timeout: reconcileWait}}
	n, err := terminal.Bring(ctx, now.Add(-c.Since), now, strings.TrimSuffix(c.URL, "/"))
	if err != nil {
		return err
	}
	sh.printf("对账：终端上的 %d 条全部送到\n", n)
	return nil
}
