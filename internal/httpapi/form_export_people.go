package httpapi

import (
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/postgres"
	"muster/internal/roster"
)

// companyKinds are the kinds of company by what they do in a project, as 附件4 has it.
var companyKinds = map[string]roster.CompanyKind{
	"owner": roster.OwnerCompany, string(roster.Construction): roster.ContractorCompany, string(roster.Supervision): roster.SupervisorCompany,
	string(roster.Testing): roster.LaboratoryCompany,
}

// leads is the role of who answers for a unit, as 附件4 is read.
var leads = map[roster.CompanyKind]roster.Role{
	roster.OwnerCompany: roster.OwnerHead, roster.ContractorCompany: roster.SectionLead, roster.SupervisorCompany: roster.SiteSupervisor,
	roster.LaboratoryCompany: roster.Laboratory,
}

func (x *formContent) contactLine(u postgres.FormUnit) roster.ContactLine {
	kind := companyKinds[u.Kind]
	l := roster.ContactLine{Project: u.Project, Kind: kind, Section: u.Code, SupervisedBy: u.SupervisedBy, Company: u.Company, USCC: deref(u.USCC), Devices: u.Devices}
	if u.SectionID != nil && roster.IsMidnight(u.ValidFrom) {
		l.From = u.ValidFrom // a day that somebody said, not the moment of an import
	}
	here := map[uuid.UUID]bool{}
	for _, p := range x.posts[u.ID()] {
		if p.Over(x.show.c.at) {
			continue
		}
		here[p.PersonID] = true
		switch {
		case roster.Role(p.Role) == leads[kind] && l.Leader.Name == "" && p.PhoneSealed != nil:
			l.Leader = x.person(p, u.Place(), false)
		case p.Role == string(roster.SystemAdmin) && l.Admin.Name == "" && (p.PhoneSealed != nil || p.IDSealed != nil):
			l.Admin = x.person(p, u.Place(), true)
		}
	}
	l.People = len(here)
	return l
}

// person shows somebody in a form; the number of the identity card only where the
// form has a column for it.
func (x *formContent) person(p postgres.FormPost, at account.Place, withID bool) roster.FormPerson {
	shown := x.show.contact(postgres.Contact{PersonID: p.PersonID, Name: p.Name, PhoneSealed: p.PhoneSealed}, at, account.Quiet)
	if x.show.c.who.Names(at, account.Quiet) != account.Full {
		x.masked++
	}
	who := roster.FormPerson{Name: deref(shown.Name), Phone: deref(shown.Phone)}
	if withID && p.IDSealed != nil {
		who.IDNumber = x.opened(at, "person", "id_number", p.PersonID, *p.IDSealed, roster.MaskID)
	}
	return who
}

// opened gives a sealed number in full to who may bring such forms in at a place,
// masked to all others.
func (x *formContent) opened(at account.Place, table, column string, row uuid.UUID, sealed string, mask func(string) string) string {
	plain, err := x.show.s.Sealer.Open(table, column, row.String(), sealed)
	switch {
	case err != nil:
		x.show.s.Log.Error("number does not open", "table", table, "row", row, "err", err)
		return ""
	case x.mayFull.Holds(at) && x.show.c.who.Names(at, account.Quiet) == account.Full:
		x.given++
		return plain
	}
	x.masked++
	return mask(plain)
}

func (x *formContent) staffTable(u postgres.FormUnit) roster.StaffTable {
	t := roster.StaffTable{Kind: roster.SectionKind(u.Kind), Project: u.Project, Section: u.Code, Company: u.Company}
	posts := x.posts[u.ID()]
	for _, p := range posts {
		role := roster.Role(p.Role)
		switch {
		case p.Over(x.show.c.at) || p.Title == "" && !role.Known() || role == roster.SystemAdmin || role == roster.DutyOfficer || role == roster.DutyLeader:
			continue
		case p.IDSealed == nil:
			x.without++
			continue
		}
		post := roster.StaffPost{Title: p.Title, Role: role, Holder: x.staff(p, u.Place())}
		if before := predecessor(posts, p); before != nil {
			post.Holder, post.Next = x.staff(*before, u.Place()), post.Holder
		}
		t.Posts = append(t.Posts, post)
	}
	return t
}

// predecessor is whose post ended when a person took it over (变更人员).
func predecessor(posts []postgres.FormPost, p postgres.FormPost) *postgres.FormPost {
	for i, q := range posts {
		if q.Role == p.Role && q.Title == p.Title && q.PersonID != p.PersonID && q.IDSealed != nil && q.ValidUntil != nil && q.ValidUntil.Equal(p.ValidFrom) {
			return &posts[i]
		}
	}
	return nil
}

func (x *formContent) staff(p postgres.FormPost, at account.Place) roster.StaffPerson {
	who := x.person(p, at, true)
	s := roster.StaffPerson{Name: who.Name, IDNumber: who.IDNumber}
	for _, c := range x.papers[p.PersonID] {
		paper := roster.Paper{Kind: c.Kind}
		if c.NumberSealed != nil {
			paper.Number = x.opened(at, "certificate", "number", c.ID, *c.NumberSealed, func(string) string { return "****" + c.NumberTail })
		}
		if !paper.ReadsBack() {
			x.unprintable++
			continue
		}
		s.Papers = append(s.Papers, paper)
	}
	return s
}
