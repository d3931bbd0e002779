package postgres_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/postgres"
	"muster/internal/roster"
)

// A file says beforehand what it will do; done once it has nothing left to do; and
// one cell that was changed is one row that is.
func TestAnImportSaysWhatIsNewAndWhatIsNot(t *testing.T) {
	d := newDesk(t)
	for _, file := range []struct {
		kind           roster.Kind
		before, other  string // the table, and the table with one cell changed
		fresh, changed []postgres.Tally
	}{
		{roster.Companies, companies, "单位名称,单位类型,上级单位\n示例甲公司,业主,示例丁集团\n示例丁集团,母体企业,\n",
			one("company", "单位", 4, 0, 0), one("company", "单位", 0, 1, 1)},
		{roster.Projects, projects, "项目编号,项目名称,建设单位,行政区划\nP1,示例高速二期,示例甲公司,雅安市\n",
			one("project", "项目", 1, 0, 0), one("project", "项目", 0, 1, 0)},
		{roster.Sections, sections, "项目,合同段编号,合同段名称,单位类型,单位名称,监理处\nP1,A1,示例一标,施工,示例丁集团,JL1\n",
			one("section", "合同段", 2, 0, 0), one("section", "合同段", 0, 1, 0)},
		{roster.Sites, sites, "合同段,名称,编号,类型,经度,纬度,床位数\nA1,示例驻地,Z1,自建驻地,102.36,29.23,60\nA1,示例隧道,T1,隧道,102.40,29.30,\n",
			one("site", "点位", 2, 0, 0), one("site", "点位", 0, 1, 1)},
		{roster.People, persons, "姓名,手机号码,语言\n示例某甲,14200000001,彝语\n示例某乙,14200000002,\n",
			one("person", "人员", 2, 0, 0), one("person", "人员", 0, 1, 1)},
		{roster.Posts, "姓名,手机号码,岗位,合同段\n示例某甲,14200000001,安全员,A1\n", "姓名,手机号码,岗位,A/B角,合同段\n示例某甲,14200000001,安全员,B,A1\n",
			one("post", "岗位", 1, 0, 0), one("post", "岗位", 0, 1, 0)},
		{roster.Teams, "合同段,班组,姓名,手机号码\nA1,钢筋一班,示例某甲,14200000001\nA1,钢筋一班,示例某乙,14200000002\n",
			"合同段,班组,姓名,手机号码,是否班组长\nA1,钢筋一班,示例某甲,14200000001,是\n",
			append(one("team", "班组", 1, 0, 0), one("team_member", "班组成员", 2, 0, 0)...),
			append(one("team", "班组", 0, 0, 1), one("team_member", "班组成员", 0, 1, 0)...)},
	} {
		t.Run(string(file.kind), func(t *testing.T) {
			d := &desk{t, d.db, d.im, d.scope, d.at}
			says(t, "before", d.try(file.kind, file.before, false, true), file.fresh)
			done := d.try(file.kind, file.before, false, false)
			says(t, "done", done, file.fresh)
			if len(done.Records) < done.Rows || !done.Records[0].New || done.Records[0].Line != 2 {
				t.Errorf("the records are %+v", done.Records)
			}
			d.at = d.at.Add(time.Hour)
			again := d.try(file.kind, file.before, false, false)
			for _, n := range again.Tally {
				if n.New+n.Updated > 0 {
					t.Errorf("again: %+v", n)
				}
			}
			if len(again.Records) > 0 {
				t.Errorf("again: %+v", again.Records)
			}
			says(t, "with one cell changed", d.try(file.kind, file.other, false, true), file.changed)
		})
	}
}

func one(noun, label string, fresh, updated, unchanged int) []postgres.Tally {
	return []postgres.Tally{{Noun: noun, Label: label, New: fresh, Updated: updated, Unchanged: unchanged}}
}

func says(t *testing.T, when string, r postgres.ImportResult, want []postgres.Tally) {
	t.Helper()
	if diff := cmp.Diff(want, r.Tally); diff != "" || len(r.Bad) > 0 {
		t.Errorf("%s: %s%v", when, diff, r.Bad)
	}
}

// The rows that are bad are not in the tally, and whoever is missing from the file
// is counted.
func TestATallyIsOfTheGoodRows(t *testing.T) {
	d := newDesk(t)
	d.everything()
	r := d.try(roster.People, "姓名,手机号码\n示例某甲,14200000001\n坏行,12345\n示例某丁,14200000009\n", true, true)
	if diff := cmp.Diff(one("person", "人员", 1, 0, 1), r.Tally); diff != "" || r.Good != 2 || len(r.Bad) != 1 {
		t.Errorf("%s%+v", diff, r)
	}
	r = d.try(roster.Posts, "姓名,手机号码,岗位,合同段\n示例某乙,14200000002,安全员,A1\n", false, true)
	if r.Missing != 1 {
		t.Errorf("%d are missing", r.Missing)
	}
}
