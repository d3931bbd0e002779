package response

import (
	"time"

	"muster/internal/warning"
)

// DutyKind is what somebody must do by when (待办).
type DutyKind string

// The duties of a response. Other parts of the product add their own kinds to
// the same engine.
const (
	MustAcknowledge DutyKind = "acknowledge" // 签收
	MustAct         DutyKind = "act"         // 开始转移 / 落实
	MustReport      DutyKind = "report"      // 报告已撤离
	MustConfirm     DutyKind = "confirm"     // 现场确认, by the supervisor
	MustVerify      DutyKind = "verify"      // 核实, by the authority
	MustRecheck     DutyKind = "recheck"     // look again while the warning lives
	MustInspect     DutyKind = "inspect"     // 雨后排查, after the lift
	MustOversee     DutyKind = "oversee"     // an authority's digest of what is overdue under one warning
	MustLift        DutyKind = "lift"        // the publisher's, when a warning expired and was not lifted
)

// Party is who stands on a rung: a post in a unit, or tonight's roster of an
// authority (operations.md §2.1).
type Party string

// The parties.
const (
	AtSite            Party = "site"             // R0 驻地/工点负责人 A角 B角, 夜间值守员
	AtSection         Party = "section"          // R1 合同段: 项目经理, 副, 安全总监
	AtNeighbour       Party = "neighbour"        // the nearest site with signal, to go and tell
	AtSupervisor      Party = "supervisor"       // 监理处 驻地监理
	AtChief           Party = "chief_supervisor" // 总监理工程师
	AtOwner           Party = "owner"            // R2 项目公司: 值班员, 分管安全负责人
	AtParent          Party = "parent"           // 母体企业值班
	AtCounty          Party = "county"           // R3 县级值班员, 带班领导
	AtCity            Party = "city"             // R4
	AtProvince        Party = "province"         // R5
	AtPublisher       Party = "publisher"        // the publishing authority's duty officer
	AtPublisherLeader Party = "publisher_leader" // his duty leader
)

// NoticeKind is what a notice is about; with measure and channel it names the
// text.
type NoticeKind string

// The kinds of notice.
const (
	NoticeAlert    NoticeKind = "alert"    // the measure is asked for
	NoticeUpgrade  NoticeKind = "upgrade"  // it is asked for anew, stricter
	NoticeTakeover NoticeKind = "takeover" // the rung below did not answer: take over
	NoticeLate     NoticeKind = "late"     // 签收未行动, or another clock that ran out
	NoticeRefused  NoticeKind = "refused"  // the report was sent back
	NoticeReentry  NoticeKind = "reentry"  // 有人返回
	NoticeSupport  NoticeKind = "support"  // 需要支援
	NoticeStarted  NoticeKind = "started"  // a site began to evacuate by itself
	NoticeArrival  NoticeKind = "arrival"  // to a person who enters under a live warning
	NoticeNarrowed NoticeKind = "narrowed" // released
	NoticeExpired  NoticeKind = "expired"  // 到期未解除
	NoticeLifted   NoticeKind = "lifted"   // 解除
	NoticeReturn   NoticeKind = "return"   // 准予返回
	NoticeDigest   NoticeKind = "digest"   // three numbers for an authority
	NoticeConfirm  NoticeKind = "confirm"  // to the supervisor: a report waits for you on the spot
	NoticeVerify   NoticeKind = "verify"   // to the authority: a report waits for verification
	NoticeRecheck  NoticeKind = "recheck"  // the measure still stands: look again and report
	NoticeLiftDue  NoticeKind = "lift_due" // to the publisher: expired, lift it or extend it
	NoticeCopy     NoticeKind = "copy"     // 抄送: for information, no answer asked
	NoticeReview   NoticeKind = "review"   // to tonight's leader: a draft waits for his look (复核)
)

// NoticeKinds lists the kinds in reading order.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{NoticeAlert, NoticeUpgrade, NoticeTakeover, NoticeLate, NoticeRefused, NoticeReentry, NoticeSupport,
		NoticeStarted, NoticeArrival, NoticeNarrowed, NoticeExpired, NoticeLifted, NoticeReturn, NoticeDigest, NoticeConfirm,
		NoticeVerify, NoticeRecheck, NoticeLiftDue, NoticeCopy, NoticeReview}
}

// AsksCharge says whether an answer to a notice of the kind takes charge of the
// site: 签收. Who is only told, or asked to look, acknowledges nothing for it.
func (k NoticeKind) AsksCharge() bool {
	switch k {
	case NoticeAlert, NoticeUpgrade, NoticeTakeover, NoticeLate, NoticeReentry:
		return true
	}
	return false
}

// Situation is what the ladder and the clocks need to know about a target.
type Situation struct {
	Measure   warning.Measure
	Level     warning.Level
	Sleeps    bool // people sleep here
	NoSignal  bool // 信号 无
	Nobody    bool // nobody is responsible at the site and in its section
	AtRisk    bool
	Reopened  bool          // the clock runs because somebody went back in
	Self      bool          // started by the site itself, without a warning
	Upgrade   bool          // asked anew, stricter
	WindowEnd time.Time     // when the warning ends
	DrillTime time.Duration // median time of this site's drills to the last person; 0: none held
}

// CopyRung is the rung of those who are told without a clock.
const CopyRung = -1

// Step is one thing that a clock does when it gets there. A step without
// channels tells nobody: it is the end of a climb (see Plan.Last).
type Step struct {
	After    time.Duration // after the duty was opened
	Rung     int           // 0–5; −1 for copies without a clock
	Round    int           // 1, 2, 3: how often this rung is tried
	Party    Party
	Kind     NoticeKind
	Channels []Channel
}

// Plan is the whole clock of one duty: when it is due and what happens before
// and after that. Every is the interval at which the last step goes on for ever;
// 0: it does not.
type Plan struct {
	Due   time.Time
	Steps []Step // by After, then rung; a copy follows the rung it goes with
	Every time.Duration
}
