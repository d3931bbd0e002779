package roster_test

import (
	"testing"

	"muster/internal/roster"
)

func TestWordsPeopleWrite(t *testing.T) {
	kind := func(s string) (string, error) { k, err := roster.ParseSiteKind(s); return string(k), err }
	company := func(s string) (string, error) { k, err := roster.ParseCompanyKind(s); return string(k), err }
	section := func(s string) (string, error) { k, err := roster.ParseSectionKind(s); return string(k), err }
	status := func(s string) (string, error) { k, err := roster.ParseStatus(s); return string(k), err }
	role := func(s string) (string, error) { k, err := roster.ParseRole(s); return string(k), err }
	signal := func(s string) (string, error) { k, err := roster.ParseSignal(s); return string(k), err }
	for _, c := range []struct {
		text, want string
		parse      func(string) (string, error)
	}{
		{"自建驻地", "residence_own", kind}, {"tunnel", "tunnel", kind}, {" 拌和站 ", "plant", kind},
		{"预制梁场", "yard", kind}, {"边坡／路堑", "slope", kind},
		{"建设单位", "owner", company}, {"项目法人", "owner", company}, {"总包", "contractor", company},
		{"驻地办", "supervision", section}, {"中心试验室", "testing", section},
		{"在建", "building", status}, {"冬休", "winter", status},
		{"项目经理", "section_lead", role}, {"值班员", "duty_officer", role},
		{"无", "none", signal}, {"良好", "good", signal},
	} {
		if got, err := c.parse(c.text); err != nil || got != c.want {
			t.Errorf("%q: want %s, got %q, %v", c.text, c.want, got, err)
		}
	}
	if _, err := kind("宾馆"); err == nil {
		t.Error("an unknown kind was taken")
	}
	if _, err := roster.ParseDutyRole("项目经理"); err == nil {
		t.Error("a manager is not a role of the duty roster")
	}
}

// What has a label can be read back by it.
func TestLabelsReadBack(t *testing.T) {
	for _, k := range roster.SiteKinds() {
		if back, err := roster.ParseSiteKind(k.Label()); err != nil || back != k {
			t.Errorf("%s: %q reads as %q, %v", k, k.Label(), back, err)
		}
	}
}
