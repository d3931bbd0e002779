package postgres

import (
	"context"
	"maps"
	"slices"
	"time"

	"muster/internal/roster"
)

// ensureDays makes the partitions that passes need. A day that was asked for
// before is not asked for again: partitions are not dropped while the program
// runs against them.
func (db *DB) ensureDays(ctx context.Context, list []queued) error {
	missing := map[time.Time]bool{}
	for _, w := range list {
		if _, there := db.days.Load(dayOf(w.Pass)); !there {
			missing[dayOf(w.Pass)] = true
		}
	}
	if len(missing) == 0 {
		return nil
	}
	days := slices.Collect(maps.Keys(missing))
	if err := ensurePartitions(ctx, db.pool, days); err != nil {
		return kindOf(err)
	}
	for _, day := range days {
		db.days.Store(day, struct{}{})
	}
	return nil
}

func ensurePartitions(ctx context.Context, q querier, days []time.Time) error {
	_, err := q.Exec(ctx, "SELECT ensure_pass_partition(d) FROM unnest($1::date[]) d", days)
	return err
}

// dayOf is the UTC day of a pass by its device's time.
func dayOf(p roster.Pass) time.Time { return p.DeviceTime.UTC().Truncate(24 * time.Hour) }
