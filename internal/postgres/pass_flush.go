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
	Digest []byte // by which the same record is known again; nil: of Body
}

// PassOutcome is what became of a batch, by positions in Passes. Conflicts are
// those whose key was there with another content; they were quarantined.
type PassOutcome struct {
	Accepted  int
	Repeats   []int
	Conflicts []int
}

// FlushPasses stores a batch and moves presence: when it returns, the batch
// survives a power cut. Sending the batch again changes nothing (primary key of
// pass; unique hash in quarantine); a batch older than what is known moves nobody
// (presence keeps the greatest key).
//
// Batches that come at the same time share transactions: see groupCommit. A batch whose
// people fall to different shards is written by several; when one of them fails
// the caller hears of it and sends all again.
func (db *DB) FlushPasses(ctx context.Context, b PassBatch) (PassOutcome, error) {
	var tickets []*ticket[*passPart]
	for shard, passes := range splitByPerson(b.Passes) {
		if len(passes) > 0 {
			part := &passPart{device: b.Device, at: b.At, passes: passes}
			tickets = append(tickets, db.passes[shard].submit(ctx, part, len(passes), db.writePasses))
		}
	}
	var out PassOutcome
	for _, t := range tickets {
		if err := t.wait(ctx); err != nil {
			return PassOutcome{}, err
		}
		out.Accepted += t.item.out.Accepted
		out.Repeats = append(out.Repeats, t.item.out.Repeats...)
		out.Conflicts = append(out.Conflicts, t.item.out.Conflicts...)
	}
	slices.Sort(out.Conflicts)
	for _, i := range out.Conflicts {
		q, err := conflicting(b.Passes[i])
		if err != nil {
			return out, err
		}
		b.Quarantine = append(slices.Clip(b.Quarantine), q)
	}
	return out, db.keepAside(ctx, b)
}

// conflicting is a pass whose key was there with another content.
func conflicting(p roster.Pass) (Quarantined, error) {
	body, err := json.Marshal(p)
	return Quarantined{Reason: "conflict", Body: body}, err
}

// passShards is how many transactions write passes at the same time. Two keep the
// database busy while the other one waits for its commit to reach the disk; more
// only make smaller groups.
const passShards = 2

// passPart is what one shard has to write of a batch.
type passPart struct {
	device Device
	at     time.Time
	passes []numbered
	out    PassOutcome
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
