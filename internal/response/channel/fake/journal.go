package fake

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

const shards = 64

// journal counts the hand-overs of each idempotency key and remembers what was
// answered the first time.
type journal struct {
	seed  maphash.Seed
	parts [shards]journalPart
}

type journalPart struct {
	mu    sync.Mutex
	by    map[string]*entry
	order fifo[string]
}

type entry struct {
	key   string
	id    string
	count int
}

func newJournal(seed maphash.Seed, keys int) *journal {
	j := &journal{seed: seed}
	for i := range j.parts {
		j.parts[i].by = map[string]*entry{}
		j.parts[i].order.most = max(1, keys/shards)
	}
	return j
}

// take hands a key over at a door; a key is known to the door it came through only.
// One that is known is counted; else first is called, under the key's lock, and what
// it gives is remembered unless it is "".
func (j *journal) take(door, key string, first func() string) (id string, known bool) {
	if key == "" {
		return first(), false
	}
	at := door + "\x00" + key
	p := &j.parts[maphash.String(j.seed, at)%shards]
	p.mu.Lock()
	defer p.mu.Unlock()
	if e, ok := p.by[at]; ok {
		e.count++
		return e.id, true
	}
	if id = first(); id == "" {
		return "", false
	}
	p.by[at] = &entry{key, id, 1}
	if old, full := p.order.push(at); full {
		delete(p.by, old)
	}
	return id, false
}

func (j *journal) counts() map[string]int {
	all := map[string]int{}
	for i := range j.parts {
		p := &j.parts[i]
		p.mu.Lock()
		for _, e := range p.by {
			all[e.key] += e.count
		}
		p.mu.Unlock()
	}
	return all
}

// HandOvers tells how often each idempotency key was handed over and taken, at all
// doors together. Through one door a key reaches its box once.
func (c *Carrier) HandOvers() map[string]int { return c.journal.counts() }

// fifo keeps the last most values; most is at least 1.
type fifo[T any] struct {
	most int
	list []T
	next int
}

// push adds a value and gives the one that had to go.
func (f *fifo[T]) push(v T) (old T, full bool) {
	if len(f.list) < f.most {
		f.list = append(f.list, v)
		return old, false
	}
	old, f.list[f.next] = f.list[f.next], v
	f.next = (f.next + 1) % f.most
	return old, true
}

// counts are the carrier's own figures since it was made.
type counts struct {
	fates                                         [Nonsense + 1]atomic.Uint64
	delivered, repeated, limited, pushed, dropped atomic.Uint64
}
