package postgres

import (
	"context"
	"sync"
	"time"

	"muster/internal/roster"
)

// partitions are the days of a partitioned table that are known to be there. A
// day that was asked for is not asked for again: partitions are not dropped while
// the program writes to them.
type partitions struct {
	known  sync.Map // of time.Time
	ensure string   // SQL with the days as $1
}

// have makes the partitions of days that are not known yet. A day is known only
// when its partition is committed.
func (p *partitions) have(ctx context.Context, q querier, days []time.Time) error {
	var missing []time.Time
	for _, day := range days {
		if _, there := p.known.Load(day); !there {
			missing = append(missing, day)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if _, err := q.Exec(ctx, p.ensure, missing); err != nil {
		return kindOf(err)
	}
	for _, day := range missing {
		p.known.Store(day, struct{}{})
	}
	return nil
}

const (
	ensurePassDays = "SELECT ensure_pass_partition(d) FROM unnest($1::date[]) d"
	ensureRawDays  = "SELECT ensure_gate_partition(d) FROM unnest($1::date[]) d"
)

// utcDay is the day by which rows are partitioned.
func utcDay(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }

// daysOf are the days of a list, each once.
func daysOf[T any](list []T, at func(T) time.Time) []time.Time {
	var days []time.Time
	seen := map[time.Time]bool{}
	for _, v := range list {
		if day := utcDay(at(v)); !seen[day] {
			seen[day] = true
			days = append(days, day)
		}
	}
	return days
}

// dayOf is the day of a pass by its device's time as sent.
func dayOf(p roster.Pass) time.Time { return utcDay(p.DeviceTime) }
