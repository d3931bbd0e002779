package fake

import (
	"context"
	"sync"
	"time"
)

// Run lets people act and receipts go out until ctx ends.
func (c *Carrier) Run(ctx context.Context) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			c.Work(ctx)
		}
	}
}

// Work does all that is due by the clock: people act, receipts are pushed. It gives
// the number of acts; tests with a pushed clock call it themselves.
func (c *Carrier) Work(ctx context.Context) int {
	done := 0
	for ctx.Err() == nil {
		next, ok := c.agenda.due(c.Now())
		if !ok {
			break
		}
		next.do(next.at)
		done++
	}
	var all sync.WaitGroup
	for _, a := range c.accounts {
		all.Go(func() { c.flush(ctx, a) })
	}
	all.Wait()
	return done
}
