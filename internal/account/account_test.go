package account_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"muster/internal/account"
	"muster/internal/errs"
)

var (
	here   = account.Place{Region: "511824000000", Project: uuid.New(), Section: uuid.New(), SiteID: uuid.New()}
	county = account.Scope{Ranges: []account.CodeRange{{Lo: "511824000000", Hi: "511825000000"}}}
)

func TestWhatAScopeHolds(t *testing.T) {
	for name, c := range map[string]struct {
		scope account.Scope
		place account.Place
		want  bool
	}{
		"its territory":            {county, here, true},
		"the first code":           {county, account.Place{Region: "511824000000"}, true},
		"a township inside":        {county, account.Place{Region: "511824101000"}, true},
		"the next county":          {county, account.Place{Region: "511825000000"}, false},
		"the city above":           {county, account.Place{Region: "511800000000"}, false},
		"a place without a region": {county, account.Place{}, false},
		"a project":                {account.Scope{Projects: []uuid.UUID{here.Project}}, here, true},
		"another project":          {account.Scope{Projects: []uuid.UUID{uuid.New()}}, here, false},
		"a section":                {account.Scope{Sections: []uuid.UUID{here.Section}}, here, true},
		"a site":                   {account.Scope{Sites: []uuid.UUID{here.SiteID}}, here, true},
		"no id matches no id":      {account.Scope{Sites: []uuid.UUID{uuid.Nil}, Projects: []uuid.UUID{uuid.Nil}, Sections: []uuid.UUID{uuid.Nil}}, account.Place{}, false},
		"nothing":                  {account.Scope{}, here, false},
		"everywhere":               {account.Everywhere(), here, true},
	} {
		if got := c.scope.Holds(c.place); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAddingScopesHoldsWhatEitherHolds(t *testing.T) {
	ids := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
	scope := rapid.Custom(func(t *rapid.T) account.Scope {
		pick := func(name string) []uuid.UUID { return rapid.SliceOfN(rapid.SampledFrom(ids), 0, 2).Draw(t, name) }
		s := account.Scope{Projects: pick("projects"), Sections: pick("sections"), Sites: pick("sites")}
		if rapid.Bool().Draw(t, "territory") {
			s.Ranges = county.Ranges
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := scope.Draw(t, "a"), scope.Draw(t, "b")
		id := func(name string) uuid.UUID { return rapid.SampledFrom(ids).Draw(t, name) }
		p := account.Place{Region: rapid.SampledFrom([]string{"", "511824000000", "513400000000"}).Draw(t, "region"),
			Project: id("project"), Section: id("section"), SiteID: id("site")}
		if a.Add(b).Holds(p) != (a.Holds(p) || b.Holds(p)) {
			t.Fatalf("%+v, %+v, %+v", a, b, p)
		}
	})
}

func grant(role account.Role, authority uuid.UUID, s account.Scope) account.Grant {
	return account.Grant{Role: role, Authority: authority, Scope: s}
}

func TestARightHoldsOnlyWhereItWasGiven(t *testing.T) {
	shimian, liangshan := uuid.New(), uuid.New()
	elsewhere := account.Scope{Ranges: []account.CodeRange{{Lo: "513400000000", Hi: "513500000000"}}}
	p := account.Principal{Grants: []account.Grant{grant(account.DutyOfficer, shimian, county), grant(account.Viewer, liangshan, elsewhere)}}
	there := account.Place{Region: "513435000000"}
	if s, _ := p.May(account.SeeSites); !s.Holds(here) || !s.Holds(there) {
		t.Error("does not see both places")
	}
	if s, _ := p.May(account.PublishWarning); !s.Holds(here) || s.Holds(there) {
		t.Error("publishes where he only looks")
	}
	if _, err := p.May(account.SeeAudit); !errs.Is(err, errs.Forbidden) {
		t.Errorf("nobody gave him the audit trail: %v", err)
	}
	if p.Names(there, account.Live) != account.Hidden || p.Names(here, account.Quiet) != account.Masked || p.Names(here, account.Live) != account.Full {
		t.Error("names are shown in the wrong place or at the wrong time")
	}
}

func TestTheOfficeInWhichOneActs(t *testing.T) {
	province, city, county1 := uuid.New(), uuid.New(), uuid.New()
	all := account.Scope{Ranges: []account.CodeRange{{Lo: "510000000000", Hi: "520000000000"}}}
	yaan := account.Scope{Ranges: []account.CodeRange{{Lo: "511800000000", Hi: "511900000000"}}}
	const region = "511824000000"
	for name, c := range map[string]struct {
		grants []account.Grant
		want   account.Office
	}{
		"one's own authority": {[]account.Grant{grant(account.DutyOfficer, county1, county)}, account.Office{Authority: county1}},
		"one's own before a higher one": {[]account.Grant{grant(account.DutyOfficer, province, all), grant(account.DutyOfficer, county1, county)},
			account.Office{Authority: county1}},
		"a higher one one leads": {[]account.Grant{grant(account.DutyOfficer, province, all), grant(account.DutyLeader, city, yaan)},
			account.Office{Authority: city, Leader: true}},
		"one's own, leading above": {[]account.Grant{grant(account.DutyLeader, city, yaan), grant(account.DutyOfficer, county1, county)},
			account.Office{Authority: county1, Leader: true}},
		"leading elsewhere counts for nothing": {[]account.Grant{grant(account.DutyOfficer, county1, county),
			grant(account.DutyLeader, uuid.New(), account.Scope{Ranges: []account.CodeRange{{Lo: "513400000000", Hi: "513500000000"}}})},
			account.Office{Authority: county1}},
	} {
		if got, err := (account.Principal{Grants: c.grants}).OfficeOver(account.LiftWarning, county1, region); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for name, g := range map[string]account.Grant{
		"a county over its city": grant(account.DutyLeader, county1, county),
		"a viewer":               grant(account.Viewer, province, all),
		"a section":              grant(account.SectionLead, uuid.Nil, yaan),
	} {
		if _, err := (account.Principal{Grants: []account.Grant{g}}).OfficeOver(account.LiftWarning, city, "511800000000"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The table of roles as operations.md §5 has it: what must never be.
func TestTheTableOfRolesKeepsDutiesApart(t *testing.T) {
	for _, role := range account.Roles() {
		if !role.Valid() || role.Label() == "" {
			t.Errorf("%s has no label", role)
		}
		publishes := role == account.DutyOfficer || role == account.DutyLeader
		if role.May(account.PublishWarning) != publishes || role.May(account.LiftWarning) != publishes {
			t.Errorf("%s publishes or lifts", role)
		}
		if role.Installation() && (role.May(account.SeeSites) || role.May(account.SeeWarnings) || role.May(account.SeePeople) || role.Names() != account.Hidden) {
			t.Errorf("%s sees operational data", role)
		}
		if role.May(account.GrantRights) && role.May(account.CreateUser) {
			t.Errorf("%s makes accounts and gives them rights", role)
		}
		authority := publishes
		for perm, want := range map[account.Permission]bool{
			account.Acknowledge: role == account.Owner || role == account.SectionLead || role == account.SectionDeputy || role == account.SiteLead,
			account.Report:      role.May(account.Acknowledge), account.Confirm: role == account.Supervisor, account.Verify: authority,
			account.Refuse:     role.May(account.Confirm) || role.May(account.Verify),
			account.GiveReturn: authority || role == account.Owner,
			account.StartEvacuation: role == account.SectionLead || role == account.SectionDeputy || role == account.SiteLead ||
				role == account.Supervisor,
			account.Inspect: role.May(account.StartEvacuation),
		} {
			if role.May(perm) != want {
				t.Errorf("%s: %s %v", role, perm, !want)
			}
		}
		if role.May(account.Report) && (role.May(account.Confirm) || role.May(account.Verify)) || role.May(account.Confirm) && role.May(account.Verify) {
			t.Errorf("%s reports and checks, or checks twice", role)
		}
		for _, other := range account.Roles() {
			if account.Clash(role, other) != account.Clash(other, role) {
				t.Errorf("%s and %s clash one way only", role, other)
			}
		}
	}
	if account.Role("emperor").Valid() || account.Role("emperor").May(account.SeeSites) {
		t.Error("a role that does not exist has rights")
	}
	if !account.Clash(account.Auditor, account.SystemAdmin) || !account.Clash(account.SecurityAdmin, account.DutyOfficer) ||
		account.Clash(account.DutyOfficer, account.Viewer) {
		t.Error("the separation of duties is not kept")
	}
}

func TestTheLockAfterWrongPasswords(t *testing.T) {
	at := time.Date(2026, 7, 10, 13, 30, 0, 0, time.UTC)
	ago := func(minutes ...int) []time.Time {
		var list []time.Time
		for _, m := range minutes {
			list = append(list, at.Add(-time.Duration(m)*time.Minute))
		}
		return list
	}
	for name, c := range map[string]struct {
		failures []time.Time
		until    time.Duration // from now; 0: not locked
	}{
		"none":                    {nil, 0},
		"four":                    {ago(4, 3, 2, 1), 0},
		"five":                    {ago(5, 4, 3, 2, 1), 10 * time.Minute},
		"five, one of them old":   {ago(15, 4, 3, 2, 1), 0},
		"five within a moment":    {ago(0, 0, 0, 0, 0), 15 * time.Minute},
		"seven: the fifth counts": {ago(14, 13, 5, 4, 3, 2, 1), 10 * time.Minute},
	} {
		until, locked := account.LockedUntil(c.failures, at)
		if locked != (c.until > 0) || locked && !until.Equal(at.Add(c.until)) {
			t.Errorf("%s: locked %v until %v", name, locked, until)
		}
	}
}

func TestPasswords(t *testing.T) {
	hash := account.HashPassword("正确的密码")
	if hash == account.HashPassword("正确的密码") {
		t.Error("no salt")
	}
	for password, want := range map[string]bool{"正确的密码": true, "错": false, "": false} {
		if ok, err := account.CheckPassword(t.Context(), hash, password); ok != want || err != nil {
			t.Errorf("%q: %v, %v", password, ok, err)
		}
	}
	for _, broken := range []string{"", "plain", "$argon2id$v=19$m=1$x$y", "$argon2id$v=18$m=19456,t=2,p=1$AAAA$AAAA", "$bcrypt$v=19$m=19456,t=2,p=1$AAAA$AAAA"} {
		if ok, err := account.CheckPassword(t.Context(), broken, "x"); ok || err != nil {
			t.Errorf("%q matches: %v", broken, err)
		}
	}
}

func TestKeys(t *testing.T) {
	a, b := account.NewKey("dev"), account.NewKey("dev")
	if a == b || !strings.HasPrefix(a, "dev_") || len(a) < 40 || string(account.KeyHash(a)) == string(account.KeyHash(b)) {
		t.Errorf("%s, %s", a, b)
	}
	for header, want := range map[string]string{"Bearer abc": "abc", "bearer  abc ": "abc", "Basic abc": "", "abc": "", "": "", "Bearer": ""} {
		if got := account.Bearer(header); got != want {
			t.Errorf("%q: %q", header, got)
		}
	}
}

// In a drill the site's lead rings his own people; a duty officer's look at
// their numbers waits for an actual warning.
func TestADrillOpensPhonesToTheSitesLeadOnly(t *testing.T) {
	here := account.Place{Region: "511824000000"}
	everywhere := account.Everywhere()
	for _, c := range []struct {
		role account.Role
		now  account.Occasion
		want account.Disclosure
	}{
		{account.SiteLead, account.Quiet, account.Masked}, {account.SiteLead, account.Drill, account.Full}, {account.SiteLead, account.Live, account.Full},
		{account.DutyOfficer, account.Drill, account.Masked}, {account.DutyOfficer, account.Live, account.Full},
		{account.DutyLeader, account.Quiet, account.Full}, {account.Viewer, account.Live, account.Hidden},
	} {
		p := account.Principal{Grants: []account.Grant{{Role: c.role, Scope: everywhere}}}
		if got := p.Names(here, c.now); got != c.want {
			t.Errorf("%s on occasion %d sees %d, want %d", c.role, c.now, got, c.want)
		}
	}
}
