// Package upward drives forwarding (向上转报): what a project received is told to the
// platform above in the national real-name dialect (roster/gate), from the queue in
// the database (postgres.Upstream).
//
// Outside, a thing is told at least once; inside, it is taken in exactly once and
// written down with its outcome. What is told twice the platform counts once: a team
// by its name, a person and a pass by number, time and direction.
package upward

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/postgres"
)

const (
	every       = time.Minute
	callWithin  = 15 * time.Second       // one call, in a transaction
	askEvery    = 500 * time.Millisecond // the dialect's clients ask twice a second
	askTimes    = 20                     // in a round; what is pending then is asked for in the next one
	mostBatches = 200                    // in a round, so that each platform gets its turn
	together    = 2                      // platforms at once; each holds a connection
)

// Forwarder tells the platforms above. Several replicas may run one: each platform is
// served by one at a time.
type Forwarder struct {
	DB     *postgres.DB
	Sealer *account.Sealer
	Clock  clock.Clock
	Log    *slog.Logger
	HTTP   *http.Client                // nil: Client()
	Pause  func(context.Context) error // between two questions for results; nil: half a second
}

// Client is how platforms are called. A redirect is not followed: the report is for
// the registered address.
func Client() *http.Client {
	return &http.Client{Timeout: callWithin, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// Run has a round every minute until ctx ends.
func (f Forwarder) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := f.Round(ctx); err != nil && ctx.Err() == nil {
			f.Log.ErrorContext(ctx, "nothing is forwarded upward", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Round tells each platform in use what there is. What one of them does is its own
// affair; an error is the database's.
func (f Forwarder) Round(ctx context.Context) error {
	list, err := f.DB.Upstreams(ctx)
	if err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(together)
	for _, u := range list {
		if u.DisabledAt == nil {
			g.Go(func() error { return f.one(ctx, u.ID) })
		}
	}
	return g.Wait()
}

// one takes in what is new, then sends and asks until there is nothing more to do
// now: a person is told once his team has its number.
func (f Forwarder) one(ctx context.Context, id uuid.UUID) error {
	if err := f.DB.FillUpstream(ctx, id, f.Clock.Now()); err != nil {
		return err
	}
	for batches, asked := 0, 0; batches < mostBatches && asked < askTimes; {
		more, err := f.DB.SendUpstream(ctx, id, f.Clock.Now(), f.send)
		if err != nil {
			return err
		}
		if more {
			batches++
			continue
		}
		settled, pending, err := f.askAll(ctx, id)
		if err != nil || !settled && !pending {
			return err
		}
		if !settled {
			asked++
			if err := f.pause(ctx); err != nil {
				return nil // it ends
			}
		}
	}
	return nil
}

// askAll asks for each result that is out once.
func (f Forwarder) askAll(ctx context.Context, id uuid.UUID) (settled, pending bool, err error) {
	codes, err := f.DB.UpstreamCodes(ctx, id)
	for _, code := range codes {
		done, waits, err := f.DB.AskUpstream(ctx, id, code, f.Clock.Now(), f.ask)
		if err != nil {
			return settled, pending, err
		}
		settled, pending = settled || done, pending || waits
	}
	return settled, pending, err
}

func (f Forwarder) pause(ctx context.Context) error {
	if f.Pause != nil {
		return f.Pause(ctx)
	}
	t := time.NewTimer(askEvery)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
