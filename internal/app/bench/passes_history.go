package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/postgres"
)

// historyDays is over how many days the history is spread: each is a partition.
const historyDays = 365

// fill writes a history as the owner, a year of it, older than everything that
// is measured; presence does not move by it.
func (b *passBench) fill(ctx context.Context) error {
	if _, err := b.opt.Owner.Exec(ctx, "SELECT ensure_pass_partition(d::date) FROM generate_series($1::date - $2::int, $1::date, '1 day') d",
		b.began, historyDays+1); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(7, 7))
	n := 0
	_, err := b.opt.Owner.CopyFrom(ctx, pgx.Identifier{"pass"},
		[]string{"device_id", "device_time", "event_key", "person_id", "site_id", "direction", "received_at", "content_hash"},
		pgx.CopyFromFunc(func() ([]any, error) {
			if n == b.opt.History {
				return nil, nil
			}
			n++
			site, person := random.IntN(b.opt.Sites), invented("person", random.IntN(b.opt.People))
			at := b.began.Add(-24*time.Hour - time.Duration(random.Int64N(int64(historyDays*24*time.Hour))))
			return []any{invented("device", site), at, fmt.Sprint("h", n), person, invented("site", site), "in", at, person[:]}, nil
		}))
	return err
}

// folded says whether presence is what the passes say, all of them, in any order.
func (b *passBench) folded(ctx context.Context) ([]Figure, error) {
	b.say("folding all passes")
	var wrong, people int
	began := time.Now()
	err := b.opt.Owner.QueryRow(ctx, `
		WITH last AS (
		    SELECT DISTINCT ON (person_id) person_id, site_id, direction <> 'out' AS inside, device_time, device_id, event_key
		    FROM   pass WHERE device_time >= $1 ORDER BY person_id, device_time DESC, device_id DESC, event_key COLLATE "C" DESC
		)
		SELECT count(*) FILTER (WHERE (p.site_id, p.inside, p.device_time, p.device_id, p.event_key)
		           IS DISTINCT FROM (l.site_id, l.inside, l.device_time, l.device_id, l.event_key)), count(*)
		FROM   last l FULL JOIN presence p USING (person_id)`, b.began).Scan(&wrong, &people)
	if err != nil {
		return nil, err
	}
	if wrong > 0 {
		return nil, fmt.Errorf("presence of %d people is not what their passes say", wrong)
	}
	return []Figure{{Name: fmt.Sprintf("presence of %d people equals the fold of all passes", people), Value: milliseconds(time.Since(began)), Unit: "ms", Holds: true}}, nil
}

// sealed seals everything that was taken, and says at which pace: a sealer that is
// slower than passes are taken would fall behind in a rush and never be done.
func (b *passBench) sealed(ctx context.Context) ([]Figure, error) {
	b.say("sealing all passes")
	began := time.Now()
	for more := true; more; {
		var err error
		if more, err = b.db.SealNext(ctx, "pass", began.Add(postgres.SealGrace+time.Second)); err != nil {
			return nil, err
		}
	}
	took := time.Since(began)
	var rows int
	err := b.opt.Owner.QueryRow(ctx, "SELECT coalesce(sum(rows), 0) FROM seal WHERE log = 'pass'").Scan(&rows)
	f := perSecond(fmt.Sprintf("the sealer, %d passes", rows), rows, took)
	f.Goal, f.Holds = fmt.Sprintf(">= %d", pace), f.Value >= pace
	return []Figure{f}, err
}
