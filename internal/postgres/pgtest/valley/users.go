package valley

import (
	"muster/internal/account"
	"muster/internal/postgres"
)

// User is an account: one role in one place.
type User struct {
	Login string
	Role  account.Role
	Place postgres.GrantPlace
}

// Users are all accounts: every role at least once.
func Users() []User {
	authority := func(name string) postgres.GrantPlace { return postgres.GrantPlace{Authority: ID(name)} }
	company := func(name string) postgres.GrantPlace { return postgres.GrantPlace{Company: ID(name)} }
	section := func(code string) postgres.GrantPlace { return postgres.GrantPlace{Section: ID(code)} }
	return []User{
		{"province", account.DutyOfficer, authority("省厅")},
		{"province-leader", account.DutyLeader, authority("省厅")},
		{"yaan", account.DutyOfficer, authority("雅安局")},
		{"yaan2", account.DutyOfficer, authority("雅安局")},
		{"yaan-leader", account.DutyLeader, authority("雅安局")},
		{"shimian", account.DutyOfficer, authority("石棉局")},
		{"shimian-leader", account.DutyLeader, authority("石棉局")},
		{"hanyuan", account.DutyOfficer, authority("汉源局")},
		{"liangshan", account.DutyOfficer, authority("凉山局")},
		{"viewer", account.Viewer, authority("雅安局")},
		{"unit-admin", account.UnitAdmin, company("builder1")},
		{"owner", account.Owner, postgres.GrantPlace{Project: ID("P1")}},
		{"section", account.SectionLead, section("A1")},
		{"deputy", account.SectionDeputy, section("A1")},
		{"site", account.SiteLead, postgres.GrantPlace{Site: ID(Home)}},
		{"supervisor", account.Supervisor, section("JL1")},
		{"lab", account.Laboratory, section("LAB")},
		{"parent", account.ParentViewer, company("group")},
		{"worker", account.Worker, postgres.GrantPlace{Site: ID(Home)}},
		{"auditor", account.Auditor, postgres.GrantPlace{}},
		{"security", account.SecurityAdmin, postgres.GrantPlace{}},
		{"system", account.SystemAdmin, postgres.GrantPlace{}},
		{"support", account.Support, postgres.GrantPlace{}},
	}
}
