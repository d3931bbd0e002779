package fake

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	maxPending = 200_000 // receipts waiting for one account
	maxBatch   = 200     // happenings in one push
)

// pauses are the documented ones between Aliyun's pushes; the others are much alike.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 10 * time.Minute}

// customer is an account with what it is still to be told.
type customer struct {
	Account
	mu      sync.Mutex
	pending []Happening
	door    *Door
	retries []retry

	flushing sync.Mutex // held by whoever pushes

	names  sync.Once // of templates and recordings
	byCode map[string]string
}

// queue adds happenings; it gives how many had no room.
func (a *customer) queue(d *Door, list []Happening) (dropped int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	room := min(len(list), maxPending-len(a.pending))
	a.door = d
	a.pending = append(a.pending, list[:room]...)
	return len(list) - room
}

func (a *customer) take() (*Door, []Happening) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := min(len(a.pending), maxBatch)
	batch := a.pending[:n:n]
	if a.pending = a.pending[n:]; len(a.pending) == 0 {
		a.pending = nil
	}
	return a.door, batch
}

// retry is one request of a batch that the account did not take.
type retry struct {
	door  *Door
	batch []Happening
	index int // of the request among those that Push makes
	tries int
}

func (a *customer) retry(r retry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.retries = append(a.retries, r)
}

func (a *customer) takeRetries() []retry {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := a.retries
	a.retries = nil
	return list
}

// flush pushes all that an account is to be told.
func (c *Carrier) flush(ctx context.Context, a *customer) {
	for _, r := range a.takeRetries() {
		// Made anew: a signature of ten minutes ago is none.
		c.push(ctx, a, r, r.door.Push(a.Account, r.batch)[r.index])
	}
	for ctx.Err() == nil {
		door, batch := a.take()
		if len(batch) == 0 {
			return
		}
		if c.weather.at(door.Name).ReceiptShuffle {
			c.chance.shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
		}
		for i, req := range door.Push(a.Account, batch) {
			c.push(ctx, a, retry{door, batch, i, 0}, req)
		}
	}
}

// push makes one request, and plans the next try when it is not answered with 200.
func (c *Carrier) push(ctx context.Context, a *customer, r retry, req *http.Request) {
	c.counts.pushed.Add(1)
	if pushed(req.WithContext(ctx)) || r.tries >= len(pauses) {
		return
	}
	r.tries++
	c.plan(c.Now().Add(pauses[r.tries-1]), func(time.Time) { a.retry(r) })
}

var pusher = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

func pushed(req *http.Request) bool {
	resp, err := pusher.Do(req)
	if err != nil {
		return false
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	return resp.StatusCode == http.StatusOK
}
