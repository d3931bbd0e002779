package dispatch

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"muster/internal/response"
)

// exitLine is what one exit still has to tell. An exit that fails keeps it and is
// tried again; the others do not wait for it.
type exitLine struct {
	exit AlarmExit

	mu      sync.Mutex
	pending map[uuid.UUID]response.Alarm
	busy    bool
	fails   int // in a row
	next    time.Time
}

// exitRetry is the wait after a first failure; it doubles up to eight times that.
const exitRetry = 10 * time.Second

func newExitLine(e AlarmExit) *exitLine {
	return &exitLine{exit: e, pending: map[uuid.UUID]response.Alarm{}}
}

func (l *exitLine) put(list []response.Alarm) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range list {
		l.pending[a.ID] = a
	}
}

// take gives what is to be told now, the oldest first; nothing while a telling is
// under way or the exit is left alone after a failure.
func (l *exitLine) take(at time.Time) []response.Alarm {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.busy || at.Before(l.next) || len(l.pending) == 0 {
		return nil
	}
	l.busy = true
	var list []response.Alarm
	for _, a := range l.pending {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b response.Alarm) int {
		return cmp.Or(a.OpenedAt.Compare(b.OpenedAt), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	return list
}

// settle ends what take began. An alarm that ended meanwhile stays to be told.
func (l *exitLine) settle(list []response.Alarm, err error, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = false
	if err != nil {
		l.next = at.Add(exitRetry << min(l.fails, 3))
		l.fails++
		return
	}
	l.fails, l.next = 0, time.Time{}
	for _, a := range list {
		if l.pending[a.ID].Over() == a.Over() {
			delete(l.pending, a.ID)
		}
	}
}

// failing says whether the exit failed so often in a row.
func (l *exitLine) failing(fails int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fails >= fails
}
