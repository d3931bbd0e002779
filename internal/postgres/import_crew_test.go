package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

func TestACrewIsImportedAndImportedAgain(t *testing.T) {
	d := newDesk(t)
	d.everything()
	files := map[roster.Kind]string{
		roster.Teams:  "合同段,班组,姓名,手机号码,工种,是否班组长\nA1,钢筋一班,示例某甲,14200000001,钢筋工,是\nA1,钢筋一班,示例某乙,14200000002,钢筋工,否\n",
		roster.Shifts: "姓名,手机号码,点位,日期,上班时间,下班时间\n示例某甲,14200000001,示例隧道,2026-7-10,20:00,08:00\n",
		roster.Leaves: "姓名,手机号码,点位,开始日期,结束日期,事由\n示例某乙,14200000002,示例驻地,2026-7-10,2026-7-12,探亲\n示例某甲,14200000001,,2026-7-20,,离场\n",
		roster.Certificates: "姓名,手机号码,证书名称,证书编号,发证日期,有效期至\n示例某甲,14200000001,交安B证,示例00001234,2024-5-20,2027-5-19\n" +
			"示例某乙,14200000002,交安C证,示例00005678,2023-7-1,2026-7-25\n",
	}
	want := map[string]int{"team": 1, "team_member": 2, "shift": 1, "leave": 2, "certificate": 2}
	for range 2 {
		for _, kind := range []roster.Kind{roster.Teams, roster.Shifts, roster.Leaves, roster.Certificates} {
			d.must(kind, files[kind])
		}
		got := map[string]int{}
		for table := range want {
			got[table] = d.count(table)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		d.at = d.at.Add(time.Hour)
	}
	if n := d.count("certificate WHERE number_sealed LIKE '%1234%' OR number_tail NOT IN ('1234', '5678')"); n != 0 {
		t.Errorf("%d numbers are in the clear", n)
	}

	list, err := d.db.Certificates(t.Context(), d.scope, postgres.CertificateFilter{Before: d.at.AddDate(0, 0, 30), Limit: 10})
	if err != nil || len(list) != 1 || list[0].Kind != "交安C证" {
		t.Errorf("expiring within 30 days: %+v, %v", list, err)
	}
	elsewhere := account.Scope{Ranges: []account.CodeRange{{Lo: "513400000000", Hi: "513500000000"}}}
	if list, err := d.db.Certificates(t.Context(), elsewhere, postgres.CertificateFilter{Limit: 10}); err != nil || len(list) != 0 {
		t.Errorf("another prefecture sees %+v, %v", list, err)
	}
	all, err := d.db.Certificates(t.Context(), d.scope, postgres.CertificateFilter{Limit: 1})
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	rest, err := d.db.Certificates(t.Context(), d.scope, postgres.CertificateFilter{Limit: 5, After: all[0].Mark()})
	if err != nil || len(rest) != 1 || rest[0].ID == all[0].ID {
		t.Errorf("the second page: %+v, %v", rest, err)
	}

	teams, err := d.db.Teams(t.Context(), d.scope, postgres.RegistryFilter{Limit: 10}, d.at)
	if err != nil || len(teams) != 1 || teams[0].Members != 2 {
		t.Fatalf("teams: %+v, %v", teams, err)
	}
	_, members, err := d.db.TeamByID(t.Context(), d.scope, teams[0].ID, d.at)
	if err != nil || len(members) != 2 || !members[0].Leader {
		t.Errorf("members: %+v, %v", members, err)
	}
}

func TestCrewsThatAreRefused(t *testing.T) {
	d := newDesk(t)
	d.everything()
	for _, c := range []struct {
		what, text string
		kind       roster.Kind
		has        string
	}{
		{"a team of nobody", "合同段,班组,姓名,手机号码\nA1,一班,示例某丙,14200000003\n", roster.Teams, "没有这个人"},
		{"a shift nowhere", "姓名,手机号码,点位,日期,上班时间,下班时间\n示例某甲,14200000001,无此处,2026-7-10,20:00,08:00\n", roster.Shifts, "没有这个点位"},
		{"leave of a stranger", "姓名,手机号码,开始日期\n示例某丙,14200000003,2026-7-10\n", roster.Leaves, "没有这个人"},
		{"a stranger's certificate", "姓名,手机号码,证书名称\n示例某丙,14200000003,交安B证\n", roster.Certificates, "没有这个人"},
	} {
		t.Run(c.what, func(t *testing.T) {
			if r := d.try(c.kind, c.text, true, false); len(r.Bad) != 1 || r.Written != 0 || !strings.Contains(r.Bad[0].Text, c.has) {
				t.Errorf("%d written, %v", r.Written, r.Bad)
			}
		})
	}
	d.scope = account.Scope{Ranges: []account.CodeRange{{Lo: "513400000000", Hi: "513500000000"}}}
	for _, c := range []struct {
		kind roster.Kind
		text string
	}{
		{roster.Leaves, "姓名,手机号码,开始日期\n示例某甲,14200000001,2026-7-10\n"},
		{roster.Certificates, "姓名,手机号码,证书名称\n示例某甲,14200000001,交安B证\n"},
	} {
		if r := d.try(c.kind, c.text, true, false); len(r.Bad) != 1 || !strings.Contains(r.Bad[0].Text, "不在管辖范围") {
			t.Errorf("%s of somebody elsewhere: %v", c.kind, r.Bad)
		}
	}
}

// Who is missing from a new list is named, masked, and stays.
func TestWhoIsMissingFromANewListIsListed(t *testing.T) {
	d := newDesk(t)
	d.everything()
	d.must(roster.Beds, "姓名,手机号码,点位\n示例某甲,14200000001,示例驻地\n")
	if n := d.count("bed WHERE valid_until IS NULL"); n != 2 {
		t.Errorf("%d beds are left", n)
	}
	r := d.try(roster.Beds, "姓名,手机号码,点位\n示例某甲,14200000001,示例驻地\n", false, true)
	if len(r.Listed) != 1 || !strings.HasPrefix(r.Listed[0].Text, "示***") || !strings.Contains(r.Listed[0].Text, "未删除") {
		t.Errorf("listed: %+v", r.Listed)
	}
	r = d.try(roster.Posts, "姓名,手机号码,岗位,合同段\n示例某乙,14200000002,安全员,A1\n", false, true)
	if len(r.Listed) != 1 {
		t.Errorf("of the posts are listed: %+v", r.Listed)
	}
}
