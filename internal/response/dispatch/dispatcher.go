package dispatch

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"muster/internal/clock"
	"muster/internal/response"
)

// Climber lets silence climb.
type Climber interface {
	// ClimbDue does what clocks ask for at an instant and gives how many it looked
	// at; a full batch means that there may be more.
	ClimbDue(ctx context.Context, at time.Time) (int, error)
}

// Bells are rung by the database when notices or duties are new; a lost stroke
// is harmless.
type Bells interface {
	ListenNotices(ctx context.Context, ring func()) error
}

// Store is everything that the dispatcher asks of the database.
type Store interface {
	Ledger
	Accounts
	Climber
	Bells
}

// Dispatcher runs the lanes, the clocks and what listens to carriers.
type Dispatcher struct {
	Store     Store
	Directory *Directory
	Hooks     *Hooks
	Clock     clock.Clock
	Log       *slog.Logger
	Pace      Pace        // zero: DefaultPace
	Cut       func(Point) // for tests; may be nil
}

// carried are the channels that leave by a carrier. App is on the page as soon as
// it is written, Hand is a person.
var carried = []response.Channel{response.Voice, response.SMS, response.Robot, response.WeChat, response.Email, response.Webhook, response.Horn}

const (
	climbEvery   = 500 * time.Millisecond
	refreshEvery = 10 * time.Second
)

// Run works until ctx ends. What the database refuses for a while is only logged:
// the next round does the same work.
func (d *Dispatcher) Run(ctx context.Context) error {
	if err := d.Directory.Refresh(ctx); err != nil {
		d.Log.Error("channel accounts not read", "err", err)
	}
	if err := d.Hooks.Recover(ctx); err != nil && ctx.Err() == nil {
		d.Log.Error("kept pushes not read", "err", err)
	}
	var bells []chan struct{}
	g, ctx := errgroup.WithContext(ctx)
	for _, lane := range d.lanes() {
		bell := make(chan struct{}, 1)
		bells = append(bells, bell)
		lane.Bell = bell
		g.Go(func() error { return lane.Run(ctx) })
	}
	climbBell := make(chan struct{}, 1)
	bells = append(bells, climbBell)
	g.Go(func() error { return d.ring(ctx, bells) })
	g.Go(func() error { return d.climb(ctx, climbBell) })
	g.Go(func() error { return d.refresh(ctx) })
	return g.Wait()
}

func (d *Dispatcher) lanes() []*Lane {
	pace := d.Pace
	if pace == (Pace{}) {
		pace = DefaultPace
	}
	var list []*Lane
	for _, mode := range []string{"actual", "exercise"} {
		for _, ch := range carried {
			list = append(list, &Lane{Mode: mode, Channel: ch, Pace: pace, Ledger: d.Store, Rules: d.Directory.Rules, Clock: d.Clock,
				Post: d.Directory, Log: d.Log, Cut: d.Cut})
		}
	}
	return list
}

// Once does all that is due by the clock: clocks are looked at, notices leave. It
// gives how much there was to do. For a clock that is pushed by hand, in place of
// Run.
func (d *Dispatcher) Once(ctx context.Context) (int, error) {
	if err := d.Directory.Refresh(ctx); err != nil {
		return 0, err
	}
	total := 0
	for {
		n, err := d.Store.ClimbDue(ctx, d.Clock.Now())
		if err != nil {
			return total, err
		}
		total += n
		if n == 0 {
			break
		}
	}
	for _, lane := range d.lanes() {
		total += lane.Once(ctx)
	}
	return total, nil
}

// climb looks at the clocks twice a second, and at once when something is new.
func (d *Dispatcher) climb(ctx context.Context, bell <-chan struct{}) error {
	tick := time.NewTicker(climbEvery)
	defer tick.Stop()
	for {
		for {
			n, err := d.Store.ClimbDue(ctx, d.Clock.Now())
			if err != nil && ctx.Err() == nil {
				d.Log.Error("clocks not looked at", "err", err)
			}
			if n == 0 || err != nil {
				break
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-bell:
		case <-tick.C:
		}
	}
}

func (d *Dispatcher) ring(ctx context.Context, bells []chan struct{}) error {
	for ctx.Err() == nil {
		err := d.Store.ListenNotices(ctx, func() {
			for _, b := range bells {
				select {
				case b <- struct{}{}:
				default:
				}
			}
		})
		if ctx.Err() == nil {
			d.Log.Warn("notice bell lost, polling on", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
	return nil
}

func (d *Dispatcher) refresh(ctx context.Context) error {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	listening := map[string]context.CancelFunc{}
	for {
		d.listenAll(ctx, listening)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := d.Directory.Refresh(ctx); err != nil && ctx.Err() == nil {
			d.Log.Error("channel accounts not read", "err", err)
		}
	}
}
