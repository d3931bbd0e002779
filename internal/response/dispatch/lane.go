package dispatch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"muster/internal/clock"
	"muster/internal/response"
	"muster/internal/response/channel"
)

// Ledger is where notices are kept.
type Ledger interface {
	// ClaimNotices gives up to n notices of a lane to this worker until lease.
	ClaimNotices(ctx context.Context, l response.Lane, n int, limits response.Budget, lease, at time.Time) ([]response.Claimed, error)
	// CompleteNotices writes what became of them; late words change nothing.
	CompleteNotices(ctx context.Context, list []response.Done) error
}

// Point is a place in the flow of one notice at which a power cut can come. Tests
// cut there; nothing else does.
type Point int

// The points, in order.
const (
	Claimed    Point = iota + 1 // claimed, nothing handed over
	HandedOver                  // the carrier has it, we have not written that down
	Written                     // written down
)

// Pace is how a lane works.
type Pace struct {
	Parallel int           // hand-overs at once; also the most that is claimed ahead of them
	Timeout  time.Duration // of one hand-over
	Lease    time.Duration // longer than Timeout: a live worker never shares a notice
	Poll     time.Duration // the truth behind the bell
}

// DefaultPace suits a carrier that answers within a second.
var DefaultPace = Pace{Parallel: 64, Timeout: 10 * time.Second, Lease: 30 * time.Second, Poll: 500 * time.Millisecond}

// Lane hands the notices of one channel and mode over, as many at once as its
// pace allows. It claims only what it can hand over at once, so that an answer
// that comes in stops everything that has not left.
type Lane struct {
	Mode    string
	Channel response.Channel
	Pace    Pace
	Ledger  Ledger
	Rules   func() *response.Rules
	Clock   clock.Clock
	Post    Post // opens phones, knows accounts
	Bell    <-chan struct{}
	Log     *slog.Logger
	Cut     func(Point) // for tests; may be nil

	free chan struct{}
	done chan response.Done
}

// Post turns a claimed notice into a message for a gateway.
type Post interface {
	// Account is the contract that notices to persons leave by now.
	Account(mode string, c response.Channel) (response.Lane, bool)
	// Address gives the gateway and the message; an error of *channel.Failure says
	// why it cannot leave.
	Address(ctx context.Context, n response.Claimed) (channel.Gateway, channel.Message, error)
	// Heard tells how an account did, for the choice of the next.
	Heard(n response.Claimed, err error)
}

// Run works until ctx ends, and lets what is in the carriers' hands be written
// down before it returns.
func (l *Lane) Run(ctx context.Context) error {
	l.free = make(chan struct{}, l.Pace.Parallel)
	for range l.Pace.Parallel {
		l.free <- struct{}{}
	}
	l.done = make(chan response.Done, l.Pace.Parallel)
	var writing, sending sync.WaitGroup
	writing.Go(func() { l.write(context.WithoutCancel(ctx)) })
	tick := time.NewTicker(l.Pace.Poll)
	defer tick.Stop()
	for ctx.Err() == nil {
		n := l.take(ctx)
		list := l.claim(ctx, n)
		for _, c := range list {
			sending.Go(func() { l.handOver(ctx, c) })
		}
		l.give(n - len(list))
		if len(list) == n && n > 0 {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
		case <-l.Bell:
		case <-tick.C:
		}
	}
	sending.Wait()
	close(l.done)
	writing.Wait()
	return nil
}

// Once hands over everything that is ready now, waits for it and writes it down;
// it gives how many there were. For a clock that is pushed by hand.
func (l *Lane) Once(ctx context.Context) int {
	total := 0
	for {
		list := l.claim(ctx, l.Pace.Parallel)
		if len(list) == 0 {
			return total
		}
		done := make([]response.Done, len(list))
		var all sync.WaitGroup
		for i, n := range list {
			all.Go(func() { done[i] = l.hand(ctx, n) })
		}
		all.Wait()
		l.complete(context.WithoutCancel(ctx), done)
		l.cut(Written)
		total += len(list)
	}
}

// take waits for one free hand and takes all that are free.
func (l *Lane) take(ctx context.Context) int {
	select {
	case <-ctx.Done():
		return 0
	case <-l.free:
	}
	n := 1
	for {
		select {
		case <-l.free:
			n++
		default:
			return n
		}
	}
}

func (l *Lane) give(n int) {
	for range n {
		l.free <- struct{}{}
	}
}

func (l *Lane) claim(ctx context.Context, n int) []response.Claimed {
	lane, there := l.Post.Account(l.Mode, l.Channel)
	if n == 0 || !there {
		return nil
	}
	at := l.Clock.Now()
	list, err := l.Ledger.ClaimNotices(ctx, lane, n, l.Rules().Budget, at.Add(l.Pace.Lease), at)
	if err != nil && ctx.Err() == nil {
		l.Log.Error("notices not claimed", "channel", l.Channel, "mode", l.Mode, "err", err)
	}
	return list
}

func (l *Lane) handOver(ctx context.Context, n response.Claimed) {
	defer l.give(1)
	l.done <- l.hand(ctx, n)
}

// hand gives one notice to its carrier. What is in the carrier's hands when the
// work ends is waited for: its id must be written down.
func (l *Lane) hand(ctx context.Context, n response.Claimed) response.Done {
	l.cut(Claimed)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.Pace.Timeout)
	defer cancel()
	gateway, m, err := l.Post.Address(ctx, n)
	var providerID string
	if err == nil {
		providerID, err = gateway.Send(ctx, m)
		l.Post.Heard(n, err)
	}
	l.cut(HandedOver)
	return outcome(n, providerID, err, l.Rules().Retry, l.Clock.Now())
}

// write gathers outcomes and writes them together.
func (l *Lane) write(ctx context.Context) {
	for d := range l.done {
		list := []response.Done{d}
		list = l.gather(list)
		l.complete(ctx, list)
		l.cut(Written)
	}
}

// gatherFor is how long a first outcome waits for others.
const gatherFor = 2 * time.Millisecond

func (l *Lane) gather(list []response.Done) []response.Done {
	end := time.NewTimer(gatherFor)
	defer end.Stop()
	for len(list) < 500 {
		select {
		case d, open := <-l.done:
			if !open {
				return list
			}
			list = append(list, d)
		case <-end.C:
			return list
		}
	}
	return list
}

// complete tries until it is written or until it is too late to matter: after
// the lease another worker takes the notice, with the same key.
func (l *Lane) complete(ctx context.Context, list []response.Done) {
	end := l.Clock.Now().Add(l.Pace.Lease)
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 2*time.Second) {
		err := l.Ledger.CompleteNotices(ctx, list)
		if err == nil {
			return
		}
		l.Log.Error("outcomes not written", "count", len(list), "err", err)
		if l.Clock.Now().After(end) {
			return
		}
		time.Sleep(wait)
	}
}

func (l *Lane) cut(p Point) {
	if l.Cut != nil {
		l.Cut(p)
	}
}
