package app

import (
	"context"
	"time"

	"muster/internal/errs"
)

const forwardEvery = time.Second

// forward publishes what goes out by itself under a standing authorisation, once
// its time has come. It runs on every replica: each draft is taken by one.
func (s service) forward(ctx context.Context) error {
	tick := time.NewTicker(forwardEvery)
	defer tick.Stop()
	for {
		s.forwardDue(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// forwardDue publishes until nothing is due. What failed was taken off the clock
// and waits for a person; a database that is away is asked again with the next
// round.
func (s service) forwardDue(ctx context.Context) {
	for ctx.Err() == nil {
		f, err := s.db.AutoPublish(ctx, s.clock.Now())
		switch {
		case errs.Is(err, errs.NotFound):
			return
		case err != nil:
			if ctx.Err() == nil {
				s.log.Error("a draft did not go out by itself", "draft", f.Draft, "err", err)
			}
			return
		case f.Published:
			s.log.Info("a draft went out by itself", "draft", f.Draft, "warning", f.Warning)
		default:
			s.log.Warn("a draft stays for a person", "draft", f.Draft, "why", f.Reasons[0].Code)
		}
	}
}
