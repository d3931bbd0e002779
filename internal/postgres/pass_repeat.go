package postgres

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// notIn gives the passes that were not new; both lists are in the same order.
func notIn(list, fresh []queued) []queued {
	var rest []queued
	for _, w := range list {
		if len(fresh) > 0 && fresh[0].key() == w.key() {
			fresh = fresh[1:]
			continue
		}
		rest = append(rest, w)
	}
	return rest
}

// compareStored tells a repetition from the same key with another content. The
// statement names the days it looks in, and is planned each time (CacheDescribe
// keeps no plan): a plan that is kept is one for all days there are, and every group
// would lock a year of partitions.
func compareStored(ctx context.Context, tx pgx.Tx, seen []queued) error {
	if len(seen) == 0 {
		return nil
	}
	n := len(seen)
	devices, times, keys := make([]uuid.UUID, n), make([]time.Time, n), make([]string, n)
	for i, w := range seen {
		devices[i], times[i], keys[i] = w.DeviceID, w.DeviceTime, w.EventKey
	}
	stored, err := collect[struct {
		Ord  int64
		Hash []byte
	}](ctx, tx, `
		SELECT x.ord, p.content_hash AS hash
		FROM   unnest($1::uuid[], $2::timestamptz[], $3::text[]) WITH ORDINALITY x(device_id, device_time, event_key, ord)
		JOIN   pass p USING (device_id, device_time, event_key)
		WHERE  p.device_time BETWEEN $4 AND $5`, pgx.QueryExecModeCacheDescribe, devices, times, keys,
		slices.MinFunc(times, time.Time.Compare), slices.MaxFunc(times, time.Time.Compare))
	if err != nil {
		return err
	}
	for _, s := range stored {
		w := seen[s.Ord-1]
		if bytes.Equal(s.Hash, w.hash) {
			w.part.out.Repeats = append(w.part.out.Repeats, w.index)
		} else {
			w.part.out.Conflicts = append(w.part.out.Conflicts, w.index)
		}
	}
	return nil
}
