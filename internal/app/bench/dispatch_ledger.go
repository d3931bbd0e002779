package bench

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/dispatch"
)

const ledgerGoal = 20_000 // notices a second

// fillSQL writes one SMS to each of so many people.
const fillSQL = `
INSERT INTO notice (id, mode, kind, occasion, party_kind, party_id, rung, round, channel, phone_hash, priority, level, measure, wording,
                    created_at, due_at, next_at)
SELECT gen_random_uuid(), 'actual', 'alert', gen_random_uuid(), 'person', p.id, 0, 1, 'sms', p.phone_hash, 20, 'red', 'evacuate',
       (SELECT wording FROM notice WHERE channel = 'sms' LIMIT 1), $2, $2, $2
FROM  (SELECT id, phone_hash FROM person WHERE phone_hash IS NOT NULL ORDER BY id LIMIT $1) p`

func (b *dispatchBench) fill(ctx context.Context, n int) error {
	b.say("filling the ledger with %d notices", n)
	if _, err := b.opt.Owner.Exec(ctx, fillSQL, n, time.Now()); err != nil {
		return err
	}
	_, err := b.opt.Owner.Exec(ctx, "VACUUM (ANALYZE) notice")
	return err
}

// ledger measures claiming and completing with a carrier that costs nothing.
func (b *dispatchBench) ledger(ctx context.Context) ([]Figure, error) {
	if err := b.contractOf(ctx); err != nil {
		return nil, err
	}
	took, err := b.workOff(ctx, b.opt.Notices)
	if err != nil {
		return nil, err
	}
	f := perSecond(fmt.Sprintf("claim and complete %d notices", b.opt.Notices), b.opt.Notices, took)
	f.Goal, f.Holds = fmt.Sprintf(">= %d", ledgerGoal), f.Value >= ledgerGoal
	b.rate = f.Value
	return []Figure{f}, nil
}

// contractOf writes the contract that costs nothing.
func (b *dispatchBench) contractOf(ctx context.Context) error {
	return b.db.PutChannelAccount(ctx, response.Account{ID: b.contract, Mode: "actual", Channel: response.SMS, Provider: "http", Name: "nowhere",
		Priority: 2, Settings: map[string]string{}, SecretsSealed: b.sealer.Seal("channel_account", "secrets", b.contract.String(), "{}")},
		"", officer, time.Now())
}

// ledgerPace is for a carrier that answers at once.
var ledgerPace = dispatch.Pace{Parallel: 2000, Timeout: 10 * time.Second, Lease: time.Minute, Poll: 500 * time.Millisecond}

// workOff fills the ledger and lets one lane work it off.
func (b *dispatchBench) workOff(ctx context.Context, n int) (time.Duration, error) {
	if err := b.fill(ctx, n); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	way := &nowhere{account: b.contract, left: int64(n), over: cancel}
	lane := &dispatch.Lane{Mode: "actual", Channel: response.SMS, Pace: ledgerPace, Ledger: b.db, Rules: response.DefaultRules, Clock: clock.System{},
		Post: way, Log: slog.New(slog.DiscardHandler)}
	began := time.Now()
	err := lane.Run(ctx)
	took := time.Since(began)
	if err == nil && atomic.LoadInt64(&way.left) > 0 {
		err = context.Cause(ctx)
	}
	return took, err
}

// nowhere is a Post whose carrier takes everything at once. When nothing is left
// it says that it is over.
type nowhere struct {
	account uuid.UUID
	left    int64
	over    func()
}

func (w *nowhere) Account(mode string, c response.Channel) (response.Lane, bool) {
	return response.Lane{Mode: mode, Channel: c, Account: w.account}, true
}

func (w *nowhere) Address(context.Context, response.Claimed) (channel.Gateway, channel.Message, error) {
	return w, channel.Message{}, nil
}

func (w *nowhere) Heard(response.Claimed, error) {}

// Send implements channel.Gateway.
func (w *nowhere) Send(context.Context, channel.Message) (string, error) {
	left := atomic.AddInt64(&w.left, -1)
	if left == 0 {
		w.over()
	}
	return fmt.Sprintf("%d", left), nil
}

// rowByRow is the ledger of most programs: eight workers, each of which takes one
// notice, hands it over and writes that down.
func (b *dispatchBench) rowByRow(ctx context.Context, n int) (time.Duration, error) {
	if err := b.fill(ctx, n); err != nil {
		return 0, err
	}
	var left atomic.Int64
	left.Store(int64(n))
	const workers = 8
	failed := make(chan error, workers)
	var all sync.WaitGroup
	began := time.Now()
	for range workers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := b.oneRow(ctx); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	return time.Since(began), <-failed
}

func (b *dispatchBench) oneRow(ctx context.Context) error {
	at := time.Now()
	lane := response.Lane{Mode: "actual", Channel: response.SMS, Account: b.contract}
	list, err := b.db.ClaimNotices(ctx, lane, 1, response.DefaultRules().Budget, at.Add(time.Minute), at)
	if err != nil {
		return err
	}
	for i := range list {
		done := response.Done{ID: list[i].ID, Epoch: list[i].Epoch, State: response.Sent, ProviderID: "1", At: at}
		if err := b.db.CompleteNotices(ctx, []response.Done{done}); err != nil {
			return err
		}
	}
	return nil
}

var _ dispatch.Ledger = (*postgres.DB)(nil)
