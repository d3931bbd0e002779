package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

type attemptOn struct {
	ID        uuid.UUID
	PhoneHash string
	WarningID *uuid.UUID
	TriedAt   time.Time
}

// withinLimits keeps what the limits per number allow. The rest waits for its
// time, or is given up with the limit as the reason. Two workers that claim for
// one number at the same instant may both pass; the carrier's own limit is then
// the one that says no.
func withinLimits(ctx context.Context, tx pgx.Tx, c response.Channel, list []response.Claimed, limits response.Budget, at time.Time) ([]response.Claimed, error) {
	if c != response.Voice && c != response.SMS {
		return list, nil
	}
	past, err := attemptsOn(ctx, tx, c, list, at)
	if err != nil {
		return nil, err
	}
	kept := list[:0]
	var stopped []response.Done
	for _, n := range list {
		if n.PhoneHash == nil {
			stopped = append(stopped, response.Done{ID: n.ID, Epoch: n.Epoch, State: response.NotSent, Code: "no_number", Reason: "没有登记手机号", At: at})
			continue
		}
		day, episode := past.of(n)
		v := limits.Allow(c, day, episode, n.Kind, at)
		if v.OK {
			past.add(n, at)
			kept = append(kept, n)
			continue
		}
		stopped = append(stopped, stoppedBy(n, v, at))
	}
	return kept, complete(ctx, tx, stopped)
}

func stoppedBy(n response.Claimed, v response.Verdict, at time.Time) response.Done {
	d := response.Done{ID: n.ID, Epoch: n.Epoch, State: response.NotSent, Code: v.Code, Reason: v.Words, At: at, Untried: true}
	if v.Wait {
		d.State, d.NextAt, d.Code, d.Reason = response.FailedNow, v.Until, "wait", "等号码的呼叫间隔"
	}
	return d
}

// attempts are the hand-overs of the last day, by number.
type attempts map[string][]attemptOn

func attemptsOn(ctx context.Context, tx pgx.Tx, c response.Channel, list []response.Claimed, at time.Time) (attempts, error) {
	own := make(map[uuid.UUID]bool, len(list))
	phones := make([]string, 0, len(list))
	for _, n := range list {
		if n.PhoneHash != nil {
			phones, own[n.ID] = append(phones, *n.PhoneHash), true
		}
	}
	past := attempts{}
	if len(phones) == 0 {
		return past, nil
	}
	rows, err := collect[attemptOn](ctx, tx, `
		SELECT id, phone_hash, warning_id, tried_at FROM notice
		WHERE  phone_hash = ANY($1) AND channel = $2 AND tried_at > $3::timestamptz - interval '24 hours'
		ORDER  BY tried_at`, phones, c, at)
	for _, r := range rows {
		if !own[r.ID] {
			past[r.PhoneHash] = append(past[r.PhoneHash], r)
		}
	}
	return past, err
}

func (a attempts) of(n response.Claimed) (day, episode []time.Time) {
	for _, t := range a[*n.PhoneHash] {
		day = append(day, t.TriedAt)
		if deref(t.WarningID) == deref(n.WarningID) {
			episode = append(episode, t.TriedAt)
		}
	}
	return day, episode
}

func (a attempts) add(n response.Claimed, at time.Time) {
	a[*n.PhoneHash] = append(a[*n.PhoneHash], attemptOn{n.ID, *n.PhoneHash, n.WarningID, at})
}
