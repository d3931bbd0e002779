package bench

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"muster/internal/postgres"
	"muster/internal/roster"
)

// repeatedPercent is how many passes gates send twice.
const repeatedPercent = 5

// flush is one way to take a batch.
type flush func(context.Context, postgres.PassBatch) (postgres.PassOutcome, error)

// took is what callers waited.
type took struct {
	lasted time.Duration
	waits  []time.Duration // sorted
}

func (t took) rate() float64 { return float64(len(t.waits)) / t.lasted.Seconds() }

func (t took) at(percent int) time.Duration {
	return t.waits[min(len(t.waits)-1, len(t.waits)*percent/100)]
}

// drive lets all callers push for a while, each the next pass when the one before
// was answered.
func (b *passBench) drive(ctx context.Context, do flush) (took, error) {
	b.rounds++
	ctx, stop := context.WithTimeout(ctx, b.opt.Lasts+time.Minute)
	defer stop()
	var mu sync.Mutex
	var all took
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	for caller := range b.opt.Callers {
		g.Go(func() error {
			waits, err := b.call(ctx, do, uint64(caller), began)
			mu.Lock()
			defer mu.Unlock()
			all.waits = append(all.waits, waits...)
			return err
		})
	}
	err := g.Wait()
	all.lasted = time.Since(began)
	slices.Sort(all.waits)
	return all, err
}

func (b *passBench) call(ctx context.Context, do flush, caller uint64, began time.Time) ([]time.Duration, error) {
	var waits []time.Duration
	random := rand.New(rand.NewPCG(b.rounds, caller))
	batch := b.pass(random, caller, 0)
	for n := uint64(1); time.Since(began) < b.opt.Lasts; n++ {
		at := time.Now()
		if _, err := do(ctx, batch); err != nil {
			return waits, err
		}
		waits = append(waits, time.Since(at))
		if random.IntN(100) >= repeatedPercent {
			batch = b.pass(random, caller, n)
		}
	}
	return waits, nil
}

// pass invents the next pass of a caller: somebody of the province goes in or out
// somewhere, mostly at the large sites.
func (b *passBench) pass(random *rand.Rand, caller, n uint64) postgres.PassBatch {
	site := random.IntN(b.opt.Sites)
	if random.IntN(10) < 4 {
		site %= max(1, b.opt.Sites/100)
	}
	direction := roster.In
	if n%2 == 1 {
		direction = roster.Out
	}
	today := b.began.AddDate(0, 0, b.day)
	at := today.Add(time.Duration(b.rounds*1_000_000+n) * time.Microsecond)
	device := postgres.Device{ID: invented("device", site), SiteID: invented("site", site), Purpose: "presence"}
	return postgres.PassBatch{Device: device, At: today, Passes: []roster.Pass{{DeviceID: device.ID, SiteID: device.SiteID, DeviceTime: at,
		EventKey: fmt.Sprint(b.rounds, "-", caller, "-", n), PersonID: invented("person", random.IntN(b.opt.People)), Direction: direction,
		ReceivedAt: today}}}
}

// invented is the n-th id of a kind.
func invented(kind string, n int) uuid.UUID {
	var id uuid.UUID
	copy(id[:], kind)
	binary.BigEndian.PutUint32(id[8:], uint32(n)*2654435761) // spread, as real ids are
	binary.BigEndian.PutUint32(id[12:], uint32(n))
	return id
}

// rowAtATime is the peer: the obvious transaction for each pass.
func (b *passBench) rowAtATime(ctx context.Context, batch postgres.PassBatch) (postgres.PassOutcome, error) {
	var out postgres.PassOutcome
	p := batch.Passes[0]
	tx, err := b.db.Pool().Begin(ctx)
	if err != nil {
		return out, err
	}
	defer func() { _ = tx.Rollback(ctx) }()
	if _, err := tx.Exec(ctx, `
		INSERT INTO pass (device_id, device_time, event_key, person_id, site_id, direction, received_at, content_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		p.DeviceID, p.DeviceTime, p.EventKey, p.PersonID, p.SiteID, string(p.Direction), p.ReceivedAt, p.PersonID[:]); err != nil {
		return out, err
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO presence AS p (person_id, site_id, inside, device_time, device_id, event_key, fresh_until) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (person_id) DO UPDATE
		SET site_id = excluded.site_id, inside = excluded.inside, device_time = excluded.device_time,
		    device_id = excluded.device_id, event_key = excluded.event_key, fresh_until = excluded.fresh_until
		WHERE (excluded.device_time, excluded.device_id, excluded.event_key COLLATE "C") > (p.device_time, p.device_id, p.event_key COLLATE "C")`,
		p.PersonID, p.SiteID, p.Direction != roster.Out, p.DeviceTime, p.DeviceID, p.EventKey, roster.FreshUntil(p.Direction, p.DeviceTime)); err != nil {
		return out, err
	}
	return out, tx.Commit(ctx)
}
