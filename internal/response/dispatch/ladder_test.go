package dispatch_test

import (
	"testing"
	"time"

	"muster/internal/postgres/pgtest/valley"
	"muster/internal/response"
	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
	"muster/internal/response/dispatch/flowtest"
	"muster/internal/warning"
)

// minutes is a time on the night's clock.
func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

var (
	rain      = flowtest.Warning{Hazard: warning.Rain, Hours: 12}
	flashRain = flowtest.Warning{Hazard: warning.FlashFlood, Hours: 12}
	ground    = flowtest.Warning{Hazard: warning.Geohazard, Hours: 12}
)

// 撤离红色: R0 three calls, R1 and the supervisor at five, R2 and the parent at
// ten, 无应答 at fifteen; the county every ten minutes from ten on, city and
// province later, each called once.
func TestRedEvacuationClimbsToTheProvince(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	// The tunnel below is stopped under the same warning, and its section called first.
	flood := n.Publish(flowtest.RedFlood)
	n.Advance(minutes(22))
	n.Phone(lead).Got("0 voice V2_evacuate", "0 sms E70I", "2 voice V2_evacuate", "5 voice V2_evacuate")
	n.Phone(lead).Hears(channel.Voice, "山洪红色预警", "home", "全体人员撤到集合点", "确认请按1")
	n.Phone(valley.PhoneOfSupervisor).Hears(channel.SMS, "抄送", "请关注并协助联系")
	n.Phone(valley.PhoneOfSupervisor).Silent(channel.Voice)
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "没有应答", "接替")
	n.Phone(valley.PhoneOfParent).Hears(channel.SMS, "抄送")
	n.Phone(valley.PhoneOfParent).Silent(channel.Voice)
	n.Phone(valley.PhoneOfShimian).Got("10 voice V1_digest", "10 sms G70", "20 sms G70")
	n.Phone(valley.PhoneOfShimianLeader).Silent(channel.Voice, channel.SMS)
	n.Phone(valley.PhoneOfYaan).Got("15 voice V1_digest", "15 sms G70")
	n.Phone(valley.PhoneOfProvince).Got("20 voice V1_digest", "20 sms G70")
	n.Is(flood, valley.Home, response.Unanswered)
	n.Advance(minutes(20))
	n.Phone(valley.PhoneOfYaan).Got("25 sms G70", "35 sms G70")
	n.Phone(valley.PhoneOfProvince).Got("30 sms G70", "40 sms G70")
}

// 停工橙色: first a text, a call after three minutes.
func TestOrangeStopCallsAfterThreeMinutes(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(rain.In(warning.Orange, valley.Hanyuan)) // 汉源: slope and camp of A2
	n.Phone(valley.PhoneOfSectionA2).Hears(channel.SMS, "接替", "slope")
	n.Advance(minutes(41))
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "没有应答", "接替")
	n.Phone(valley.PhoneOfYaan).Hears(channel.SMS, "简报")
	n.Phone(valley.PhoneOfYaan).Silent(channel.Voice)
}

func TestOrangeStopAtATunnel(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	// Somebody leads the tunnel.
	n.Do(`INSERT INTO post (id, person_id, unit_kind, unit_id, role, valid_from, recorded_at) VALUES ($1, $2, 'site', $3, 'site_lead', $4, $4)`,
		valley.ID("lead of the tunnel"), n.Person(valley.PhoneOfYard), valley.ID(valley.Tunnel), n.Clock.Now().Add(-time.Hour))
	n.Publish(rain.In(warning.Orange, valley.Shimian))
	n.Advance(minutes(9))
	n.Phone(valley.PhoneOfYard).Got("0 sms T70I", "3 voice V2_stop", "8 voice V2_stop")
	n.Phone(section).Silent(channel.SMS, channel.Voice)
	n.Advance(minutes(2))
	n.Phone(section).Hears(channel.SMS, "未应答", "接替")
}

// 巡查蓝色 where people sleep: they are called after half an hour, also at night.
func TestBluePatrolCallsWherePeopleSleep(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(flashRain.In(warning.Blue, valley.Tianquan)) // at risk: 撤
	n.Phone(valley.PhoneOfMany).Hears(channel.SMS, "撤至集合点")
	n.Do("UPDATE site SET at_risk = false WHERE id = $1", valley.ID(valley.Hut))
	n.Publish(flashRain.In(warning.Blue, valley.Ganluo))
	n.Advance(minutes(29))
	n.Phone(valley.PhoneOfHut).Silent(channel.Voice)
	n.Phone(valley.PhoneOfHut).Hears(channel.SMS, "巡查", "看不准就撤")
	n.Advance(minutes(2))
	n.Phone(valley.PhoneOfHut).Hears(channel.Voice, "安排双人巡查")
}

// 阅知 at night waits for the morning; the county has it on the morning's list.
func TestWhatIsOnlyToBeReadWaitsForTheMorning(t *testing.T) {
	t.Parallel()
	n := flowtest.NewAt(t, valley.Evening.Add(2*time.Hour)) // 23:30
	id := n.Publish(ground.In(warning.Blue, valley.Shimian))
	told := func() int { return n.Count("SELECT count(*) FROM notice WHERE warning_id = $1 AND kind = 'alert'", id) }
	n.Jump(6 * time.Hour) // 05:30
	if told() != 0 {
		t.Error("somebody was told before the morning")
	}
	n.Jump(time.Hour)
	if told() == 0 {
		t.Error("at half past six nobody was told")
	}
	n.Phone(lead).Silent(channel.Voice, channel.SMS)
}

// Without signal nobody waits for an answer that cannot come: the section at once,
// and the neighbour who can go and tell.
func TestASiteWithoutSignal(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(flowtest.RedFlood.In(warning.Red, valley.Ganluo))
	n.Phone(valley.PhoneOfSectionC1).Hears(channel.Voice, "hut", "撤到集合点")
	n.Phone(valley.PhoneOfYard).Hears(channel.Voice, "hut", "接替")
	n.Phone(valley.PhoneOfHut).Hears(channel.SMS, "撤至集合点")
}

// Where no phone rings, that the lead's does not is no news: the section was called
// with him, and the owner's turn comes at its time.
func TestTheDeadPhoneOfASiteWithoutSignal(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Phone(valley.PhoneOfHut).Will(fake.Person{Text: fake.Off, Call: fake.Off})
	n.Do(`INSERT INTO post (id, person_id, unit_kind, unit_id, role, valid_from, recorded_at) VALUES ($1, $2, 'project', $3, 'owner', $4, $4)`,
		valley.ID("owner of P3"), n.Person(valley.PhoneOfOwner), valley.ID("P3"), n.Clock.Now().Add(-time.Hour))
	n.Publish(flowtest.RedFlood.In(warning.Red, valley.Ganluo))
	n.Advance(minutes(9))
	n.Phone(valley.PhoneOfOwner).Silent(channel.Voice)
	n.Advance(minutes(2))
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "等2处负责人没有应答")
}

// Nobody is responsible: owner and county are rung at once. The county's duty post
// is empty tonight, so it is the leader.
func TestNobodyResponsibleRingsTheCountyAtOnce(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Publish(flowtest.RedFlood.In(warning.Red, valley.Yingjing))
	n.Phone(valley.PhoneOfYingjing).Hears(channel.Voice, "orphan", "接替")
	n.Phone(valley.PhoneOfOwner).Hears(channel.Voice, "orphan", "撤到集合点")
}

// Nobody at all on duty in the county: the city is rung instead, and it is kept.
func TestAnEmptyRosterFallsToTheCity(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Do("DELETE FROM duty_roster WHERE unit_id = $1", valley.ID("荥经局"))
	id := n.Publish(flowtest.RedFlood.In(warning.Red, valley.Yingjing))
	n.Phone(valley.PhoneOfYaan).Hears(channel.Voice, "orphan", "接替")
	n.Advance(minutes(11))
	if n.Count("SELECT count(*) FROM decision WHERE subject_id = $1 AND verdict = 'not_told'", id) != 1 {
		t.Error("that the county could not be told is not kept")
	}
}

// A lead whose number nobody wrote down: it is said, and the section is called now.
func TestWithoutANumberTheNextIsCalledAtOnce(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	n.Do("UPDATE site SET at_risk = true, risk_reason = '临沟（示例）' WHERE id = $1", valley.ID(valley.Camp))
	id := n.Publish(flowtest.RedFlood.In(warning.Red, valley.Hanyuan))
	n.Phone(valley.PhoneOfSectionA2).Hears(channel.Voice, "camp", "没有应答")
	if n.Count("SELECT count(*) FROM notice WHERE warning_id = $1 AND state = 'not_sent' AND reason_code = 'no_number' AND rung = 0", id) == 0 {
		t.Error("nobody can see that the lead has no number")
	}
}

// Five roles at three sites: one call, one SMS that names two sites and the number,
// one code for all.
func TestOnePersonWithManySitesIsCalledOnce(t *testing.T) {
	t.Parallel()
	n := flowtest.New(t)
	flood := n.Publish(flowtest.RedFlood.In(warning.Red, valley.Tianquan))
	n.Phone(valley.PhoneOfMany).Got("0 voice V2_evacuate", "0 sms E70I")
	n.Phone(valley.PhoneOfMany).Hears(channel.SMS, "等3处")
	n.Advance(minutes(5))
	n.Phone(valley.PhoneOfMany).Got("2 voice V2_evacuate", "5 sms N70", "5 voice V2_evacuate")
	n.Phone(valley.PhoneOfMany).Sends(n.Phone(valley.PhoneOfMany).Code())
	for _, site := range []string{valley.Camp1, valley.Camp2, valley.Camp3} {
		n.Is(flood, site, response.Acknowledged)
	}
}
