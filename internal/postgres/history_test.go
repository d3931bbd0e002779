package postgres_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/warning"
)

// Nobody can forget to keep the old version: the database does.
func TestEveryChangeOfAVersionedNounIsKept(t *testing.T) {
	db := valley.World.Open(t)
	for table, change := range map[string]string{"site": "beds = beds + 1", "section": "status = 'stopped'", "project": "status = 'winter'",
		"post": "seat = 'B'", "bed": "valid_until = '2027-01-01'", "shift": "valid_until = valid_until + interval '1 hour'"} {
		var id uuid.UUID
		if err := db.Pool().QueryRow(t.Context(), "SELECT id FROM "+table+" ORDER BY id LIMIT 1").Scan(&id); err != nil {
			t.Fatal(table, err)
		}
		if _, err := db.Pool().Exec(t.Context(), "UPDATE "+table+" SET recorded_at = $1, "+change+" WHERE id = $2", valley.Evening.Add(time.Hour), id); err != nil {
			t.Fatal(table, err)
		}
		var versions []int
		var then, now string
		err := db.Pool().QueryRow(t.Context(), `
			SELECT array_agg(version ORDER BY version), (array_agg(body::text ORDER BY version))[1], (array_agg(body::text ORDER BY version DESC))[1]
			FROM history WHERE noun = $1 AND noun_id = $2`, table, id).Scan(&versions, &then, &now)
		if err != nil || !slices.Equal(versions, []int{1, 2}) || then == now {
			t.Errorf("%s: versions %v, %v", table, versions, err)
		}
	}
}

// An exercise can reference nothing live: mode is part of the keys.
func TestAnExerciseCannotReachWhatIsReal(t *testing.T) {
	d := valley.World.Clone(t)
	conn, err := pgx.Connect(t.Context(), d.OwnerDSN)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	id := uuid.New()
	if _, err := conn.Exec(t.Context(), `INSERT INTO warning (id, mode, state, kind, authority_id, hazard, level, title, basis, expires, created_at)
		VALUES ($1, 'actual', 'draft', 'instruction', $2, 'rain', 'red', 'x', 'x', '2027-01-01', '2026-07-10')`, id, valley.ID("省厅")); err != nil {
		t.Fatal(err)
	}
	for name, sql := range map[string]string{
		"an area": `INSERT INTO warning_area (id, warning_id, mode, revision, seq, level, basis, certain, regions) VALUES (gen_random_uuid(), $1, 'exercise', 0, 1, 'red', 'geocode', true, '{510000000000}')`,
		"a revision": `INSERT INTO revision (warning_id, mode, number, at, level, title, note, expires, policy_id, rules_id)
			SELECT $1, 'exercise', 1, '2026-07-10', 'red', 'x', '', '2027-01-01', id, id FROM policy LIMIT 1`,
	} {
		if _, err := conn.Exec(t.Context(), sql, id); err == nil || !strings.Contains(err.Error(), "23503") {
			t.Errorf("%s of an exercise hangs on a real warning: %v", name, err)
		}
	}
}

// The change log is in the order of commits, whatever the order of ids or times.
func TestChangesAreNumberedInTheOrderOfCommits(t *testing.T) {
	db := valley.World.Open(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 5 {
				if err := draftOne(t, db); err != nil {
					t.Error(err)
				}
			}
		})
	}
	seen, last := 0, int64(0)
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	_, start, err := db.ChangeSpan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := db.Changes(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		last = c.Seq
	}
	if last < start {
		t.Errorf("read up to %d, the newest was %d", last, start)
	}
	<-done
	for { // a reader who takes seq > mine misses nothing and sees no gap
		list, err := db.Changes(t.Context(), last, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) == 0 {
			break
		}
		for _, c := range list {
			if c.Seq != last+1 {
				t.Fatalf("after %d comes %d", last, c.Seq)
			}
			last = c.Seq
			seen++
		}
	}
	if _, newest, _ := db.ChangeSpan(t.Context()); newest != last {
		t.Errorf("newest %d, read %d", newest, last)
	}
}

func draftOne(t testing.TB, db *postgres.DB) error {
	_, err := db.CreateDraft(t.Context(), valley.ID("省厅"), content(), postgres.Actor{ID: valley.ID("somebody"), Name: "somebody"}, postgres.Once{}, valley.Evening)
	return err
}

func content() postgres.Content {
	return postgres.Content{Kind: "instruction", Mode: "actual", Hazard: warning.Rain, Level: warning.Blue, Title: "暴雨蓝色预警", Basis: "示例",
		Expires: valley.Evening.Add(time.Hour), Areas: []postgres.Area{{Level: warning.Blue, Basis: warning.BasisGeocode, Certain: true, Regions: []string{string(valley.Shimian)}}}}
}

// The loser of two that come at once finds the winner's answer.
func TestTheSameRequestAtTheSameTimeIsDoneOnce(t *testing.T) {
	db := valley.World.Open(t)
	once := postgres.Once{Actor: "a", Key: "k", Hash: []byte("h")}
	made := make([]uuid.UUID, 8)
	var all sync.WaitGroup
	for i := range made {
		all.Go(func() {
			var err error
			if made[i], err = db.CreateDraft(t.Context(), valley.ID("省厅"), content(), postgres.Actor{Name: "a"}, once, valley.Evening); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, id := range made {
		if id != made[0] || id == uuid.Nil {
			t.Errorf("%v", made)
			break
		}
	}
	other := once
	other.Hash = []byte("other")
	if _, err := db.CreateDraft(t.Context(), valley.ID("省厅"), content(), postgres.Actor{Name: "a"}, other, valley.Evening); !errs.Is(err, errs.Conflict) {
		t.Errorf("the key with another request: %v", err)
	}
	if list, err := db.Warnings(t.Context(), account.Everywhere(), []string{"draft"}, postgres.Mark{At: valley.Evening.Add(time.Hour)}, 10); err != nil || len(list) != 1 {
		t.Errorf("%d drafts, %v", len(list), err)
	}
}

// serve refuses to start where the keys do not open what is there.
func TestWrongKeysAreFoundOutBeforeAnythingIsServed(t *testing.T) {
	db := pgtest.New(t)
	ring := account.NewKeyRing("k1")
	open := func(ring string) *account.Sealer {
		s, err := account.NewSealer(ring)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for range 2 {
		if err := db.CheckCanary(t.Context(), open(ring)); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.CheckCanary(t.Context(), open(account.NewKeyRing("k1"))); !errs.Is(err, errs.Fix) {
		t.Errorf("another key of the same name: %v", err)
	}
	if err := db.CheckCanary(t.Context(), open(account.NewKeyRing("k2"))); !errs.Is(err, errs.Fix) {
		t.Errorf("a ring without the old key: %v", err)
	}
	if err := db.CheckCanary(t.Context(), open(account.NewKeyRing("k2")+","+ring)); err != nil {
		t.Errorf("a new key beside the old one: %v", err)
	}
}
