package roster

import (
	"strconv"
	"time"

	"muster/internal/clock"
)

// Printed is a form as it is printed: rows of cells, which of them are one (ranges
// like A4:A5), which rows are headings, and how wide the columns are.
type Printed struct {
	Sheet    string
	Rows     [][]string
	Merged   []string
	HeadFrom int // the first row of headings, from 1
	HeadTo   int
	Last     int       // the last row of the table
	Widths   []float64 // in characters
}

// PrintedForms are the empty tables of a form (湘交函〔2018〕288号 附件1, 附件4), with
// the project, which the originals leave out and several sections of one name need.
func PrintedForms(k Kind) []Printed {
	switch k {
	case ContactList:
		return []Printed{ContactForm(nil, "", time.Time{})}
	case ContractStaff:
		var list []Printed
		for _, kind := range []SectionKind{Construction, Supervision, Testing} {
			list = append(list, StaffForm(StaffTable{Kind: kind}))
		}
		return list
	}
	return nil
}

// ContactLine is a line of 附件4: a company at work in a project.
type ContactLine struct {
	Project      string
	Kind         CompanyKind
	Section      string // "" for an owner (业主)
	SupervisedBy string
	Company      string
	USCC         string
	Devices      int
	People       int
	Leader       FormPerson
	Admin        FormPerson
	From         time.Time // 计划开工日期; zero: not known
}

// FormPerson is somebody as a form names him; nobody without a name.
type FormPerson struct{ Name, Phone, IDNumber string }

// ContactForm is 附件4, filled in: columns of one kind of company that do not apply
// to another have a stroke. at is when it was filled in; zero: not yet.
func ContactForm(lines []ContactLine, city string, at time.Time) Printed {
	p := Printed{
		Sheet: "附件4", HeadFrom: 3, HeadTo: 4, Last: 4 + len(lines), Widths: []float64{24, 9, 14, 14, 14, 26, 22, 9, 9, 10, 12, 14, 10, 21, 14, 13, 13},
		Merged: []string{"A1:Q1", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "E3:E4", "F3:F4", "G3:G4", "H3:H4", "I3:I4", "J3:L3", "M3:O3", "P3:P4", "Q3:Q4"},
		Rows: [][]string{
			{"配合系统及终端安装调试部门负责人、系统管理员联系汇总表"},
			{"市州：", city, "单位（盖章）：", "", "填报时间：", dateOf(at), "联系人：", "", "联系电话：", ""},
			{"项目名称", "单位类型", "监理处", "合同段", "该合同由几处管辖", "单位名称", "统一社会信用代码", "拟安装考勤机数量", "合同履约人数",
				"负责人", "", "", "系统管理员", "", "", "计划开工日期", "计划完工日期"},
			{"", "", "", "", "", "", "", "", "", "姓名", "部门名称", "联系电话", "姓名", "身份证号码", "手机号码", "", ""},
		},
	}
	for _, l := range lines {
		supervision, section := "/", "/"
		switch {
		case l.Kind == SupervisorCompany:
			supervision = l.Section
		case l.Section != "":
			section = l.Section
		}
		p.Rows = append(p.Rows, []string{l.Project, l.Kind.Label(), supervision, section, orElse(l.SupervisedBy, "/"), l.Company, l.USCC, number(l.Devices), number(l.People),
			l.Leader.Name, "", l.Leader.Phone, l.Admin.Name, l.Admin.IDNumber, l.Admin.Phone, dateOf(l.From), ""})
	}
	if len(lines) > 0 {
		p.Rows = append(p.Rows, []string{"业主审核人："}, []string{"市州质安机构审核人："})
	}
	return p
}

func dateOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Shanghai).Format(time.DateOnly)
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
