package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

type claimedRow struct {
	ID          uuid.UUID
	Epoch       int
	Kind        response.NoticeKind
	AccountID   *uuid.UUID
	SummonsID   *uuid.UUID
	PersonID    *uuid.UUID
	PhoneSealed *string
	PhoneHash   *string
	WarningID   *uuid.UUID
	Language    *string
	Level       string
	Measure     string
	Wording     response.Wording
	CreatedAt   time.Time
	LeftBehind  bool
}

// claimSQL takes what is ready, or was left behind by a worker whose lease is
// over. Each claim raises the epoch: whoever held the notice before can no
// longer write about it.
const claimSQL = `
WITH ready AS (
    SELECT id, priority, next_at, false AS left_behind FROM notice
    WHERE  mode = @mode AND channel = @channel AND state IN ('queued', 'failed_now') AND next_at <= @at
    ORDER  BY priority, next_at LIMIT @n FOR UPDATE SKIP LOCKED
), left_behind AS (
    SELECT id, priority, next_at, true FROM notice
    WHERE  mode = @mode AND channel = @channel AND state = 'sending' AND lease_until <= @at
    ORDER  BY priority, next_at LIMIT @n FOR UPDATE SKIP LOCKED
), picked AS (
    SELECT id, left_behind FROM (SELECT * FROM ready UNION ALL SELECT * FROM left_behind) either
    ORDER  BY priority, next_at LIMIT @n
), claimed AS (
    UPDATE notice n SET state = 'sending', epoch = epoch + 1, lease_until = @lease, tried_at = @at,
           account_id = CASE WHEN n.party_kind = 'unit' THEN n.account_id ELSE @account END
    FROM   picked WHERE n.id = picked.id
    RETURNING n.id, n.epoch, n.kind, n.account_id, n.party_kind, n.party_id, n.summons_id, n.phone_hash, n.warning_id,
              n.level, n.measure, n.wording, n.created_at, n.priority, n.next_at, picked.left_behind
)
SELECT c.id, c.epoch, c.kind, c.account_id, c.summons_id, p.id AS person_id, p.phone_sealed, c.phone_hash, c.warning_id, p.language,
       c.level, c.measure, c.wording, c.created_at, c.left_behind
FROM   claimed c LEFT JOIN person p ON c.party_kind = 'person' AND p.id = c.party_id
ORDER  BY c.priority, c.next_at`

// ClaimNotices gives a worker up to n notices of a lane until lease. What a limit
// of the receiver's number stops is put back or given up in the same transaction
// and is not among them; the next in line are taken in its place.
func (db *DB) ClaimNotices(ctx context.Context, l response.Lane, n int, limits response.Budget, lease, at time.Time) ([]response.Claimed, error) {
	var list []response.Claimed
	for {
		wanted := n - len(list)
		claimed, kept, err := db.claim(ctx, l, wanted, limits, lease, at)
		if list = append(list, kept...); err != nil || claimed < wanted || len(list) == n {
			return list, err
		}
	}
}

// claim claims once; it gives what the limits left of what it claimed.
func (db *DB) claim(ctx context.Context, l response.Lane, n int, limits response.Budget, lease, at time.Time) (claimed int, kept []response.Claimed, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		rows, err := collect[claimedRow](ctx, tx, claimSQL, pgx.NamedArgs{"mode": l.Mode, "channel": l.Channel, "account": nilID(l.Account),
			"n": n, "lease": lease, "at": at})
		if err != nil {
			return err
		}
		claimed = len(rows)
		again, fresh := openClaims(rows)
		fresh, err = withinLimits(ctx, tx, l.Channel, fresh, limits, at)
		kept = append(again, fresh...)
		return err
	})
	if err != nil {
		kept = nil
	}
	return claimed, kept, err
}

// openClaims keeps apart what a worker left behind: the carrier may have it, so it
// goes to him again under the same key, whatever the limits; else the ledger could
// say that it never left.
func openClaims(rows []claimedRow) (again, fresh []response.Claimed) {
	for i := range rows {
		r := &rows[i]
		c := response.Claimed{ID: r.ID, Epoch: r.Epoch, Kind: r.Kind, AccountID: deref(r.AccountID), SummonsID: r.SummonsID, PersonID: r.PersonID,
			PhoneSealed: r.PhoneSealed, PhoneHash: r.PhoneHash, WarningID: r.WarningID, Language: textOf(r.Language),
			Level: r.Level, Measure: r.Measure, Wording: r.Wording, CreatedAt: r.CreatedAt}
		if r.LeftBehind {
			again = append(again, c)
		} else {
			fresh = append(fresh, c)
		}
	}
	return again, fresh
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
