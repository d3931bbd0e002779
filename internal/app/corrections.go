package app

import (
	"context"
	"time"
)

const correctEvery = time.Minute

// correct writes down what passes that came late changed, until ctx ends. All
// replicas do it; the database lets one at a time.
func (s service) correct(ctx context.Context) error {
	for tick := time.NewTicker(correctEvery); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return nil
		case <-tick.C:
		}
		if n, err := s.db.CorrectHeadcounts(ctx, s.clock.Now()); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "late passes are not looked at", "err", err)
		} else if n > 0 {
			s.log.InfoContext(ctx, "late passes changed headcounts", "count", n)
		}
	}
}
