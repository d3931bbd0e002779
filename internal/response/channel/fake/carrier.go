package fake

import (
	"hash/maphash"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"muster/internal/clock"
	"muster/internal/response/channel"
)

// Options of a fake carrier.
type Options struct {
	Clock    clock.Clock // nil: the machine's
	Accounts []Account   // who may hand over, and where receipts go
	Crowd    []Share     // how people behave by default; nil: DefaultCrowd
	Seed     uint64      // of chance; the same seed and order give the same accidents
	Screen   int         // items a box remembers; 0: 30
	Boxes    int         // boxes remembered, the oldest forgotten first; 0: 20,000
	Keys     int         // idempotency keys remembered, the oldest forgotten first; 0: 1,000,000
}

// Account is a customer of the fake carrier.
type Account struct {
	channel.Account
	Callback string // URL that receipts and answers are pushed to; empty: nowhere
}

// Carrier is the fake carrier. It is an http.Handler; Run (or Work, in tests with
// a pushed clock) lets its people act and its receipts go out.
type Carrier struct {
	clock    clock.Clock
	mux      *http.ServeMux
	accounts []*customer
	crowd    crowd
	weather  weather
	journal  *journal
	screens  *screens
	agenda   agenda
	chance   chance
	numbers  atomic.Uint64
	doors    []*Door
	persons  sync.Map // phone number → Person, where it is not the crowd's
	counts   counts
}

// New makes a fake carrier.
func New(o Options) *Carrier {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Crowd == nil {
		o.Crowd = DefaultCrowd()
	}
	seed := maphash.MakeSeed()
	c := &Carrier{
		clock: o.Clock, mux: http.NewServeMux(), crowd: newCrowd(o.Crowd),
		journal: newJournal(seed, orElse(o.Keys, 1_000_000)),
		screens: newScreens(seed, orElse(o.Screen, 30), orElse(o.Boxes, 20_000)),
	}
	c.chance.rand = rand.New(rand.NewPCG(o.Seed, 0x6d7573746572)) //nolint:gosec // accidents, not secrets
	for _, a := range o.Accounts {
		c.accounts = append(c.accounts, &customer{Account: a})
	}
	for _, open := range providers {
		open(c)
	}
	c.serveControl()
	return c
}

// ServeHTTP implements http.Handler.
func (c *Carrier) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

// Handle registers a handler under a pattern of net/http.
func (c *Carrier) Handle(pattern string, h http.Handler) { c.mux.Handle(pattern, h) }

// Now is the carrier's present moment.
func (c *Carrier) Now() time.Time { return c.clock.Now() }

// customerWhere finds the account of a kind and provider that fits; nil: nobody.
func (c *Carrier) customerWhere(kind channel.Kind, provider string, fits func(channel.Account) bool) *customer {
	for _, a := range c.accounts {
		if a.Kind == kind && a.Provider == provider && fits(a.Account.Account) {
			return a
		}
	}
	return nil
}

// nextID is a new number of the carrier's own.
func (c *Carrier) nextID() string { return strconv.FormatUint(1_000_000_000+c.numbers.Add(1), 10) }

func orElse(n, other int) int {
	if n == 0 {
		return other
	}
	return n
}

// chance is the carrier's dice.
type chance struct {
	mu   sync.Mutex
	rand *rand.Rand
}

// hits says whether something of the given share happens; it costs nothing when
// the share is none.
func (c *chance) hits(share float64) bool {
	if share <= 0 {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rand.Float64() < share
}

// within draws a duration between two bounds in milliseconds.
func (c *chance) within(s Span) time.Duration {
	low := time.Duration(s.Low) * time.Millisecond
	if s.High <= s.Low {
		return low
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return low + time.Duration(c.rand.Int64N(int64(s.High-s.Low)*int64(time.Millisecond)))
}

func (c *chance) shuffle(n int, swap func(i, j int)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rand.Shuffle(n, swap)
}
