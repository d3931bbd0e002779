package warning

import "slices"

// twoFamilies is modifier 3: a flagged sleeping site leaves when a second
// hazard family is warned of.
func (d *decision) twoFamilies() {
	if !d.in.AtRisk || !d.in.Sleeps || d.out.Measure == Evacuate || d.in.Variant == EarlyWarning {
		return
	}
	for _, other := range d.in.OtherFamilies {
		if other != d.in.Hazard {
			d.because("有风险的住人点位同时有%s和%s预警，撤离。", d.in.Hazard.Label(), other.Label())
			d.change(Evacuate)
			return
		}
	}
}

// change sets another measure; what belonged to the former one goes.
func (d *decision) change(m Measure) {
	d.out.Measure, d.out.Scope = m, ""
	d.out.ClosedArea = d.out.ClosedArea && m.Strictness() >= Stop.Strictness()
}

// lower is one letter lower for a match that is only possible. 避 is a different
// thing than 撤, not a milder one, so both go to 停.
var lower = map[Measure]Measure{
	Evacuate: Stop, Shelter: Stop, KeepOut: Stop, Stop: Patrol, Patrol: Read, Read: Read,
}

// onlyPossible is the second half of modifier 6.
func (d *decision) onlyPossible() {
	if !d.in.Possible {
		return
	}
	from, to := d.out.Measure, lower[d.out.Measure]
	closed := d.out.ClosedArea
	if from == Stop && closed {
		to = Stop // 停禁 → 停
	}
	if d.in.Sleeps && to == Read && from != Read {
		to = Patrol
	}
	if to != from {
		d.change(to)
	}
	d.out.ClosedArea = false
	d.because("只是可能在预警区内，措施降一档，由人决定。")
}

// nobodyThere is modifier 7: both counts must say that nobody is there.
func (d *decision) nobodyThere() {
	idle := d.in.SectionStatus == "stopped" || d.in.SectionStatus == "winter"
	if !idle || !d.in.Empty {
		return
	}
	d.nobody = true
	d.change(Read)
	d.because("合同段停工或冬休，打卡和晚间报数均为0人，只通知看守人；一有打卡即恢复原措施。")
}

// several is modifier 8. The shelter of an earthquake early warning comes first
// by seconds, so nothing that takes longer replaces it.
func (d *decision) several() {
	if d.in.Variant == EarlyWarning && d.out.Measure == Shelter {
		if len(d.in.Concurrent) > 0 {
			d.because("地震预警以秒计，先就地避险，随后执行其他预警的措施。")
		}
		return
	}
	strictest := Strictest(append([]Measure{d.out.Measure}, d.in.Concurrent...)...)
	if strictest != d.out.Measure {
		d.because("同时有其他预警要求%s，取最严的措施。", strictest.Label())
		d.change(strictest)
	}
	if slices.Contains(d.in.Concurrent, KeepOut) {
		d.out.ClosedArea = true
	}
}

// Strictest is the strictest of several measures: 撤 > 避 > 禁 > 停 > 巡 > 阅;
// empty without any.
func Strictest(all ...Measure) Measure {
	var top Measure
	for _, m := range all {
		top = Stricter(top, m)
	}
	return top
}

// night is modifier 2: people are moved before dark, not when the rain comes.
func (d *decision) night() {
	sleeps := d.in.Sleeps && !d.nobody
	if !d.in.DarkHours || !sleeps || !slices.Contains(d.policy.Night.Hazards, d.in.Hazard) {
		return
	}
	if d.out.Measure != Evacuate {
		d.because("预警时段含夜间且有人住宿：整夜两人值守不睡，20:00试响喇叭，一有征兆立即撤离。")
		return
	}
	if d.in.DarkAlready {
		d.because("天黑前来不及转移且有人住宿，须立即转移，不等天亮。")
	} else {
		d.out.Before = d.policy.Night.Before
		d.because("预警时段含夜间且有人住宿，须在%s前转移完毕。", d.out.Before)
	}
	if d.level == Yellow || d.level == Blue {
		d.because("预警时段内在别处过夜（夜间避让）视为已撤离，白天作业按工点措施执行。")
	}
}
