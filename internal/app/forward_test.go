package app

import (
	"log/slog"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/demo"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/warning"
)

// The quiet warning of the demonstration goes out by itself under what the leader
// signed for, once, when its time has come.
func TestTheQuietWarningGoesOutByItself(t *testing.T) {
	in := newIntake(t)
	now := clock.NewManual(valley.Evening)
	s := service{opened: opened{db: in.db}, clock: now, log: slog.New(slog.DiscardHandler)}
	leader, err := in.db.UserByLogin(t.Context(), "province-leader")
	must(t, err)
	_, err = in.db.SignStanding(t.Context(), postgres.Standing{AuthorityID: valley.ID("省厅"), Title: "示例", Hazards: []warning.Hazard{warning.Geohazard},
		Levels: []warning.Level{warning.Blue}, Sources: []string{valley.CountyFeed}, MaxKM2: 20_000, MaxSites: 100, DelayMinutes: 5, ValidFrom: now.Now(),
		ValidUntil: now.Now().AddDate(0, 1, 0)}, postgres.Actor{ID: leader.ID, Name: leader.Login}, postgres.Once{}, now.Now())
	must(t, err)
	_, err = in.Receive(t.Context(), valley.CountyFeed, "application/xml", demo.StormQuiet(now.Now()).Body, now.Now())
	must(t, err)
	for _, step := range []struct {
		after time.Duration
		want  int // drafts that wait
	}{{5*time.Minute - time.Second, 1}, {time.Second, 0}, {time.Hour, 0}} {
		now.Advance(step.after)
		s.forwardDue(t.Context())
		if got := waiting(t, in.db); len(got) != step.want {
			t.Errorf("%s: %v wait", now.Now(), got)
		}
	}
	var kind string
	var revision int
	must(t, in.db.Pool().QueryRow(t.Context(), "SELECT kind, revision FROM warning WHERE state = 'active'").Scan(&kind, &revision))
	if kind != "auto_relay" || revision != 1 {
		t.Errorf("%s, revision %d", kind, revision)
	}
}
