package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

// line is a gate's line to us, which fails at times.
type line struct {
	*testing.T
	db   *postgres.DB
	gate postgres.Device
	sent int
}

func lineOf(t *testing.T, db *postgres.DB, serial string) *line {
	gate, err := db.DeviceByKey(t.Context(), valley.DeviceKey(serial))
	if err != nil {
		t.Fatal(err)
	}
	return &line{T: t, db: db, gate: gate}
}

func (l *line) pass(worker int, at time.Time, d roster.Direction) roster.Pass {
	l.sent++
	return roster.Pass{DeviceID: l.gate.ID, DeviceTime: at, EventKey: fmt.Sprint(l.sent), PersonID: valley.ID(valley.Worker(worker)), SiteID: l.gate.SiteID, Direction: d}
}

func (l *line) arrive(at time.Time, passes ...roster.Pass) {
	l.Helper()
	for i := range passes {
		passes[i].ReceivedAt = at
	}
	if _, err := l.db.FlushPasses(l.Context(), postgres.PassBatch{Device: l.gate, Passes: passes, At: at}); err != nil {
		l.Fatal(err)
	}
}

func (l *line) corrections() []postgres.Correction {
	l.Helper()
	list, err := l.db.Corrections(l.Context(), account.Everywhere(), l.gate.SiteID, postgres.Mark{At: valley.Evening.AddDate(1, 0, 0)}, 10)
	if err != nil {
		l.Fatal(err)
	}
	return list
}

func correctUntil(t *testing.T, db *postgres.DB, at time.Time, want int) {
	t.Helper()
	if n, err := db.CorrectHeadcounts(t.Context(), at); err != nil || n != want {
		t.Fatalf("%d corrections, want %d: %v", n, want, err)
	}
}

// For two hours the gate has no network. Two come in and one leaves; then the
// backlog arrives.
func TestWhatTheBacklogOfAnOutageChanged(t *testing.T) {
	db := valley.World.Open(t)
	home, began := lineOf(t, db, valley.HomeGate), valley.Evening.Truncate(time.Hour)
	correctUntil(t, db, began, 0) // from here on
	home.arrive(began.Add(time.Second), home.pass(0, began, roster.In))
	back := began.Add(2*time.Hour + 20*time.Minute)
	backlog := []roster.Pass{home.pass(1, began.Add(30*time.Minute), roster.In), home.pass(2, began.Add(70*time.Minute), roster.In),
		home.pass(0, began.Add(100*time.Minute), roster.Out)}
	home.arrive(back, backlog...)
	correctUntil(t, db, back.Add(2*time.Minute), 0) // an hour at a time
	correctUntil(t, db, back.Add(2*time.Minute), 0)
	correctUntil(t, db, back.Add(2*time.Minute), 1)
	correctUntil(t, db, back.Add(3*time.Minute), 0)

	list := home.corrections()
	if len(list) != 1 {
		t.Fatalf("%+v", list)
	}
	c := list[0]
	if c.Passes != 3 || c.Serial != valley.HomeGate || !c.FromAt.Equal(began.Add(30*time.Minute)) || !c.UntilAt.Equal(began.Add(100*time.Minute)) || !c.ReceivedAt.Equal(back) {
		t.Errorf("%+v", c)
	}
	want := []postgres.CorrectionMark{
		{At: began.Add(time.Hour), CertainBefore: 1, Certain: 2},
		{At: began.Add(2 * time.Hour), CertainBefore: 1, Certain: 2},
	}
	if d := cmp.Diff(want, c.Marks); d != "" {
		t.Error(d)
	}
	home.arrive(back.Add(time.Hour), backlog...) // the whole of it once more
	correctUntil(t, db, back.Add(59*time.Minute), 0)
	correctUntil(t, db, back.Add(2*time.Hour), 0)
	if n := len(home.corrections()); n != 1 {
		t.Errorf("%d corrections after the backlog came again", n)
	}
}

func TestPunctualPassesAndPunchesCorrectNothing(t *testing.T) {
	db := valley.World.Open(t)
	correctUntil(t, db, valley.Evening, 0)
	home, punch := lineOf(t, db, valley.HomeGate), lineOf(t, db, valley.Punch)
	home.arrive(valley.Evening.Add(10*time.Minute), home.pass(0, valley.Evening, roster.In))
	punch.arrive(valley.Evening.Add(10*time.Minute), punch.pass(0, valley.Evening.Add(-3*time.Hour), roster.In))
	correctUntil(t, db, valley.Evening.Add(20*time.Minute), 0)
}

func TestCorrectionsAreSeenFromInside(t *testing.T) {
	db := valley.World.Open(t)
	elsewhere := account.Scope{Sites: []uuid.UUID{valley.ID(valley.Camp)}}
	if _, err := db.Corrections(t.Context(), elsewhere, valley.ID(valley.Home), postgres.Mark{At: valley.Evening}, 10); !errs.Is(err, errs.NotFound) {
		t.Errorf("from another camp: %v", err)
	}
}
