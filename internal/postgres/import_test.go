package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/postgres"
	"muster/internal/postgres/pgtest"
	"muster/internal/roster"
)

// desk imports files as somebody with a scope.
type desk struct {
	t     *testing.T
	db    *postgres.DB
	im    *postgres.Importer
	scope account.Scope
	at    time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	db := pgtest.New(t)
	if err := db.SeedRegions(t.Context(), stormyEvening); err != nil {
		t.Fatal(err)
	}
	yaan := account.Scope{Ranges: []account.CodeRange{{Lo: "511800000000", Hi: "511900000000"}}}
	return &desk{t: t, db: db, im: postgres.NewImporter(db, sealer(t)), scope: yaan, at: stormyEvening}
}

func (d *desk) try(kind roster.Kind, text string, partial, dry bool) postgres.ImportResult {
	d.t.Helper()
	f, err := roster.ParseImport(kind, roster.CSV, strings.NewReader(text), roster.Sichuan(geo.WGS84Datum))
	if err != nil {
		d.t.Fatal(err)
	}
	result, err := d.im.Import(d.t.Context(), d.scope, postgres.Actor{Name: "yaan"}, f, partial, dry, d.at)
	if err != nil {
		d.t.Fatal(err)
	}
	return result
}

// must imports a file in which nothing is wrong.
func (d *desk) must(kind roster.Kind, text string) {
	d.t.Helper()
	if r := d.try(kind, text, false, false); len(r.Bad) > 0 || r.Written != r.Rows {
		d.t.Fatalf("%s: %d of %d written, %v", kind, r.Written, r.Rows, r.Bad)
	}
}

func (d *desk) count(sql string, args ...any) (n int) {
	d.t.Helper()
	if err := d.db.Pool().QueryRow(d.t.Context(), "SELECT count(*) FROM "+sql, args...).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

const (
	companies = "单位名称,单位类型,上级单位\n示例甲公司,业主,\n示例乙公司,施工,示例丁集团\n示例丙公司,监理,\n示例丁集团,母体企业,\n"
	projects  = "项目编号,项目名称,建设单位,行政区划\nP1,示例高速,示例甲公司,雅安市\n"
	sections  = "项目,合同段编号,合同段名称,单位类型,单位名称,监理处\nP1,A1,示例一标,施工,示例乙公司,JL1\nP1,JL1,示例监理处,监理,示例丙公司,\n"
	sites     = "合同段,名称,编号,类型,经度,纬度,床位数\nA1,示例驻地,Z1,自建驻地,102.36,29.23,48\nA1,示例隧道,T1,隧道,102.40,29.30,\n"
	persons   = "姓名,手机号码,身份证号\n示例某甲,14200000001,11010519491231002x\n示例某乙,14200000002,\n"
)

func (d *desk) everything() {
	d.t.Helper()
	d.must(roster.Companies, companies)
	d.must(roster.Projects, projects)
	d.must(roster.Sections, sections)
	d.must(roster.Sites, sites)
	d.must(roster.People, persons)
	d.must(roster.Posts, "姓名,手机号码,岗位,角,合同段,点位\n示例某甲,14200000001,项目经理,,A1,\n示例某乙,14200000002,驻地负责人,A,A1,Z1\n")
	d.must(roster.Beds, "姓名,手机号码,点位,入住日期\n示例某乙,14200000002,示例驻地,2026-7-1\n")
	d.must(roster.DutyRoster, "值班日期,岗位,姓名,手机号码,合同段\n2026-7-10,值班员,示例某甲,14200000001,A1\n")
}

func TestARosterIsImportedAndImportedAgain(t *testing.T) {
	d := newDesk(t)
	d.everything()
	tables := []string{"company", "project", "section", "site", "person", "post", "bed", "duty_roster"}
	first := map[string]int{}
	for _, table := range tables {
		first[table] = d.count(table)
	}
	want := map[string]int{"company": 4, "project": 1, "section": 2, "site": 2, "person": 2, "post": 2, "bed": 1, "duty_roster": 1}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Error(diff)
	}
	if n := d.count("site WHERE region = '511824000000'"); n != 2 {
		t.Errorf("%d sites were put into 石棉县 by their position", n)
	}
	if n := d.count("section WHERE supervised_by IS NOT NULL") + d.count("company WHERE parent_id IS NOT NULL"); n != 2 {
		t.Errorf("%d of the references to later rows were kept", n)
	}
	if n := d.count("audit WHERE act = 'import' AND actor = 'yaan'"); n != len(tables) {
		t.Errorf("%d imports in the audit trail", n)
	}
	if d.count("change WHERE noun = 'section'") == 0 {
		t.Error("nothing was announced")
	}
	if n := d.count("person WHERE id_sealed LIKE '%110105%' OR phone_sealed LIKE '%142000%'"); n != 0 {
		t.Error("a number is stored in the clear")
	}

	d.at = d.at.Add(time.Hour)
	d.everything()
	for _, table := range tables {
		if n := d.count(table); n != first[table] {
			t.Errorf("%s: %d rows after importing again, %d before", table, n, first[table])
		}
	}
	if d.count("history WHERE noun = 'site' AND version = 2") != 2 {
		t.Error("the earlier versions of the sites were not kept")
	}
}

func TestReferencesThatLeadNowhere(t *testing.T) {
	d := newDesk(t)
	d.everything()
	for _, c := range []struct {
		what, text  string
		kind        roster.Kind
		column, has string
	}{
		{"an unknown owner", "项目编号,项目名称,建设单位,行政区划\nP2,示例,无此公司,雅安市\n", roster.Projects, "建设单位", "没有这个单位"},
		{"an unknown project", "项目,合同段编号,单位类型,单位名称\nP9,A1,施工,示例乙公司\n", roster.Sections, "项目", "没有这个项目"},
		{"an unknown office", "项目,合同段编号,单位类型,单位名称,监理处\nP1,A2,施工,示例乙公司,JL9\n", roster.Sections, "监理处", "没有这个监理处"},
		{"an unknown section", "合同段,名称,类型,经度,纬度\nA9,示例,隧道,102.36,29.23\n", roster.Sites, "合同段", "没有这个合同段"},
		{"an unknown person", "姓名,手机号码,岗位,合同段\n示例某丙,14200000003,工人,A1\n", roster.Posts, "姓名", "没有这个人"},
		{"an unknown site", "姓名,手机号码,点位\n示例某乙,14200000002,别处驻地\n", roster.Beds, "点位", "没有这个点位"},
		{"a bed in a tunnel", "姓名,手机号码,点位\n示例某乙,14200000002,T1\n", roster.Beds, "点位", "不是驻地"},
		{"a project elsewhere", "项目编号,项目名称,建设单位,行政区划\nP3,示例,示例甲公司,成都市\n", roster.Projects, "项目", "不在管辖范围"},
		{"a site elsewhere", "合同段,名称,类型,经度,纬度,行政区划\nA1,示例,隧道,104.06,30.57,成都市武侯区\n", roster.Sites, "名称", "不在管辖范围"},
		{"a code that is no region", "项目编号,项目名称,建设单位,行政区划\nP4,示例,示例甲公司,511899\n", roster.Projects, "行政区划", "没有这个行政区划"},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := d.try(c.kind, c.text, true, false)
			if len(r.Bad) != 1 || r.Written != 0 {
				t.Fatalf("%d written, %v", r.Written, r.Bad)
			}
			if p := r.Bad[0]; p.Line != 2 || p.Column != c.column || !strings.Contains(p.Text, c.has) || p.Mend == "" {
				t.Errorf("got %s", p)
			}
		})
	}
}

// Nothing is half-imported unless it was asked for.
func TestGoodRowsAloneOnlyWhenAsked(t *testing.T) {
	d := newDesk(t)
	d.everything()
	const mixed = "合同段,名称,类型,经度,纬度\nA1,示例一,隧道,102.36,29.23\nA9,示例二,隧道,102.36,29.23\nA1,示例三,隧道,29.23,102.36\n"
	for _, c := range []struct {
		what          string
		partial, dry  bool
		written, rows int
	}{
		{"all or nothing", false, false, 0, 2},
		{"only tried", true, true, 0, 2},
		{"the good rows", true, false, 1, 3},
	} {
		r := d.try(roster.Sites, mixed, c.partial, c.dry)
		if r.Written != c.written || r.Good != 1 || len(r.Bad) != 2 || d.count("site") != c.rows {
			t.Errorf("%s: %d written of %d good, %d sites, %v", c.what, r.Written, r.Good, d.count("site"), r.Bad)
		}
		if len(r.Bad) == 2 && (r.Bad[0].Line != 3 || r.Bad[1].Line != 4) {
			t.Errorf("%s: not in the order of lines: %v", c.what, r.Bad)
		}
	}
}

// When a row falls, the rows that lean on it fall with it, and are told why.
func TestRowsThatLeanOnABadRow(t *testing.T) {
	d := newDesk(t)
	d.everything()
	r := d.try(roster.Companies, "单位名称,单位类型,上级单位\n示例孙公司,施工,示例子公司\n示例子公司,施工,无此集团\n示例他公司,施工,\n", true, false)
	if len(r.Bad) != 2 || r.Written != 1 || d.count("company") != 5 {
		t.Errorf("companies: %d written, %v", r.Written, r.Bad)
	}
	r = d.try(roster.Sections, "项目,合同段编号,单位类型,单位名称,监理处\nP1,A5,施工,示例乙公司,JL5\nP1,JL5,监理,示例丙公司,JL9\nP1,A6,施工,示例乙公司,JL1\n", true, false)
	if len(r.Bad) != 2 || r.Written != 1 || d.count("section") != 3 {
		t.Errorf("sections: %d written, %v", r.Written, r.Bad)
	}
}

// A section's own people may not reach beyond it.
func TestASectionImportsOnlyItsOwn(t *testing.T) {
	d := newDesk(t)
	d.everything()
	var section uuid.UUID
	if err := d.db.Pool().QueryRow(t.Context(), "SELECT id FROM section WHERE code = 'A1'").Scan(&section); err != nil {
		t.Fatal(err)
	}
	d.must(roster.Posts, "姓名,手机号码,岗位,合同段\n示例某乙,14200000002,监理,JL1\n")
	d.must(roster.People, "姓名,手机号码\n示例某丁,14200000004\n")
	d.must(roster.Posts, "姓名,手机号码,岗位,合同段\n示例某丁,14200000004,监理,JL1\n")
	d.scope = account.Scope{Sections: []uuid.UUID{section}}

	d.must(roster.Sites, sites)
	d.must(roster.People, "姓名,手机号码,语言\n示例某乙,14200000002,彝语\n")
	d.must(roster.People, "姓名,手机号码\n示例某丁,14200000004\n")
	for what, r := range map[string]postgres.ImportResult{
		"a new section":           d.try(roster.Sections, "项目,合同段编号,单位类型,单位名称\nP1,A2,施工,示例乙公司\n", false, false),
		"a post elsewhere":        d.try(roster.Posts, "姓名,手机号码,岗位,合同段\n示例某乙,14200000002,监理,JL1\n", false, false),
		"somebody else's person":  d.try(roster.People, "姓名,手机号码,语言\n示例某丁,14200000004,藏语\n", false, false),
		"somebody else's company": d.try(roster.Companies, "单位名称,单位类型\n示例甲公司,监理\n", false, false),
	} {
		if len(r.Bad) != 1 || r.Written != 0 || !strings.Contains(r.Bad[0].Text, "不在管辖范围") {
			t.Errorf("%s: %d written, %v", what, r.Written, r.Bad)
		}
	}
}
