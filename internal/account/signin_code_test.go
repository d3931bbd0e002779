package account_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/account"
)

func TestACodeIsSixDigits(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		code := account.NewCode()
		if !regexp.MustCompile(`^\d{6}$`).MatchString(code) {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
	}
	if len(seen) < 190 {
		t.Errorf("only %d different codes of 200", len(seen))
	}
}

func TestWhenTheNextCodeMayBeAskedFor(t *testing.T) {
	at := time.Date(2026, 7, 10, 21, 30, 0, 0, time.UTC)
	ago := func(list ...time.Duration) (past []time.Time) {
		for _, d := range list {
			past = append(past, at.Add(-d))
		}
		return past
	}
	for name, c := range map[string]struct {
		past []time.Time
		wait time.Duration
	}{
		"the first":                  {nil, 0},
		"at once again":              {ago(20 * time.Second), 40 * time.Second},
		"a minute later":             {ago(time.Minute), 0},
		"the fifth within an hour":   {ago(50*time.Minute, 40*time.Minute, 30*time.Minute, 20*time.Minute), 0},
		"the sixth within an hour":   {ago(2*time.Minute, 50*time.Minute, 40*time.Minute, 30*time.Minute, 20*time.Minute), 10 * time.Minute},
		"the sixth, an hour is over": {ago(time.Hour, 40*time.Minute, 30*time.Minute, 20*time.Minute, 2*time.Minute), 0},
	} {
		if wait := account.MayAgain(c.past, account.PhoneRates, at).Sub(at); wait != c.wait {
			t.Errorf("%s: waits %s, want %s", name, wait, c.wait)
		}
	}
}

// Whoever always waits until he may never gets more than the rates allow.
func TestNoMoreThanTheRatesAllow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Date(2026, 7, 10, 0, 0, 0, 0, time.UTC)
		var past []time.Time
		for range rapid.IntRange(1, 30).Draw(t, "asks") {
			at = at.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "seconds")) * time.Second)
			if account.MayAgain(past, account.PhoneRates, at).After(at) {
				continue
			}
			past = append(past, at)
			for _, r := range account.PhoneRates {
				within := 0
				for _, p := range past {
					if at.Sub(p) < r.Per {
						within++
					}
				}
				if within > r.Max {
					t.Fatalf("%d within %s", within, r.Per)
				}
			}
		}
	})
}

func TestTheDeskStaysAtTheDesk(t *testing.T) {
	p := account.Principal{Grants: []account.Grant{{Role: account.DutyLeader}, {Role: account.SiteLead}, {Role: account.SystemAdmin}}}
	if f := p.InTheField(); len(f.Grants) != 1 || f.Grants[0].Role != account.SiteLead || len(p.Grants) != 3 {
		t.Errorf("in the field: %+v of %+v", f.Grants, p.Grants)
	}
	for _, r := range account.FieldRoles() {
		if r.Installation() || r.May(account.PublishWarning) || slices.Contains([]account.Role{account.DutyOfficer, account.DutyLeader}, r) {
			t.Errorf("%s signs in with six digits", r)
		}
	}
}
