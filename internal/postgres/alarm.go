package postgres

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/errs"
	"muster/internal/response"
)

const alarmColumns = "id, code, subject, words, opened_at, seen_at, told_at, closed_at"

// RaiseAlarms writes what a round found: new alarms are opened, known ones are
// seen again with the words of now, and those that no replica has found for calm
// are closed. However many replicas look, there is one open alarm per code and
// subject.
func (db *DB) RaiseAlarms(ctx context.Context, findings []response.Finding, calm time.Duration, at time.Time) (opened, closed []response.Alarm, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if opened, err = openAlarms(ctx, tx, findings, at); err != nil {
			return err
		}
		closed, err = collect[response.Alarm](ctx, tx, `
			UPDATE alarm SET closed_at = $1, telling_until = NULL WHERE closed_at IS NULL AND seen_at <= $2 RETURNING `+alarmColumns, at, at.Add(-calm))
		return err
	})
	return opened, closed, err
}

// openAlarms gives those that this call opened: they carry the id made here.
func openAlarms(ctx context.Context, tx pgx.Tx, findings []response.Finding, at time.Time) ([]response.Alarm, error) {
	if len(findings) == 0 {
		return nil, nil
	}
	findings = inOrder(findings)
	fresh := column(findings, func(response.Finding) uuid.UUID { return newID() })
	list, err := collect[response.Alarm](ctx, tx, `
		INSERT INTO alarm (id, code, subject, words, opened_at, seen_at)
		SELECT f.id, f.code, f.subject, f.words, $5, $5 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS f (id, code, subject, words)
		ON CONFLICT (code, subject) WHERE closed_at IS NULL
		DO UPDATE SET words = excluded.words, seen_at = greatest(alarm.seen_at, excluded.seen_at)
		RETURNING `+alarmColumns, fresh, column(findings, func(f response.Finding) string { return string(f.Code) }),
		column(findings, func(f response.Finding) string { return f.Subject }), column(findings, func(f response.Finding) string { return f.Words }), at)
	return slices.DeleteFunc(list, func(a response.Alarm) bool { return !slices.Contains(fresh, a.ID) }), err
}

// inOrder: two replicas that touch the same rows in the same order wait for each
// other instead of deadlocking; a row can be touched once in a statement.
func inOrder(findings []response.Finding) []response.Finding {
	byIdentity := func(a, b response.Finding) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Subject, b.Subject))
	}
	list := slices.SortedStableFunc(slices.Values(findings), byIdentity)
	return slices.CompactFunc(list, func(a, b response.Finding) bool { return byIdentity(a, b) == 0 })
}

// ClaimAlarms gives this replica until lease to tell what must be told now: what
// is open and was never told, or not within again; and the end of what was told.
// A replica that dies over it leaves the alarm to another.
func (db *DB) ClaimAlarms(ctx context.Context, again time.Duration, lease, at time.Time) ([]response.Alarm, error) {
	return collect[response.Alarm](ctx, db.pool, `
		WITH due AS (
		    SELECT id FROM alarm
		    WHERE  (telling_until IS NULL OR telling_until <= $1)
		    AND    (closed_at IS NULL AND (told_at IS NULL OR told_at <= $2)
		            OR closed_at IS NOT NULL AND told_at IS NOT NULL AND over_told_at IS NULL)
		    FOR UPDATE SKIP LOCKED
		)
		UPDATE alarm SET telling_until = $3 FROM due WHERE alarm.id = due.id
		RETURNING alarm.id, code, subject, words, opened_at, seen_at, told_at, closed_at`, at, at.Add(-again), lease)
}

// TellAlarm keeps that an alarm, or its end, left by an exit at an instant.
func (db *DB) TellAlarm(ctx context.Context, a response.Alarm, at time.Time) error {
	sql := "UPDATE alarm SET told_at = $2, telling_until = NULL WHERE id = $1"
	if a.Over() {
		sql = "UPDATE alarm SET over_told_at = $2, telling_until = NULL WHERE id = $1 AND closed_at IS NOT NULL"
	}
	_, err := db.pool.Exec(ctx, sql, a.ID, at)
	return kindOf(err)
}

// OpenAlarms lists what is wrong now, the newest first.
func (db *DB) OpenAlarms(ctx context.Context) ([]response.Alarm, error) {
	return collect[response.Alarm](ctx, db.pool, "SELECT "+alarmColumns+" FROM alarm WHERE closed_at IS NULL ORDER BY opened_at DESC, id DESC")
}

// WatchFeed sets how long a feed may be silent before an alarm is raised; 0: its
// silence means nothing. errs.NotFound when there is no such feed.
func (db *DB) WatchFeed(ctx context.Context, name string, silentAfter time.Duration) error {
	if silentAfter < 0 {
		return errs.New(errs.Fix, "silent_after", "静默时限不能是负数")
	}
	tag, err := db.pool.Exec(ctx, "UPDATE feed_source SET silent_after = nullif($2::interval, interval '0') WHERE name = $1", name, silentAfter)
	if err == nil && tag.RowsAffected() == 0 {
		return notFound("数据源")
	}
	return kindOf(err)
}
