package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/response"
	"muster/internal/warning"
)

// The goals of publishing.
const (
	smallGoal = time.Second
	largeGoal = 6 * time.Second
	ackGoal   = 100 * time.Millisecond
)

// smallRounds is how often the small warning is published.
const smallRounds = 5

// publishing measures the small warning, and the large one while people under the
// small one acknowledge.
func (b *dispatchBench) publishing(ctx context.Context) ([]Figure, error) {
	var took []time.Duration
	var small published
	for range smallRounds {
		b.say("publishing for about %d sites", b.opt.Near)
		var err error
		if small, err = b.publishNear(ctx); err != nil {
			return nil, err
		}
		took = append(took, small.took)
	}
	figures := []Figure{within(fmt.Sprintf("publish %d targets, %d notices, median", small.targets, small.notices), quantile(took, 0.5), smallGoal)}
	b.say("publishing for the whole province while others acknowledge")
	stop := b.acknowledging(ctx, small.id)
	large, err := b.publish(ctx, postgres.Area{Level: warning.Red, Basis: warning.BasisGeocode, Certain: true, Regions: []string{b.office.Region}})
	acks, ackErr := stop()
	if err != nil || ackErr != nil {
		return figures, firstError(err, ackErr)
	}
	figures = append(figures, within(fmt.Sprintf("publish %d targets, %d notices", large.targets, large.notices), large.took, largeGoal),
		within(fmt.Sprintf("%d acknowledgements elsewhere meanwhile, p99", len(acks)), quantile(acks, 0.99), ackGoal))
	return figures, b.silence(ctx)
}

// published is a warning with what publishing it took and wrote.
type published struct {
	id               uuid.UUID
	at               time.Time
	took             time.Duration
	targets, notices int
}

func (b *dispatchBench) publishNear(ctx context.Context) (published, error) {
	circle, err := b.nearArea()
	if err != nil {
		return published{}, err
	}
	return b.publish(ctx, postgres.Area{Level: warning.Red, Basis: warning.BasisPolygon, Certain: true, Geometry: circle})
}

var officer = postgres.Actor{Name: "bench"}

func (b *dispatchBench) publish(ctx context.Context, area postgres.Area) (published, error) {
	at := time.Now()
	id, err := b.db.CreateDraft(ctx, b.office.ID, postgres.Content{Kind: "instruction", Mode: "actual", Hazard: warning.FlashFlood, Level: warning.Red,
		Title: "示例预警", Basis: "应急预案", Expires: at.Add(12 * time.Hour), Areas: []postgres.Area{area}}, officer, postgres.Once{}, at)
	if err != nil {
		return published{}, err
	}
	p := published{id: id, at: time.Now()}
	if _, err := b.db.Publish(ctx, account.Everywhere(), id, 1, postgres.Publication{Office: b.office.ID, Leader: true, By: officer}, p.at); err != nil {
		return p, err
	}
	p.took = time.Since(p.at)
	err = b.db.Pool().QueryRow(ctx, `
		SELECT (SELECT count(*) FROM target WHERE warning_id = $1), (SELECT count(*) FROM notice WHERE warning_id = $1)`, id).Scan(&p.targets, &p.notices)
	return p, err
}

// ackEvery is the pace of acknowledgements: five thousand sites in four minutes.
const ackEvery = 50 * time.Millisecond

// acknowledging lets sites under a warning acknowledge, each at its time whether
// the one before is done or not, until it is stopped; then it gives how long each
// had to wait.
func (b *dispatchBench) acknowledging(ctx context.Context, warningID uuid.UUID) (stop func() ([]time.Duration, error)) {
	ctx, cancel := context.WithCancel(ctx)
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	var all sync.WaitGroup
	all.Go(func() {
		rows, err := b.db.Pool().Query(ctx, "SELECT id FROM response WHERE warning_id = $1 ORDER BY id", warningID)
		threads, err2 := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil || err2 != nil {
			return
		}
		tick := time.NewTicker(ackEvery)
		defer tick.Stop()
		for _, id := range threads {
			all.Go(func() {
				began := time.Now()
				_, err := b.db.Give(context.WithoutCancel(ctx), account.Everywhere(), postgres.Answer{EventID: uuid.New(), Event: response.Acknowledge,
					Threads: []uuid.UUID{id}, By: officer, At: began}, began)
				mu.Lock()
				defer mu.Unlock()
				took, failed = append(took, time.Since(began)), firstError(failed, err)
			})
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return func() ([]time.Duration, error) {
		cancel()
		all.Wait()
		return took, failed
	}
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// silence puts away what is still to be sent and to be done, so that the next
// measurement begins with an idle ledger.
func (b *dispatchBench) silence(ctx context.Context) error {
	_, err := b.opt.Owner.Exec(ctx, `
		UPDATE notice SET state = 'superseded' WHERE state IN ('queued', 'failed_now');
		UPDATE duty SET state = 'dropped', ended_at = opened_at, next_at = NULL WHERE state = 'open'`, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return err
	}
	_, err = b.opt.Owner.Exec(ctx, "VACUUM (ANALYZE) notice, duty, response, summons, summons_target, target")
	return err
}
