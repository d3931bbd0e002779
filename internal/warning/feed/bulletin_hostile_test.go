package feed

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"muster/internal/warning"
)

const clean = "石棉县气象台2026年7月10日18时30分发布暴雨橙色预警信号：预计未来3小时内，石棉县、汉源县有暴雨。"

// However a text comes over, the same is read.
func TestTheWayATextCameDoesNotMatter(t *testing.T) {
	want := said(Parse([]byte(clean), pastedAt).Messages[0])
	for name, text := range map[string]string{
		"full-width digits":        "石棉县气象台２０２６年７月１０日１８时３０分发布暴雨橙色预警信号：预计未来３小时内，石棉县、汉源县有暴雨。",
		"line ends inside words":   "石棉县气\n象台2026年7\r\n月10日18时30分发布暴\n雨橙\n色预警信号：预计未来3小\n时内，石棉\n县、汉源县有暴雨。",
		"blanks inside words":      "石 棉 县 气 象 台 2026 年 7 月 10 日 18 时 30 分发布 暴雨 橙色 预警 信号：预计未来 3 小时内，石棉县、　汉源县有暴雨。",
		"traditional characters":   "石棉縣氣象臺2026年7月10日18時30分發佈暴雨橙色預警信號：預計未來3小時內，石棉縣、漢源縣有暴雨。",
		"CRLF and a title":         "暴雨橙色预警信号\r\n\r\n石棉县气象台2026年7月10日18时30分发布暴雨橙色预警信号：\r\n预计未来3小时内，石棉县、汉源县有暴雨。\r\n",
		"the remains of a page":    `<p style="a">石棉县气象台2026年7月10日18时30分<b>发布</b>暴雨<span class="x">橙色</span>预警信号：<br/>预计未来3小时内，&#30707;棉县、&nbsp;汉源县有暴雨。</p>`,
		"zero-width characters":    strings.Join(strings.Split(clean, ""), "\u200b\ufeff"),
		"a date with hyphens":      "石棉县气象台2026-07-10 18:30发布暴雨橙色预警信号：预计未来3小时内，石棉县、汉源县有暴雨。",
		"forwarded":                "[微信] 县防办工作群 20:41\n转发：\n" + clean + "\n收到请回复",
		"Chinese numbers of hours": strings.Replace(clean, "3小时", "三个小时", 1),
	} {
		r := Parse([]byte(text), pastedAt)
		if len(r.Messages) != 1 {
			t.Errorf("%s: %+v", name, r)
			continue
		}
		if got := said(r.Messages[0]); len(got) != 1 || got[0] != want[0] {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

func TestTwoBulletinsInOnePaste(t *testing.T) {
	r := Parse([]byte(clean+"\n\n【雷电黄色预警】汉源县气象台2026年7月10日19时00分发布雷电黄色预警信号：预计未来6小时内，汉源县有雷电。\n石棉县气象台2026年7月10日20时解除大风蓝色预警信号。"), pastedAt)
	if len(r.Messages) != 3 {
		t.Fatalf("%+v", r)
	}
	for i, want := range []saidClaim{
		{warning.Rain, warning.Orange, "10T18:30/10T21:30", "511824 511823", ""},
		{warning.Lightning, warning.Yellow, "10T19:00/11T01:00", "511823", ""},
		{warning.Wind, warning.Blue, "", "", ""},
	} {
		if got := said(r.Messages[i]); len(got) != 1 || got[0] != want {
			t.Errorf("%d: %v", i, got)
		}
	}
	if !r.Messages[2].Ends() || r.Messages[1].Issuer() != "汉源县气象台" {
		t.Errorf("%+v", r.Messages)
	}
}

func TestWhatIsNoBulletin(t *testing.T) {
	for _, text := range []string{
		"晚上好，今天辛苦了", "预警", "红色预警", "明天暴雨，注意安全", strings.Repeat("暴雨", 17_000), strings.Repeat("<a", 50<<10), "收到预警信息请回复",
	} {
		if r := Parse([]byte(text), pastedAt); r.Outcome == Accepted || len(r.Messages) > 0 {
			t.Errorf("%.40s: %+v", text, r)
		}
	}
}

// A hundred kilobytes of repeated parts are worked through like any text.
func TestHugeBulletins(t *testing.T) {
	for _, part := range []string{
		"石棉县气象台发布暴雨橙色预警。", "石棉县、", "除石棉县外", "市中区、", "7月10日20时至7月11日20时，", "(黄色预警)石棉县；", "大雪镇、", "（", "发布", "气象台", "<p>", "&#", "等9个县",
	} {
		text := clean + strings.Repeat(part, 100<<10/len(part))
		r := Parse([]byte(text), pastedAt)
		if len(r.Messages) == 0 || len(r.Messages) > maxHeads {
			t.Errorf("%s: %d messages", part, len(r.Messages))
		}
	}
}

// levelSigns are what a text must hold for a level to be claimed from it.
var levelSigns = map[warning.Level][]string{
	warning.Red: {"红色", "紅色", "Ⅰ级", "I级", "1级", "一级"}, warning.Orange: {"橙色", "Ⅱ级", "II级", "2级", "二级"},
	warning.Yellow: {"黄色", "黃色", "Ⅲ级", "III级", "3级", "三级"}, warning.Blue: {"蓝色", "藍色", "Ⅳ级", "IV级", "4级", "四级"},
}

var bulletinParts = rapid.SampledFrom(strings.Split("石棉县|汉源县|雅安市|四川省|市中区|全县|我县|天全县|气象台|水利局|发布|解除|升级为|继续|暴雨|山洪灾害|地质灾害|气象风险|预警|信号|"+
	"红色|橙色|黄色|蓝色|Ⅱ级|3级|应急响应|（|）|：|，|。|；|、|\n|\r\n| |除|外|不含|未来6小时|今晚到明天白天|7月10日20时|至|11日08时|2026年|99月|32日|25时|18:30|"+
	"等17个县|预计|过去|大雪镇|<p>|&nbsp;|&#0;|\u200b|\xff|【|】|演练|有效期至|请注意|防御指南|縣|發佈|３|１", "|"))

// checkReading is what must hold of any text at all.
func checkReading(t interface{ Errorf(string, ...any) }, text string) {
	r, marks, _ := readBulletin(text, pastedAt)
	flat := plainOf(text).s
	for _, m := range r.Messages {
		for _, c := range m.Claims {
			found := c.Level == warning.LevelUnknown
			for _, sign := range levelSigns[c.Level] {
				found = found || strings.Contains(flat, sign)
			}
			if !found {
				t.Errorf("%q does not say %s", text, c.Level)
			}
			if c.Area.Basis != warning.BasisOffice && len(c.Area.Regions)+len(c.Area.Possible) > 0 && c.Area.Text == "" && len(c.Area.Regions) > 0 {
				t.Errorf("%q: regions without words", text)
			}
		}
	}
	end, length := 0, utf8.RuneCountInString(text)
	for _, m := range marks {
		if m.From < end || m.To <= m.From || m.To > length || m.Means == "" {
			t.Errorf("%q: mark %+v", text, m)
		}
		end = m.To
	}
}

func TestBulletinProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkReading(t, strings.Join(rapid.SliceOfN(bulletinParts, 0, 40).Draw(t, "parts"), ""))
	})
}

func FuzzBulletin(f *testing.F) {
	f.Add(clean)
	f.Add("四川省自然资源厅7月10日17时发布：全省地质灾害气象风险预警结果如下：3级，黄色预警：雅安市石棉县等1市1个县。")
	f.Add("石棉县气象台于11日6时30分解除18时发布的暴雨橙色预警\xff<p>&nbsp;")
	f.Fuzz(func(t *testing.T, text string) { checkReading(t, text) })
}
