package app

import (
	"context"
	"strings"

	"muster/internal/errs"
	"muster/internal/roster/gate/conform"
)

type gateConformance struct {
	URL      string `arg:"" help:"设备地址，到令牌为止，例如 https://…/gate/hikvision/令牌"`
	Protocol string `help:"协议；不填时从地址中看出"`
	gateSpeaker
}

// Run asks a server everything that a device would and says in words what is
// wrong. The exit code is 1 when anything is.
func (c *gateConformance) Run(ctx context.Context, sh shell) error {
	protocol := c.Protocol
	if protocol == "" {
		protocol = protocolOf(c.URL)
	}
	if protocol == "" {
		return errs.New(errs.Fix, "protocol_missing", "从地址看不出协议，请写 --protocol")
	}
	report, err := conform.Run(ctx, conform.Options{Protocol: protocol, Config: c.config(c.URL, sh.clock)})
	if err != nil {
		return err
	}
	sh.printf("%s", report)
	if !report.OK() {
		return exitError(ExitFailed)
	}
	return nil
}

// protocolOf is the word after /gate/ in an address of ours.
func protocolOf(url string) string {
	_, rest, _ := strings.Cut(url, "/gate/")
	word, _, _ := strings.Cut(rest, "/")
	return word
}
