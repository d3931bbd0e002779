package postgres

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/roster"
)

// queued is one pass of a group, with its part of a batch.
type queued struct {
	numbered
	part *passPart
	hash []byte
}

// flushTime bounds a transaction that writes passes. It is not the caller's
// patience: others wait for the same transaction.
const flushTime = 30 * time.Second

// writePasses writes parts of several batches in one transaction, and tells each
// what became of its own.
func (db *DB) writePasses(ctx context.Context, group []*passPart) error {
	ctx, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	list, twins := byKey(group)
	if err := db.passDays.have(ctx, db.pool, daysOf(list, func(w queued) time.Time { return w.DeviceTime })); err != nil {
		return err
	}
	var changed []uuid.UUID
	heard := db.hearing(group)
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		for _, t := range group {
			t.out = PassOutcome{}
		}
		got, fresh, err := insertPasses(ctx, tx, list)
		if err != nil {
			return err
		}
		changed = got.Changed
		for _, w := range fresh {
			w.part.out.Accepted++
		}
		if err := compareStored(ctx, tx, append(notIn(list, fresh), twins...)); err != nil {
			return err
		}
		if got.Live {
			if err := underWarning(ctx, tx, fresh, group); err != nil {
				return err
			}
		}
		return touchDevices(ctx, tx, heard)
	})
	if err == nil {
		for id, at := range heard {
			db.heard.Store(id, at)
		}
	}
	if err == nil && len(changed) > 0 {
		db.bells.submit(ctx, changed, len(changed), db.ringHeadcounts)
	}
	return err
}

// underWarning is what passes mean at sites where a response is under way.
func underWarning(ctx context.Context, tx pgx.Tx, fresh []queued, group []*passPart) error {
	var at time.Time
	var moved []roster.Pass
	for _, t := range group {
		if t.at.After(at) {
			at = t.at
		}
	}
	for _, w := range fresh {
		if w.moves() {
			moved = append(moved, w.Pass)
		}
	}
	if err := entering(ctx, tx, moved, at); err != nil {
		return err
	}
	return leaving(ctx, tx, moved)
}

// moves: an attendance punch never moves anybody.
func (w queued) moves() bool { return w.part.device.Purpose == "presence" }

// byKey lists the passes of a group by their keys: all who write passes lock
// them in this order, so that nobody deadlocks. Passes with the same key as one
// before them are twins; they are not written.
func byKey(group []*passPart) (list, twins []queued) {
	for _, t := range group {
		for _, p := range t.passes {
			list = append(list, queued{p, t, contentHash(p.Pass)})
		}
	}
	slices.SortStableFunc(list, func(a, b queued) int {
		return cmp.Or(bytes.Compare(a.DeviceID[:], b.DeviceID[:]), a.DeviceTime.Compare(b.DeviceTime), strings.Compare(a.EventKey, b.EventKey))
	})
	kept := list[:0]
	for _, w := range list {
		if n := len(kept); n > 0 && kept[n-1].key() == w.key() {
			twins = append(twins, w)
			continue
		}
		kept = append(kept, w)
	}
	return kept, twins
}

type passKey struct {
	device uuid.UUID
	at     int64 // microseconds: what the database keeps
	key    string
}

func (w queued) key() passKey { return passKey{w.DeviceID, w.DeviceTime.UnixMicro(), w.EventKey} }

// passSQL writes what is new, and moves presence by it: of each person's new
// passes the greatest counts, if it is greater than what is known. People are
// written in order. The site that somebody leaves changes as much as the one they
// enter. It gives which were new, by their places in the arrays; whether one of the
// sites has a response under way; and the sites that changed. Their bells are rung
// after the commit: a transaction that notifies holds up all others that do until it
// is on disk.
const passSQL = `
WITH new AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[], $8::bytea[],
                         $9::boolean[], $10::timestamptz[]) WITH ORDINALITY
           n(device_id, device_time, event_key, person_id, site_id, direction, received_at, content_hash, moves, fresh_until, place)
), written AS (
    INSERT INTO pass (device_id, device_time, event_key, person_id, site_id, direction, received_at, content_hash)
    SELECT device_id, device_time, event_key, person_id, site_id, direction, received_at, content_hash FROM new
    ON CONFLICT DO NOTHING RETURNING device_id, device_time, event_key
), fresh AS MATERIALIZED (
    SELECT * FROM new JOIN written USING (device_id, device_time, event_key)
), best AS MATERIALIZED (
    SELECT DISTINCT ON (person_id) * FROM fresh WHERE moves
    ORDER  BY person_id, device_time DESC, device_id DESC, event_key COLLATE "C" DESC
), old AS MATERIALIZED (
    SELECT p.site_id FROM best JOIN presence p USING (person_id)
), moved AS (
    INSERT INTO presence AS p (person_id, site_id, inside, device_time, device_id, event_key, fresh_until)
    SELECT person_id, site_id, direction <> 'out', device_time, device_id, event_key, fresh_until FROM best
    ON CONFLICT (person_id) DO UPDATE
    SET site_id = excluded.site_id, inside = excluded.inside, device_time = excluded.device_time,
        device_id = excluded.device_id, event_key = excluded.event_key, fresh_until = excluded.fresh_until
    WHERE (excluded.device_time, excluded.device_id, excluded.event_key COLLATE "C") > (p.device_time, p.device_id, p.event_key COLLATE "C")
    RETURNING p.site_id
)
SELECT ARRAY(SELECT place FROM fresh ORDER BY place) AS fresh,
       EXISTS (SELECT FROM (SELECT DISTINCT site_id FROM best) s JOIN response r USING (site_id) WHERE r.ended_at IS NULL) AS live,
       ARRAY(SELECT site_id FROM moved UNION SELECT site_id FROM old WHERE EXISTS (SELECT FROM moved)) AS changed`

type passResult struct {
	Fresh   []int // which were new: their places, from 1
	Live    bool
	Changed []uuid.UUID // sites whose headcount may be another one
}

// insertPasses writes passes and gives those that were new.
func insertPasses(ctx context.Context, tx pgx.Tx, list []queued) (got passResult, fresh []queued, err error) {
	if len(list) == 0 {
		return got, nil, nil
	}
	got, err = one[passResult](ctx, tx, passSQL, passColumns(list)...)
	return got, column(got.Fresh, func(place int) queued { return list[place-1] }), err
}

func passColumns(list []queued) []any {
	n := len(list)
	devices, people, sites := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]uuid.UUID, n)
	times, received, fresh := make([]time.Time, n), make([]time.Time, n), make([]time.Time, n)
	keys, directions, hashes, moves := make([]string, n), make([]string, n), make([][]byte, n), make([]bool, n)
	for i, w := range list {
		devices[i], people[i], sites[i] = w.DeviceID, w.PersonID, w.SiteID
		times[i], received[i], fresh[i] = w.DeviceTime, w.part.at, roster.FreshUntil(w.Direction, w.DeviceTime)
		keys[i], directions[i], hashes[i], moves[i] = w.EventKey, string(w.Direction), w.hash, w.moves()
	}
	return []any{devices, times, keys, people, sites, directions, received, hashes, moves, fresh}
}

// contentHash covers what a pass says beyond its key: what the device said, where
// that is known, else what was made of it.
func contentHash(p roster.Pass) []byte {
	if p.Content != (roster.Digest{}) {
		return p.Content[:]
	}
	h := sha256.New()
	h.Write(p.PersonID[:])
	h.Write(p.SiteID[:])
	h.Write([]byte(p.Direction))
	return h.Sum(nil)
}
