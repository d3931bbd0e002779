package gate

import (
	"sync"
	"time"
)

// rates are token buckets, one per caller, of this replica. A bucket holds what
// may be done in a minute; one that is full again is forgotten.
type rates struct {
	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// mostBuckets is when full buckets are looked for and thrown away.
const mostBuckets = 100_000

func newRates() *rates { return &rates{buckets: map[string]*bucket{}} }

// take says whether one more request is within the rate.
func (r *rates) take(who string, perMinute int, at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.buckets) >= mostBuckets {
		r.forget(at)
	}
	b := r.buckets[who]
	if b == nil {
		b = &bucket{left: float64(perMinute), at: at}
		r.buckets[who] = b
	}
	if waited := at.Sub(b.at).Minutes(); waited > 0 {
		b.left, b.at = min(float64(perMinute), b.left+waited*float64(perMinute)), at
	}
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// forget drops what has not been asked for a minute: it is full by now. When
// that is nobody, all start anew: better than growing without end.
func (r *rates) forget(at time.Time) {
	for who, b := range r.buckets {
		if at.Sub(b.at) >= time.Minute {
			delete(r.buckets, who)
		}
	}
	if len(r.buckets) >= mostBuckets {
		clear(r.buckets)
	}
}
