package roster

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxTitle is how long the name of a post may be, in characters.
const maxTitle = 50

// staffTable is what stands above one of the tables 表1-1, 1-2, 1-3.
type staffTable struct {
	kind    SectionKind
	section SectionRef
	company string
}

// staffLabels are the fields above the tables.
var staffLabels = map[string]string{"项目名称": "project", "项目": "project", "合同段": "section", "授权名称": "section", "单位名称": "company"}

var staffLabel = regexp.MustCompile(`^\s*([\p{Han} /()（）]+?)\s*[:：]\s*(.*)$`)

// staffHeading reads a line that is none of the table: a title, the fields above
// it, the headings of a further table. It says whether it was one.
func (in *reader) staffHeading(cells []string) bool {
	text := withoutSpaces(strings.Join(cells, ""))
	switch {
	case strings.Contains(text, "录入表"):
		in.above = staffTable{kind: staffKind(text)}
		return true
	case strings.Contains(text, "岗位") && strings.Contains(text, "合同人员"):
		return true
	case !strings.Contains(text, "合同段:") && !strings.Contains(text, "授权名称:") && !strings.Contains(text, "项目名称:"):
		return false
	}
	// A table that is printed without its title begins with these fields.
	in.above = staffTable{kind: in.above.kind}
	if strings.Contains(text, "授权名称:") {
		in.above.kind = Testing
	}
	for i, cell := range cells {
		m := staffLabel.FindStringSubmatch(cell)
		if m == nil {
			continue
		}
		in.above.set(staffLabels[wordKey(m[1])], orElse(strings.TrimSpace(m[2]), nextValue(cell, cells[i+1:])))
	}
	return true
}

func (t *staffTable) set(what, text string) {
	switch what {
	case "project":
		t.section.Project = text
	case "section":
		t.section.Section = withoutSpaces(text)
	case "company":
		t.company = text
	}
}

// nextValue is the value of a label that has cells of its own, or that was merged.
func nextValue(label string, cells []string) string {
	for _, c := range cells {
		if c = strings.TrimSpace(c); c != "" && c != strings.TrimSpace(label) {
			if staffLabel.MatchString(c) {
				return ""
			}
			return c
		}
	}
	return ""
}

func staffKind(title string) SectionKind {
	switch {
	case strings.Contains(title, "监理") || strings.Contains(title, "1-2"):
		return Supervision
	case strings.Contains(title, "试验室") || strings.Contains(title, "1-3"):
		return Testing
	}
	return Construction
}

// staff reads a line of a table: a post of the contract, who holds it, and who
// has replaced him.
func (in *reader) staff(r *row) {
	if r.text(fHolder) == "" && r.text(fNext) == "" {
		in.Rows--
		if post := r.text(fRole); post != "" {
			in.list(r.line, "“"+post+"”没有填人")
		}
		return
	}
	title := withoutSpaces(r.need(fRole))
	role := staffRole(in.above.kind, r.text(fRole))
	if utf8.RuneCountInString(title) > maxTitle {
		r.problem(fRole, "岗位名称太长", "不超过 50 个字")
	}
	if in.above.section.Section == "" {
		r.problem(fSection, "表上方没有写合同段（或授权名称）", "请在表头上方写“合同段：编号”")
	}
	holder, papers := r.staffPerson(fHolder, fHolderCerts)
	next, nextPapers := r.staffPerson(fNext, fNextCerts)
	if r.bad {
		return
	}
	if !role.Known() {
		in.list(r.line, "岗位“"+string(role)+"”不在名录里：照原文保存，不带任何权限")
	}
	p := PostRow{Line: r.line, Person: holder, Unit: UnitRef{Kind: SectionUnit, Name: in.above.company, Section: in.above.section}}
	p.Post.Role, p.Post.Title, p.Post.Seat = role, title, SeatA
	if next.Name != "" {
		p.Person, p.Instead = next, holder
	}
	for _, who := range []PersonRef{holder, next} {
		if who.Name != "" {
			in.formPerson(r.line, who)
		}
	}
	in.Posts = append(in.Posts, p)
	in.papers(r, holder, papers)
	in.papers(r, next, nextPapers)
}

// staffPerson reads a name and the lines of his papers.
func (r *row) staffPerson(name, certs field) (PersonRef, []paper) {
	id, papers := readPapers(r.text(certs))
	if r.text(name) == "" {
		if id != "" || len(papers) > 0 {
			r.problem(name, "填了证件，没有填姓名", "请填写姓名")
		}
		return PersonRef{}, nil
	}
	p := PersonRef{Name: value(r, name, ParseName)}
	if id == "" {
		r.problem(certs, "没有写身份证号", "请在这一格写一行“身份证：号码”，否则下次认不出是同一个人")
		return p, nil
	}
	number, err := ParseCitizenID(id)
	r.refuse(certs, err)
	p.IDNumber = number
	return p, papers
}

func (in *reader) papers(r *row, who PersonRef, list []paper) {
	for _, c := range list {
		if in.once("paper", who.IDNumber, c.kind, c.number) {
			in.Certificates = append(in.Certificates, CertificateRow{Line: r.line, Person: who, Kind: c.kind, Number: c.number, Bare: true})
		}
	}
}

// once says whether something is said for the first time in the file.
func (in *reader) once(parts ...string) bool {
	k := strings.Join(parts, "\x00")
	_, said := in.seen[k]
	in.seen[k] = 1
	return !said
}

// staffRole is what a post of a form leads to. What the tables of supervisors and
// laboratories print are their own words for two roles.
func staffRole(kind SectionKind, post string) Role {
	key := withoutSpaces(post)
	switch {
	case kind == Supervision && (strings.Contains(key, "监理") || strings.Contains(key, "总监")):
		return SiteSupervisor
	case kind == Testing && (strings.Contains(key, "检测") || strings.Contains(key, "试验室")):
		return Laboratory
	}
	if known, err := ParseRole(key); err == nil {
		return known
	}
	return Role(strings.TrimSpace(post))
}
