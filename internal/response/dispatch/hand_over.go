package dispatch

import (
	"context"

	"muster/internal/errs"
	"muster/internal/response"
	"muster/internal/response/channel"
)

// HandOver hands an SMS that is no notice (a sign-in code) to the first contract
// of a mode that takes it. It is kept nowhere and not tried again later.
func (d *Directory) HandOver(ctx context.Context, mode string, m channel.Message) error {
	d.mu.RLock()
	ways := d.ways[way{mode, response.SMS}]
	d.mu.RUnlock()
	err := error(errs.New(errs.Down, "no_contract", "没有可用的短信通道"))
	for _, c := range ways {
		if c.broken != nil {
			continue
		}
		if _, err = c.gateway.Send(ctx, m); err == nil {
			return nil
		}
	}
	return err
}
