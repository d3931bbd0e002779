package dispatch

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// HeartBeat calls a dead man's switch outside: when the whole program is dead,
// or cannot see, its silence rings there.
type HeartBeat struct {
	url string

	mu   sync.Mutex
	busy bool
	next time.Time
}

// beatEvery is how often the outside hears of a watchdog that sees.
const beatEvery = time.Minute

// OpenHeartBeat makes a heart-beat to an address (MUSTER_HEARTBEAT_URL), called
// by GET each minute; nil where there is none. Errors are errs.Fix.
func OpenHeartBeat(address string) (*HeartBeat, error) {
	if address == "" {
		return nil, nil
	}
	u, err := webAddress("MUSTER_HEARTBEAT_URL", address)
	if err != nil {
		return nil, err
	}
	return &HeartBeat{url: u}, nil
}

// beat calls in the background when a minute is over; a call that failed is made
// again in the next round.
func (h *HeartBeat) beat(ctx context.Context, at time.Time, log *slog.Logger, under *sync.WaitGroup) {
	if h == nil || !h.due(at) {
		return
	}
	under.Go(func() {
		err := h.call(context.WithoutCancel(ctx))
		if err != nil {
			log.Error("heart-beat not heard", "err", err)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.busy = false; err != nil {
			h.next = at
		}
	})
}

func (h *HeartBeat) due(at time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy || at.Before(h.next) {
		return false
	}
	h.busy, h.next = true, at.Add(beatEvery)
	return true
}

func (h *HeartBeat) call(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url, nil)
	if err != nil {
		return err
	}
	return call(req)
}
