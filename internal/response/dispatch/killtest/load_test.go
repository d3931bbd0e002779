package killtest

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"muster/internal/response/channel/fake"
)

// Two replicas under load; whichever dies is started again at once, and dies again
// after a number of words to the database that chance draws, or when outcomes are
// written. Warnings are published on and on, people answer, clocks run out.
func TestTwoHundredRandomKills(t *testing.T) {
	const kills, warnings = 200, 8
	n := newNight(t, province.Clone(t).AppDSN, fake.DefaultCrowd())
	chance := rand.New(rand.NewPCG(20261121, 200))
	deaths := make(chan *process)
	live := func() {
		c := cut{words: 10 + chance.IntN(90), after: chance.IntN(2) == 1}
		if chance.IntN(2) == 1 { // where it hurts most: the carrier has it, we have not written it down
			c.sql, c.skip, c.words = "INSERT INTO notice_attempt", chance.IntN(6), 150
		}
		n.mortal(c, deaths)
	}
	rest := n.carrierRuns()
	live()
	live()
	began := time.Now()
	for k := range kills {
		if k%(kills/warnings) == 0 {
			n.publish(n.draft(12))
		}
		<-deaths
		n.push(4 * time.Second)
		if k < kills-2 {
			live()
		}
	}
	took := time.Since(began)
	rest()
	n.rest(4 * time.Minute)
	t.Logf("%d kills in %.1f s", kills, took.Seconds())
	n.audit().print(n)
}

// mortal starts a replica that works by itself and dies at a place in its talk with
// the database. Its end is told.
func (n *night) mortal(c cut, deaths chan<- *process) {
	go func() {
		p := n.start(8, func(p *process) {
			c.do = p.kill
			p.wire.arm(c)
		})
		if p != nil {
			<-p.dead
		}
		deaths <- p
	}()
}

// carrierRuns lets people act and receipts go out until the answer is called.
func (n *night) carrierRuns() (stop func()) {
	ctx, cancel := context.WithCancel(n.t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = n.carrier.Run(ctx) })
	return func() {
		cancel()
		running.Wait()
	}
}
