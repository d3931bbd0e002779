package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

// twin makes a new site that is like Home, with nobody in it.
func twin(t testing.TB, db *postgres.DB, id uuid.UUID) {
	t.Helper()
	_, err := db.Pool().Exec(t.Context(), `
		INSERT INTO site SELECT (jsonb_populate_record(s, jsonb_build_object('id', $1::uuid, 'code', $1::text))).* FROM site s WHERE id = $2`,
		id, valley.ID(valley.Home))
	if err != nil {
		t.Fatal(err)
	}
}

// counted is what roster.Fold makes of passes at a site.
func counted(passes []roster.Pass, site uuid.UUID, at, known time.Time) (certain, possible int) {
	people := map[uuid.UUID]roster.Presence{}
	for _, p := range passes {
		if !p.DeviceTime.After(at) && !p.ReceivedAt.After(known) {
			people[p.PersonID] = roster.Fold(people[p.PersonID], p)
		}
	}
	for _, p := range people {
		if p.SiteID != site {
			continue
		}
		switch p.At(at) {
		case roster.Certain:
			certain++
		case roster.Possible:
			possible++
		}
	}
	return certain, possible
}

// Whatever passes come, in whatever order and batches, however often: the
// headcount of now, read from presence, is that of the passes, and a past
// headcount is the fold of what was known then.
func TestHeadcountsAreTheFoldOfThePasses(t *testing.T) {
	db := valley.World.Open(t)
	devices := map[uuid.UUID]postgres.Device{}
	for _, serial := range []string{valley.HomeGate, valley.CampGate, valley.Punch} {
		d, err := db.DeviceByKey(t.Context(), valley.DeviceKey(serial))
		if err != nil {
			t.Fatal(err)
		}
		devices[d.ID] = d
	}
	var gates []uuid.UUID
	for id := range devices {
		gates = append(gates, id)
	}
	slices.SortFunc(gates, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	now := valley.Evening
	rapid.Check(t, func(rt *rapid.T) {
		sites, people := [2]uuid.UUID{uuid.New(), uuid.New()}, [4]uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New()}
		twin(t, db, sites[0])
		twin(t, db, sites[1])
		var kept []roster.Pass // of devices that tell presence
		for n := range rapid.IntRange(1, 5).Draw(rt, "batches") {
			gate := rapid.SampledFrom(gates).Draw(rt, "device")
			received := now.Add(-time.Duration(5-n) * time.Hour)
			var passes []roster.Pass
			for k := range rapid.IntRange(1, 8).Draw(rt, "passes") {
				// Few instants, so that ties between devices and keys are common.
				passes = append(passes, roster.Pass{DeviceID: gate, DeviceTime: now.Add(-time.Duration(rapid.IntRange(0, 20).Draw(rt, "hours ago")) * time.Hour),
					EventKey: people[0].String() + string(rune('a'+n)) + string(rune('a'+k)), PersonID: rapid.SampledFrom(people[:]).Draw(rt, "person"),
					SiteID: rapid.SampledFrom(sites[:]).Draw(rt, "site"), ReceivedAt: received,
					Direction: rapid.SampledFrom([]roster.Direction{roster.In, roster.Out, roster.Unknown}).Draw(rt, "direction")})
			}
			batch := postgres.PassBatch{Device: devices[gate], Passes: passes, At: received}
			for range rapid.IntRange(1, 2).Draw(rt, "times sent") {
				if _, err := db.FlushPasses(t.Context(), batch); err != nil {
					rt.Fatal(err)
				}
				batch.At = batch.At.Add(time.Minute)
			}
			if devices[gate].Purpose == "presence" {
				kept = append(kept, passes...)
			}
		}
		at := now.Add(-time.Duration(rapid.IntRange(0, 20).Draw(rt, "at")) * time.Hour)
		known := now.Add(-time.Duration(rapid.IntRange(0, 6).Draw(rt, "known")) * time.Hour)
		for _, site := range sites {
			live, err := db.HeadcountNow(t.Context(), account.Everywhere(), site, now)
			same(rt, err, live, "now", kept, site, now, now)
			past, err := db.HeadcountAt(t.Context(), account.Everywhere(), site, now, now)
			same(rt, err, past, "now, from the passes", kept, site, now, now)
			then, err := db.HeadcountAt(t.Context(), account.Everywhere(), site, at, known)
			same(rt, err, then, "then", kept, site, at, known)
		}
	})
}

func same(t *rapid.T, err error, got postgres.Headcount, what string, passes []roster.Pass, site uuid.UUID, at, known time.Time) {
	certain, possible := counted(passes, site, at, known)
	if err != nil || got.Certain != certain || got.Possible != possible {
		t.Fatalf("%s: %d certain, %d possible, want %d and %d; %v", what, got.Certain, got.Possible, certain, possible, err)
	}
}

// Expected are those who sleep there, work there now, or were seen there.
func TestWhoIsExpected(t *testing.T) {
	db := valley.World.Open(t)
	count := func(site string, at time.Time) int {
		h, err := db.HeadcountNow(t.Context(), account.Everywhere(), valley.ID(site), at)
		if err != nil {
			t.Fatal(err)
		}
		return h.Expected
	}
	if n := count(valley.Home, valley.Evening); n != 6 {
		t.Errorf("%d sleep at home", n)
	}
	if n := count(valley.Tunnel, valley.Evening); n != 1 {
		t.Errorf("%d are on shift in the tunnel", n)
	}
	if n := count(valley.Tunnel, valley.Evening.Add(11*time.Hour)); n != 0 {
		t.Errorf("%d after the shift", n)
	}
	if _, err := db.Pool().Exec(t.Context(), "UPDATE bed SET valid_until = $1, recorded_at = $1 WHERE person_id = $2", valley.Evening, valley.ID(valley.Worker(0))); err != nil {
		t.Fatal(err)
	}
	if n := count(valley.Home, valley.Evening); n != 5 {
		t.Errorf("%d after one moved out", n)
	}
	if n := count(valley.Home, valley.Evening.Add(-time.Second)); n != 6 {
		t.Errorf("%d a second before", n)
	}
}
