package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"muster/internal/errs"
	"muster/internal/media"
	"muster/internal/postgres"
)

// The rhythm of the sealer: what is received is sealed within two minutes, and
// its head is outside the database within ten more.
const (
	sealEvery   = 20 * time.Second
	anchorEvery = 10 * time.Minute
)

// seal seals the append-only logs until ctx ends. All replicas do it; the
// database lets one at a time.
func (s service) seal(ctx context.Context) error {
	var anchored time.Time
	for tick := time.NewTicker(sealEvery); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return nil
		case <-tick.C:
		}
		at := s.clock.Now()
		s.sealAll(ctx, at)
		if at.Sub(anchored) >= anchorEvery {
			anchored = at
			s.anchor(ctx, at)
		}
	}
}

func (s service) sealAll(ctx context.Context, at time.Time) {
	for _, log := range postgres.SealedLogs() {
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = s.db.SealNext(ctx, log, at); err != nil {
				s.log.ErrorContext(ctx, "a log is not sealed", "log", log, "err", err)
				more = false
			}
		}
	}
}

// anchor keeps the heads of the chains outside the database.
func (s service) anchor(ctx context.Context, at time.Time) {
	heads, err := s.db.UnanchoredHeads(ctx)
	for _, h := range heads {
		if err == nil {
			err = keepHead(ctx, s.store, h)
		}
		if err == nil {
			err = s.db.Anchored(ctx, h, at)
		}
	}
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "heads of seals are not kept outside", "err", err)
	}
}

func headKey(h postgres.Head) string {
	return fmt.Sprintf("seals/%s/%s/%06d.json", h.Log, h.Day.Format(time.DateOnly), h.N)
}

func keepHead(ctx context.Context, store *media.Store, h postgres.Head) error {
	body, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return store.Put(ctx, headKey(h), bytes.NewReader(body), int64(len(body)), "application/json")
}

// compareHead says in words what is wrong with a head that is kept outside, ""
// when it agrees.
func compareHead(ctx context.Context, store *media.Store, h postgres.Head) (string, error) {
	o, err := store.Get(ctx, headKey(h))
	if errs.Is(err, errs.NotFound) {
		return "对象存储里没有这一天的封存", nil
	}
	if err != nil {
		return "", err
	}
	defer o.Close()
	body, err := io.ReadAll(io.LimitReader(o, 1<<16))
	if err != nil {
		return "", err
	}
	var kept postgres.Head
	if json.Unmarshal(body, &kept) != nil || !bytes.Equal(kept.Hash, h.Hash) {
		return "数据库里的封存与对象存储里的不同：封存被整条重做过", nil
	}
	return "", nil
}
