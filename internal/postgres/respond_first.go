package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// plans keeps the plans of equal situations: two thousand sites have a few dozen.
type plans struct {
	rules *response.Rules
	kind  response.DutyKind
	at    time.Time
	of    map[response.Situation]response.Plan
}

func newPlans(r *response.Rules, k response.DutyKind, at time.Time) *plans {
	return &plans{r, k, at, map[response.Situation]response.Plan{}}
}

func (p *plans) plan(s response.Situation) response.Plan {
	plan, there := p.of[s]
	if !there {
		plan = p.rules.Plan(p.kind, s, p.at)
		p.of[s] = plan
	}
	return plan
}

// askFirst opens the clock of each thread and does what it asks for at once.
func askFirst(ctx context.Context, tx pgx.Tx, b brief, threads []thread, targets map[uuid.UUID]*Target, at time.Time) error {
	plans := newPlans(b.rules, response.MustAcknowledge, at)
	duties, calls := make([]duty, 0, len(threads)), make([]call, 0, 2*len(threads))
	for i := range threads {
		t := &threads[i]
		s := t.situation()
		if target := targets[t.SiteID]; target != nil {
			s.Nobody = len(target.Responsible) == 0
		}
		plan := plans.plan(s)
		c := plan.Climb(0, at, at)
		duties = append(duties, newDuty(response.MustAcknowledge, t, plan, c, at))
		for _, step := range c.Run {
			calls = append(calls, call{thread: t, step: step})
		}
	}
	if err := openDuties(ctx, tx, duties); err != nil {
		return err
	}
	found, err := ask(ctx, tx, b, calls, at)
	if err != nil {
		return err
	}
	return exhaust(ctx, tx, found.empty, at)
}

// exhaust marks duties whose rung nobody stands on: the next rung is called now.
func exhaust(ctx context.Context, tx pgx.Tx, empty map[uuid.UUID]int, at time.Time) error {
	if len(empty) == 0 {
		return nil
	}
	var ids []uuid.UUID
	var rungs []int
	for id, rung := range empty {
		ids, rungs = append(ids, id), append(rungs, rung)
	}
	_, err := tx.Exec(ctx, `
		UPDATE duty SET exhausted = e.rung, next_at = $3
		FROM   unnest($1::uuid[], $2::int[]) AS e (id, rung)
		WHERE  duty.subject_id = e.id AND duty.kind = 'acknowledge' AND duty.state = 'open' AND coalesce(duty.exhausted, -1) < e.rung`, ids, rungs, at)
	return err
}

// releaseThreads lets sites go that are no longer under the warning: their
// clocks stop, and who was told is told that.
func releaseThreads(ctx context.Context, tx pgx.Tx, b brief, sites []uuid.UUID, at time.Time) error {
	if len(sites) == 0 {
		return nil
	}
	threads, err := moveAll(ctx, tx, *b.WarningID, sites, response.Release, at)
	if err != nil {
		return err
	}
	return tellTold(ctx, tx, b, response.NoticeNarrowed, threads, uuid.Nil, at)
}

// moveAll moves the threads of a warning (all, or those of some sites) by one
// event of the machine, ends their duties and stops what has not left. It gives
// the threads that moved, as they were before.
func moveAll(ctx context.Context, tx pgx.Tx, warningID uuid.UUID, sites []uuid.UUID, e response.Event, at time.Time) ([]thread, error) {
	list, err := collect[thread](ctx, tx, threadSQL+`
		WHERE r.warning_id = $1 AND r.ended_at IS NULL AND ($2::uuid[] IS NULL OR r.site_id = ANY($2)) ORDER BY r.id FOR UPDATE OF r`,
		warningID, sites)
	if err != nil {
		return nil, err
	}
	moved := map[response.State][]uuid.UUID{}
	var was []thread
	for _, t := range list {
		to, changed, err := response.Next(t.State, e, t.Measure)
		if err != nil {
			return nil, err
		}
		if changed {
			moved[to], was = append(moved[to], t.ID), append(was, t)
		}
	}
	if err := writeMoves(ctx, tx, moved, e, at); err != nil {
		return nil, err
	}
	all := column(was, func(t thread) uuid.UUID { return t.ID })
	if err := endDuties(ctx, tx, all, response.DutyDropped, string(e), at); err != nil {
		return nil, err
	}
	return was, supersede(ctx, tx, all)
}

func writeMoves(ctx context.Context, tx pgx.Tx, moved map[response.State][]uuid.UUID, e response.Event, at time.Time) error {
	for to, list := range moved {
		events := column(list, func(uuid.UUID) uuid.UUID { return newID() })
		_, err := tx.Exec(ctx, `
			WITH old AS (SELECT id, mode, state FROM response WHERE id = ANY($1)), moved AS (
			    UPDATE response SET state = $2, since = $3, version = version + 1, ended_at = CASE WHEN $4 THEN $3 ELSE ended_at END
			    WHERE  id = ANY($1))
			INSERT INTO response_event (id, response_id, mode, at, recorded_at, event, from_state, to_state, actor)
			SELECT e.id, o.id, o.mode, $3, $3, $5, o.state, $2, $6
			FROM   unnest($7::uuid[], $1::uuid[]) AS e (id, response) JOIN old o ON o.id = e.response`,
			list, to, at, ends(to), e, machine.Name, events)
		if err != nil {
			return err
		}
	}
	return nil
}

// supersede stops the calls for sites on all channels: notices that have not left
// and ask about nothing else that is still silent. It goes from the sites to their
// notices and never from all that wait in the ledger, whatever the statistics say:
// OFFSET keeps the planner from turning that round.
func supersede(ctx context.Context, tx pgx.Tx, threads []uuid.UUID) error {
	_, err := tx.Exec(ctx, `
		WITH about AS MATERIALIZED (
		    SELECT DISTINCT summons_id FROM summons_target WHERE response_id = ANY($1)
		), waiting AS MATERIALIZED (
		    SELECT n.id FROM about a, LATERAL (SELECT id, state, kind FROM notice WHERE summons_id = a.summons_id OFFSET 0) n
		    WHERE  n.state IN ('queued', 'failed_now') AND n.kind IN ('alert', 'upgrade', 'takeover', 'reentry', 'late')
		    AND    NOT EXISTS (
		        SELECT FROM summons_target o JOIN response r ON r.id = o.response_id
		        WHERE  o.summons_id = a.summons_id AND o.rung >= 0 AND r.id <> ALL($1)
		        AND    r.state IN ('pending', 'delivered', 'read', 'unanswered', 'reopened') OFFSET 0)
		)
		UPDATE notice SET state = 'superseded', reason_code = 'answered', reason = '在发出之前已有人应答或不再需要'
		WHERE  id IN (SELECT id FROM waiting) AND state IN ('queued', 'failed_now')`, threads)
	return err
}
