package app

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func newIntake(t *testing.T) intake {
	t.Helper()
	return intake{valley.World.Open(t), slog.New(slog.DiscardHandler)}
}

// waiting are the titles of the drafts in the inbox.
func waiting(t *testing.T, db *postgres.DB) []string {
	t.Helper()
	list, err := db.Warnings(t.Context(), account.Everywhere(), []string{"draft"}, postgres.Mark{At: valley.Evening.Add(48 * time.Hour)}, 50)
	must(t, err)
	var titles []string
	for _, w := range list {
		titles = append(titles, w.Title)
	}
	return titles
}

// The power failed after a document was on disk and before anybody understood
// it: the next start does.
func TestWhatWasStoredBeforeThePowerFailedIsUnderstoodAtTheStart(t *testing.T) {
	in := newIntake(t)
	for _, d := range demo.Storm(valley.Evening) {
		_, _, err := in.db.StoreRaw(t.Context(), valley.NationFeed, "application/xml", d.Body, valley.Evening)
		must(t, err)
	}
	if n := waiting(t, in.db); len(n) != 0 {
		t.Fatalf("understood already: %v", n)
	}
	for range 2 { // a second start finds nothing to do
		must(t, service{opened: opened{db: in.db}, log: in.log}.prepare(t.Context(), in, valley.Evening.Add(time.Minute)))
		if n := waiting(t, in.db); len(n) != 2 {
			t.Errorf("drafts after the start: %v", n)
		}
	}
	if raw, err := in.db.Unread(t.Context(), uuid.Nil); !errs.Is(err, errs.NotFound) {
		t.Errorf("still not understood: %v, %v", raw.ID, err)
	}
}

// Many, and only one among them that anybody can read.
func TestABacklogIsWorkedOffWhateverIsInIt(t *testing.T) {
	in := newIntake(t)
	for n := range 130 {
		body := []byte{byte(n), byte(n >> 4), '<'}
		if n == 77 {
			body = demo.Storm(valley.Evening)[1].Body
		}
		_, _, err := in.db.StoreRaw(t.Context(), valley.NationFeed, "", body, valley.Evening.Add(time.Duration(n)*time.Second))
		must(t, err)
	}
	must(t, in.recover(t.Context(), valley.Evening.Add(time.Hour)))
	if n := waiting(t, in.db); len(n) != 1 {
		t.Errorf("drafts: %v", n)
	}
}

// What has run out in the meantime is no draft any more, and it is said why.
func TestWhatExpiredWhileThePowerWasOffIsNotDispatched(t *testing.T) {
	in := newIntake(t)
	raw, _, err := in.db.StoreRaw(t.Context(), valley.NationFeed, "", demo.Storm(valley.Evening)[1].Body, valley.Evening)
	must(t, err)
	late := valley.Evening.Add(72 * time.Hour)
	must(t, in.recover(t.Context(), late))
	if n := waiting(t, in.db); len(n) != 0 {
		t.Errorf("drafts: %v", n)
	}
	var why string
	must(t, in.db.Pool().QueryRow(t.Context(), `SELECT d.reasons::text FROM decision d JOIN message m ON m.id = d.subject_id WHERE m.raw_id = $1`, raw).Scan(&why))
	if why == "" || why == "[]" {
		t.Error("nobody wrote down why")
	}
}

// The same document while the first one is being understood.
func TestReceivingTwiceUnderstandsOnce(t *testing.T) {
	in := newIntake(t)
	body := demo.Storm(valley.Evening)[0].Body
	done := make(chan postgres.Receipt, 6)
	for range cap(done) {
		go func() {
			r, err := in.Receive(t.Context(), valley.NationFeed, "", body, valley.Evening)
			if err != nil {
				t.Error(err)
			}
			done <- r
		}()
	}
	first := 0
	for range cap(done) {
		if r := <-done; !r.Repeated {
			first++
		}
	}
	if n := waiting(t, in.db); first != 1 || len(n) != 1 {
		t.Errorf("%d were the first, drafts %v", first, n)
	}
}
