package account_test

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/account"
)

func digest(key, content byte) account.RowDigest {
	return account.NewRowDigest(bytes.Repeat([]byte{key}, 32), bytes.Repeat([]byte{content}, 32))
}

func TestWhatBecameOfSealedRows(t *testing.T) {
	sealed := []account.RowDigest{digest(1, 1), digest(2, 1), digest(3, 1)}
	found := []account.RowDigest{digest(1, 1), digest(2, 9), digest(4, 1)}
	got := account.Compare(sealed, found)
	if len(got.Changed) != 1 || got.Changed[0] != digest(2, 9) || len(got.Removed) != 1 || got.Removed[0] != digest(3, 1) ||
		len(got.Inserted) != 1 || got.Inserted[0] != digest(4, 1) {
		t.Errorf("%+v", got)
	}
	if account.Compare(sealed, sealed).Any() {
		t.Error("the same rows differ")
	}
}

// Whatever is changed in a link, its hash is another one.
func TestNoPartOfALinkCanBeChanged(t *testing.T) {
	at := time.Date(2026, 7, 10, 0, 0, 0, 0, time.UTC)
	link := account.Link{Log: "pass", Day: at, N: 3, From: at, Until: at.Add(time.Minute), Rows: []account.RowDigest{digest(1, 1), digest(2, 2)}, Prev: []byte("before")}
	for name, change := range map[string]func(*account.Link){
		"log":     func(l *account.Link) { l.Log = "audit" },
		"day":     func(l *account.Link) { l.Day = at.Add(24 * time.Hour) },
		"number":  func(l *account.Link) { l.N++ },
		"from":    func(l *account.Link) { l.From = at.Add(time.Second) },
		"until":   func(l *account.Link) { l.Until = at.Add(time.Hour) },
		"row":     func(l *account.Link) { l.Rows = []account.RowDigest{digest(1, 1), digest(2, 3)} },
		"missing": func(l *account.Link) { l.Rows = l.Rows[:1] },
		"before":  func(l *account.Link) { l.Prev = []byte("beforf") },
	} {
		other := link
		if change(&other); bytes.Equal(other.Hash(), link.Hash()) {
			t.Errorf("%s can be changed", name)
		}
	}
}

func TestDigestsArePackedWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOf(rapid.Custom(func(t *rapid.T) account.RowDigest {
			return digest(rapid.Byte().Draw(t, "key"), rapid.Byte().Draw(t, "content"))
		})).Draw(t, "rows")
		account.SortDigests(rows)
		if got := account.UnpackDigests(account.PackDigests(rows)); account.Compare(rows, got).Any() || len(got) != len(rows) {
			t.Fatalf("%d rows became %d", len(rows), len(got))
		}
	})
}
