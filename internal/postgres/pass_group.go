package postgres

import (
	"context"
	"sync"
	"time"

	"muster/internal/errs"
)

// passShards is how many transactions write passes at the same time. Two keep the
// database busy while the other one waits for its commit to reach the disk; more
// only make smaller groups.
const passShards = 2

// passGroup is how many passes one transaction takes at most.
const passGroup = 1000

// passShard is a group commit (组提交): while one transaction waits for the disk,
// everything that comes in queues, and the next transaction takes all of it. A
// lone batch is written at once; under load one commit carries hundreds. Nobody
// is answered before his batch is on disk.
type passShard struct {
	mu      sync.Mutex
	queue   []*passTicket
	running bool
}

// passTicket is one batch, or the part of it that is a shard's, waiting to be
// written.
type passTicket struct {
	device Device
	at     time.Time
	passes []numbered
	done   chan struct{}
	out    PassOutcome
	err    error
}

// flushTime bounds a transaction that writes passes. It is not the caller's
// patience: others wait for the same transaction.
const flushTime = 30 * time.Second

// submit queues passes and sees to it that somebody writes them.
func (s *passShard) submit(ctx context.Context, db *DB, b PassBatch, passes []numbered) *passTicket {
	t := &passTicket{device: b.Device, at: b.At, passes: passes, done: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, t)
	if !s.running {
		s.running = true
		go s.drain(context.WithoutCancel(ctx), db)
	}
	return t
}

// drain writes groups until the queue is empty.
func (s *passShard) drain(ctx context.Context, db *DB) {
	for {
		group := s.next()
		if group == nil {
			return
		}
		s.write(ctx, db, group)
	}
}

// next takes the tickets of the next transaction off the queue, at least one;
// none are left when it gives nil, and the shard rests.
func (s *passShard) next() []*passTicket {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, passes := 0, 0
	for n < len(s.queue) && (n == 0 || passes+len(s.queue[n].passes) <= passGroup) {
		passes += len(s.queue[n].passes)
		n++
	}
	group := s.queue[:n:n]
	s.queue = s.queue[n:]
	if n == 0 {
		s.queue, s.running = nil, false
		return nil
	}
	return group
}

// write writes a group, and each of its tickets alone where the group fails for
// a reason that lies in one of them: a broken batch spoils nobody else's.
func (s *passShard) write(ctx context.Context, db *DB, group []*passTicket) {
	err := db.writePasses(ctx, group)
	if alone := err != nil && len(group) > 1 && !errs.Is(err, errs.Down); alone {
		for _, t := range group {
			t.end(db.writePasses(ctx, []*passTicket{t}))
		}
		return
	}
	for _, t := range group {
		t.end(err)
	}
}

func (t *passTicket) end(err error) {
	t.err = err
	close(t.done)
}

// wait waits until the ticket is on disk. A caller who gives up does not take
// back what he handed in: it is written all the same, and sending it again does
// nothing.
func (t *passTicket) wait(ctx context.Context) error {
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		return errs.New(errs.Again, "gave_up", "没有等到写入完成，请重新发送").Because(ctx.Err())
	}
}
