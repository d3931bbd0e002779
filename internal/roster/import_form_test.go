package roster_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"muster/internal/roster"
)

// The tables of 附件1 and 附件4, filled in by invented people.
const (
	contacts = `配合系统及终端安装调试部门负责人、系统管理员联系汇总表
市州: 雅安,单位: (盖章),填报时间: 2018 年 5 月 20 日,联系人:,联系电话:
项目名称,单位类型,监理处,合同段,该合同由几处管辖,单位名称,统一社会信用代码,拟安装考勤机数量,合同履约人数,负责人,,,系统管理员,,,计划开工日期,计划完工日期
,,,,,,,,,姓名,部门名称,联系电话,姓名,身份证号码,手机号码,,
示例高速,业主,/,/,/,示例甲公司,,,,示例业主,工程部,19900000001,,,,,
示例高速,施工,/,A1 合同段,第 JL1 监理处,示例乙公司,,2,12,示例某甲,项目部,19900000002,示例某乙,11010519491231002x,19900000003,2018年5月20日,2020.5.20
示例高速,监理,第 JL1 监理处,/,/,示例丙公司,,1,5,示例某丙,,19900000004,示例某丙,,19900000004,,
示例高速,检测,/,A1 合同段工地试验室,第 JL1 监理处,示例丁公司,,1,3,示例某丁,,19900000005,,,,,
业主审核人:
市州质安机构审核人:
说明:
"1、请以市州为单位汇总, 经审核后报送。"
`
	builders = `项目施工单位人员履约信息录入表 (表1-1)
合同段:,A1,单位名称:,示例乙公司,总合同额/剩余合同额(亿元):,3/1
序号,岗位,合同人员,资格证书及身份证号,变更人员,资格证书及身份证号,备注
1,项目经理,示例某甲,建造师: 示例151 交安 B 证: 示例B(15)G00001 职称证: 身份证: 11010519491231002X,示例某戊,建造师:示例152 交安 B 证: 示例B2 身份证: 440308199901101512,
2,总工程师,,交安 B 证: 高级职称证: 身份证:,,交安 B 证: 高级职称证: 身份证:,
4,路基工程师,示例某己,职称证: 高级工程师 身份证: 440307198303074015,,职称证: 身份证:,
注: 录入时受监人员本人到场并提供身份证原件。
施工单位负责人签名、日期:
`
	supervisors = `项目监理机构人员履约信息录入表 (表1-2)
合同段: JL1,单位名称: 示例丙公司
序号,岗位,合同人员,资格证书及编号,变更人员,资格证书及编号,备注
1,驻地监理工程师,示例某庚,监理工程师证: 示例JGS1 职称证: 身份证: 330281199001010013,,监理工程师证: 职称证: 身份证:,
6,隧道总监,示例某辛,监理工程师证: 示例JGS2 职称证: 身份证: 330281199001010011,,,
`
)

func TestAnnex4IsTakenAsItIs(t *testing.T) {
	f := parse(t, roster.ContactList, contacts, roster.Options{})
	none(t, f)
	if f.Rows != 4 || f.Good() != 4 || len(f.Companies) != 4 || len(f.Sections) != 3 || len(f.People) != 5 || len(f.Posts) != 6 {
		t.Fatalf("%d rows: %d companies, %d sections, %d people, %d posts; %v", f.Rows, len(f.Companies), len(f.Sections), len(f.People), len(f.Posts), f.Listed)
	}
	a1, supervision, laboratory := f.Sections[0], f.Sections[1], f.Sections[2]
	if a1.Section.Code != "A1合同段" || a1.SupervisedBy != "第JL1监理处" || a1.Section.From.Year() != 2018 || a1.Company != "示例乙公司" {
		t.Errorf("%+v", a1)
	}
	if supervision.Section.Code != "第JL1监理处" || supervision.Section.Kind != roster.Supervision || supervision.SupervisedBy != "" {
		t.Errorf("%+v", supervision)
	}
	if laboratory.Section.Kind != roster.Testing || laboratory.SupervisedBy != "第JL1监理处" {
		t.Errorf("%+v", laboratory)
	}
	if owner := f.Posts[0]; owner.Unit.Kind != roster.ProjectUnit || owner.Post.Role != roster.OwnerHead {
		t.Errorf("%+v", owner)
	}
	if admin := f.Posts[2]; admin.Post.Role.Known() || admin.Person.IDNumber != "11010519491231002X" {
		t.Errorf("a form gives rights: %+v", admin)
	}
}

// The three tables printed one under another, as in the notice.
func TestTheTablesOfStaffAreTakenAsTheyAre(t *testing.T) {
	f := parse(t, roster.ContractStaff, builders+supervisors, roster.Options{})
	if len(f.Problems) != 1 || f.Problems[0].Line != 13 || strings.Contains(f.Problems[0].Value, "330281199001010011") {
		t.Fatalf("the wrong check digit: %v", f.Problems)
	}
	if f.Rows != 4 || len(f.Posts) != 3 || len(f.People) != 4 {
		t.Fatalf("%d rows, %d posts, %d people; %v", f.Rows, len(f.Posts), len(f.People), f.Listed)
	}
	manager, builder, supervisor := f.Posts[0], f.Posts[1], f.Posts[2]
	if manager.Post.Role != roster.SectionLead || manager.Person.Name != "示例某戊" || manager.Instead.Name != "示例某甲" || manager.Unit.Section.Section != "A1" {
		t.Errorf("replaced: %+v", manager)
	}
	if builder.Post.Role != "路基工程师" || builder.Instead.Name != "" {
		t.Errorf("%+v", builder)
	}
	if supervisor.Post.Role != roster.SiteSupervisor || supervisor.Unit.Section.Section != "JL1" {
		t.Errorf("%+v", supervisor)
	}
	got := map[string]string{}
	for _, c := range f.Certificates {
		got[c.Person.Name+" "+c.Kind] = c.Number
	}
	if len(got) != 6 || got["示例某甲 交安B证"] != "示例B(15)G00001" || got["示例某己 职称证"] != "高级工程师" || got["示例某戊 建造师"] != "示例152" {
		t.Errorf("%v", got)
	}
}

func TestFormsThatAreRefusedInWords(t *testing.T) {
	head := "项目名称,单位类型,监理处,合同段,该合同由几处管辖,单位名称,统一社会信用代码,负责人,,系统管理员,,\n,,,,,,,姓名,联系电话,姓名,身份证号码,手机号码\n"
	staff := "合同段: A1\n序号,岗位,合同人员,资格证书及编号,变更人员,资格证书及编号\n"
	for _, c := range []struct {
		what, text string
		kind       roster.Kind
		has        string
	}{
		{"a builder without a section", head + "示例高速,施工,,/,,示例乙公司,,,,,,\n", roster.ContactList, "没有填"},
		{"a leader by landline", head + "示例高速,业主,,,,示例甲公司,,示例某甲,028-87654321,,,\n", roster.ContactList, "手机"},
		{"a leader without a number", head + "示例高速,业主,,,,示例甲公司,,示例某甲,,,,\n", roster.ContactList, "没有号码"},
		{"a line twice", head + strings.Repeat("示例高速,业主,,,,示例甲公司,,,,,,\n", 2), roster.ContactList, "重复"},
		{"a kind that is not there", head + "示例高速,集团,,,,示例甲公司,,,,,,\n", roster.ContactList, "没有母体企业"},
		{"a name without papers", staff + "1,项目经理,示例某甲,,,\n", roster.ContractStaff, "没有写身份证号"},
		{"papers without a name", staff + "1,项目经理,,,示例某乙,身份证: 11010519491231002X\n1,总工,,身份证: 11010519491231002X,示例某丙,身份证: 440308199901101512\n", roster.ContractStaff, "没有填姓名"},
		{"a table without its section", strings.SplitN(staff, "\n", 2)[1] + "1,项目经理,示例某甲,身份证: 11010519491231002X,,\n", roster.ContractStaff, "没有写合同段"},
	} {
		t.Run(c.what, func(t *testing.T) {
			f := parse(t, c.kind, c.text, roster.Options{})
			if len(f.Problems) == 0 || !strings.Contains(f.Problems[0].Text+f.Problems[0].Mend, c.has) {
				t.Errorf("%v, want %q", f.Problems, c.has)
			}
		})
	}
}

// What is given out as an empty form is recognised when it comes back.
func TestAPrintedFormIsTakenAsItIs(t *testing.T) {
	for _, kind := range []roster.Kind{roster.ContactList, roster.ContractStaff} {
		book := excelize.NewFile()
		for _, form := range roster.PrintedForms(kind) {
			if _, err := book.NewSheet(form.Sheet); err != nil {
				t.Fatal(err)
			}
			for i, row := range form.Rows {
				cell, _ := excelize.CoordinatesToCellName(1, i+1)
				if err := book.SetSheetRow(form.Sheet, cell, &row); err != nil {
					t.Fatal(err)
				}
			}
			for _, m := range form.Merged {
				from, to, _ := strings.Cut(m, ":")
				if err := book.MergeCell(form.Sheet, from, to); err != nil {
					t.Fatal(err)
				}
			}
		}
		var out bytes.Buffer
		if err := book.Write(&out); err != nil {
			t.Fatal(err)
		}
		f, err := roster.ParseImport(kind, roster.XLSX, &out, roster.Options{})
		if err != nil {
			t.Fatal(err)
		}
		none(t, f)
		if f.Rows != 0 || len(f.Sheets) != len(roster.PrintedForms(kind))+1 {
			t.Errorf("%s: %d rows of an empty form, listed %v", kind, f.Rows, f.Listed)
		}
	}
}

func TestBareNames(t *testing.T) {
	for text, want := range map[string]string{"A1 合同段": "A1", "第 JL1 监理处": "JL1", "TJ15": "TJ15", "第监理处": "第监理处", "合同段": "合同段"} {
		if got := roster.BareName(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
