package roster

import "muster/internal/errs"

// Role is what a person does at a unit (岗位). A post may carry any text as its
// role; only these words lead to anything.
type Role string

// The roles that the ladder (operations.md §2.1) and the duty roster know.
const (
	SiteLead       Role = "site_lead"
	NightWatch     Role = "night_watch"
	SectionLead    Role = "section_lead"
	SectionDeputy  Role = "section_deputy"
	SafetyHead     Role = "safety"
	SiteSupervisor Role = "supervisor"
	OwnerHead      Role = "owner"
	DutyOfficer    Role = "duty_officer"
	DutyLeader     Role = "duty_leader"
	Laboratory     Role = "laboratory"
	Worker         Role = "worker"
)

var roles = words("岗位",
	word(SiteLead, "驻地/工点负责人", "驻地负责人", "工点负责人", "现场负责人", "点位负责人"),
	word(NightWatch, "夜间值守员", "值守员", "看守"),
	word(SectionLead, "合同段负责人", "项目经理", "标段负责人"),
	word(SectionDeputy, "副负责人", "项目副经理", "副经理", "合同段副负责人", "总工程师"),
	word(SafetyHead, "安全总监", "安全负责人", "安全员", "专职安全员", "分管安全、生产的副经理或安全负责人"),
	word(SiteSupervisor, "监理", "驻地监理", "驻地监理工程师", "副驻地监理工程师", "总监", "总监理工程师"),
	word(OwnerHead, "项目公司负责人", "业主负责人", "分管安全负责人", "建设单位负责人"),
	word(DutyOfficer, "值班员", "值班人员", "值班"),
	word(DutyLeader, "带班领导", "带班"),
	word(Laboratory, "试验检测", "试验室主任", "检测工程师", "检测员"),
	word(Worker, "工人", "作业人员", "普工"),
)

// ParseRole reads a code, label or alias; errs.Fix otherwise.
func ParseRole(text string) (Role, error) { return roles.parse(text) }

// Label is the Chinese word of the role; a text that is not in the vocabulary
// is its own label.
func (r Role) Label() string { return roles.label(r) }

// Known says whether the role is in the vocabulary.
func (r Role) Known() bool { return roles.has(r) }

// ParseDutyRole reads the two roles of the duty roster (值班表).
func ParseDutyRole(text string) (Role, error) {
	role, err := ParseRole(text)
	if err != nil || role != DutyOfficer && role != DutyLeader {
		return "", fix("word_unknown", "不认识的值班岗位", "可填：值班员、带班领导")
	}
	return role, nil
}

// Seat is the first (A角) or second (B角) holder of a post.
type Seat string

// The seats.
const (
	SeatA Seat = "A"
	SeatB Seat = "B"
)

var seats = words("A/B角", word(SeatA, "A角", "A", "主"), word(SeatB, "B角", "B", "备", "副"))

// ParseSeat reads A角 or B角; errs.Fix otherwise.
func ParseSeat(text string) (Seat, error) { return seats.parse(text) }

// details gathers what Validate methods find.
type details []errs.Detail

func (d *details) add(bad bool, where, text, mend string) {
	if bad {
		*d = append(*d, errs.Detail{Where: where, Text: text, Mend: mend})
	}
}
