package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
)

// UpstreamResult is what a platform says became of a batch.
type UpstreamResult struct {
	Pending bool
	Refused bool
	Words   string // of a refusal, without personal data
	Number  int64  // of a team that was taken
	Err     error  // of asking
}

// upstreamForgets is how long a result may be pending: afterwards the batch is sent
// again.
const upstreamForgets = 24 * time.Hour

// UpstreamCodes are the results that have to be asked for, the oldest first.
func (db *DB) UpstreamCodes(ctx context.Context, id uuid.UUID) ([]string, error) {
	return collectIDs[string](ctx, db.pool, "SELECT code FROM upstream_item WHERE upstream_id = $1 AND state = 'sent' GROUP BY code ORDER BY min(sent_at), min(id)", id)
}

// AskUpstream asks for one result and writes down what it is. settled: the platform
// has done with the batch; pending: not yet.
func (db *DB) AskUpstream(ctx context.Context, id uuid.UUID, code string, at time.Time, ask func(context.Context, UpstreamBatch, string) UpstreamResult) (settled, pending bool, err error) {
	err = db.onUpstream(ctx, id, at, func(tx pgx.Tx, u Upstream) error {
		settled, pending = false, false
		items, err := collect[UpstreamItem](ctx, tx, itemSQL+"i.state = 'sent' AND i.code = @code ORDER BY i.id", pgx.NamedArgs{"id": id, "code": code})
		if err != nil || len(items) == 0 {
			return err
		}
		b := UpstreamBatch{Upstream: u, Stage: items[0].Stage, Items: items}
		r := ask(ctx, b, code)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		settled, pending = r.Err == nil && !r.Pending, r.Err == nil && r.Pending
		return writeResult(ctx, tx, b, r, at)
	})
	return settled, pending, err
}

func writeSent(ctx context.Context, tx pgx.Tx, b UpstreamBatch, sent UpstreamSent, at time.Time) error {
	var rest []int64
	for _, i := range b.Items {
		words, unfit := sent.Unfit[i.ID]
		if !unfit {
			rest = append(rest, i.ID)
			continue
		}
		if err := refuseItems(ctx, tx, []int64{i.ID}, words); err != nil {
			return err
		}
	}
	switch {
	case len(rest) == 0:
		return nil
	case sent.Err == nil:
		_, err := tx.Exec(ctx, "UPDATE upstream_item SET state = 'sent', code = $2, sent_at = $3 WHERE id = ANY($1)", rest, sent.Code, at)
		return heard(ctx, tx, b.Upstream, err, at)
	case errs.Is(sent.Err, errs.Fix):
		return heard(ctx, tx, b.Upstream, refuseItems(ctx, tx, rest, sent.Words), at)
	case errs.Is(sent.Err, errs.Internal): // perhaps over this batch alone: the others go first
		if _, err := tx.Exec(ctx, "UPDATE upstream_item SET alone = true, tries = tries + 1 WHERE id = ANY($1)", rest); err != nil {
			return err
		}
	}
	return failed(ctx, tx, b.Upstream, sent.Words, at)
}

func writeResult(ctx context.Context, tx pgx.Tx, b UpstreamBatch, r UpstreamResult, at time.Time) error {
	all := column(b.Items, func(i UpstreamItem) int64 { return i.ID })
	switch {
	case errs.Is(r.Err, errs.Fix): // it does not know the code any more
		_, err := tx.Exec(ctx, "UPDATE upstream_item SET state = 'waiting', code = NULL, sent_at = NULL, tries = tries + 1 WHERE id = ANY($1)", all)
		return heard(ctx, tx, b.Upstream, err, at)
	case r.Err != nil:
		return failed(ctx, tx, b.Upstream, r.Words, at)
	case r.Pending:
		_, err := tx.Exec(ctx, `
			UPDATE upstream_item SET state = 'waiting', code = NULL, sent_at = NULL, tries = tries + 1 WHERE id = ANY($1) AND sent_at < $2`, all, at.Add(-upstreamForgets))
		return err
	case r.Refused:
		return heard(ctx, tx, b.Upstream, refuseItems(ctx, tx, all, r.Words), at)
	case b.Stage == UpstreamTeam && r.Number == 0:
		return heard(ctx, tx, b.Upstream, refuseItems(ctx, tx, all, "上级平台没有给班组编号"), at)
	case b.Stage == UpstreamPass:
		_, err := tx.Exec(ctx, `
			WITH gone AS (DELETE FROM upstream_item WHERE id = ANY($2) RETURNING id)
			UPDATE upstream SET forwarded = forwarded + (SELECT count(*) FROM gone) WHERE id = $1`, b.Upstream.ID, all)
		return heard(ctx, tx, b.Upstream, err, at)
	}
	_, err := tx.Exec(ctx, "UPDATE upstream_item SET state = 'done', code = NULL, sent_at = NULL, number = nullif($2::bigint, 0) WHERE id = ANY($1)", all, r.Number)
	return heard(ctx, tx, b.Upstream, err, at)
}

// refuseItems: of a batch that is refused nobody knows for how many of its records;
// each is sent by itself, so that one does not keep the others. Refused is who is
// refused alone.
func refuseItems(ctx context.Context, tx pgx.Tx, items []int64, words string) error {
	sql := "UPDATE upstream_item SET state = 'waiting', alone = true, code = NULL, sent_at = NULL, words = $2 WHERE id = ANY($1)"
	if len(items) == 1 {
		sql = "UPDATE upstream_item SET state = 'refused', code = NULL, sent_at = NULL, words = $2 WHERE id = ANY($1)"
	}
	_, err := tx.Exec(ctx, sql, items, words)
	return err
}

// heard: the platform did what it was asked, whatever it thought of it.
func heard(ctx context.Context, tx pgx.Tx, u Upstream, err error, at time.Time) error {
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE upstream SET heard_at = $2, failures = 0, failing_since = NULL, next_at = NULL, fault = '' WHERE id = $1", u.ID, at)
	return err
}

func failed(ctx context.Context, tx pgx.Tx, u Upstream, words string, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE upstream SET failures = failures + 1, failing_since = coalesce(failing_since, $2), next_at = $3, fault = $4 WHERE id = $1`,
		u.ID, at, at.Add(upstreamPause(u.Failures+1)), words)
	return err
}

// The pauses of a platform that is away: a minute, then twice the one before.
const (
	upstreamFirstPause = time.Minute
	upstreamLastPause  = 30 * time.Minute
)

// upstreamPause is how long to wait after so many failures in a row.
func upstreamPause(failures int) time.Duration {
	pause := upstreamFirstPause
	for range failures - 1 {
		pause = min(2*pause, upstreamLastPause)
	}
	return pause
}
