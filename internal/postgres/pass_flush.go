package postgres

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

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

// FlushPasses stores a batch and moves presence: when it returns, the batch
// survives a power cut. Sending the batch again changes nothing (primary key of
// pass; unique hash in quarantine); a batch older than what is known moves nobody
// (presence keeps the greatest key).
//
// Batches that come at the same time share transactions: see passShard. A batch
// whose people fall to different shards is written by several; when one of them
// fails the caller hears of it and sends all again.
func (db *DB) FlushPasses(ctx context.Context, b PassBatch) (PassOutcome, error) {
	var tickets []*passTicket
	for shard, passes := range splitByPerson(b.Passes) {
		if len(passes) > 0 {
			tickets = append(tickets, db.passes[shard].submit(ctx, db, b, passes))
		}
	}
	var out PassOutcome
	for _, t := range tickets {
		if err := t.wait(ctx); err != nil {
			return PassOutcome{}, err
		}
		out.Accepted += t.out.Accepted
		out.Repeated += t.out.Repeated
		out.Conflicts = append(out.Conflicts, t.out.Conflicts...)
	}
	slices.Sort(out.Conflicts)
	for _, i := range out.Conflicts {
		body, err := json.Marshal(b.Passes[i])
		if err != nil {
			return out, err
		}
		b.Quarantine = append(slices.Clip(b.Quarantine), Quarantined{Reason: "conflict", Body: body})
	}
	return out, db.keepAside(ctx, b)
}

// numbered is a pass with its position in the batch.
type numbered struct {
	roster.Pass
	index int
}

// splitByPerson gives every shard the passes of its own people, so that two
// shards never wait for the same row of presence.
func splitByPerson(passes []roster.Pass) (of [passShards][]numbered) {
	for i, p := range passes {
		shard := shardOf(p.PersonID)
		of[shard] = append(of[shard], numbered{p, i})
	}
	return of
}

// shardOf: the last byte is random in every kind of UUID that is in use.
func shardOf(person uuid.UUID) int { return int(person[15]) % passShards }
