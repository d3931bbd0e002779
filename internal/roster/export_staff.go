package roster

import (
	"slices"
	"strconv"
	"strings"
)

// StaffTable is one of the tables 表1-1, 1-2, 1-3: who holds the posts of a contract.
type StaffTable struct {
	Kind    SectionKind
	Project string
	Section string
	Company string
	Posts   []StaffPost
}

// StaffPost is a post of a contract with who holds it and who has replaced him.
type StaffPost struct {
	Title        string // as a form had it; "": by the role
	Role         Role
	Holder, Next StaffPerson
}

// StaffPerson is somebody with the papers that a form asks for; nobody without a name.
type StaffPerson struct {
	Name     string
	IDNumber string
	Papers   []Paper
}

// Paper is a certificate as a form has it.
type Paper struct{ Kind, Number string }

// ReadsBack says whether a form that says so is understood to say so.
func (p Paper) ReadsBack() bool {
	_, list := readPapers(p.line())
	return len(list) == 1 && list[0] == paper{p.Kind, p.Number}
}

func (p Paper) line() string { return p.Kind + "：" + p.Number }

// staffPrint is what one of the tables prints. A post is followed by its papers.
type staffPrint struct {
	sheet, title, section, papers, signs string
	posts                                []staffLine
}

type staffLine struct {
	number int
	post   string
	papers string
}

var staffPrints = map[SectionKind]staffPrint{
	Construction: {"表1-1 施工", "项目施工单位人员履约信息录入表（表1-1）", "合同段：", "资格证书及身份证号", "施工单位负责人签名、日期：", []staffLine{
		{1, "项目经理", "建造师 交安B证 职称证"}, {2, "总工程师", "交安B证 高级职称证"}, {3, "分管安全、生产的副经理或安全负责人", "交安B证 职称证"},
		{4, "路基工程师", "职称证"}, {5, "桥梁工程师", "职称证"}, {6, "隧道工程师", "职称证"}}},
	Supervision: {"表1-2 监理", "项目监理机构人员履约信息录入表（表1-2）", "合同段：", "资格证书及编号", "项目监理单位负责人签名、日期：", []staffLine{
		{1, "驻地监理工程师", "监理工程师证 职称证"}, {2, "副驻地监理工程师", "监理工程师证 职称证"}, {3, "安全总监", "监理工程师证 安全培训证 职称证"},
		{5, "桥梁总监", "监理工程师证 职称证"}, {6, "隧道总监", "监理工程师证 职称证"}}}, // the original has no number 4
	Testing: {"表1-3 试验室", "项目工地试验室人员履约信息录入表（表1-3）", "授权名称：", "资格证书及编号", "检测单位负责人签名、日期：", []staffLine{
		{1, "授权负责人(试验室主任)", "检测工程师证 职称证"}, {2, "检测工程师", "检测工程师证 职称证"}, {3, "检测员", "检测员证"}}},
}

// StaffForm is a table, filled in. Posts that the form does not print follow those
// that it does; a post that it prints and nobody holds stays empty.
func StaffForm(t StaffTable) Printed {
	f := staffPrints[t.Kind]
	contract := ""
	if t.Kind == Construction {
		contract = "总合同额/剩余合同额(亿元)："
	}
	p := Printed{Sheet: f.sheet, Merged: []string{"A1:G1"}, HeadFrom: 3, HeadTo: 3, Widths: []float64{14, 20, 14, 34, 14, 34, 14}, Rows: [][]string{
		{f.title}, {"项目名称：", t.Project, f.section, t.Section, "单位名称：", t.Company, contract},
		{"序号", "岗位", "合同人员", f.papers, "变更人员", f.papers, "备注"}}}
	for _, l := range f.lines(t) {
		p.Rows = append(p.Rows, []string{strconv.Itoa(l.number), l.post, l.held.Holder.Name, cellOfPapers(l.held.Holder, l.papers), l.held.Next.Name, cellOfPapers(l.held.Next, l.papers), ""})
	}
	p.Last = len(p.Rows)
	p.Rows = append(p.Rows, []string{"注：录入时受监人员本人到场并提供身份证原件及相关工作、考勤记录。"}, []string{f.signs}, []string{"业主单位负责人签名、日期："})
	for i := p.Last + 1; i <= len(p.Rows); i++ {
		p.Merged = append(p.Merged, "A"+strconv.Itoa(i)+":G"+strconv.Itoa(i))
	}
	return p
}

// heldLine is a printed line with the post that stands in it.
type heldLine struct {
	staffLine
	held StaffPost
}

// lines puts each post into the line that is printed for it, or into one of its own.
func (f staffPrint) lines(t StaffTable) []heldLine {
	var list []heldLine
	for _, l := range f.posts {
		list = append(list, heldLine{staffLine: l})
	}
	number := len(f.posts) + 1
	if n := len(f.posts); n > 0 {
		number = f.posts[n-1].number + 1
	}
	for _, post := range t.Posts {
		title := post.titleFor(t.Kind)
		i := slices.IndexFunc(list, func(l heldLine) bool { return withoutSpaces(l.post) == title && l.held.Role == "" })
		if i < 0 {
			i = len(list)
			list = append(list, heldLine{staffLine: staffLine{number: number, post: title}})
			number++
		}
		list[i].held = post
	}
	return list
}

// titleFor is what a form calls a post: as it was called before; else, of those whose
// name says no more than the role, the role.
func (p StaffPost) titleFor(kind SectionKind) string {
	switch {
	case p.Title != "":
		return p.Title
	case kind == Construction && p.Role == SectionLead:
		return "项目经理" // the same word in the vocabulary, and nobody else's
	}
	return withoutSpaces(p.Role.Label())
}

// cellOfPapers lists what somebody has, then what is asked for and missing, each on a
// line, the identity card last.
func cellOfPapers(p StaffPerson, printed string) string {
	var lines []string
	has := map[string]bool{}
	for _, c := range p.Papers {
		lines = append(lines, c.line())
		has[c.Kind] = true
	}
	for _, kind := range strings.Fields(printed) {
		if !has[kind] {
			lines = append(lines, kind+"：")
		}
	}
	return strings.Join(append(lines, "身份证："+p.IDNumber), "\n")
}
