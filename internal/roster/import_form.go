package roster

import "strings"

// The printed forms of 湘交函〔2018〕288号, taken as they are (operations.md §9.2).
// One line of a form says several things, so a form fills several lists of a File.
const (
	// ContactList is 附件4, 负责人、系统管理员联系汇总表: companies, sections and who
	// answers for them.
	ContactList Kind = "contact_list"
	// ContractStaff is 表1-1, 1-2 and 1-3, 人员履约信息录入表: who holds which post of
	// a contract, with his certificates, and who replaced him.
	ContractStaff Kind = "contract_staff"
)

// IsForm says whether a kind is a printed form.
func (k Kind) IsForm() bool { return k == ContactList || k == ContractStaff }

const (
	fBy          field = "该合同由几处管辖"
	fLeaderName  field = "负责人姓名"
	fLeaderPhone field = "负责人联系电话"
	fAdminName   field = "系统管理员姓名"
	fAdminID     field = "系统管理员身份证号码"
	fAdminPhone  field = "系统管理员手机号码"
	fHolder      field = "合同人员"
	fHolderCerts field = "资格证书及身份证号"
	fNext        field = "变更人员"
	fNextCerts   field = "变更人员资格证书及身份证号"
)

// formLayouts are the columns of the forms. The two columns of certificates have
// one heading: the first belongs to the contract's own person, the second to who
// replaced him.
func formLayouts() map[Kind]layout {
	certificates := []string{"资格证书及身份证号", "资格证书及编号", "资格证书及证件号"}
	return map[Kind]layout{
		ContactList: {label: "联系汇总表", columns: []column{need(fProject, "项目名称", "工程名称"), need(fUnitKind, "类别", "参建类型"), may(fSupervised),
			may(fSection, "合同段编号", "标段"), may(fBy, "管辖监理处"), need(fUnit, "单位", "单位全称"), may(fUSCC, "信用代码", "组织机构代码"),
			may(fLeaderName), may(fLeaderPhone, "负责人手机号码", "负责人电话"), may(fAdminName), may(fAdminID, "系统管理员身份证号"),
			may(fAdminPhone, "系统管理员联系电话"), may(fStart, "计划开工日期", "开工"), may(fEnd, "计划完工日期", "完工")}, read: (*reader).contact,
			around: func(_ *reader, cells []string) bool { return strings.Contains(strings.Join(cells, ""), "审核人") }},
		ContractStaff: {label: "人员履约信息录入表", columns: []column{need(fRole), need(fHolder), may(fHolderCerts, certificates...), may(fNext),
			may(fNextCerts, certificates...)}, read: (*reader).staff, around: (*reader).staffHeading},
	}
}

// formPerson notes somebody whom a form names. Who stands in it twice is one
// person: what one line leaves out another may say.
func (in *reader) formPerson(line int, who PersonRef) {
	for i := range in.People {
		p := &in.People[i].Person
		sameID := who.IDNumber != "" && p.IDNumber == who.IDNumber
		samePhone := who.Phone != "" && p.Phone == who.Phone && p.Name == who.Name && (p.IDNumber == "" || who.IDNumber == "")
		if !sameID && !samePhone {
			continue
		}
		if p.Name != who.Name {
			in.list(line, "同一个身份证号在"+in.words(in.People[i].Line)+"是另一个姓名，请核实")
		}
		p.IDNumber, p.Phone = orElse(p.IDNumber, who.IDNumber), orElse(p.Phone, who.Phone)
		return
	}
	in.People = append(in.People, PersonRow{Line: line, Person: Person{Name: who.Name, Phone: who.Phone, IDNumber: who.IDNumber}})
}

// BareName is the name of a section without the words around it that one form
// writes and another leaves out: A1 合同段, 第 JL1 监理处.
func BareName(text string) string {
	name := withoutSpaces(text)
	for _, tail := range []string{"合同段", "标段", "标", "监理处", "驻地办"} {
		if bare, cut := strings.CutSuffix(name, tail); cut && strings.TrimPrefix(bare, "第") != "" {
			return strings.TrimPrefix(bare, "第")
		}
	}
	return name
}

// Without is the file without some lines; the problems stay.
func (f File) Without(bad map[int]bool) File {
	f.Companies = without(f.Companies, func(r CompanyRow) bool { return bad[r.Line] })
	f.Sections = without(f.Sections, func(r SectionRow) bool { return bad[r.Line] })
	f.People = without(f.People, func(r PersonRow) bool { return bad[r.Line] })
	f.Posts = without(f.Posts, func(r PostRow) bool { return bad[r.Line] })
	f.Certificates = without(f.Certificates, func(r CertificateRow) bool { return bad[r.Line] })
	return f
}

func without[T any](rows []T, bad func(T) bool) []T {
	var kept []T
	for _, r := range rows {
		if !bad(r) {
			kept = append(kept, r)
		}
	}
	return kept
}
