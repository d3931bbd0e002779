package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// CompleteNotices writes what became of hand-overs, all of them at once.
func (db *DB) CompleteNotices(ctx context.Context, list []response.Done) error {
	return db.inTx(ctx, func(tx pgx.Tx) error { return complete(ctx, tx, list) })
}

// completeSQL: the epoch fences a worker whose lease is over. A receipt may have
// come before this: then the state is further on and only the carrier's id is
// added. Every attempt is kept, also a fenced one: it did happen.
const completeSQL = `
WITH done AS (
    SELECT * FROM unnest(@id::uuid[], @epoch::int[], @state::text[], @provider::text[], @code::text[], @reason::text[], @next::timestamptz[],
                         @at::timestamptz[], @untried::bool[])
        AS d (id, epoch, state, provider_id, code, reason, next_at, at, untried)
), attempt AS (
    INSERT INTO notice_attempt (notice_id, epoch, at, outcome, code, provider_id)
    SELECT id, epoch, at, state, code, provider_id FROM done WHERE NOT untried
    ON CONFLICT DO NOTHING
)
UPDATE notice n SET
       state       = CASE WHEN n.state = 'sending' THEN d.state ELSE n.state END,
       provider_id = coalesce(nullif(d.provider_id, ''), n.provider_id),
       reason_code = CASE WHEN n.state = 'sending' THEN d.code ELSE n.reason_code END,
       reason      = CASE WHEN n.state = 'sending' THEN d.reason ELSE n.reason END,
       next_at     = coalesce(d.next_at, n.next_at),
       tried_at    = CASE WHEN d.untried THEN NULL ELSE n.tried_at END,
       sent_at     = CASE WHEN d.state = 'sent' THEN coalesce(n.sent_at, d.at) ELSE n.sent_at END,
       lease_until = NULL
FROM   done d
WHERE  n.id = d.id AND n.epoch = d.epoch`

func complete(ctx context.Context, tx pgx.Tx, list []response.Done) error {
	if len(list) == 0 {
		return nil
	}
	a := doneColumns(list)
	if _, err := tx.Exec(ctx, completeSQL, a); err != nil {
		return err
	}
	return afterFailures(ctx, tx, list)
}

func doneColumns(list []response.Done) pgx.NamedArgs {
	n := len(list)
	id, epoch, state, provider := make([]uuid.UUID, n), make([]int, n), make([]string, n), make([]string, n)
	code, reason, next := make([]string, n), make([]string, n), make([]*time.Time, n)
	at, untried := make([]time.Time, n), make([]bool, n)
	for i, d := range list {
		id[i], epoch[i], state[i], provider[i], code[i], reason[i] = d.ID, d.Epoch, string(d.State), d.ProviderID, d.Code, d.Reason
		at[i], untried[i] = d.At, d.Untried
		if !d.NextAt.IsZero() {
			next[i] = &d.NextAt
		}
	}
	return pgx.NamedArgs{"id": id, "epoch": epoch, "state": state, "provider": provider, "code": code, "reason": reason, "next": next,
		"at": at, "untried": untried}
}

// afterFailures: a notice that will never leave counts as unanswered at once.
// When every waking way of its rung is dead for a site, the site's duty goes to
// the next rung now; a call that a limit stopped is not made good by a text.
func afterFailures(ctx context.Context, tx pgx.Tx, list []response.Done) error {
	var dead []uuid.UUID
	var at time.Time
	for _, d := range list {
		if d.State == response.Failed || d.State == response.NotSent {
			dead, at = append(dead, d.ID), d.At
		}
	}
	if len(dead) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		WITH dead AS (
		    SELECT t.response_id, n.rung, bool_or(n.channel = 'voice' AND n.state = 'not_sent') AS limited
		    FROM   notice n JOIN summons_target t ON t.summons_id = n.summons_id AND t.rung = n.rung
		    WHERE  n.id = ANY($1) AND n.kind IN ('alert', 'upgrade', 'takeover') GROUP BY 1, 2
		), hopeless AS (
		    SELECT d.* FROM dead d WHERE NOT EXISTS (
		        SELECT FROM summons_target t JOIN notice n ON n.summons_id = t.summons_id AND n.rung = t.rung
		        WHERE  t.response_id = d.response_id AND t.rung = d.rung AND (n.channel = 'voice' OR n.channel = 'sms' AND NOT d.limited)
		        AND    n.state NOT IN ('failed', 'not_sent', 'superseded'))
		)
		UPDATE duty SET exhausted = h.rung, next_at = least(duty.next_at, $2)
		FROM   hopeless h
		WHERE  duty.subject_id = h.response_id AND duty.kind = 'acknowledge' AND duty.state = 'open'
		AND    coalesce(duty.exhausted, -1) < h.rung`, dead, at)
	return err
}
