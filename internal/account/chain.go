package account

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"time"
)

// RowDigest stands for one row of an append-only log: 8 bytes of the hash of its
// key, 8 of the hash of its content.
type RowDigest [16]byte

// NewRowDigest makes one of two hashes.
func NewRowDigest(key, content []byte) RowDigest {
	var d RowDigest
	copy(d[:8], key)
	copy(d[8:], content)
	return d
}

func (d RowDigest) key() []byte { return d[:8] }

// Link (封存) is one link of a chain of seals over a log: all rows that were
// recorded in [From, Until). Whoever changes a row later has to change this link
// and all after it, and the copies of their hashes in the object store.
type Link struct {
	Log   string
	Day   time.Time // UTC
	N     int       // from 1, within log and day
	From  time.Time
	Until time.Time
	Rows  []RowDigest // sorted
	Prev  []byte      // hash of the link before; empty for the first of all
}

// Hash is SHA-256 over everything that the link says and the hash before it.
func (l Link) Hash() []byte {
	h := sha256.New()
	h.Write([]byte("muster/seal/1\x00" + l.Log + "\x00" + l.Day.UTC().Format(time.DateOnly) + "\x00"))
	var n [8]byte
	for _, v := range []int64{int64(l.N), l.From.UnixMicro(), l.Until.UnixMicro(), int64(len(l.Rows))} {
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	h.Write(l.Prev)
	h.Write(PackDigests(l.Rows))
	return h.Sum(nil)
}

// SortDigests brings rows into the order of a link.
func SortDigests(rows []RowDigest) {
	slices.SortFunc(rows, func(a, b RowDigest) int { return bytes.Compare(a[:], b[:]) })
}

// PackDigests writes rows one after the other.
func PackDigests(rows []RowDigest) []byte {
	packed := make([]byte, 0, len(rows)*len(RowDigest{}))
	for _, d := range rows {
		packed = append(packed, d[:]...)
	}
	return packed
}

// UnpackDigests reads what PackDigests wrote; a rest that is no whole row is
// left out, and the link's hash no longer fits.
func UnpackDigests(packed []byte) []RowDigest {
	const size = len(RowDigest{})
	rows := make([]RowDigest, 0, len(packed)/size)
	for ; len(packed) >= size; packed = packed[size:] {
		rows = append(rows, RowDigest(packed[:size]))
	}
	return rows
}

// Tampering is what differs between what was sealed and what is there.
type Tampering struct {
	Changed  []RowDigest // as they are now: the key is the sealed one, the content is not
	Removed  []RowDigest // as they were sealed
	Inserted []RowDigest // as they are now
}

// Any says whether anything differs.
func (t Tampering) Any() bool { return len(t.Changed)+len(t.Removed)+len(t.Inserted) > 0 }

// Compare tells what became of sealed rows. Both lists are sorted.
func Compare(sealed, found []RowDigest) Tampering {
	var t Tampering
	for len(sealed) > 0 && len(found) > 0 {
		switch c := bytes.Compare(sealed[0].key(), found[0].key()); {
		case c < 0:
			t.Removed, sealed = append(t.Removed, sealed[0]), sealed[1:]
		case c > 0:
			t.Inserted, found = append(t.Inserted, found[0]), found[1:]
		default:
			if sealed[0] != found[0] {
				t.Changed = append(t.Changed, found[0])
			}
			sealed, found = sealed[1:], found[1:]
		}
	}
	t.Removed = append(t.Removed, sealed...)
	t.Inserted = append(t.Inserted, found...)
	return t
}
