package postgres_test

import (
	"testing"
	"time"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

func TestPassesCanBePlayedAgain(t *testing.T) {
	m := newMachineRoom(t)
	gate := valley.ID("device " + valley.HomeGate)
	for n, key := range []string{"1", "2", "replay-1"} {
		_, err := m.db.FlushPasses(t.Context(), postgres.PassBatch{Device: postgres.Device{ID: gate, SiteID: valley.ID(valley.Home), Purpose: "presence"}, At: m.at,
			Passes: []roster.Pass{{DeviceID: gate, DeviceTime: m.at.Add(time.Duration(-n) * time.Minute), EventKey: key, PersonID: valley.ID(valley.Worker(n)),
				SiteID: valley.ID(valley.Home), Direction: roster.In, ReceivedAt: m.at}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	list, err := m.db.SomePasses(t.Context(), 10)
	if err != nil || len(list) != 2 || list[0].Direction != roster.In || list[0].DeviceID != gate {
		t.Errorf("%+v, %v", list, err)
	}
}
