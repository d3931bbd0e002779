package postgres_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
)

const calm, again, lease = 30 * time.Second, 30 * time.Minute, time.Minute

var (
	lost  = response.Finding{Code: response.NoticeOverdue, Subject: "actual/sms", Words: "一"}
	quiet = response.Finding{Code: response.FeedSilent, Subject: "county", Words: "二"}
)

func raise(t *testing.T, db *postgres.DB, at time.Time, findings ...response.Finding) (opened, closed []response.Alarm) {
	t.Helper()
	opened, closed, err := db.RaiseAlarms(t.Context(), findings, calm, at)
	if err != nil {
		t.Fatal(err)
	}
	return opened, closed
}

func claim(t *testing.T, db *postgres.DB, at time.Time) []response.Alarm {
	t.Helper()
	list, err := db.ClaimAlarms(t.Context(), again, at.Add(lease), at)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func told(t *testing.T, db *postgres.DB, at time.Time, list ...response.Alarm) {
	t.Helper()
	for _, a := range list {
		if err := db.TellAlarm(t.Context(), a, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnAlarmIsOpenedOnceKeptAndClosed(t *testing.T) {
	db, at := pgtest.New(t), valley.Evening
	if opened, closed := raise(t, db, at, lost, quiet, lost); len(opened) != 2 || len(closed) != 0 {
		t.Fatalf("opened %v, closed %v", opened, closed)
	}
	worse := lost
	worse.Words = "三"
	if opened, closed := raise(t, db, at.Add(20*time.Second), worse); len(opened)+len(closed) != 0 {
		t.Errorf("found again: opened %v, closed %v", opened, closed)
	}
	_, closed := raise(t, db, at.Add(30*time.Second))
	if len(closed) != 1 || closed[0].Code != response.FeedSilent || !closed[0].Over() {
		t.Errorf("not found for %s: %v", calm, closed)
	}
	open, err := db.OpenAlarms(t.Context())
	if err != nil || len(open) != 1 || open[0].Words != "三" || !open[0].OpenedAt.Equal(at) {
		t.Errorf("open: %v, %v", open, err)
	}
	if opened, _ := raise(t, db, at.Add(time.Minute), quiet); len(opened) != 1 {
		t.Errorf("it comes back as %v", opened)
	}
}

func TestManyWatchdogsOpenAndTellOneAlarm(t *testing.T) {
	db, at := pgtest.New(t), valley.Evening
	var mu sync.Mutex
	var opened, claimed []response.Alarm
	var all sync.WaitGroup
	for i := range 8 {
		findings := []response.Finding{lost, quiet}
		if i%2 == 0 {
			slices.Reverse(findings)
		}
		all.Go(func() {
			o, _, err := db.RaiseAlarms(t.Context(), findings, calm, at)
			if err != nil {
				t.Error(err)
			}
			c, err := db.ClaimAlarms(t.Context(), again, at.Add(lease), at)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			opened, claimed = append(opened, o...), append(claimed, c...)
		})
	}
	all.Wait()
	if len(opened) != 2 || len(claimed) != 2 {
		t.Errorf("%d opened and %d claimed", len(opened), len(claimed))
	}
}

func TestWhenAnAlarmIsTold(t *testing.T) {
	db, at := pgtest.New(t), valley.Evening
	raise(t, db, at, lost)
	if list := claim(t, db, at); len(list) != 1 {
		t.Fatalf("new: %v", list)
	}
	if list := claim(t, db, at.Add(lease/2)); len(list) != 0 {
		t.Errorf("somebody is telling it: %v", list)
	}
	list := claim(t, db, at.Add(lease))
	if len(list) != 1 {
		t.Fatalf("who told it died: %v", list)
	}
	told(t, db, at.Add(lease), list...)
	if list := claim(t, db, at.Add(lease+again-time.Second)); len(list) != 0 {
		t.Errorf("told: %v", list)
	}
	list = claim(t, db, at.Add(lease+again))
	if len(list) != 1 || list[0].ToldAt == nil || !list[0].ToldAt.Equal(at.Add(lease)) {
		t.Fatalf("still open after half an hour: %v", list)
	}
	end := at.Add(lease + again + time.Second)
	told(t, db, end, list...)
	raise(t, db, end)
	list = claim(t, db, end)
	if len(list) != 1 || !list[0].Over() {
		t.Fatalf("over: %v", list)
	}
	told(t, db, end, list...)
	if list := claim(t, db, end.Add(again)); len(list) != 0 {
		t.Errorf("its end was told: %v", list)
	}
}

// What nobody was told of needs no word at its end.
func TestAnAlarmThatWasNeverToldEndsInSilence(t *testing.T) {
	db, at := pgtest.New(t), valley.Evening
	raise(t, db, at, lost)
	raise(t, db, at.Add(calm))
	if list := claim(t, db, at.Add(calm)); len(list) != 0 {
		t.Errorf("told: %v", list)
	}
}
