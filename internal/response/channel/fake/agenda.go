package fake

import (
	"container/heap"
	"sync"
	"time"
)

// maxAgenda bounds what is still to happen; beyond it nothing new is planned.
const maxAgenda = 1_000_000

// agenda is what is going to happen, by time and then by the order it was planned.
type agenda struct {
	mu   sync.Mutex
	heap plans
	seq  uint64
}

type plan struct {
	at  time.Time
	seq uint64
	do  func(now time.Time)
}

func (a *agenda) add(at time.Time, do func(now time.Time)) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.heap) >= maxAgenda {
		return false
	}
	a.seq++
	heap.Push(&a.heap, plan{at, a.seq, do})
	return true
}

// due takes the next plan that is due; its do gets the time it was planned for,
// so that a clock pushed far tells the story in order.
func (a *agenda) due(now time.Time) (plan, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.heap) == 0 || a.heap[0].at.After(now) {
		return plan{}, false
	}
	return heap.Pop(&a.heap).(plan), true
}

type plans []plan

func (p plans) Len() int { return len(p) }
func (p plans) Less(i, j int) bool {
	if p[i].at.Equal(p[j].at) {
		return p[i].seq < p[j].seq
	}
	return p[i].at.Before(p[j].at)
}
func (p plans) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p *plans) Push(x any)   { *p = append(*p, x.(plan)) }
func (p *plans) Pop() any {
	old := *p
	last := old[len(old)-1]
	old[len(old)-1] = plan{}
	*p = old[:len(old)-1]
	return last
}
