package httpapi

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/postgres"
)

// pollEvery is how often the change log is read whether or not a bell rang, and
// how often headcounts are sent at the most.
const pollEvery = 500 * time.Millisecond

// hub reads the change log once for all streams of this replica and hands each
// what its scope holds.
type hub struct {
	db    *postgres.DB
	clock clock.Clock
	log   *slog.Logger

	mu      sync.Mutex
	begun   bool // seq is where reading begins
	streams map[*subscription]bool
	moved   map[uuid.UUID]bool // sites whose people moved since the last sending
	seq     int64
}

// event is what a stream sends: a change, or headcounts.
type event struct {
	seq    int64 // of a change; 0 for headcounts, which are state and not resumed
	change *postgres.Change
	counts []postgres.SiteCount
}

type subscription struct {
	scope  account.Scope
	events chan event
}

// backlog is how many events a slow reader may be behind before its stream is
// ended; it comes back with the number of the last one it got.
const backlog = 256

func newHub(db *postgres.DB, c clock.Clock, log *slog.Logger) *hub {
	return &hub{db: db, clock: c, log: log, streams: map[*subscription]bool{}, moved: map[uuid.UUID]bool{}}
}

// subscribe begins a stream. Where the hub reads from is known before the stream
// is told of any number: else it could miss what came in between.
func (h *hub) subscribe(ctx context.Context, scope account.Scope) (*subscription, error) {
	sub := &subscription{scope: scope, events: make(chan event, backlog)}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.begin(ctx); err != nil {
		return nil, err
	}
	h.streams[sub] = true
	return sub, nil
}

// begin finds where reading begins, once; the caller holds the lock.
func (h *hub) begin(ctx context.Context) error {
	if h.begun {
		return nil
	}
	_, newest, err := h.db.ChangeSpan(ctx)
	if err != nil {
		return err
	}
	h.seq, h.begun = newest, true
	return nil
}

func (h *hub) unsubscribe(sub *subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(sub)
}

// drop ends a stream; the caller holds the lock.
func (h *hub) drop(sub *subscription) {
	if h.streams[sub] {
		delete(h.streams, sub)
		close(sub.events)
	}
}

func (h *hub) all() []*subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	list := make([]*subscription, 0, len(h.streams))
	for s := range h.streams {
		list = append(list, s)
	}
	return list
}

func (h *hub) send(sub *subscription, e event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.streams[sub] {
		return
	}
	select {
	case sub.events <- e:
	default:
		h.drop(sub)
	}
}

// run reads and hands out until ctx ends. A lost database connection is tried
// again: the number of the last change read is kept, so nothing is skipped.
func (h *hub) run(ctx context.Context) error {
	h.mu.Lock()
	err := h.begin(ctx)
	h.mu.Unlock()
	if err != nil {
		return err
	}
	bell := make(chan struct{}, 1)
	go h.listen(ctx, bell)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-bell:
		case <-tick.C:
			h.counts(ctx)
		}
		h.changes(ctx)
	}
}

func (h *hub) listen(ctx context.Context, bell chan<- struct{}) {
	for ctx.Err() == nil {
		err := h.db.Listen(ctx, func(b postgres.Bell) {
			if b.Headcount != uuid.Nil {
				h.mu.Lock()
				h.moved[b.Headcount] = true
				h.mu.Unlock()
				return
			}
			select {
			case bell <- struct{}{}:
			default:
			}
		})
		if ctx.Err() == nil {
			h.log.Warn("change bell lost, polling on", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

func (h *hub) changes(ctx context.Context) {
	list, err := h.db.Changes(ctx, h.seq, 500)
	if err != nil {
		if ctx.Err() == nil {
			h.log.Warn("change log not readable", "err", err)
		}
		return
	}
	for _, c := range list {
		h.seq = c.Seq
		for _, sub := range h.all() {
			if h.sees(ctx, sub.scope, c) {
				h.send(sub, event{seq: c.Seq, change: &c})
			}
		}
	}
}

// sees says whether a scope may hear of a change. What has a place is decided by
// it; a warning by who may see it; the rest is for authorities.
func (h *hub) sees(ctx context.Context, scope account.Scope, c postgres.Change) bool {
	if c.Region != nil || c.ProjectID != nil || c.SectionID != nil {
		where := account.Place{Region: text(c.Region), Project: id(c.ProjectID), Section: id(c.SectionID)}
		if c.Noun == "site" {
			where.SiteID = c.NounID
		}
		return scope.Holds(where)
	}
	if c.Noun == "warning" {
		sees, err := h.db.SeesWarning(ctx, scope, c.NounID)
		return err == nil && sees
	}
	return len(scope.Ranges) > 0
}

// counts sends the headcounts of the sites whose people moved, as state: the
// last value per site, at most twice a second.
func (h *hub) counts(ctx context.Context) {
	h.mu.Lock()
	var sites []uuid.UUID
	if len(h.streams) > 0 {
		for s := range h.moved {
			sites = append(sites, s)
		}
	}
	clear(h.moved)
	h.mu.Unlock()
	if len(sites) == 0 {
		return
	}
	counts, err := h.db.SiteCounts(ctx, account.Everywhere(), sites, h.clock.Now())
	if err != nil {
		h.log.Warn("headcounts not readable", "err", err)
		return
	}
	for _, sub := range h.all() {
		var mine []postgres.SiteCount
		for _, c := range counts {
			if sub.scope.Holds(c.Place()) {
				mine = append(mine, c)
			}
		}
		if len(mine) > 0 {
			h.send(sub, event{counts: mine})
		}
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func id(u *uuid.UUID) uuid.UUID {
	if u == nil {
		return uuid.Nil
	}
	return *u
}
