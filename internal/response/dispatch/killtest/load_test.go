package killtest

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/response/channel/fake"
)

// Two replicas under load; whichever dies is started again at once, and dies again
// after a number of words to the database that chance draws. Warnings are published
// on and on, people answer, clocks run out.
func TestTwoHundredRandomKills(t *testing.T) {
	const kills, warnings = 200, 8
	n := newNight(t, province.Clone(t).AppDSN, fake.DefaultCrowd())
	chance := rand.New(rand.NewPCG(20261121, 200))
	carry := n.carrierRuns()
	desk := n.officers(warnings)
	deaths := make(chan *process)
	live := func() {
		words, after := 1+chance.IntN(250), chance.IntN(2) == 1
		n.mortal(words, after, deaths)
	}
	live()
	live()
	began := time.Now()
	for k := range kills {
		<-deaths
		n.push(4 * time.Second)
		if k%(kills/warnings) == 0 {
			desk <- struct{}{}
		}
		if k < kills-2 {
			live()
		}
	}
	took := time.Since(began)
	close(desk)
	n.start(0, nil) // for what the officers have not got an answer to
	n.published.Wait()
	carry()
	n.rest(16 * time.Minute)
	t.Logf("%d kills in %.1f s", kills, took.Seconds())
	if got := n.count("SELECT count(*) FROM warning WHERE state = 'active'"); got != warnings {
		t.Errorf("%d warnings are in force, %d were published", got, warnings)
	}
	n.audit().print(n)
}

// mortal starts a replica that works by itself and dies at its words-th word to the
// database, before it is heard or when it is answered. Its end is told.
func (n *night) mortal(words int, after bool, deaths chan<- *process) {
	go func() {
		p := n.start(8, func(p *process) { p.wire.arm(cut{skip: words, after: after, do: p.kill}) })
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

// officers publish a warning whenever they are told to; who gets no answer presses
// the button again, at whichever replica lives.
func (n *night) officers(warnings int) chan<- struct{} {
	n.t.Helper()
	drafts := make([]uuid.UUID, warnings)
	for i := range drafts {
		drafts[i] = n.draft(12)
	}
	desk := make(chan struct{}, warnings)
	n.published.Go(func() {
		for range desk {
			q := request{Key: drafts[0].String(), Office: n.office, Warning: drafts[0], Version: 1}
			drafts = drafts[1:]
			n.press("publish", q)
		}
	})
	return desk
}

// press does an act at any replica, again until one of them answers.
func (n *night) press(act string, q request) {
	for n.t.Context().Err() == nil {
		_, err := n.any().do(n.t.Context(), act, q)
		if err == nil {
			return
		}
		if no, said := err.(refused); said {
			n.t.Error(no)
			return
		}
	}
}
