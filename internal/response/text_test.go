package response

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"muster/internal/warning"
)

// largestFacts are the largest values of operations.md §4.2.
func largestFacts() Facts {
	return Facts{
		Warning: "地质灾害红色预警", Level: warning.Red, Source: SourceRelay, Sites: []string{"3号驻地", "桥梁工点"},
		Muster: "麻柳沟大桥西侧空地", Issuer: "阿坝州气象台地质灾害中心", Authority: "阿坝州交通运输局",
		Issued: at(21, 20, 30), Published: at(21, 20, 41), Until: at(22, 20, 0), By: at(21, 21, 30), At: at(22, 8, 15),
		Code: "482915", Reason: "照片时间地点不符", Returned: 12, Total: 1500, Unanswered: 1200, Unfinished: 1300, Unverified: 1400,
		Sentence: "请立即组织全员撤至集合点，横向避开沟谷和坡脚，逐人清点，撤出后任何人不得返回。远离坡脚和沟口，向两侧高处走，留意裂缝、掉块和异响。",
		Link:     "https://m.example.cn/a/0190f1d2-7c3e-7a55-9b1c-2f4d6e8a0b1c",
	}
}

// The numbers beside the templates in operations.md §4.2, with a signature of ten
// characters. Two of them are one and two less than what they count: 22日20:00 in
// R70, the longest reason in X70.
func TestEverySMSHasTheLengthOfTheRuleBook(t *testing.T) {
	for _, c := range []struct {
		id      string
		kind    NoticeKind
		measure warning.Measure
		long    bool
		source  string
		length  int
	}{
		{"E70", NoticeAlert, warning.Evacuate, false, SourceRelay, 62},
		{"T70", NoticeAlert, warning.Stop, false, SourceRelay, 62},
		{"P70", NoticeAlert, warning.Patrol, false, SourceRelay, 56},
		{"H70", NoticeAlert, warning.Shelter, false, SourceRelay, 61},
		{"K70", NoticeAlert, warning.KeepOut, false, SourceRelay, 59},
		{"R70", NoticeAlert, warning.Read, false, SourceRelay, 65 + 1},
		{"U70", NoticeUpgrade, warning.Evacuate, false, SourceRelay, 60},
		{"N70", NoticeTakeover, warning.Stop, false, SourceRelay, 61},
		{"X70", NoticeRefused, warning.Evacuate, false, SourceRelay, 57 + 2},
		{"A70", NoticeReentry, warning.Evacuate, false, SourceRelay, 51},
		{"C70", NoticeNarrowed, warning.Evacuate, false, SourceRelay, 49},
		{"F70", NoticeExpired, warning.Evacuate, false, SourceRelay, 50},
		{"L70", NoticeLifted, warning.Evacuate, false, SourceRelay, 62},
		{"B70", NoticeReturn, warning.Evacuate, false, SourceRelay, 55},
		{"G70", NoticeDigest, warning.Evacuate, false, SourceRelay, 64},
		{"E134", NoticeAlert, warning.Evacuate, true, SourceRelay, 132},
		{"T134", NoticeAlert, warning.Stop, true, SourceRelay, 128},
		{"L134", NoticeLifted, warning.Stop, true, SourceRelay, 110},
		{"M134", NoticeAlert, warning.Stop, true, SourceAuto, 120},
	} {
		t.Run(c.id, func(t *testing.T) {
			r := *DefaultRules()
			r.Texts.Long = c.long
			f := largestFacts()
			f.Source = c.source
			w, err := r.Text(c.kind, c.measure, SMS, f)
			if err != nil {
				t.Fatal(err)
			}
			if got := utf8.RuneCountInString(w.Text) + r.Texts.Signature; w.Template != c.id || got != c.length {
				t.Errorf("%s has %d characters, want %s with %d: %s", w.Template, got, c.id, c.length, w.Text)
			}
		})
	}
}

// The seconds beside the texts in §4.3.
func TestEveryCallHasTheLengthOfTheRuleBook(t *testing.T) {
	for _, c := range []struct {
		id       string
		kind     NoticeKind
		measure  warning.Measure
		plain    bool
		exercise bool
		seconds  int
	}{
		{"V0_evacuate", NoticeAlert, warning.Evacuate, true, false, 15},
		{"V2_evacuate", NoticeAlert, warning.Evacuate, false, false, 16},
		{"V2_stop", NoticeAlert, warning.Stop, false, false, 15},
		{"V2_shelter", NoticeAlert, warning.Shelter, false, false, 15},
		{"V2_takeover", NoticeTakeover, warning.Stop, false, false, 13},
		{"V1_lifted", NoticeLifted, warning.Stop, false, false, 9},
		{"V1_drill", NoticeAlert, warning.Evacuate, false, true, 13},
	} {
		t.Run(c.id, func(t *testing.T) {
			f := largestFacts()
			f.Plain, f.Exercise = c.plain, c.exercise
			w, err := DefaultRules().Text(c.kind, c.measure, Voice, f)
			if err != nil {
				t.Fatal(err)
			}
			if got := PlayTime(w.Text); w.Template != c.id || got < c.seconds-1 || got > c.seconds+1 {
				t.Errorf("%s takes %d s, want %s with %d: %s", w.Template, got, c.id, c.seconds, w.Text)
			}
		})
	}
}

func TestAnSMSReadsLikeThis(t *testing.T) {
	f := largestFacts()
	f.Warning, f.Sites = "暴雨红色预警", []string{"3号驻地"}
	w, err := DefaultRules().Text(NoticeAlert, warning.Evacuate, SMS, f)
	if err != nil || w.Text != "暴雨红色预警生效，请立即组织3号驻地全员撤至集合点并清点，回复482915签收，撤完再报人数。" {
		t.Errorf("%q %v", w.Text, err)
	}
	if len(w.Vars) != 3 || w.Vars[0] != (Var{"warning", "暴雨红色预警"}) || w.Vars[2] != (Var{"code", "482915"}) {
		t.Errorf("%v", w.Vars)
	}
}

// A drill, an instruction and an automatic relay are templates of their own.
func TestTheDressesOfAnSMS(t *testing.T) {
	for _, c := range []struct {
		name, source, id, first, last string
		exercise                      bool
	}{
		{"drill", SourceRelay, "T70D", "演练，非真实预警。地质灾害", "落实后报告。演练，请按方案行动。", true},
		{"automatic relay", SourceAuto, "T70A", "自动转发，地质灾害", "落实后报告。", false},
		{"instruction", SourceInstruction, "T70I", "行业提示，依据省防汛应急预案要求，地质灾害", "落实后报告。", false},
		{"instruction in a drill", SourceInstruction, "T70ID", "演练，非真实预警。行业提示，", "演练，请按方案行动。", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := largestFacts()
			f.Source, f.Basis, f.Exercise = c.source, "省防汛应急预案", c.exercise
			w, err := DefaultRules().Text(NoticeAlert, warning.Stop, SMS, f)
			if err != nil || w.Template != c.id || !strings.HasPrefix(w.Text, c.first) || !strings.HasSuffix(w.Text, c.last) {
				t.Errorf("%s %q %v", w.Template, w.Text, err)
			}
			if wrong := CheckText(SMS, w.Text, 10); len(wrong) > 0 {
				t.Error(wrong)
			}
		})
	}
}

func TestTheCardOfAGroup(t *testing.T) {
	f := largestFacts()
	f.Sites = []string{"3号驻地", "桥梁工点", "拌合站"}
	w, err := DefaultRules().Text(NoticeAlert, warning.Evacuate, Robot, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"**【撤离】地质灾害红色预警**", "原发布 阿坝州气象台地质灾害中心 21日20:30，转发 阿坝州交通运输局 21日20:41",
		"本群涉及 1500 处：3号驻地、桥梁工点等3处", "时限 21日21:30 · 有效至 22日20:00", "未签收 1200 · 未撤完 1300"} {
		if !strings.Contains(w.Text, want) {
			t.Errorf("%q is not in %s", want, w.Text)
		}
	}
	f.Exercise, f.Sentence = true, strings.Repeat("很长的一句话", 80)
	w, _ = DefaultRules().Text(NoticeAlert, warning.Evacuate, Robot, f)
	if len(w.Text) > 900 || !strings.HasPrefix(w.Text, "**演练|") || !strings.HasSuffix(w.Text, "(https://m.example.cn/a/0190f1d2-7c3e-7a55-9b1c-2f4d6e8a0b1c)") {
		t.Errorf("%d bytes: %s", len(w.Text), w.Text)
	}
}

func TestTheHeadlineCountsDown(t *testing.T) {
	f := largestFacts()
	f.Sites = []string{"3号驻地"}
	for _, c := range []struct {
		measure warning.Measure
		at      time.Time
		want    string
	}{
		{warning.Evacuate, f.By.Add(-299 * time.Second), "《地质灾害红色预警》·请立即撤离·3号驻地·还有 04:59"},
		{warning.Stop, f.By.Add(90 * time.Second), "《地质灾害红色预警》·请立即停工·3号驻地·已超时 01:30"},
		{warning.Read, f.By.Add(-time.Hour), "《地质灾害红色预警》·请阅知·3号驻地·还有 60:00"},
	} {
		if got := DefaultRules().Headline(c.measure, f, c.at); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestShortNamesFit(t *testing.T) {
	for _, h := range warning.Hazards() {
		for _, l := range append(warning.Colours(), warning.LevelUnknown) {
			if n := utf8.RuneCountInString(ShortName(h, l)); n > 8 {
				t.Errorf("%s has %d characters", ShortName(h, l), n)
			}
		}
	}
}

// Whatever an officer types, no carrier has a reason to refuse it and no number
// of a person or a paper leaves.
func TestNoValueMakesATextThatCarriersRefuse(t *testing.T) {
	value := rapid.StringOf(rapid.SampledFrom([]rune("撤离驻地K12+300【】★→#/:：-%1358 wechat.cn。，")))
	texts := rapid.OneOf(value, rapid.SampledFrom([]string{"13800001234", "510000199901011234", "https://x.cn/a?b=1", "见m.evil.top/x", "联系13912345678张", "K12:30-40/左"}))
	rapid.Check(t, func(t *rapid.T) {
		f := largestFacts()
		f.Warning, f.Reason, f.Muster, f.Issuer = texts.Draw(t, "warning"), texts.Draw(t, "reason"), texts.Draw(t, "muster"), texts.Draw(t, "issuer")
		f.Basis, f.Note, f.Code = texts.Draw(t, "basis"), texts.Draw(t, "note"), "482915"
		f.Sites = rapid.SliceOfN(texts, 0, 4).Draw(t, "sites")
		f.Source = rapid.SampledFrom([]string{SourceRelay, SourceAuto, SourceInstruction}).Draw(t, "source")
		f.Exercise = rapid.Bool().Draw(t, "exercise")
		kind := rapid.SampledFrom(NoticeKinds()).Draw(t, "kind")
		c := rapid.SampledFrom([]Channel{SMS, Voice}).Draw(t, "channel")
		w, err := DefaultRules().Text(kind, rapid.SampledFrom(allMeasures).Draw(t, "measure"), c, f)
		if err != nil {
			return
		}
		if wrong := CheckText(c, w.Text, 10); len(wrong) > 0 {
			t.Fatalf("%v: %s", wrong, w.Text)
		}
		for _, v := range w.Vars {
			if n := utf8.RuneCountInString(v.Value); n == 0 || n > maxValue || link.MatchString(v.Value) {
				t.Fatalf("%s = %q", v.Name, v.Value)
			}
		}
	})
}

func TestEveryKindHasWordsOnTheScreen(t *testing.T) {
	for _, k := range NoticeKinds() {
		for _, m := range allMeasures {
			w, err := DefaultRules().Text(k, m, App, largestFacts())
			if err != nil || w.Text == "" || w.Title == "" || strings.Contains(w.Text+w.Title, "${") {
				t.Errorf("%s %s: %+v %v", k, m, w, err)
			}
		}
	}
}

func TestWhatTheCheckOfATemplateFinds(t *testing.T) {
	widths := DefaultRules().Texts.Widths
	for _, c := range []struct {
		name    string
		channel Channel
		text    string
		want    string
	}{
		{"values side by side", SMS, "请${site}，${warning}撤离", "相邻"},
		{"twice the same", SMS, "请${site}撤离${site}人员", "两次"},
		{"nothing but a value", SMS, "${site}", "只有变量"},
		{"a value nobody knows", SMS, "请${name}撤离", "没有名为“name”"},
		{"three values in a call", Voice, "请${site}按${warning}在${by}前撤离", "最多2个"},
		{"a link as a value", SMS, "请打开${link}签收", "没有登记长度"},
		{"a word without a clock", SMS, "请${site}尽快撤离", "尽快"},
		{"a threat", SMS, "请${site}撤离，否则追责", "追责"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(checkTemplate(c.channel, c.text, widths), "；"); !strings.Contains(got, c.want) {
				t.Errorf("%q does not say %q", got, c.want)
			}
		})
	}
}

func TestWhatTheCheckOfATextFinds(t *testing.T) {
	for _, c := range []struct {
		channel Channel
		text    string
		want    string
	}{
		{SMS, strings.Repeat("字", 491), "501字"},
		{SMS, "【交通】请撤离", "【"},
		{SMS, "联系13800001234", "手机号码"},
		{SMS, "打开https://m.example.cn", "链接"},
		{Voice, "20:30撤离", ":"},
		{Voice, strings.Repeat("字", 130), "29秒"},
		{Robot, strings.Repeat("字", 301), "903字节"},
	} {
		if got := strings.Join(CheckText(c.channel, c.text, 10), "；"); !strings.Contains(got, c.want) {
			t.Errorf("%q does not say %q", got, c.want)
		}
	}
	if Segments(70) != 1 || Segments(71) != 2 || Segments(134) != 2 || Segments(135) != 3 {
		t.Error("segments")
	}
}
