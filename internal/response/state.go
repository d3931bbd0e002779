package response

import (
	"slices"

	"muster/internal/errs"
	"muster/internal/warning"
)

// State is where one site stands under one warning (受影响点位状态). No state is
// ever shown as another: delivered is not read, read is not acknowledged,
// acknowledged is not carried out, carried out is not verified.
type State string

// The states, in the order of the way through them.
const (
	Pending       State = "pending"        // 待通知
	Delivered     State = "delivered"      // 已送达: a carrier says so
	Read          State = "read"           // 已阅: somebody opened it, or took the call and did not confirm
	Acknowledged  State = "acknowledged"   // 已签收
	Moving        State = "moving"         // 转移中 (撤离 only)
	CarriedOut    State = "carried_out"    // 已落实 (all measures but 撤离)
	Reported      State = "reported"       // 报告已撤离
	Confirmed     State = "confirmed"      // 现场已确认, by the supervisor
	Verified      State = "verified"       // 已核实, by an authority
	Refused       State = "refused"        // 退回
	Unanswered    State = "unanswered"     // 无应答: the last rung did not answer
	Reopened      State = "reopened"       // 重新开启: somebody went back in
	ExpiredOpen   State = "expired_open"   // 到期未解除
	Lifted        State = "lifted"         // 已解除, nothing more to do
	Inspecting    State = "inspecting"     // 待排查: lifted, nobody may return yet
	ReturnAllowed State = "return_allowed" // 准予返回
	Released      State = "released"       // 不再受影响
)

var stateLabels = map[State]string{
	Pending: "待通知", Delivered: "已送达", Read: "已阅", Acknowledged: "已签收", Moving: "转移中", CarriedOut: "已落实",
	Reported: "报告已撤离", Confirmed: "现场已确认", Verified: "已核实", Refused: "退回", Unanswered: "无应答",
	Reopened: "重新开启", ExpiredOpen: "到期未解除", Lifted: "已解除", Inspecting: "待排查", ReturnAllowed: "准予返回",
	Released: "不再受影响",
}

// States lists all states in reading order.
func States() []State {
	return []State{Pending, Delivered, Read, Acknowledged, Moving, CarriedOut, Reported, Confirmed, Verified, Refused,
		Unanswered, Reopened, ExpiredOpen, Lifted, Inspecting, ReturnAllowed, Released}
}

// Label is the Chinese word of the state.
func (s State) Label() string { return stateLabels[s] }

// Live says whether the measure is still asked for.
func (s State) Live() bool { return slices.Contains(live, s) }

// Silent says whether nobody has taken charge yet: the ladder climbs.
func (s State) Silent() bool { return slices.Contains(silent, s) }

var (
	silent = []State{Pending, Delivered, Read, Unanswered, Reopened}
	done   = []State{CarriedOut, Reported, Confirmed, Verified}
	live   = slices.Concat(silent, []State{Acknowledged, Moving, Refused}, done)
)

// Event is what happens to a target.
type Event string

// The events.
const (
	Deliver     Event = "delivered"      // a carrier's receipt
	Open        Event = "read"           // page opened, call taken
	Acknowledge Event = "acknowledged"   // 签收
	Move        Event = "moving"         // 开始转移
	CarryOut    Event = "carried_out"    // 落实
	Report      Event = "reported"       // 报告已撤离
	Confirm     Event = "confirmed"      // 现场确认
	Verify      Event = "verified"       // 核实
	Refuse      Event = "refused"        // 退回, with a reason
	Recheck     Event = "recheck"        // a verified target is due to be looked at again while the warning lives
	Reenter     Event = "reentry"        // 有人返回
	GiveUp      Event = "unanswered"     // the last rung is over
	Upgrade     Event = "upgraded"       // a stricter measure or a higher level: everything is asked anew
	Release     Event = "released"       // narrowed: no longer under it
	Expire      Event = "expired"        // time over, not lifted
	Lift        Event = "lifted"         // 解除
	AllowReturn Event = "return_allowed" // 准予返回
	StopReturn  Event = "return_stopped" // the authority takes the permission back
)

// Transition is one legal step. The database holds the same rows and refuses
// every other.
type Transition struct {
	From  State
	Event Event
	To    State
}

// Transitions is the whole machine.
func Transitions() []Transition { return slices.Clone(transitions) }

var transitions = slices.Concat(
	each([]State{Pending}, Deliver, Delivered),
	each([]State{Pending, Delivered}, Open, Read),
	each(slices.Concat(silent, []State{Refused}), Acknowledge, Acknowledged),
	each(slices.Concat(silent, []State{Acknowledged, Refused}), Move, Moving),
	each(slices.Concat(silent, []State{Acknowledged, Refused}), CarryOut, CarriedOut),
	each(slices.Concat(silent, []State{Acknowledged, Moving, Refused}), Report, Reported),
	each([]State{CarriedOut, Reported}, Confirm, Confirmed),
	each([]State{CarriedOut, Reported, Confirmed}, Verify, Verified),
	each(done, Refuse, Refused),
	each(done, Reenter, Reopened),
	each([]State{Verified}, Recheck, Acknowledged),
	each([]State{Pending, Delivered, Read, Reopened}, GiveUp, Unanswered),
	each(without(live, Pending), Upgrade, Pending),
	each([]State{Released}, Upgrade, Pending),
	each(live, Release, Released),
	each([]State{ExpiredOpen}, Release, Released),
	each(live, Expire, ExpiredOpen),
	each(slices.Concat(live, []State{ExpiredOpen}), Lift, Lifted),
	each(slices.Concat(live, []State{ExpiredOpen}), Lift, Inspecting),
	each([]State{Inspecting}, AllowReturn, ReturnAllowed),
	each([]State{ReturnAllowed}, StopReturn, Inspecting),
)

func each(from []State, e Event, to State) []Transition {
	list := make([]Transition, len(from))
	for i, f := range from {
		list[i] = Transition{f, e, to}
	}
	return list
}

func without(list []State, out State) []State {
	return slices.DeleteFunc(slices.Clone(list), func(s State) bool { return s == out })
}

// Next is the state after an event at a site with a measure. ok is false when
// the event changes nothing there: a receipt after an answer, a second
// acknowledgement. An event that may not happen is an errs.Conflict in words.
func Next(from State, e Event, m warning.Measure) (to State, ok bool, err error) {
	if err := fits(e, m); err != nil {
		return from, false, err
	}
	for _, t := range transitions {
		if t.From == from && t.Event == e && (e != Lift || t.To == afterLift(m)) {
			return t.To, true, nil
		}
	}
	if idle(from, e) || Renews(from, e) && (from == Verified || m == warning.Patrol) {
		return from, false, nil
	}
	if !from.Live() && from != ExpiredOpen {
		return from, false, errs.New(errs.Gone, "closed", "这个点位%s，不再接收处置", from.Label())
	}
	return from, false, errs.New(errs.Conflict, "state", "这个点位现在是“%s”，不能这样处置", from.Label())
}

// Renews says whether an event that changes nothing is a second look that was
// taken in time: the clock of the next one begins anew.
func Renews(from State, e Event) bool {
	switch from {
	case Verified:
		return e == Report || e == CarryOut || e == Confirm || e == Verify
	case CarriedOut:
		return e == CarryOut
	}
	return false
}

// fits: 撤离 moves and is reported, the other measures are carried out.
func fits(e Event, m warning.Measure) error {
	evacuation := m == warning.Evacuate
	if evacuation && e == CarryOut {
		return errs.New(errs.Fix, "measure", "撤离不能直接报落实，请报告已撤离并附清点")
	}
	if !evacuation && (e == Move || e == Report) {
		return errs.New(errs.Fix, "measure", "该点位的措施是%s，请报告落实", m.Label())
	}
	return nil
}

// idle: events that come late or twice are kept and change nothing.
func idle(from State, e Event) bool {
	switch e {
	case Deliver, Open, GiveUp, Recheck, Release, Expire, Lift:
		return true
	case Acknowledge:
		return from == Acknowledged || from == Moving || slices.Contains(done, from)
	case Reenter:
		return !slices.Contains(done, from)
	case Upgrade:
		return from == Pending
	case Move:
		return from == Moving
	}
	return false
}

// afterLift: whoever left or stopped work comes back only after an inspection.
func afterLift(m warning.Measure) State {
	if m == warning.Read || m == warning.Patrol {
		return Lifted
	}
	return Inspecting
}
