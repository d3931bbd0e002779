package fake

import (
	"context"
	"sync"
	"time"
)

// Run lets people act and receipts go out until ctx ends. A receiver that hangs
// holds up nobody but its own account.
func (c *Carrier) Run(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var flushing sync.WaitGroup
	defer flushing.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		c.act(ctx)
		for _, a := range c.accounts {
			if a.flushing.TryLock() {
				flushing.Go(func() {
					defer a.flushing.Unlock()
					c.flush(ctx, a)
				})
			}
		}
	}
}

// Work does all that is due by the clock and waits for it: people act, receipts are
// pushed. Tests with a pushed clock call it in place of Run.
func (c *Carrier) Work(ctx context.Context) {
	c.act(ctx)
	var all sync.WaitGroup
	for _, a := range c.accounts {
		all.Go(func() { c.flush(ctx, a) })
	}
	all.Wait()
}

func (c *Carrier) act(ctx context.Context) {
	for ctx.Err() == nil {
		next, ok := c.agenda.due(c.Now())
		if !ok {
			return
		}
		next.do(next.at)
	}
}
