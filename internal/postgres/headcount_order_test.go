package postgres_test

import (
	"bytes"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"muster/internal/account"
	"muster/internal/clock"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

// Midnight in Shanghai lies inside every night that is played here, and so does
// midnight UTC, where the partitions of pass end.
var (
	dusk = time.Date(2026, 7, 9, 19, 0, 0, 0, clock.Shanghai)
	noon = time.Date(2026, 7, 10, 12, 0, 0, 0, clock.Shanghai)
)

// scene is two sites with a gate each and a few people, new for every telling of
// a story: who and where are numbers in it.
type scene struct {
	sites  [2]uuid.UUID
	people [3]uuid.UUID
}

// step is a pass of a story.
type step struct {
	person, site, gate int
	at                 time.Time
	key                string
	direction          roster.Direction
}

func (s scene) pass(x step, gates []postgres.Device, received time.Time) roster.Pass {
	return roster.Pass{DeviceID: gates[x.gate].ID, DeviceTime: x.at, EventKey: s.people[0].String() + x.key, PersonID: s.people[x.person],
		SiteID: s.sites[x.site], Direction: x.direction, ReceivedAt: received}
}

// story draws a night: shifts over midnight, two gates that see the same person at
// the same second, exits that are forgotten, gates that cannot tell the direction,
// a gate whose clock is eight hours slow.
func story(t *rapid.T) []step {
	var steps []step
	for n := range rapid.IntRange(1, 12).Draw(t, "passes") {
		x := step{person: rapid.IntRange(0, 2).Draw(t, "person"), site: rapid.IntRange(0, 1).Draw(t, "site"), gate: rapid.IntRange(0, 1).Draw(t, "gate"),
			at: dusk.Add(time.Duration(rapid.IntRange(0, 16).Draw(t, "hour")) * time.Hour), key: string(rune('a' + n)),
			direction: rapid.SampledFrom([]roster.Direction{roster.In, roster.Out, roster.Unknown}).Draw(t, "direction")}
		if rapid.IntRange(0, 9).Draw(t, "slow clock") == 0 {
			x.at = x.at.Add(-8 * time.Hour)
		}
		steps = append(steps, x)
		if rapid.Bool().Draw(t, "the other gate sees him too") {
			x.gate = 1 - x.gate
			steps = append(steps, x)
		}
	}
	return steps
}

// shuffled is the story in another order, with parts of it told twice.
func shuffled(t *rapid.T, steps []step) []step {
	again := rapid.SliceOfN(rapid.SampledFrom(steps), 0, len(steps)).Draw(t, "told twice")
	return rapid.Permutation(slices.Concat(steps, again)).Draw(t, "order")
}

// tell lets a story arrive, pass by pass from several callers at once, so that
// they share transactions.
func (s scene) tell(t *rapid.T, db *postgres.DB, gates []postgres.Device, steps []step) {
	var all sync.WaitGroup
	failed := make(chan error, len(steps))
	for i, x := range steps {
		all.Go(func() {
			received := noon.Add(time.Duration(i) * time.Second)
			if _, err := db.FlushPasses(t.Context(), postgres.PassBatch{Device: gates[x.gate], Passes: []roster.Pass{s.pass(x, gates, received)}, At: received}); err != nil {
				failed <- err
			}
		})
	}
	all.Wait()
	select {
	case err := <-failed:
		t.Fatal(err)
	default:
	}
}

// counts are the headcounts of both sites, now and at an instant of the night.
func (s scene) counts(t *rapid.T, db *postgres.DB, at time.Time) (list []postgres.Headcount) {
	for _, site := range s.sites {
		now, err := db.HeadcountNow(t.Context(), account.Everywhere(), site, noon)
		if err != nil {
			t.Fatal(err)
		}
		then, err := db.HeadcountAt(t.Context(), account.Everywhere(), site, at, noon.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, now, then)
	}
	return list
}

// whereabouts is where somebody is taken to be, as a number of the scene's sites.
type whereabouts struct {
	Site   int
	Inside bool
	Seen   time.Time
}

func (s scene) presence(t *rapid.T, db *postgres.DB) (list []whereabouts) {
	for _, person := range s.people {
		at := whereabouts{Site: -1}
		rows, err := db.Pool().Query(t.Context(), "SELECT site_id, inside, device_time FROM presence WHERE person_id = $1", person)
		if err != nil {
			t.Fatal(err)
		}
		var site uuid.UUID
		if _, err := pgx.ForEachRow(rows, []any{&site, &at.Inside, &at.Seen}, func() error {
			at.Site = slices.Index(s.sites[:], site)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		list = append(list, at)
	}
	return list
}

// The same passes in any order, however often, by whatever callers at once, lead to
// the same presence and the same headcounts, and these are the fold of them.
func TestTheOrderAndRepetitionOfPassesDoNotMatter(t *testing.T) {
	db := valley.World.Open(t)
	var gates []postgres.Device
	for _, serial := range []string{valley.HomeGate, valley.CampGate} {
		d, err := db.DeviceByKey(t.Context(), valley.DeviceKey(serial))
		if err != nil {
			t.Fatal(err)
		}
		gates = append(gates, d)
	}
	slices.SortFunc(gates, func(a, b postgres.Device) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	rapid.Check(t, func(rt *rapid.T) {
		steps := story(rt)
		at := dusk.Add(time.Duration(rapid.IntRange(0, 16).Draw(rt, "at")) * time.Hour)
		var counts [2][]postgres.Headcount
		var presence [2][]whereabouts
		for i, order := range [][]step{steps, shuffled(rt, steps)} {
			s := scene{[2]uuid.UUID{uuid.New(), uuid.New()}, [3]uuid.UUID{uuid.New(), uuid.New(), uuid.New()}}
			for _, site := range s.sites {
				twin(t, db, site)
			}
			s.tell(rt, db, gates, order)
			counts[i], presence[i] = s.counts(rt, db, at), s.presence(rt, db)
			if i > 0 {
				continue
			}
			var passes []roster.Pass
			for _, x := range steps {
				passes = append(passes, s.pass(x, gates, noon))
			}
			for k, site := range s.sites {
				same(rt, nil, counts[i][2*k], "now", passes, site, noon, noon)
				same(rt, nil, counts[i][2*k+1], "in the night", passes, site, at, noon)
			}
		}
		if d := cmp.Diff(counts[0], counts[1]); d != "" {
			rt.Fatalf("headcounts: %s", d)
		}
		if d := cmp.Diff(presence[0], presence[1]); d != "" {
			rt.Fatalf("presence: %s", d)
		}
	})
}

// Somebody who comes in at nine in the evening and leaves at seven is inside at
// midnight, on both sides of it.
func TestANightShiftIsInsideOverMidnight(t *testing.T) {
	db := valley.World.Open(t)
	tunnel := lineOf(t, db, valley.HomeGate)
	in, out := dusk.Add(2*time.Hour), dusk.Add(12*time.Hour)
	tunnel.arrive(out.Add(time.Minute), tunnel.pass(0, out, roster.Out))
	tunnel.arrive(out.Add(2*time.Minute), tunnel.pass(0, in, roster.In)) // which the network held up
	for at, want := range map[time.Time]int{in.Add(-time.Second): 0, in: 1, dusk.Add(5*time.Hour - time.Second): 1, dusk.Add(5 * time.Hour): 1, out.Add(-time.Second): 1, out: 0} {
		h, err := db.HeadcountAt(t.Context(), account.Everywhere(), tunnel.gate.SiteID, at, noon)
		if err != nil || h.Certain != want {
			t.Errorf("at %s: %d inside, want %d: %v", at, h.Certain, want, err)
		}
	}
}
