package feed

import (
	"slices"
	"strings"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/warning"
)

// pastedAt is when the texts of these tests were pasted.
var pastedAt = time.Date(2026, 7, 10, 21, 0, 0, 0, clock.Shanghai)

// saidClaim is what a claim says, in short: region codes of six digits.
type saidClaim struct {
	hazard   warning.Hazard
	level    warning.Level
	window   string // onset/expires as 02T15:04, empty when not given
	certain  string
	possible string
}

func said(m warning.Message) []saidClaim {
	var out []saidClaim
	for _, c := range m.Claims {
		s := saidClaim{hazard: c.Hazard, level: c.Level, certain: strings.Join(adcodes(c.Area.Regions), " "), possible: strings.Join(adcodes(c.Area.Possible), " ")}
		if !c.ExpiresDefault && !c.Expires.IsZero() {
			s.window = short(c.Onset) + "/" + short(c.Expires)
		}
		out = append(out, s)
	}
	return out
}

func short(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Shanghai).Format("02T15:04")
}

func codesOfReasons(r Result) string {
	var out []string
	for _, x := range r.Reasons {
		out = append(out, x.Code)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestBulletins(t *testing.T) {
	for _, c := range []struct {
		name, text    string
		issuer, sent  string
		kind          warning.MsgType
		claims        []saidClaim
		needs         string // codes of the reasons why a person must look
		refersToOwnAt string
	}{
		{"a county's rain signal, whole counties named",
			"【暴雨橙色预警】石棉县气象台2026年7月10日18时30分发布暴雨橙色预警信号：过去3小时，汉源县降雨量已达40毫米，预计未来六小时，石棉县、荥经县降雨量将达50毫米以上。防御指南：1.停止室外作业。",
			"石棉县气象台", "10T18:30", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Orange, "10T18:30/11T00:30", "511824 511822", ""}}, "", ""},
		{"townships are not widened to their county",
			"石棉县气象台2026年7月10日18时30分发布暴雨橙色预警信号：预计未来3小时内，我县美罗镇、王岗坪乡降雨量将达50毫米以上，请注意防范。",
			"石棉县气象台", "10T18:30", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Orange, "10T18:30/10T21:30", "", "511824"}}, "area_uncertain name_unread", ""},
		{"our county is the issuer's",
			"汉源县自然资源局 汉源县气象局7月10日17时联合发布地质灾害气象风险橙色预警（Ⅱ级）：预计7月10日20时至7月11日20时，我县发生地质灾害风险较大，请加强巡查。",
			"汉源县自然资源局、汉源县气象局", "10T17:00", warning.MsgAlert, []saidClaim{{warning.Geohazard, warning.Orange, "10T20:00/11T20:00", "511823", ""}}, "", ""},
		{"two lists in one bulletin, counties without their kind",
			"四川省水利厅和四川省气象局2026年7月10日18时联合发布黄色山洪灾害气象预警：预计7月10日20时至7月11日20时，广元市剑阁、苍溪，绵阳市平武、北川发生山洪灾害可能性较大（黄色预警）；雅安市石棉、汉源可能发生山洪灾害（蓝色预警）。",
			"四川省水利厅、四川省气象局", "10T18:00", warning.MsgAlert, []saidClaim{
				{warning.FlashFlood, warning.Yellow, "10T20:00/11T20:00", "510823 510824 510727 510726", ""},
				{warning.FlashFlood, warning.Blue, "10T20:00/11T20:00", "511824 511823", ""}}, "", ""},
		{"lists under their levels, with counts",
			"四川省自然资源厅7月10日17时发布：7月10日20时至7月11日20时，全省地质灾害气象风险预警结果如下：一、2级，橙色预警\n预警区域：雅安市石棉县、汉源县等1市2个县\n二、3级，黄色预警\n预警区域：阿坝州汶川县；甘孜州泸定县、九龙县等2州3个县。",
			"四川省自然资源厅", "10T17:00", warning.MsgAlert, []saidClaim{
				{warning.Geohazard, warning.Orange, "10T20:00/11T20:00", "511824 511823", ""},
				{warning.Geohazard, warning.Yellow, "10T20:00/11T20:00", "513221 513322 513324", ""}}, "", ""},
		{"a count that does not agree makes the list possible",
			"四川省自然资源厅7月10日17时发布地质灾害气象风险黄色预警：预计7月10日20时至7月11日20时，预警区域：雅安市石棉县、汉源县等1市3个县。",
			"四川省自然资源厅", "10T17:00", warning.MsgAlert, []saidClaim{{warning.Geohazard, warning.Yellow, "10T20:00/11T20:00", "", "511824 511823"}}, "area_uncertain count_mismatch", ""},
		{"a county is taken out of the city",
			"雅安市气象台2026年7月10日20时发布暴雨黄色预警：预计10日20时至11日08时，除石棉县外全市有暴雨。",
			"雅安市气象台", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Yellow, "10T20:00/11T08:00", "511802 511803 511822 511823 511825 511826 511827", ""}}, "", ""},
		{"the level after the change counts",
			"雅安市气象台2026年7月10日20时将18时发布的暴雨红色预警降级为橙色预警：预计未来12小时，雨城区有暴雨。",
			"雅安市气象台", "10T20:00", warning.MsgUpdate, []saidClaim{{warning.Rain, warning.Orange, "10T20:00/11T08:00", "511802", ""}}, "", "10T18:00"},
		{"one is ended, another issued",
			"石棉县气象台2026年7月10日20时解除暴雨橙色预警，发布雷电黄色预警：预计未来6小时，石棉县有雷电。",
			"石棉县气象台", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Lightning, warning.Yellow, "10T20:00/11T02:00", "511824", ""}}, "", ""},
		{"a lift names what it ends",
			"石棉县气象台于2026年7月10日20时30分解除2026年7月10日18时30分发布的暴雨橙色预警信号。",
			"石棉县气象台", "10T20:30", warning.MsgCancel, []saidClaim{{warning.Rain, warning.Orange, "", "", ""}}, "", "10T18:30"},
		{"two hazards at once",
			"石棉县气象台2026年7月10日20时发布暴雨橙色、雷电黄色预警：预计未来2至4小时，石棉县有强对流天气。",
			"石棉县气象台", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Orange, "10T20:00/11T00:00", "511824", ""}, {warning.Lightning, warning.Yellow, "10T20:00/11T00:00", "511824", ""}}, "", ""},
		{"a river's flood along parts of counties",
			"雅安市水文水资源勘测中心7月10日20时发布青衣江洪水黄色预警：预计青衣江雨城站11日14时洪峰水位超警戒，影响雨城区沿河、芦山县沿河低洼地带，有效期至11日20时。",
			"雅安市水文水资源勘测中心", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Flood, warning.Yellow, "/11T20:00", "", "511802 511826"}}, "area_uncertain", ""},
		{"signed at the end, no verb",
			"暴雨蓝色预警信号\n预计未来12小时汉源县有50毫米以上降雨。\n汉源县气象台\n2026年7月10日20时",
			"汉源县气象台", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Blue, "10T20:00/11T08:00", "511823", ""}}, "", ""},
		{"an emergency plan's grade is no level",
			"石棉县防汛抗旱指挥部办公室2026年7月10日20时发布山洪灾害预警：启动防汛Ⅲ级应急响应，预计未来6小时石棉县山洪风险高。",
			"石棉县防汛抗旱指挥部办公室", "10T20:00", warning.MsgAlert, []saidClaim{{warning.FlashFlood, warning.LevelUnknown, "10T20:00/11T02:00", "511824", ""}}, "level_unread", ""},
		{"colour and grade that disagree: the higher",
			"石棉县气象台2026年7月10日20时发布暴雨黄色预警（Ⅱ级）：预计未来6小时石棉县有暴雨。",
			"石棉县气象台", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Orange, "10T20:00/11T02:00", "511824", ""}}, "level_conflict", ""},
		{"nothing but the office: its territory is possible",
			"市气象台通知：雅安市气象台今日20时发布暴雨蓝色预警。",
			"雅安市气象台", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Blue, "", "", "511800"}}, "area_office_only window_unread", ""},
		{"an office without a place",
			"县气象台7月10日20时发布暴雨黄色预警：预计未来6小时，我县有暴雨。",
			"县气象台", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Yellow, "10T20:00/11T02:00", "", ""}}, "area_missing issuer_region_unread name_unread self_unread", ""},
		{"the same name twice is not decided",
			"四川省气象台2026年7月10日20时发布暴雨黄色预警：预计未来6小时，市中区有暴雨。",
			"四川省气象台", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Yellow, "10T20:00/11T02:00", "", "510000"}}, "area_office_only name_unread region_ambiguous", ""},
		{"a river is not the district it gives its name",
			"四川省水文水资源勘测中心2026年7月10日20时发布嘉陵江洪水蓝色预警：预计未来24小时，苍溪县、阆中市沿江有洪水。",
			"四川省水文水资源勘测中心", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Flood, warning.Blue, "10T20:00/11T20:00", "510824", "511381"}}, "area_uncertain", ""},
		{"vague hours are not filled in",
			"石棉县气象台2026年7月10日20时发布暴雨黄色预警：预计今天夜间到明天白天，石棉县有暴雨。",
			"石棉县气象台", "10T20:00", warning.MsgAlert, []saidClaim{{warning.Rain, warning.Yellow, "", "511824", ""}}, "window_unread", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := Parse([]byte(c.text), pastedAt)
			if len(r.Messages) != 1 {
				t.Fatalf("%+v", r)
			}
			m := r.Messages[0]
			if r.Format != "bulletin" || m.Issuer() != c.issuer || short(m.Sent) != c.sent || m.MsgType != c.kind {
				t.Errorf("%s %q %s %s", r.Format, m.Issuer(), short(m.Sent), m.MsgType)
			}
			if got := said(m); !slices.Equal(got, c.claims) {
				t.Errorf("got  %v\nwant %v", got, c.claims)
			}
			if got := codesOfReasons(r); got != c.needs || (r.Outcome == Accepted) != (c.needs == "") {
				t.Errorf("%s: %s", r.Outcome, got)
			}
			refers := ""
			if len(m.References) > 0 {
				refers = short(m.References[0].Sent)
			}
			if refers != c.refersToOwnAt {
				t.Errorf("refers to %q", refers)
			}
		})
	}
}

// What is certain stays certain beside a name that nobody knows; the name is told as
// the text has it, once.
func TestNamesThatCannotBeReadAreTold(t *testing.T) {
	for text, want := range map[string]struct{ certain, unread string }{
		"四川省气象台2026年7月10日20时发布暴雨橙色预警：预计未来6小时，石棉县、汉元县有暴雨，汉元县局地有大暴雨。": {"511824", "汉元县"},
		"石棉县气象台2026年7月10日20时发布暴雨橙色预警：预计未来6小时，我县美罗镇、王岗坪乡有暴雨。":        {"", "美罗镇 王岗坪乡"},
		"四川省气象台2026年7月10日20时发布暴雨橙色预警：预计未来6小时，石棉县、市中区有暴雨。":           {"511824", "市中区"},
		"石棉县气象台2026年7月10日20时发布暴雨橙色预警：预计未来6小时，石棉县有暴雨。":               {"511824", ""},
	} {
		m := Parse([]byte(text), pastedAt).Messages[0]
		if got := strings.Join(m.Unread, " "); got != want.unread || said(m)[0].certain != want.certain {
			t.Errorf("%s: unread %q, certain %q", text, got, said(m)[0].certain)
		}
	}
}

// A lift refers to the very id that the bulletin it ends has.
func TestALiftFindsItsBulletin(t *testing.T) {
	first := Parse([]byte("石棉县气象台2026年7月10日18时30分发布暴雨橙色预警：预计未来3小时石棉县有暴雨。"), pastedAt).Messages[0]
	lift := Parse([]byte("石棉县气象台２０２６年７月１０日２０时解除７月１０日１８时３０分发布的暴雨橙色预警"), pastedAt).Messages[0]
	if !lift.Ends() || len(lift.References) != 1 || lift.Referred(lift.References[0]) != first.Identity() || lift.Identity() == first.Identity() {
		t.Errorf("%+v does not end %+v", lift.References, first.Identity())
	}
}

// A drill and a test say so of themselves; what a text advises says nothing.
func TestBulletinsThatAreNotForDispatch(t *testing.T) {
	body := "石棉县气象台2026年7月10日20时发布暴雨红色预警：预计未来3小时石棉县有暴雨。请开展应急演练。"
	for text, want := range map[string]warning.Status{
		body: warning.StatusActual, "【演练】" + body: warning.StatusExercise, "（测试信息）" + body: warning.StatusTest, "演练！演练！" + body: warning.StatusExercise,
	} {
		r := Parse([]byte(text), pastedAt)
		if r.Messages[0].Status != want || (r.Outcome == Ignored) != (want != warning.StatusActual) {
			t.Errorf("%s: %s %s", text, r.Outcome, r.Messages[0].Status)
		}
	}
}
