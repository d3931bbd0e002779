package account

import "slices"

// Role is what somebody is to Muster (operations.md §5, §6).
type Role string

// The roles of people. Devices and feeds have keys instead.
const (
	DutyOfficer   Role = "duty_officer"   // 值班员
	DutyLeader    Role = "duty_leader"    // 带班领导
	Viewer        Role = "viewer"         // 查看
	UnitAdmin     Role = "unit_admin"     // 单位管理员
	Owner         Role = "owner"          // 项目公司
	SectionLead   Role = "section_lead"   // 合同段负责人
	SectionDeputy Role = "section_deputy" // 副负责人
	SiteLead      Role = "site_lead"      // 驻地/工点负责人
	Supervisor    Role = "supervisor"     // 监理
	Laboratory    Role = "laboratory"     // 试验检测
	ParentViewer  Role = "parent_viewer"  // 母体企业查看
	Worker        Role = "worker"         // 工人
	Auditor       Role = "auditor"        // 审计管理员
	SecurityAdmin Role = "security_admin" // 安全管理员
	SystemAdmin   Role = "system_admin"   // 系统管理员
	Support       Role = "support"        // 技术支持
)

// Permission is one thing that can be allowed.
type Permission string

// The permissions that exist so far.
const (
	SeeSites       Permission = "site.see"
	EditSites      Permission = "site.edit"
	AddProjects    Permission = "project.add" // a new one lies in a territory, not in anybody's project
	EditUnits      Permission = "unit.edit"   // projects, and sections of them
	EditPeople     Permission = "person.edit" // people and posts
	EditDevices    Permission = "device.edit"
	Export         Permission = "export" // lists as workbooks
	SeeWarnings    Permission = "warning.see"
	DraftWarning   Permission = "warning.draft"
	PublishWarning Permission = "warning.publish"
	LiftWarning    Permission = "warning.lift"
	LeadDuty       Permission = "warning.lead"  // publishes red and orange without a second look
	TakeDuty       Permission = "duty.take"     // 接班
	SignStanding   Permission = "standing.sign" // 常设授权: signs what goes out by itself
	SeeMessages    Permission = "message.see"
	SeePeople      Permission = "person.see"
	Import         Permission = "import"
	AddDocument    Permission = "document.add"
	SeeAudit       Permission = "audit.see"
	CreateUser     Permission = "user.create"
	GrantRights    Permission = "user.grant"
	SeeSystem      Permission = "system.see"
	Configure      Permission = "system.configure" // recordings

	Acknowledge     Permission = "response.acknowledge" // 签收, 开始转移, of one's own places
	Report          Permission = "response.report"      // 落实, 报告已撤离
	Confirm         Permission = "response.confirm"     // 现场确认
	Verify          Permission = "response.verify"      // 核实; an authority signs that it has seen
	Refuse          Permission = "response.refuse"      // 退回, 重新开启: whoever may confirm or verify
	CallByHand      Permission = "response.call"        // 人工叫应
	StartEvacuation Permission = "evacuation.start"     // 自行启动撤离
	Inspect         Permission = "inspection.add"       // 雨后排查
	GiveReturn      Permission = "return.give"          // 准予返回
	SeeAlarms       Permission = "alarm.see"            // what the watchdog found
	CountEvening    Permission = "evening.count"        // 每日报数
	KeepLeave       Permission = "leave.keep"           // 请假、离场、销假
)

// Disclosure is how much of a responsible person's name and phone a role sees.
type Disclosure int

// From nothing to everything. DuringWarning is full while an actual warning is in
// force at the person's site and masked otherwise; DuringDrill is full in a drill
// as well.
const (
	Hidden Disclosure = iota
	Masked
	DuringWarning
	DuringDrill
	Full
)

// Occasion is what is going on at a place.
type Occasion int

// The occasions, in rising order.
const (
	Quiet Occasion = iota
	Drill          // 演练: an exercise is in force
	Live           // 实战: an actual warning is in force
)

// Permissions is the list of all, in reading order.
func Permissions() []Permission {
	return []Permission{SeeSites, EditSites, AddProjects, EditUnits, EditPeople, EditDevices, Export, SeeWarnings, DraftWarning, PublishWarning, LiftWarning, LeadDuty,
		TakeDuty, SignStanding,
		SeeMessages, SeePeople, Import, AddDocument, SeeAudit, CreateUser, GrantRights, SeeSystem, Configure,
		Acknowledge, Report, Confirm, Verify, Refuse, CallByHand, StartEvacuation, Inspect, GiveReturn, SeeAlarms, CountEvening, KeepLeave}
}

type rights struct {
	label string
	may   []Permission
	names Disclosure
}

// What goes together in the table.
var (
	seesPeople = []Permission{SeeSites, SeeWarnings, SeePeople}
	keepsUnits = with(seesPeople, EditSites, EditPeople, EditDevices, Import, AddDocument, Export, KeepLeave)
	publishes  = with(seesPeople, DraftWarning, PublishWarning, LiftWarning, TakeDuty, SeeMessages, Verify, Refuse, CallByHand, GiveReturn, SeeAlarms)
	answers    = []Permission{Acknowledge, Report}
	leadsWork  = with(with(keepsUnits, answers...), CallByHand, StartEvacuation, Inspect, CountEvening)
)

func with(p []Permission, more ...Permission) []Permission { return slices.Concat(p, more) }

// The table of operations.md §5, as far as the product has the acts. A section
// cannot publish.
var table = map[Role]rights{
	DutyOfficer:   {"值班员", with(publishes, Export), DuringWarning},
	DutyLeader:    {"带班领导", with(publishes, LeadDuty, SignStanding, Import, EditSites, AddProjects, EditUnits, EditPeople, EditDevices, Export), Full},
	Viewer:        {"查看", []Permission{SeeSites, SeeWarnings, SeeMessages}, Hidden},
	UnitAdmin:     {"单位管理员", keepsUnits, Full},
	Owner:         {"项目公司", with(with(keepsUnits, answers...), EditUnits, CallByHand, GiveReturn), Full},
	SectionLead:   {"合同段负责人", leadsWork, Full},
	SectionDeputy: {"副负责人", leadsWork, Full},
	SiteLead:      {"驻地/工点负责人", with(with(seesPeople, answers...), AddDocument, StartEvacuation, Inspect, CountEvening, KeepLeave), DuringDrill},
	Supervisor:    {"监理", with(seesPeople, AddDocument, Confirm, Refuse, CallByHand, StartEvacuation, Inspect), DuringWarning},
	Laboratory:    {"试验检测", seesPeople, Full},
	ParentViewer:  {"母体企业查看", []Permission{SeeSites, SeeWarnings}, Masked},
	Worker:        {"工人", []Permission{SeeSites}, Hidden},
	Auditor:       {"审计管理员", []Permission{SeeAudit}, Hidden},
	SecurityAdmin: {"安全管理员", []Permission{GrantRights}, Hidden},
	SystemAdmin:   {"系统管理员", []Permission{CreateUser, SeeSystem, Configure, SeeAlarms}, Hidden},
	Support:       {"技术支持", []Permission{SeeSystem, SeeAlarms}, Hidden},
}

// Roles is the list of all roles, in the order of the table.
func Roles() []Role {
	return []Role{DutyOfficer, DutyLeader, Viewer, UnitAdmin, Owner, SectionLead, SectionDeputy, SiteLead, Supervisor,
		Laboratory, ParentViewer, Worker, Auditor, SecurityAdmin, SystemAdmin, Support}
}

// Label is the Chinese word of the role.
func (r Role) Label() string { return table[r].label }

// Valid says whether the role exists.
func (r Role) Valid() bool { return table[r].label != "" }

// May says whether the role has the permission, wherever its place is.
func (r Role) May(p Permission) bool { return slices.Contains(table[r].may, p) }

// Names is how much of people's names and phones the role sees.
func (r Role) Names() Disclosure { return table[r].names }

// Installation says whether the role has no place: the three administrators and
// support see no operational data.
func (r Role) Installation() bool {
	return r == Auditor || r == SecurityAdmin || r == SystemAdmin || r == Support
}

// Clash says whether one account may not hold both roles: the three
// administrators are three people, and none holds an operational role
// (separation of duties, operations.md §5).
func Clash(a, b Role) bool {
	return a != b && (a.Installation() || b.Installation())
}
