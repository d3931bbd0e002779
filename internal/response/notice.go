package response

import "slices"

// NoticeState is where one notice to one receiver stands (通知状态).
type NoticeState string

// The states of a notice.
const (
	Queued      NoticeState = "queued"     // 待发送
	Sending     NoticeState = "sending"    // 发送中: a worker has it, under a lease
	Sent        NoticeState = "sent"       // 已发送: the carrier took it
	NoticeThere NoticeState = "delivered"  // 已送达
	NoticeRead  NoticeState = "read"       // 已阅; a call that was taken and not confirmed
	Answered    NoticeState = "answered"   // 已应答
	FailedNow   NoticeState = "failed_now" // 暂时失败: will be tried again
	Failed      NoticeState = "failed"     // 发送失败
	NotSent     NoticeState = "not_sent"   // 未发送: a limit, no number, no account; the reason says which
	Superseded  NoticeState = "superseded" // 已被替代: answered or over before it left
)

var noticeLabels = map[NoticeState]string{
	Queued: "待发送", Sending: "发送中", Sent: "已发送", NoticeThere: "已送达", NoticeRead: "已阅", Answered: "已应答",
	FailedNow: "暂时失败", Failed: "发送失败", NotSent: "未发送", Superseded: "已被替代",
}

// NoticeStates lists all states of a notice in reading order.
func NoticeStates() []NoticeState {
	return []NoticeState{Queued, Sending, Sent, NoticeThere, NoticeRead, Answered, FailedNow, Failed, NotSent, Superseded}
}

// Label is the Chinese word of the state.
func (s NoticeState) Label() string { return noticeLabels[s] }

// NoticeStep is one legal step of a notice.
type NoticeStep struct{ From, To NoticeState }

// NoticeSteps is the whole machine of a notice. A receipt may overtake the
// answer to the hand-over itself, and may come out of order: what was further on
// never goes back.
func NoticeSteps() []NoticeStep { return slices.Clone(noticeSteps) }

var noticeSteps = []NoticeStep{
	{Queued, Sending}, {Queued, NotSent}, {Queued, Superseded},
	{FailedNow, Sending}, {FailedNow, NotSent}, {FailedNow, Superseded}, {FailedNow, Failed},
	{Sending, Sent}, {Sending, NoticeThere}, {Sending, NoticeRead}, {Sending, Answered},
	{Sending, FailedNow}, {Sending, Failed}, {Sending, NotSent}, {Sending, Superseded},
	{Sent, NoticeThere}, {Sent, NoticeRead}, {Sent, Answered}, {Sent, Failed},
	{NoticeThere, NoticeRead}, {NoticeThere, Answered},
	{NoticeRead, Answered},
	{Failed, NoticeThere}, {Failed, NoticeRead}, {Failed, Answered},
	{FailedNow, NoticeThere}, {FailedNow, NoticeRead}, {FailedNow, Answered},
}

// MayFollow says whether a notice may go from one state to another.
func (s NoticeState) MayFollow(from NoticeState) bool {
	return slices.Contains(noticeSteps, NoticeStep{from, s})
}

// DutyState is where a duty stands (待办).
type DutyState string

// The states of a duty. Overdue is not a state: it is open past its time.
const (
	DutyOpen    DutyState = "open"    // 待办
	DutyDone    DutyState = "done"    // 已办
	DutyDropped DutyState = "dropped" // 不再需要, with the reason
)

// DutySteps is the machine of a duty.
func DutySteps() [][2]DutyState {
	return [][2]DutyState{{DutyOpen, DutyDone}, {DutyOpen, DutyDropped}}
}
