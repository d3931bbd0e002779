package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

// archive is the valley with sealed passes, and an owner who tampers with them.
type archive struct {
	*testing.T
	db    *postgres.DB
	owner string
	now   time.Time
}

func newArchive(t *testing.T) *archive {
	t.Helper()
	d := valley.World.Clone(t)
	db, err := postgres.Open(t.Context(), d.AppDSN, 8)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return &archive{t, db, d.OwnerDSN, valley.Evening}
}

// receives takes n passes at an instant.
func (a *archive) receives(n int, at time.Time) {
	a.Helper()
	d, err := a.db.DeviceByKey(a.Context(), valley.DeviceKey(valley.HomeGate))
	if err != nil {
		a.Fatal(err)
	}
	b := postgres.PassBatch{Device: d, At: at}
	for i := range n {
		b.Passes = append(b.Passes, roster.Pass{DeviceID: d.ID, SiteID: d.SiteID, DeviceTime: at, EventKey: fmt.Sprint(i), PersonID: uuid.New(), Direction: roster.In, ReceivedAt: at})
	}
	if _, err := a.db.FlushPasses(a.Context(), b); err != nil {
		a.Fatal(err)
	}
}

// seals seals until nothing is left, and says how often it did.
func (a *archive) seals(at time.Time) (n int) {
	a.Helper()
	for {
		sealed, err := a.db.SealNext(a.Context(), "pass", at)
		if err != nil {
			a.Fatal(err)
		}
		if !sealed {
			return n
		}
		n++
	}
}

// tampers runs SQL as somebody who owns the tables and knows of the triggers.
func (a *archive) tampers(sql string) {
	a.Helper()
	conn, err := pgx.Connect(a.Context(), a.owner)
	if err != nil {
		a.Fatal(err)
	}
	defer conn.Close(a.Context())
	for _, s := range []string{"ALTER TABLE pass DISABLE TRIGGER append_only", sql, "ALTER TABLE pass ENABLE TRIGGER append_only"} {
		if _, err := conn.Exec(a.Context(), s); err != nil {
			a.Fatal(err)
		}
	}
}

func (a *archive) finds() []string {
	a.Helper()
	v, err := a.db.VerifySeals(a.Context(), "pass", func(time.Time) {})
	if err != nil {
		a.Fatal(err)
	}
	var codes []string
	for _, f := range v.Findings {
		codes = append(codes, f.Code)
	}
	slices.Sort(codes)
	return codes
}

func TestWhoeverTouchesASealedPassIsFoundOut(t *testing.T) {
	for name, c := range map[string]struct{ sql, want string }{
		"nobody":              {"SELECT 1", ""},
		"changed a person":    {"UPDATE pass SET person_id = gen_random_uuid() WHERE event_key = '3'", "changed"},
		"changed a direction": {"UPDATE pass SET direction = 'out' WHERE event_key = '3'", "changed"},
		"removed one":         {"DELETE FROM pass WHERE event_key = '3'", "removed"},
		"inserted one": {`INSERT INTO pass SELECT device_id, device_time, 'x', person_id, site_id, direction, received_at, content_hash
			FROM pass WHERE event_key = '3'`, "inserted"},
		"inserted one of long ago": {`ALTER TABLE pass DROP CONSTRAINT pass_near;
			SELECT ensure_pass_partition((device_time - interval '90 days')::date) FROM pass WHERE event_key = '3';
			INSERT INTO pass SELECT device_id, device_time - interval '90 days', 'x', person_id, site_id, direction, received_at, content_hash
			FROM pass WHERE event_key = '3'`, "inserted"},
		"changed one and its seal": {`UPDATE seal SET digests = '' WHERE n = 1`, "hash inserted inserted inserted inserted inserted"},
		"removed a seal":           {"DELETE FROM seal WHERE n = 2", "chain"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newArchive(t)
			for minute := range 3 {
				at := a.now.Add(time.Duration(minute) * time.Minute)
				a.receives(5, at.Add(time.Duration(minute)*time.Second))
				a.seals(at.Add(2 * time.Minute))
			}
			a.tampers(c.sql)
			got := a.finds()
			if c.want != "" && len(got) == 0 || c.want == "" && len(got) > 0 || !strings.Contains(strings.Join(got, " "), c.want) {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
}

// Five replicas seal at the same time: every row is in exactly one seal.
func TestOneSealerAtATime(t *testing.T) {
	a := newArchive(t)
	a.receives(200, a.now)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			for range 3 {
				if _, err := a.db.SealNext(t.Context(), "pass", a.now.Add(5*time.Minute)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	v, err := a.db.VerifySeals(t.Context(), "pass", func(time.Time) {})
	if err != nil || v.Rows != 200 || v.Unsealed != 0 || len(v.Findings) > 0 {
		t.Errorf("%+v %v", v, err)
	}
}

// What is still on its way is not sealed yet, and a seal never spans midnight.
func TestSealsWaitAndEndAtMidnight(t *testing.T) {
	a := newArchive(t)
	a.receives(3, a.now)
	if n := a.seals(a.now.Add(30 * time.Second)); n != 0 {
		t.Errorf("%d seals before the minute was over", n)
	}
	if n := a.seals(a.now.Add(50 * time.Hour)); n != 3 {
		t.Errorf("%d seals over three days", n)
	}
	if got := a.finds(); len(got) > 0 {
		t.Error(got)
	}
}
