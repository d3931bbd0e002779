package postgres

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
)

// sealedLog is an append-only table that is sealed. key and content are SQL texts
// of a row; at is the column by which it is sealed: when we received it.
type sealedLog struct{ name, at, key, content string }

// receivedSQL selects columns of the rows that a log received in [from, until). The
// passes that came at an instant lie in the partitions of a month (the constraint
// pass_near): the others are not opened, and not even locked.
func (l sealedLog) receivedSQL(columns string, from, until time.Time) (string, []any) {
	sql := "SELECT " + columns + " FROM " + l.name + " WHERE " + l.at + " >= $1 AND " + l.at + " < $2"
	if l.name != "pass" {
		return sql, []any{from, until}
	}
	return sql + " AND device_time >= $3 AND device_time <= $4", []any{from, until, from.Add(-passOld), until.Add(passAhead)}
}

// How far the time of a pass may be before and after its receipt: pass_near.
const (
	passOld   = 31 * 24 * time.Hour
	passAhead = 24 * time.Hour
)

// micros is an instant as SQL text that depends on no setting.
func micros(column string) string { return "(extract(epoch FROM " + column + ") * 1000000)::bigint" }

// sealedLogs are the logs, in the order in which they are sealed.
var sealedLogs = []sealedLog{
	{"pass", "received_at", "device_id, " + micros("device_time") + ", event_key", "person_id, site_id, direction, " + micros("received_at") + ", encode(content_hash, 'hex')"},
	{"muster_mark", "recorded_at", "id", "response_id, person_id, state, people, evidence, " + micros("at") + ", " + micros("said_at") + ", " +
		micros("recorded_at") + ", user_id, actor, words"},
	{"response_event", "recorded_at", "id", "response_id, mode, " + micros("at") + ", " + micros("recorded_at") +
		", event, from_state, to_state, channel, notice_id, person_id, user_id, actor, words, detail"},
	{"audit", "at", "id", micros("at") + ", actor_id, actor, act, noun, noun_id, detail"},
}

// SealedLogs are the names of the logs that are sealed.
func SealedLogs() []string { return column(sealedLogs, func(l sealedLog) string { return l.name }) }

func logNamed(name string) sealedLog {
	for _, l := range sealedLogs {
		if l.name == name {
			return l
		}
	}
	panic("no sealed log is called " + name)
}

// text joins columns so that none can run into the next, and NULL is not "".
func text(columns string) string { return "ROW(" + columns + ")::text" }

// SealGrace is how long a row is waited for before its minute is sealed: longer
// than any transaction that writes it.
const SealGrace = time.Minute

// SealNext seals what a log has received since its last seal, up to SealGrace
// before at and never across midnight UTC. It does nothing (false) when there is
// nothing to seal yet, or another replica is sealing: one at a time, by an
// advisory lock of the transaction. The business's own transactions never wait
// for it.
func (db *DB) SealNext(ctx context.Context, log string, at time.Time) (sealed bool, err error) {
	err = db.inTx(ctx, func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock(hashtext('seal ' || $1))", log).Scan(&sealed); err != nil || !sealed {
			return err
		}
		link, due, err := nextLink(ctx, tx, logNamed(log), at)
		if err != nil || !due {
			sealed = false
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO seal (log, day, n, from_at, until_at, rows, digests, prev, hash, sealed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			link.Log, link.Day, link.N, link.From, link.Until, len(link.Rows), account.PackDigests(link.Rows), link.Prev, link.Hash(), at)
		return err
	})
	return sealed, err
}

// nextLink is the link that follows the last one; none is due before its time.
func nextLink(ctx context.Context, tx pgx.Tx, log sealedLog, at time.Time) (link account.Link, due bool, err error) {
	link.Log, link.N, link.Prev = log.name, 1, []byte{}
	var last struct {
		Day   time.Time
		N     int
		Until time.Time
		Hash  []byte
	}
	err = tx.QueryRow(ctx, "SELECT day, n, until_at, hash FROM seal WHERE log = $1 ORDER BY until_at DESC LIMIT 1", log.name).
		Scan(&last.Day, &last.N, &last.Until, &last.Hash)
	switch errs.KindOf(kindOf(err)) {
	case errs.NotFound:
		first, found, err := firstRow(ctx, tx, log)
		if err != nil || !found {
			return link, false, err
		}
		link.From = first.UTC().Truncate(time.Minute)
	default:
		if err != nil {
			return link, false, err
		}
		link.From, link.Prev = last.Until.UTC(), last.Hash
		if utcDay(link.From).Equal(last.Day) {
			link.N = last.N + 1
		}
	}
	link.Day = utcDay(link.From)
	link.Until = at.Add(-SealGrace).UTC().Truncate(time.Second)
	if end := link.Day.AddDate(0, 0, 1); link.Until.After(end) {
		link.Until = end
	}
	if !link.Until.After(link.From) {
		return link, false, nil
	}
	link.Rows, err = digestsOf(ctx, tx, log, link.From, link.Until)
	return link, true, err
}

func firstRow(ctx context.Context, q querier, log sealedLog) (time.Time, bool, error) {
	var at *time.Time
	err := q.QueryRow(ctx, "SELECT min("+log.at+") FROM "+log.name).Scan(&at)
	if err != nil || at == nil {
		return time.Time{}, false, kindOf(err)
	}
	return *at, true, nil
}

// digestsOf are the rows that a log received in [from, until), sorted.
func digestsOf(ctx context.Context, q querier, log sealedLog, from, until time.Time) ([]account.RowDigest, error) {
	sql, args := log.receivedSQL(text(log.key)+", "+text(log.content), from, until)
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, kindOf(err)
	}
	var list []account.RowDigest
	var key, content string
	_, err = pgx.ForEachRow(rows, []any{&key, &content}, func() error {
		list = append(list, digestOf(key, content))
		return nil
	})
	account.SortDigests(list)
	return list, kindOf(err)
}

func digestOf(key, content string) account.RowDigest {
	k, c := sha256.Sum256([]byte(key)), sha256.Sum256([]byte(content))
	return account.NewRowDigest(k[:], c[:])
}

// Head is a seal's hash with what names it, as it is kept outside the database.
type Head struct {
	Log     string    `json:"log"`
	Day     time.Time `json:"day"`
	N       int       `json:"n"`
	UntilAt time.Time `json:"until"`
	Rows    int       `json:"rows"`
	Hash    []byte    `json:"hash"`
}

// UnanchoredHeads are the heads that are not yet in the object store, oldest
// first. Of many only the last of each day counts: it carries all before it.
func (db *DB) UnanchoredHeads(ctx context.Context) ([]Head, error) {
	return collect[Head](ctx, db.pool, `
		SELECT DISTINCT ON (log, day) log, day, n, until_at, rows, hash FROM seal WHERE anchored_at IS NULL ORDER BY log, day, n DESC`)
}

// Anchored records that a head, and with it every seal of the day before it, is
// kept outside.
func (db *DB) Anchored(ctx context.Context, h Head, at time.Time) error {
	_, err := db.pool.Exec(ctx, "UPDATE seal SET anchored_at = $4 WHERE log = $1 AND day = $2 AND n <= $3 AND anchored_at IS NULL", h.Log, h.Day, h.N, at)
	return kindOf(err)
}
