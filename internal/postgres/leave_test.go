package postgres_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
	"muster/internal/roster"
)

// payroll keeps leaves as somebody who may do so everywhere.
type payroll struct {
	*testing.T
	db *postgres.DB
}

func (p payroll) leave(worker int, site *uuid.UUID, from time.Time, until *time.Time) uuid.UUID {
	p.Helper()
	l := postgres.Leave{ID: uuid.New(), PersonID: valley.ID(valley.Worker(worker)), SiteID: site, From: from, Until: until, Words: "探亲（示例）"}
	err := p.db.GiveLeave(p.Context(), account.Everywhere(), valley.ID(valley.Home), l, postgres.Actor{Name: "home"}, postgres.Once{}, valley.Evening)
	if err != nil {
		p.Fatal(err)
	}
	return l.ID
}

func (p payroll) at(site string, at time.Time) postgres.Headcount {
	p.Helper()
	h, err := p.db.HeadcountNow(p.Context(), account.Everywhere(), valley.ID(site), at)
	if err != nil {
		p.Fatal(err)
	}
	return h
}

func (p payroll) expected(what string, want int, at time.Time) {
	p.Helper()
	if got := p.at(valley.Home, at).Expected; got != want {
		p.Errorf("%s: %d are expected, not %d", what, got, want)
	}
}

func TestWhoIsOnLeaveIsNotExpected(t *testing.T) {
	p := payroll{t, valley.World.Open(t)}
	home, tomorrow := valley.ID(valley.Home), valley.Evening.AddDate(0, 0, 1)
	p.expected("before", 6, valley.Evening)
	p.leave(0, &home, valley.Evening, &tomorrow)
	everywhere := p.leave(1, nil, valley.Evening, nil)
	elsewhere := valley.ID(valley.Tunnel)
	p.leave(2, &elsewhere, valley.Evening, nil)
	p.leave(3, &home, tomorrow, nil)
	p.expected("two are away; one is from elsewhere, one not yet", 4, valley.Evening)
	p.expected("a second before", 6, valley.Evening.Add(-time.Second))
	p.expected("tomorrow one is back and another one gone", 4, tomorrow)
	if err := p.db.EndLeave(t.Context(), account.Everywhere(), home, everywhere, postgres.Actor{Name: "home"}, valley.Evening.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	p.expected("he came back early", 5, valley.Evening.Add(time.Hour))
	p.expected("what was so stays so", 4, valley.Evening)
	list, _, err := p.db.Leaves(t.Context(), account.Everywhere(), home, valley.Evening.Add(time.Hour))
	if err != nil || len(list) != 2 {
		t.Errorf("%d leaves are left: %v", len(list), err)
	}
}

// What a gate saw outweighs what was planned.
func TestWhoIsPresentCountsAlsoOnLeave(t *testing.T) {
	p := payroll{t, valley.World.Open(t)}
	p.leave(0, nil, valley.Evening.Add(-time.Hour), nil)
	gate, err := p.db.DeviceByKey(t.Context(), valley.DeviceKey(valley.HomeGate))
	if err != nil {
		t.Fatal(err)
	}
	pass := roster.Pass{DeviceID: gate.ID, DeviceTime: valley.Evening.Add(-time.Minute), EventKey: "1", PersonID: valley.ID(valley.Worker(0)),
		SiteID: gate.SiteID, Direction: roster.In, ReceivedAt: valley.Evening}
	if _, err := p.db.FlushPasses(t.Context(), postgres.PassBatch{Device: gate, Passes: []roster.Pass{pass}, At: valley.Evening}); err != nil {
		t.Fatal(err)
	}
	if h := p.at(valley.Home, valley.Evening); h.Certain != 1 || h.Expected != 6 || h.OnLeave != 1 {
		t.Errorf("he came in on his leave: %+v", h)
	}
	list, _, err := p.db.Leaves(t.Context(), account.Everywhere(), valley.ID(valley.Home), valley.Evening)
	if err != nil || len(list) != 1 || !list[0].Present {
		t.Errorf("his leave says nothing of it: %+v, %v", list, err)
	}
}

func TestLeaveIsGivenWhereSomebodyBelongs(t *testing.T) {
	p := payroll{t, valley.World.Open(t)}
	stranger := postgres.Leave{ID: uuid.New(), PersonID: valley.ID(valley.Worker(7)), From: valley.Evening}
	err := p.db.GiveLeave(t.Context(), account.Everywhere(), valley.ID(valley.Home), stranger, postgres.Actor{Name: "home"}, postgres.Once{}, valley.Evening)
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("somebody of another camp: %v", err)
	}
	id := p.leave(0, nil, valley.Evening, nil)
	err = p.db.EndLeave(t.Context(), account.Everywhere(), valley.ID(valley.Camp), id, postgres.Actor{Name: "camp"}, valley.Evening)
	if !errs.Is(err, errs.NotFound) {
		t.Errorf("another camp ends it: %v", err)
	}
}
