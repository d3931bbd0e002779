package roster

// contact reads a line of 附件4: a company at work in a project, what it answers
// for, and two people.
func (in *reader) contact(r *row) {
	kind := needed(r, fUnitKind, ParseCompanyKind)
	company := CompanyRow{Line: r.line, Company: Company{Name: r.need(fUnit), USCC: value(r, fUSCC, ParseUSCC), Kind: kind}}
	unit := UnitRef{Kind: ProjectUnit, Section: SectionRef{Project: r.need(fProject)}}
	section, works := in.contactSection(r, kind, company.Company)
	if works {
		unit.Kind, unit.Section.Section = SectionUnit, section.Section.Code
	}
	leader := r.somebody(fLeaderName, "", fLeaderPhone)
	admin := r.somebody(fAdminName, fAdminID, fAdminPhone)
	in.sameCompany(r, company.Company)
	if !r.bad {
		r.key(fUnit, unit.Section.Project, unit.Section.Section, company.Company.Name)
	}
	if r.bad {
		return
	}
	in.Companies = append(in.Companies, company)
	if works {
		in.Sections = append(in.Sections, section)
	}
	in.holds(r.line, leader, unit, leaderOf[kind])
	in.holds(r.line, admin, unit, SystemAdmin)
}

// SystemAdmin is kept as text: rights are given by a person, not by a form.
const SystemAdmin Role = "系统管理员"

var leaderOf = map[CompanyKind]Role{
	OwnerCompany: OwnerHead, ContractorCompany: SectionLead, SupervisorCompany: SiteSupervisor, LaboratoryCompany: Laboratory,
}

var sectionOf = map[CompanyKind]SectionKind{ContractorCompany: Construction, SupervisorCompany: Supervision, LaboratoryCompany: Testing}

// contactSection is what a company has under contract; an owner (业主) has none. A
// supervisor's stands in the column 监理处, a laboratory's in one or the other.
func (in *reader) contactSection(r *row, kind CompanyKind, c Company) (SectionRow, bool) {
	works, any := sectionOf[kind]
	if !any {
		if kind == ParentCompany {
			r.problem(fUnitKind, "这张表里没有母体企业", "可填：业主、施工、监理、检测")
		}
		return SectionRow{}, false
	}
	column := fSection
	if kind == SupervisorCompany || kind == LaboratoryCompany && r.text(fSection) == "" {
		column = fSupervised
	}
	code := r.need(column)
	s := SectionRow{Line: r.line, Project: r.text(fProject), Company: orElse(c.USCC, c.Name), SupervisedBy: withoutSpaces(r.text(fBy))}
	s.Section.Code, s.Section.Kind = withoutSpaces(code), works
	s.Section.From, _ = r.span(fStart, fEnd)
	return s, true
}

// somebody reads a person of a form; nobody when no name is there.
func (r *row) somebody(name, id, phone field) PersonRef {
	if r.text(name) == "" {
		return PersonRef{}
	}
	p := PersonRef{Name: value(r, name, ParseName), Phone: value(r, phone, ParsePhone)}
	if id != "" {
		p.IDNumber = value(r, id, ParseCitizenID)
	}
	if !r.bad && p.Phone == "" && p.IDNumber == "" {
		r.problem(phone, "没有号码", "请填写手机号码，否则下次认不出是同一个人")
	}
	return p
}

// holds notes that somebody has a post.
func (in *reader) holds(line int, who PersonRef, unit UnitRef, role Role) {
	if who.Name == "" {
		return
	}
	in.formPerson(line, who)
	in.Posts = append(in.Posts, PostRow{Line: line, Person: who, Unit: unit, Post: Post{Role: role, Seat: SeatA}})
}

// sameCompany: a company that stands in several lines has one code.
func (in *reader) sameCompany(r *row, c Company) {
	for _, other := range in.Companies {
		if o := other.Company; o.Name == c.Name && o.USCC != "" && c.USCC != "" && o.USCC != c.USCC {
			r.problem(fUSCC, "同一个单位在"+in.words(other.Line)+"是另一个代码", "请核对两行的统一社会信用代码")
			return
		}
	}
}
