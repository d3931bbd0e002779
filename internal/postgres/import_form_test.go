package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"muster/internal/postgres"
	"muster/internal/roster"
)

// The forms of a project that begins, with invented people: who is at work in it,
// then who holds the posts of the contract.
const (
	contactHead = "项目名称,单位类型,监理处,合同段,该合同由几处管辖,单位名称,负责人,,系统管理员,,\n,,,,,,姓名,联系电话,姓名,身份证号码,手机号码\n"
	contactRows = "示例高速,业主,/,/,/,示例甲公司,示例业主,14200000011,,,\n" +
		"示例高速,施工,/,B7 合同段,第 JL7 监理处,示例新公司,示例某壬,14200000012,示例某癸,440307198303074015,14200000013\n" +
		"示例高速,监理,第 JL7 监理处,/,/,示例丙公司,示例某子,14200000014,,,\n"
	staffHead = "项目施工单位人员履约信息录入表 (表1-1)\n合同段: B7,单位名称: 示例新公司\n序号,岗位,合同人员,资格证书及身份证号,变更人员,资格证书及身份证号\n"
	staffRows = "1,总工程师,示例某癸,交安 B 证: 示例B001 身份证: 440307198303074015,,交安 B 证: 身份证:\n"
	replaced  = "1,总工程师,示例某癸,交安 B 证: 示例B001 身份证: 440307198303074015,示例某丑,交安 B 证: 示例B002 身份证: 440308199901101512\n"
)

func TestTheFormsOfAProjectAreTakenAndTakenAgain(t *testing.T) {
	d := newDesk(t)
	d.everything()
	before := d.count("person")
	for range 2 {
		d.must(roster.ContactList, contactHead+contactRows)
		d.must(roster.ContractStaff, staffHead+staffRows)
		got := []int{d.count("company WHERE name = '示例新公司' AND kind = 'contractor'"), d.count("section WHERE code = 'B7合同段' AND status = 'building'"),
			d.count("section a JOIN section b ON b.id = a.supervised_by WHERE a.code = 'B7合同段' AND b.code = '第JL7监理处' AND b.kind = 'supervision'"),
			d.count("person") - before, d.count("post o JOIN person p ON p.id = o.person_id WHERE p.name = '示例某癸'"), d.count("certificate")}
		if diff := cmp.Diff([]int{1, 1, 1, 4, 2, 1}, got); diff != "" {
			t.Error("companies, sections, supervised, people, posts, certificates:", diff)
		}
		d.at = d.at.Add(time.Hour)
	}

	if _, err := d.db.Pool().Exec(t.Context(), "UPDATE section SET status = 'stopped' WHERE code = 'B7合同段'"); err != nil {
		t.Fatal(err)
	}
	d.must(roster.ContactList, contactHead+contactRows)
	if d.count("section WHERE code = 'B7合同段' AND status = 'stopped'") != 1 {
		t.Error("a form that says nothing of it starts the work again")
	}

	d.must(roster.ContractStaff, staffHead+replaced)
	held := "post o JOIN person p ON p.id = o.person_id WHERE o.role = 'section_deputy' AND p.name = "
	if d.count(held+"'示例某癸' AND o.valid_until = $1", d.at) != 1 || d.count(held+"'示例某丑' AND o.valid_until IS NULL") != 1 {
		t.Error("who was replaced holds the post still")
	}
	list, err := d.db.Certificates(t.Context(), d.scope, postgres.CertificateFilter{Limit: 10, Person: uuid.Nil})
	if err != nil || len(list) != 2 {
		t.Errorf("%d certificates, %v", len(list), err)
	}
}

func TestALineOfAFormStandsOrFallsAsAWhole(t *testing.T) {
	d := newDesk(t)
	d.everything()
	bad := strings.Replace(contactRows, "监理,第 JL7 监理处", "监理,第 JL8 监理处", 1)
	r := d.try(roster.ContactList, contactHead+bad, true, false)
	if r.Rows != 3 || r.Good != 2 || r.Written != 2 || len(r.Bad) != 1 || r.Bad[0].Line != 4 || r.Bad[0].Column != "监理处" {
		t.Fatalf("%+v", r)
	}
	if n := d.count("person WHERE name IN ('示例某壬', '示例某癸')") + d.count("section WHERE code = 'B7合同段'"); n != 0 {
		t.Errorf("%d parts of the bad line were written", n)
	}

	r = d.try(roster.ContractStaff, staffHead+staffRows, false, false)
	if len(r.Bad) != 1 || r.Bad[0].Text != "没有这个合同段" || r.Written != 0 || d.count("person WHERE name = '示例某癸'") != 0 {
		t.Errorf("staff of a section that nobody knows: %+v", r)
	}
	d.must(roster.ContactList, contactHead+contactRows)
	r = d.try(roster.ContractStaff, strings.Replace(staffHead, "示例新公司", "示例丙公司", 1)+staffRows, false, true)
	if len(r.Bad) != 0 || len(r.Listed) != 1 || !strings.Contains(r.Listed[0].Text, "请核实") {
		t.Errorf("another company than the registered one: %+v", r)
	}
	r = d.try(roster.ContactList, strings.Replace(contactHead+contactRows, "示例高速,施工", "无此高速,施工", 1), false, true)
	if len(r.Bad) != 1 || r.Bad[0].Text != "没有这个项目" {
		t.Errorf("%+v", r)
	}
}
