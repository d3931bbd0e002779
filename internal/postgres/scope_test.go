package postgres_test

import (
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"muster/internal/account"
	"muster/internal/errs"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest/valley"
)

// The SQL predicate and Scope.Holds are the same rule.
func TestTheSQLOfAScopeIsTheScope(t *testing.T) {
	db := valley.World.Open(t)
	everything, err := db.SiteCounts(t.Context(), account.Everywhere(), allSites(), valley.Evening)
	if err != nil || len(everything) != 6 {
		t.Fatal(len(everything), err)
	}
	ranges := []account.CodeRange{{Lo: "511824000000", Hi: "511825000000"}, {Lo: "511800000000", Hi: "511900000000"}, {Lo: "513400000000", Hi: "513500000000"}, {Lo: "511824000001", Hi: "511824999999"}}
	some := func(t *rapid.T, name string, among ...string) []uuid.UUID {
		var list []uuid.UUID
		for _, n := range among {
			if rapid.IntRange(0, 3).Draw(t, name+" "+n) == 0 {
				list = append(list, valley.ID(n))
			}
		}
		return list
	}
	rapid.Check(t, func(rt *rapid.T) {
		s := account.Scope{Projects: some(rt, "project", "P1", "P2", "P3"), Sections: some(rt, "section", "A1", "A2", "B1"),
			Sites: some(rt, "site", valley.Home, valley.Bridge)}
		for _, r := range ranges {
			if rapid.IntRange(0, 3).Draw(rt, "range "+r.Lo) == 0 {
				s.Ranges = append(s.Ranges, r)
			}
		}
		got, err := db.SiteCounts(t.Context(), s, allSites(), valley.Evening)
		if err != nil {
			rt.Fatal(err)
		}
		inside := map[uuid.UUID]bool{}
		for _, c := range got {
			inside[c.SiteID] = true
		}
		for _, c := range everything {
			if inside[c.SiteID] != s.Holds(c.Place()) {
				rt.Fatalf("%s in %s: SQL says %v", c.SiteID, c.Region, inside[c.SiteID])
			}
		}
	})
}

func allSites() []uuid.UUID {
	var list []uuid.UUID
	for _, name := range []string{valley.Home, valley.Tunnel, valley.Slope, valley.Camp, valley.Bridge, valley.Yard} {
		list = append(list, valley.ID(name))
	}
	return list
}

// The zero scope sees nothing, wherever it is asked.
func TestTheZeroScopeSeesNothing(t *testing.T) {
	db, none, at := valley.World.Open(t), account.Scope{}, valley.Evening
	if list, err := db.SitePins(t.Context(), none, at); err != nil || len(list) != 0 {
		t.Errorf("pins: %d, %v", len(list), err)
	}
	if list, err := db.Sites(t.Context(), none, postgres.RegistryFilter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("sites: %d, %v", len(list), err)
	}
	if list, err := db.Warnings(t.Context(), none, []string{"active", "draft"}, postgres.Mark{At: at}, 10); err != nil || len(list) != 0 {
		t.Errorf("warnings: %d, %v", len(list), err)
	}
	if _, err := db.Messages(t.Context(), none, "", postgres.Mark{At: at}, 10); !errs.Is(err, errs.Outside) {
		t.Errorf("messages: %v", err)
	}
	if by, err := db.Contacts(t.Context(), none, allSites(), at); err != nil || len(by) != 0 {
		t.Errorf("contacts: %v, %v", by, err)
	}
	for name, f := range map[string]func() error{
		"site":      func() error { _, err := db.SiteByID(t.Context(), none, valley.ID(valley.Home)); return err },
		"headcount": func() error { _, err := db.HeadcountNow(t.Context(), none, valley.ID(valley.Home), at); return err },
		"past":      func() error { _, err := db.HeadcountAt(t.Context(), none, valley.ID(valley.Home), at, at); return err },
	} {
		if err := f(); !errs.Is(err, errs.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A person's places: an authority's territory and its links, a company with its
// daughters, an office of supervision with the sections it supervises.
func TestWhatAGrantBecomes(t *testing.T) {
	db := valley.World.Open(t)
	for login, want := range map[string][]string{
		"province": {valley.Home, valley.Tunnel, valley.Slope, valley.Camp, valley.Bridge, valley.Yard},
		"yaan":     {valley.Home, valley.Tunnel, valley.Slope, valley.Camp, valley.Yard},
		"shimian":  {valley.Home, valley.Tunnel}, "owner": {valley.Home, valley.Tunnel, valley.Slope, valley.Camp},
		"section": {valley.Home, valley.Tunnel}, "site": {valley.Home}, "supervisor": {valley.Home, valley.Tunnel},
		"parent": {valley.Home, valley.Tunnel}, "unit-admin": {valley.Home, valley.Tunnel}, "lab": nil, "auditor": nil,
	} {
		u, err := db.UserByLogin(t.Context(), login)
		if err != nil {
			t.Fatal(err)
		}
		p, err := db.Principal(t.Context(), u.ID, valley.Evening)
		if err != nil {
			t.Fatal(login, err)
		}
		scope := p.Grants[0].Scope
		got, err := db.SiteCounts(t.Context(), scope, allSites(), valley.Evening)
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %d sites, want %d, %v", login, len(got), len(want), err)
		}
		for _, c := range got {
			found := false
			for _, name := range want {
				found = found || valley.ID(name) == c.SiteID
			}
			if !found {
				t.Errorf("%s sees %s", login, c.SiteID)
			}
		}
	}
}
