package postgres

import (
	"context"
	"sync"
	"time"

	"muster/internal/errs"
)

// groupCommit (组提交) writes together what comes together: while one transaction
// waits for the disk, everything that comes in queues, and the next transaction
// takes all of it. A lone item is written at once; under load one commit carries
// hundreds. Nobody is answered before his item is on disk.
type groupCommit[T any] struct {
	mu      sync.Mutex
	queue   []*ticket[T]
	running bool
}

// ticket is an item that waits to be written.
type ticket[T any] struct {
	item T
	size int // what it counts against groupSize
	done chan struct{}
	err  error
}

// groupSize is how much one transaction takes at most, in items of size one.
const groupSize = 1000

// gather is how long the next group waits for those of the last to come back: who
// works off a backlog hands in the next item when the last was answered, and without
// it half of them would always just miss the group.
const gather = 200 * time.Microsecond

// submit queues an item and sees to it that somebody writes it.
func (g *groupCommit[T]) submit(ctx context.Context, item T, size int, write func(context.Context, []T) error) *ticket[T] {
	t := &ticket[T]{item: item, size: size, done: make(chan struct{})}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.queue = append(g.queue, t)
	if !g.running {
		g.running = true
		go g.drain(context.WithoutCancel(ctx), write)
	}
	return t
}

// drain writes until the queue is empty. After an item that came alone nobody waits.
func (g *groupCommit[T]) drain(ctx context.Context, write func(context.Context, []T) error) {
	for batch := g.next(); batch != nil; batch = g.next() {
		writeAll(ctx, batch, write)
		if len(batch) > 1 {
			time.Sleep(gather)
		}
	}
}

// next takes the tickets of the next transaction off the queue, at least one;
// nil when none are left, and the group rests.
func (g *groupCommit[T]) next() []*ticket[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	n, size := 0, 0
	for n < len(g.queue) && (n == 0 || size+g.queue[n].size <= groupSize) {
		size += g.queue[n].size
		n++
	}
	if n == 0 {
		g.queue, g.running = nil, false
		return nil
	}
	batch := g.queue[:n:n]
	g.queue = g.queue[n:]
	return batch
}

// writeAll writes tickets together, and each alone where they fail for a reason
// that lies in one of them: a broken item spoils nobody else's.
func writeAll[T any](ctx context.Context, batch []*ticket[T], write func(context.Context, []T) error) {
	err := write(ctx, items(batch))
	if err != nil && len(batch) > 1 && !errs.Is(err, errs.Down) {
		for _, t := range batch {
			t.end(write(ctx, []T{t.item}))
		}
		return
	}
	for _, t := range batch {
		t.end(err)
	}
}

func items[T any](batch []*ticket[T]) []T {
	list := make([]T, len(batch))
	for i, t := range batch {
		list[i] = t.item
	}
	return list
}

func (t *ticket[T]) end(err error) {
	t.err = err
	close(t.done)
}

// wait waits until the item is on disk. A caller who gives up does not take back
// what he handed in: it is written all the same, and sending it again does nothing.
func (t *ticket[T]) wait(ctx context.Context) error {
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		return errs.New(errs.Again, "gave_up", "没有等到写入完成，请重新发送").Because(ctx.Err())
	}
}
