package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/response"
)

// Pulse reads the state of the machine at an instant: one round trip of small
// queries, each from an index of what is open. window is how far back accounts
// are judged. A database that this program does not know is errs.Fix
// (CheckSchema); one that does not answer errs.Down.
func (db *DB) Pulse(ctx context.Context, window time.Duration, at time.Time) (response.Pulse, error) {
	p := response.Pulse{At: at}
	var err error
	if p.Skew, err = db.ClockSkew(ctx, at); err != nil {
		return p, err
	}
	if err := db.CheckSchema(ctx); err != nil {
		return p, err
	}
	args := pgx.NamedArgs{"at": at, "since": at.Add(-window)}
	batch := &pgx.Batch{}
	rows(batch, lanesSQL, args, scanLane, &p.Lanes)
	rows(batch, accountsSQL, args, pgx.RowToStructByPos[response.AccountPulse], &p.Accounts)
	rows(batch, feedsSQL, args, pgx.RowToStructByPos[response.FeedPulse], &p.Feeds)
	rows(batch, gatesSQL, args, pgx.RowToStructByPos[response.GatePulse], &p.Gates)
	rows(batch, upstreamsSQL, args, pgx.RowToStructByPos[response.UpstreamPulse], &p.Upstreams)
	rows(batch, draftsSQL, args, pgx.RowToStructByPos[response.DraftPulse], &p.Drafts)
	rows(batch, vesselsSQL, args, pgx.RowToStructByPos[response.VesselPulse], &p.Vessels)
	rows(batch, unmannedSQL, args, pgx.RowToStructByPos[response.Unmanned], &p.Unmanned)
	waiting(batch, "SELECT count(*), min(next_at) FROM duty WHERE state = 'open' AND next_at <= @at", args, &p.Climb)
	waiting(batch, "SELECT count(*), min(received_at) FROM inbound WHERE understood_at IS NULL", args, &p.Pushes)
	waiting(batch, "SELECT count(*), min(received_at) FROM raw_message WHERE understood_at IS NULL", args, &p.Documents)
	waiting(batch, repliesSQL, args, &p.Replies)
	waiting(batch, "SELECT count(*), min(expires) FROM warning WHERE state = 'active' AND expires <= @at", args, &p.Overtime)
	single(batch, "SELECT count(*) FROM duty WHERE state = 'open' AND next_at IS NULL", args, &p.Unchecked)
	single(batch, "SELECT count(*) FROM warning WHERE state = 'active' AND mode = 'actual'", args, &p.Live)
	return p, kindOf(db.pool.SendBatch(ctx, batch).Close())
}

// rows queues a query for many rows.
func rows[T any](b *pgx.Batch, sql string, args pgx.NamedArgs, read pgx.RowToFunc[T], into *[]T) {
	b.Queue(sql, args).Query(func(found pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(found, read)
		return err
	})
}

func waiting(b *pgx.Batch, sql string, args pgx.NamedArgs, into *response.Waiting) {
	single(b, sql, args, &into.Count, &into.Oldest)
}

func single(b *pgx.Batch, sql string, args pgx.NamedArgs, into ...any) {
	b.Queue(sql, args).QueryRow(func(row pgx.Row) error { return row.Scan(into...) })
}

func scanLane(row pgx.CollectableRow) (l response.LanePulse, err error) {
	err = row.Scan(&l.Mode, &l.Channel, &l.Overdue.Count, &l.Overdue.Oldest, &l.Retrying, &l.Leases.Count, &l.Leases.Oldest,
		&l.Ready.Count, &l.Ready.Oldest, &l.Open)
	return l, err
}

// lanesSQL: each half has its partial index. A notice that waits for its number's
// interval is late by design and is not counted as refused.
const lanesSQL = `
SELECT mode, channel,
       count(*) FILTER (WHERE late), min(due_at) FILTER (WHERE late),
       count(*) FILTER (WHERE state = 'failed_now' AND reason_code <> 'wait' AND due_at < @at),
       count(*) FILTER (WHERE left_behind), min(lease_until) FILTER (WHERE left_behind),
       count(*) FILTER (WHERE ready), min(next_at) FILTER (WHERE ready),
       EXISTS (SELECT FROM channel_account a WHERE a.mode = n.mode AND a.channel = n.channel AND a.disabled_at IS NULL)
FROM  (SELECT mode, channel, state, reason_code, due_at, next_at, lease_until, state = 'queued' AND due_at < @at AS late,
              false AS left_behind, next_at <= @at AS ready
       FROM   notice WHERE state IN ('queued', 'failed_now')
       UNION  ALL
       SELECT mode, channel, state, reason_code, due_at, next_at, lease_until, due_at < @at, lease_until <= @at, false
       FROM   notice WHERE state = 'sending') n
WHERE  channel NOT IN ('app', 'hand')
GROUP  BY mode, channel ORDER BY mode, channel`

const accountsSQL = `
SELECT a.id, a.name, a.mode, a.channel, n.attempts, n.failed
FROM  (SELECT x.account_id, count(*) AS attempts, count(*) FILTER (WHERE t.outcome IN ('failed', 'failed_now')) AS failed
       FROM   notice_attempt t JOIN notice x ON x.id = t.notice_id
       WHERE  t.at > @since AND t.at <= @at GROUP BY x.account_id) n
JOIN   channel_account a ON a.id = n.account_id
WHERE  a.disabled_at IS NULL ORDER BY a.id`

const feedsSQL = `
SELECT name, title, silent_after, coalesce(heard_at, recorded_at) FROM feed_source
WHERE  silent_after IS NOT NULL AND disabled_at IS NULL ORDER BY name`

// gatesSQL: a gate that has not been heard for a week is somebody's work list, not
// an alarm. What no rule could find silent yet, nor will in a quarter of an hour
// (response.outageSpan), is left out here.
const gatesSQL = `
SELECT d.id, d.serial, s.id, s.name, d.last_seen_at, coalesce(g.silent_after, interval '0'), g.beat_at IS NOT NULL, g.address
FROM   gate g JOIN device d ON d.id = g.device_id JOIN site s ON s.id = d.site_id
WHERE  g.approved_at IS NOT NULL AND d.disabled_at IS NULL AND s.closed_at IS NULL
AND    d.last_seen_at > @at::timestamptz - interval '7 days' AND d.last_seen_at < @at::timestamptz - least(g.silent_after, interval '2 hours') + interval '15 minutes'
ORDER  BY d.last_seen_at LIMIT 5000`

const upstreamsSQL = "SELECT id, name, failing_since FROM upstream WHERE disabled_at IS NULL AND failing_since IS NOT NULL ORDER BY id"

// repliesSQL goes by our receipt, not by the time that a sender states.
const repliesSQL = `
SELECT count(*), min(i.received_at) FROM inbound_event e JOIN inbound i ON i.id = e.inbound_id
WHERE  e.verdict IN ('ambiguous', 'unknown_number', 'support') AND e.seen_at IS NULL`

// draftsSQL: a draft past its time can warn nobody any more; one that lifts puts
// nobody in danger by waiting.
const draftsSQL = `
SELECT id, title, level, created_at FROM warning
WHERE  state = 'draft' AND mode = 'actual' AND level IN ('red', 'orange') AND intent <> 'lift' AND expires > @at
ORDER  BY created_at LIMIT 100`

// unmannedSQL: the authorities that answer for a site under a live warning, by
// territory or by supervision, and the publishers.
const unmannedSQL = `
WITH live AS MATERIALIZED (
    SELECT id, authority_id FROM warning WHERE state = 'active' AND mode = 'actual'
), place AS MATERIALIZED (
    SELECT DISTINCT t.region, t.project_id FROM live JOIN target t ON t.warning_id = live.id WHERE t.until_revision IS NULL
)
SELECT a.id, a.name FROM authority a
WHERE  a.kind = 'transport'
AND   (EXISTS (SELECT FROM live WHERE live.authority_id = a.id)
       OR EXISTS (SELECT FROM place p JOIN authority_territory t ON p.region COLLATE "C" >= t.lo AND p.region COLLATE "C" < t.hi
                  WHERE t.authority_id = a.id)
       OR EXISTS (SELECT FROM place p JOIN supervision v ON v.project_id = p.project_id
                  WHERE v.authority_id = a.id AND v.from_at <= @at AND (v.until_at IS NULL OR v.until_at > @at)))
AND    NOT EXISTS (SELECT FROM duty_roster d WHERE d.unit_kind = 'authority' AND d.unit_id = a.id AND d.valid_from <= @at AND d.valid_until > @at)
ORDER  BY a.id`
