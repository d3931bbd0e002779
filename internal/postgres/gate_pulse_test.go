package postgres_test

import (
	"slices"
	"testing"
	"time"

	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
)

// Five gates: one that speaks, one that fell silent two hours ago, one that waits
// for its approval, one that nobody has heard for a week, one that may be silent
// for ten minutes only. It is half past nine in the evening.
func TestGatesThatFellSilent(t *testing.T) {
	m := newMachineRoom(t)
	for _, g := range []struct {
		serial string
		heard  time.Duration
		after  string
		agreed bool
	}{
		{valley.HomeGate, 5 * time.Minute, "0", true},
		{valley.TunnelGate, 121 * time.Minute, "0", true},
		{valley.CampGate, 121 * time.Minute, "0", false},
		{valley.Punch, 8 * 24 * time.Hour, "0", true},
		{valley.BridgeGate, 11 * time.Minute, "10 minutes", true},
	} {
		id, heard := valley.ID("device "+g.serial), m.at.Add(-g.heard)
		m.do("UPDATE device SET last_seen_at = $2 WHERE id = $1", id, heard)
		m.do(`INSERT INTO gate (device_id, protocol, applied_at, approved_at, recorded_at, beat_at, silent_after)
			VALUES ($1, 'push', $2, CASE WHEN $3 THEN $2::timestamptz END, $2, $2, nullif($4::interval, interval '0'))`, id, heard, g.agreed, g.after)
	}
	var silent []string
	for _, f := range m.found() {
		if f.Code == response.DeviceSilent {
			silent = append(silent, f.Subject)
		}
	}
	want := []string{valley.ID(valley.Tunnel).String(), valley.ID(valley.Bridge).String()}
	slices.Sort(want)
	if !slices.Equal(silent, want) {
		t.Errorf("silent: %v, want %v", silent, want)
	}
}
