package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/account"
	"muster/internal/demo"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/roster"
)

var stormyEvening = time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC)

func sealer(t testing.TB) *account.Sealer {
	t.Helper()
	s, err := account.NewSealer(account.NewKeyRing("k1"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// loadProvince loads a small province into a fresh database.
func loadProvince(t testing.TB, db *postgres.DB, s *account.Sealer, opt demo.Options) demo.Data {
	t.Helper()
	if err := db.SeedRegions(t.Context(), opt.At); err != nil {
		t.Fatal(err)
	}
	data := demo.Generate(opt)
	if err := db.LoadDemo(t.Context(), s, data, func(string) {}); err != nil {
		t.Fatal(err)
	}
	return data
}

var smallProvince = demo.Options{Seed: 3, At: stormyEvening, Cities: 21, Projects: 21, Sections: 63, Sites: 300, People: 3000}

func TestTheProvinceIsLoaded(t *testing.T) {
	db, s := pgtest.New(t), sealer(t)
	data := loadProvince(t, db, s, smallProvince)
	count := func(table string) (n int) {
		if err := db.Pool().QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	passes := 0
	folded := map[[16]byte]roster.Presence{}
	for p := range data.Passes() {
		passes++
		folded[p.PersonID] = roster.Fold(folded[p.PersonID], p)
	}
	for table, want := range map[string]int{
		"site": 300, "person": 3000, "post": len(data.Posts), "bed": len(data.Beds), "shift": len(data.Shifts),
		"duty_roster": len(data.Duties), "device": len(data.Devices), "pass": passes, "presence": len(folded),
		"site_cell JOIN site ON id = site_id WHERE GeometryType(geom) = 'POINT' OR home <> site.h3_7 OR site_cell.h3_7 = home": 0,
		"history WHERE noun = 'bed'": len(data.Beds),
		"device WHERE last_seen_at IS NULL AND id IN (SELECT device_id FROM pass)": 0,
	} {
		if got := count(table); got != want {
			t.Errorf("%s: %d, want %d", table, got, want)
		}
	}

	// Presence is what live passes would have given.
	var got roster.Presence
	for _, want := range folded {
		err := db.Pool().QueryRow(t.Context(), `SELECT person_id, site_id, inside, device_time, device_id, event_key, fresh_until
			FROM presence WHERE person_id = $1`, want.PersonID).Scan(
			&got.PersonID, &got.SiteID, &got.Inside, &got.DeviceTime, &got.DeviceID, &got.EventKey, &got.FreshUntil)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("presence: %s", d)
		}
		break
	}

	// The phone opens in its place, and a device's key is known.
	var sealed string
	p := data.People[0]
	if err := db.Pool().QueryRow(t.Context(), "SELECT phone_sealed FROM person WHERE id = $1", p.ID).Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	if plain, err := s.Open("person", "phone", p.ID.String(), sealed); err != nil || plain != p.Phone {
		t.Errorf("phone: %v", err)
	}
	if d, err := db.DeviceByKey(t.Context(), demo.DeviceKey(data.Devices[0].Serial)); err != nil || d.ID != data.Devices[0].ID {
		t.Errorf("device: %+v, %v", d, err)
	}

	if err := db.LoadDemo(t.Context(), s, data, func(string) {}); !errs.Is(err, errs.Conflict) {
		t.Errorf("a second load: %v", err)
	}
}

func BenchmarkLoadProvince(b *testing.B) {
	for _, c := range []struct {
		name string
		opt  demo.Options
	}{{"1500sites", demo.Province(stormyEvening)}, {"30000sites", demo.FullProvince(stormyEvening)}} {
		b.Run(c.name, func(b *testing.B) {
			db, s := pgtest.New(b), sealer(b)
			for b.Loop() {
				loadProvince(b, db, s, c.opt)
			}
		})
	}
}
