package response

import (
	"fmt"
	"strings"

	"muster/internal/errs"
	"muster/internal/warning"
)

// Claim is what a site says it has done, or what somebody says to have seen.
type Claim struct {
	Measure  warning.Measure
	Level    warning.Level
	AtRisk   bool
	Evidence []Evidence
	Missing  int // people who were expected and are nowhere
}

// MayReport says whether 报告已撤离, or 落实 of another measure, has what it must
// be proved with; the error names everything that is lacking.
func (r *Rules) MayReport(c Claim) error {
	if c.Measure == warning.Evacuate && c.Missing > 0 {
		return errs.New(errs.Fix, "people_missing", "还有%d人未找到，不能报告已撤离", c.Missing)
	}
	return proved("还不能报告", r.EvidenceFor(c.Measure, c.Level, c.AtRisk).Report, c.Evidence)
}

// Checker is who confirms or verifies, by an opaque id.
type Checker struct {
	ID         string
	Reporter   string // who reported
	Confirmer  string // who confirmed; "" when nobody did
	Supervises bool   // 监理 of this section on that day
	Authority  bool   // an officer of the publishing or supervising authority, or of one it named for this warning
	Tied       bool   // has a post in the section, its project company or its parent company
	OwnNumber  bool   // the call-back went to the checker's own phone
}

// MayConfirm says whether somebody may confirm a report on the spot (现场确认).
// cutOff: the road to the site is cut.
func (r *Rules) MayConfirm(c Claim, who Checker, cutOff bool) error {
	switch {
	case who.ID == who.Reporter:
		return errs.New(errs.Forbidden, "own_report", "报告人不能确认自己的报告")
	case who.Tied:
		return errs.New(errs.Forbidden, "tied", "在该合同段、项目公司或母体企业任职的人员不能确认")
	case !who.Supervises:
		return errs.New(errs.Forbidden, "not_supervisor", "现场确认由该合同段的监理作出")
	}
	row := r.EvidenceFor(c.Measure, c.Level, c.AtRisk)
	groups := row.Confirm
	if cutOff && row.CutOff != nil {
		groups = row.CutOff
	}
	return proved("还不能确认", groups, c.Evidence)
}

// MayVerify says whether somebody may verify a report (核实). Whoever reported,
// confirmed, or has a post on the side that is checked may not; the supervisor
// confirms and never verifies.
func (r *Rules) MayVerify(c Claim, who Checker) error {
	switch {
	case who.ID == who.Reporter:
		return errs.New(errs.Forbidden, "own_report", "报告人不能核实自己的报告")
	case who.ID == who.Confirmer:
		return errs.New(errs.Forbidden, "own_confirmation", "现场确认人不能再核实")
	case who.Tied:
		return errs.New(errs.Forbidden, "tied", "在该合同段、项目公司或母体企业任职的人员不能核实")
	case who.Supervises:
		return errs.New(errs.Forbidden, "supervisor", "监理负责现场确认，不能核实")
	case !who.Authority:
		return errs.New(errs.Forbidden, "not_authority", "只有发布单位、监管单位或其指定的下级主管部门可以核实")
	case who.OwnNumber:
		return errs.New(errs.Forbidden, "own_number", "不能以拨打本人号码作为回拨核实")
	}
	return proved("还不能核实", r.EvidenceFor(c.Measure, c.Level, c.AtRisk).Proof, c.Evidence)
}

// proved names each group of which nothing is there.
func proved(title string, groups [][]Evidence, have []Evidence) error {
	missing := lacking(groups, have)
	if len(missing) == 0 {
		return nil
	}
	var details []errs.Detail
	for _, group := range missing {
		var labels []string
		for _, e := range group {
			labels = append(labels, e.Label())
		}
		details = append(details, errs.Detail{Where: "evidence", Text: fmt.Sprintf("缺少：%s", strings.Join(labels, "或"))})
	}
	return errs.New(errs.Fix, "evidence", "%s，缺少证据", title).With(details...)
}

// Refusal is a reason for sending a report back (退回).
type Refusal string

// The reasons; words are added to them.
const (
	CountWrong     Refusal = "count_wrong"
	NoRollCall     Refusal = "no_roll_call"
	TooLittle      Refusal = "too_little_evidence"
	PhotoWrong     Refusal = "photo_wrong"
	SomebodyBack   Refusal = "somebody_back"
	MusterUnsafe   Refusal = "muster_unsafe"
	NotReached     Refusal = "not_reached"
	FalseSuspected Refusal = "false_suspected"
)

var refusalLabels = map[Refusal]string{
	CountWrong: "人数不符", NoRollCall: "缺少清点", TooLittle: "证据不足", PhotoWrong: "照片时间地点不符",
	SomebodyBack: "发现有人返回", MusterUnsafe: "集合点不安全", NotReached: "联系不上", FalseSuspected: "谎报嫌疑",
}

// Refusals lists the reasons in reading order.
func Refusals() []Refusal {
	return []Refusal{CountWrong, NoRollCall, TooLittle, PhotoWrong, SomebodyBack, MusterUnsafe, NotReached, FalseSuspected}
}

// Label is the Chinese word of the reason; "" for one that is not in the list.
func (r Refusal) Label() string { return refusalLabels[r] }

// RingsSupervision says whether the supervising authority is rung at once.
func (r Refusal) RingsSupervision() bool { return r == FalseSuspected }
