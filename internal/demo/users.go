package demo

import (
	"github.com/google/uuid"

	"muster/internal/account"
	"muster/internal/geo"
	"muster/internal/roster"
)

// users makes one account for each kind of view: the province, a city and a
// county of the stormy evening, a section, a site, a supervisor, and the three
// administrators, who see no operational data.
func (g *generator) users() {
	shimian := geo.Region("511824000000")
	for _, u := range []struct {
		login, title string
		region       geo.Region
		role         account.Role
	}{
		{"province", "省厅值班员（示例）", sichuan, account.DutyOfficer},
		{"leader", "省厅带班领导（示例）", sichuan, account.DutyLeader},
		{"yaan", "雅安市值班员（示例）", yaan, account.DutyOfficer},
		{"shimian", "石棉县值班员（示例）", shimian, account.DutyOfficer},
	} {
		if id := g.authority(u.region); id != uuid.Nil {
			g.Users = append(g.Users, User{Login: u.login, Title: u.title, Role: u.role, AuthorityID: id, PersonID: g.holder(id, roster.Role(u.role))})
		}
	}
	g.unitUsers(shimian)
	g.Users = append(g.Users,
		User{Login: "auditor", Title: "审计管理员（示例）", Role: account.Auditor},
		User{Login: "security", Title: "安全管理员（示例）", Role: account.SecurityAdmin},
		User{Login: "system", Title: "系统管理员（示例）", Role: account.SystemAdmin})
}

// unitUsers are those of a residence in a county, of its section, and of the
// section that supervises it.
func (g *generator) unitUsers(county geo.Region) {
	for _, s := range g.Sites {
		lead := g.holder(s.ID, roster.SiteLead)
		if s.Region != county || !s.Sleeps || lead == uuid.Nil {
			continue
		}
		office := g.supervisorOf(s.SectionID)
		g.Users = append(g.Users,
			User{Login: "section", Title: "合同段负责人（示例）", Role: account.SectionLead, SectionID: s.SectionID, PersonID: g.holder(s.SectionID, roster.SectionLead)},
			User{Login: "site", Title: "驻地负责人（示例）", Role: account.SiteLead, SiteID: s.ID, PersonID: lead},
			User{Login: "supervisor", Title: "驻地监理（示例）", Role: account.Supervisor, SectionID: office, PersonID: g.holder(office, roster.SiteSupervisor)},
			User{Login: "owner", Title: "项目公司（示例）", Role: account.Owner, ProjectID: s.ProjectID, PersonID: g.holder(s.ProjectID, roster.OwnerHead)})
		return
	}
}

func (g *generator) supervisorOf(section uuid.UUID) uuid.UUID {
	for _, s := range g.Sections {
		if s.ID == section {
			return s.SupervisedBy
		}
	}
	return uuid.Nil
}

// holder is the first person with a role in a unit; uuid.Nil without one.
func (g *generator) holder(unit uuid.UUID, role roster.Role) uuid.UUID {
	for _, p := range g.Posts {
		if p.UnitID == unit && p.Role == role {
			return p.PersonID
		}
	}
	return uuid.Nil
}
