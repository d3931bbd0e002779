package postgres

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/roster"
)

// PassBatch is what one device sent at once. What cannot be taken as a pass is
// in Quarantine, with the reason and the record as it came.
type PassBatch struct {
	Device     Device
	Passes     []roster.Pass
	Quarantine []Quarantined
	At         time.Time
}

// Quarantined is a record that is kept and acknowledged, for a person to look at.
type Quarantined struct {
	Reason string
	Body   json.RawMessage
}

// PassOutcome is what became of a batch. Conflicts are the positions in Passes
// whose key was there with another content; they were quarantined.
type PassOutcome struct {
	Accepted  int
	Repeated  int
	Conflicts []int
}

// FlushPasses stores a batch and moves presence, in one transaction: when it
// returns, the batch survives a power cut. Sending the batch again changes
// nothing (primary key of pass; unique hash in quarantine); a batch older than
// what is known moves nobody (presence keeps the greatest key).
func (db *DB) FlushPasses(ctx context.Context, b PassBatch) (PassOutcome, error) {
	var out PassOutcome
	err := db.inTx(ctx, func(tx pgx.Tx) error {
		out = PassOutcome{}
		if err := ensurePartitions(ctx, tx, b.Passes); err != nil {
			return err
		}
		fresh, err := insertPasses(ctx, tx, b, &out)
		if err != nil {
			return err
		}
		if b.Device.Purpose == "presence" {
			if err := movePresence(ctx, tx, fresh); err != nil {
				return err
			}
			if err := entering(ctx, tx, fresh, b.At); err != nil {
				return err
			}
			if err := leaving(ctx, tx, fresh); err != nil {
				return err
			}
		}
		for _, i := range out.Conflicts {
			body, err := json.Marshal(b.Passes[i])
			if err != nil {
				return err
			}
			b.Quarantine = append(slices.Clip(b.Quarantine), Quarantined{Reason: "conflict", Body: body})
		}
		if err := quarantine(ctx, tx, b); err != nil {
			return err
		}
		return touchDevice(ctx, tx, b.Device.ID, b.At)
	})
	return out, err
}

func ensurePartitions(ctx context.Context, tx pgx.Tx, passes []roster.Pass) error {
	var days []time.Time
	for _, p := range passes {
		if day := p.DeviceTime.UTC().Truncate(24 * time.Hour); !slices.Contains(days, day) {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, "SELECT ensure_pass_partition(d) FROM unnest($1::date[]) d", days)
	return err
}

type passKey struct {
	at  int64 // microseconds: what the database keeps
	key string
}

func keyOf(p roster.Pass) passKey { return passKey{p.DeviceTime.UnixMicro(), p.EventKey} }

// insertPasses writes what is new and returns it; the rest is counted as
// repeated or listed as conflicting.
func insertPasses(ctx context.Context, tx pgx.Tx, b PassBatch, out *PassOutcome) ([]roster.Pass, error) {
	if len(b.Passes) == 0 {
		return nil, nil
	}
	col := passColumns(b.Passes)
	rows, err := tx.Query(ctx, `
		INSERT INTO pass (device_id, device_time, event_key, person_id, site_id, direction, received_at, content_hash)
		SELECT $1, t, k, p, s, d, $7, h
		FROM   unnest($2::timestamptz[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $8::bytea[]) x(t, k, p, s, d, h)
		ON CONFLICT DO NOTHING
		RETURNING device_time, event_key`,
		b.Device.ID, col.times, col.keys, col.people, col.sites, col.directions, b.At, col.hashes)
	if err != nil {
		return nil, err
	}
	written := map[passKey]bool{}
	var at time.Time
	var key string
	if _, err := pgx.ForEachRow(rows, []any{&at, &key}, func() error {
		written[passKey{at.UnixMicro(), key}] = true
		return nil
	}); err != nil {
		return nil, err
	}
	var fresh []roster.Pass
	var seen []int
	for i, p := range b.Passes {
		if written[keyOf(p)] {
			delete(written, keyOf(p)) // its twin in the same batch is a repetition
			fresh = append(fresh, p)
		} else {
			seen = append(seen, i)
		}
	}
	out.Accepted = len(fresh)
	return fresh, compareRepeated(ctx, tx, b, col, seen, out)
}

// compareRepeated tells a repetition from the same key with other content.
func compareRepeated(ctx context.Context, tx pgx.Tx, b PassBatch, col passColumn, seen []int, out *PassOutcome) error {
	for _, i := range seen {
		var stored []byte
		err := tx.QueryRow(ctx, "SELECT content_hash FROM pass WHERE device_id = $1 AND device_time = $2 AND event_key = $3",
			b.Device.ID, col.times[i], col.keys[i]).Scan(&stored)
		if err != nil {
			return err
		}
		if bytes.Equal(stored, col.hashes[i]) {
			out.Repeated++
		} else {
			out.Conflicts = append(out.Conflicts, i)
		}
	}
	return nil
}

type passColumn struct {
	times         []time.Time
	keys          []string
	people, sites []uuid.UUID
	directions    []string
	hashes        [][]byte
}

func passColumns(passes []roster.Pass) passColumn {
	var c passColumn
	for _, p := range passes {
		c.times = append(c.times, p.DeviceTime)
		c.keys = append(c.keys, p.EventKey)
		c.people = append(c.people, p.PersonID)
		c.sites = append(c.sites, p.SiteID)
		c.directions = append(c.directions, string(p.Direction))
		c.hashes = append(c.hashes, contentHash(p))
	}
	return c
}

// contentHash covers what a pass says beyond its key.
func contentHash(p roster.Pass) []byte {
	h := sha256.New()
	h.Write(p.PersonID[:])
	h.Write(p.SiteID[:])
	h.Write([]byte(p.Direction))
	return h.Sum(nil)
}

// movePresence takes passes into presence, in the order of people: two batches
// that lock the same rows in another order would deadlock.
func movePresence(ctx context.Context, tx pgx.Tx, passes []roster.Pass) error {
	latest := map[uuid.UUID]roster.Presence{}
	for _, p := range passes {
		latest[p.PersonID] = roster.Fold(latest[p.PersonID], p)
	}
	if len(latest) == 0 {
		return nil
	}
	people := make([]roster.Presence, 0, len(latest))
	for _, p := range latest {
		people = append(people, p)
	}
	slices.SortFunc(people, func(a, b roster.Presence) int { return bytes.Compare(a.PersonID[:], b.PersonID[:]) })
	return upsertPresence(ctx, tx, people)
}

func upsertPresence(ctx context.Context, tx pgx.Tx, people []roster.Presence) error {
	n := len(people)
	person, site, device := make([]uuid.UUID, n), make([]uuid.UUID, n), make([]uuid.UUID, n)
	inside, at, fresh, key := make([]bool, n), make([]time.Time, n), make([]time.Time, n), make([]string, n)
	for i, p := range people {
		person[i], site[i], device[i] = p.PersonID, p.SiteID, p.DeviceID
		inside[i], at[i], fresh[i], key[i] = p.Inside, p.DeviceTime, p.FreshUntil, p.EventKey
	}
	// The site that somebody leaves changes as much as the one they enter.
	_, err := tx.Exec(ctx, `
		WITH new AS MATERIALIZED (
		    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::timestamptz[], $5::uuid[], $6::text[], $7::timestamptz[])
		           n(person_id, site_id, inside, device_time, device_id, event_key, fresh_until) ORDER BY person_id
		), old AS MATERIALIZED (
		    SELECT p.site_id FROM presence p JOIN new USING (person_id)
		), moved AS (
		    INSERT INTO presence AS p (person_id, site_id, inside, device_time, device_id, event_key, fresh_until)
		    SELECT * FROM new
		    ON CONFLICT (person_id) DO UPDATE
		    SET site_id = excluded.site_id, inside = excluded.inside, device_time = excluded.device_time,
		        device_id = excluded.device_id, event_key = excluded.event_key, fresh_until = excluded.fresh_until
		    WHERE (excluded.device_time, excluded.device_id, excluded.event_key COLLATE "C")
		        > (p.device_time, p.device_id, p.event_key COLLATE "C")
		    RETURNING p.site_id
		)
		SELECT pg_notify('muster_headcount', site_id::text)
		FROM  (SELECT site_id FROM moved UNION SELECT site_id FROM old WHERE EXISTS (SELECT FROM moved)) s`,
		person, site, inside, at, device, key, fresh)
	return err
}

func quarantine(ctx context.Context, tx pgx.Tx, b PassBatch) error {
	for _, q := range b.Quarantine {
		hash := sha256.Sum256(q.Body)
		_, err := tx.Exec(ctx, `
			INSERT INTO pass_quarantine (id, device_id, received_at, reason, body, body_hash) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (device_id, body_hash, reason) DO NOTHING`, newID(), b.Device.ID, b.At, q.Reason, q.Body, hash[:])
		if err != nil {
			return err
		}
	}
	return nil
}
