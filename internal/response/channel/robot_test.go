package channel

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"muster/internal/reftest"
)

// material reads a sample of the reference material.
func material(t *testing.T, name string, into any) bool {
	t.Helper()
	b, there := reftest.Read(t, "devices/"+name)
	if there {
		if err := json.Unmarshal(b, into); err != nil {
			t.Fatal(err)
		}
	}
	return there
}

// The expected values were made with Python's hmac.
func TestRobotSignatures(t *testing.T) {
	at := time.UnixMilli(1790000000123)
	if ms, sign := dingTalkSign("SECfixture42", at); ms != "1790000000123" || sign != "bzHvewDM84XK3w+WkQ1KxAQ33bAXYT92Eyu31Wd6BLY=" {
		t.Errorf("DingTalk: %s %s", ms, sign)
	}
	if s, sign := feishuSign("feishu-fixture-42", at); s != "1790000000" || sign != "55bA8Cx+TM0zsoM908ay5IvMCcm1oMA+G0NRYhgfPUI=" {
		t.Errorf("Feishu: %s %s", s, sign)
	}
	var v struct {
		DingTalk struct {
			Ms     int64  `json:"timestamp_ms,string"`
			Secret string `json:"secret"`
			Sign   string `json:"sign"`
			Query  string `json:"sign_query"`
		} `json:"dingtalk"`
		Feishu struct {
			Seconds int64  `json:"timestamp_s,string"`
			Secret  string `json:"secret"`
			Sign    string `json:"sign"`
		} `json:"feishu"`
	}
	if !material(t, "vectors.json", &v) {
		return
	}
	if _, sign := dingTalkSign(v.DingTalk.Secret, time.UnixMilli(v.DingTalk.Ms)); sign != v.DingTalk.Sign {
		t.Errorf("DingTalk: %s, want %s", sign, v.DingTalk.Sign)
	}
	address := withQuery("https://x.example/robot/send?access_token=a", url.Values{"sign": {v.DingTalk.Sign}})
	if !strings.Contains(address, "access_token=a&sign="+v.DingTalk.Query) {
		t.Errorf("DingTalk query: %s", address)
	}
	if _, sign := feishuSign(v.Feishu.Secret, time.Unix(v.Feishu.Seconds, 0)); sign != v.Feishu.Sign {
		t.Errorf("Feishu: %s, want %s", sign, v.Feishu.Sign)
	}
}

// What we send has the members of the providers' samples.
func TestRobotBodiesHaveTheShapeOfTheSamples(t *testing.T) {
	m := Message{Title: "【撤离】暴雨红色预警", Text: "要求：立即撤离", Mention: []string{"13800000000"}}
	plain := m
	plain.Mention = nil
	for sample, body := range map[string]any{
		"wecom-text-at.json":    second(wecom{}.request(m, time.Time{})),
		"wecom-markdown.json":   second(wecom{}.request(plain, time.Time{})),
		"dingtalk-text-at.json": second(dingTalk{}.request(m, time.Time{})),
		"feishu-text.json":      second(feishu{}.request(m, time.Time{})),
	} {
		var want, got map[string]any
		if !material(t, "messaging/"+sample, &want) {
			continue
		}
		raw, err := json.Marshal(body)
		if err != nil || json.Unmarshal(raw, &got) != nil {
			t.Fatal(err)
		}
		// DingTalk and Feishu get a richer type than the sample's text.
		delete(want, map[string]string{"dingtalk-text-at.json": "text", "feishu-text.json": "content"}[sample])
		sameMembers(t, sample, want, got)
	}
}

func second(_ string, body any) any { return body }

func sameMembers(t *testing.T, where string, want, got map[string]any) {
	t.Helper()
	for name, w := range want {
		g, ok := got[name]
		if !ok {
			t.Errorf("%s: %s is missing", where, name)
		}
		if inner, ok := w.(map[string]any); ok {
			other, _ := g.(map[string]any)
			sameMembers(t, where+"."+name, inner, other)
		}
	}
}

var renderers = map[string]func(card) string{
	"wecom markdown": wecomMarked, "wecom text": wecomPlain, "dingtalk": dingTalkMarked,
	"feishu": func(c card) string { return c.title + feishuMarked(c) + c.link },
}

const instruction = "要求：立即组织3号驻地等2处全员撤至集合点并清点，避开沟谷和河道，不得折返。"

// However long the rest is, a card is never over its limit, never ends inside a
// character, and keeps the instruction and the word that it is a drill.
func TestCardsFitAndKeepTheInstruction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.StringOf(rapid.RuneFrom([]rune("山洪暴雨红色预警区域驻地ab1👷，。·[]*<>_`")))
		drill := rapid.Bool().Draw(t, "drill")
		m := Message{Title: words.Draw(t, "title"), Exercise: drill, Link: "https://m.example.cn/a/0123456789abcdef"}
		lines := []string{strings.Repeat(words.Draw(t, "origin"), rapid.IntRange(1, 40).Draw(t, "times")),
			strings.Repeat(words.Draw(t, "sites"), rapid.IntRange(1, 40).Draw(t, "more")), instruction, words.Draw(t, "counts")}
		if drill {
			lines = append([]string{"演练，非真实预警。"}, lines...)
		}
		m.Text = strings.Join(lines, "\n")
		for name, render := range renderers {
			got := render(cardOf(m, render))
			switch {
			case len(got) > cardLimit:
				t.Fatalf("%s: %d bytes", name, len(got))
			case !utf8.ValidString(got):
				t.Fatalf("%s: a broken character in %q", name, got)
			case !strings.Contains(got, instruction):
				t.Fatalf("%s: the instruction is cut: %q", name, got)
			case !strings.Contains(got, m.Link):
				t.Fatalf("%s: the link is cut: %q", name, got)
			case drill && (!strings.Contains(got, "演练，非真实预警。") || !strings.Contains(got, "演练｜")):
				t.Fatalf("%s: it does not say it is a drill: %q", name, got)
			}
		}
	})
}

// Nothing makes a card too long: not an instruction without end, not a link.
func TestNoMessageIsOverTheLimit(t *testing.T) {
	for name, m := range map[string]Message{
		"one endless sentence":     {Title: "预警", Text: strings.Repeat("立即撤离", 400)},
		"an endless instruction":   {Title: "预警", Text: "要求：" + strings.Repeat("撤", 900) + "\n演练" + strings.Repeat("习", 900)},
		"an endless title":         {Title: strings.Repeat("暴雨", 900), Text: instruction},
		"an endless link":          {Title: "预警", Text: instruction, Link: "https://m.example.cn/" + strings.Repeat("x", 2000)},
		"a hundred lines":          {Title: "预警", Text: strings.Repeat("第三合同段驻地\n", 400) + instruction},
		"everything at once":       {Title: strings.Repeat("雨", 900), Text: strings.Repeat("雨", 900), Link: strings.Repeat("x", 880), Exercise: true},
		"invalid bytes":            {Title: "\xff\xfe", Text: strings.Repeat("\xe6\xb0", 900)},
		"nothing":                  {},
		"a link just short of all": {Text: "撤", Link: strings.Repeat("x", 440)},
	} {
		for provider, render := range renderers {
			if got := render(cardOf(m, render)); len(got) > cardLimit || !utf8.ValidString(got) {
				t.Errorf("%s, %s: %d bytes", name, provider, len(got))
			}
		}
	}
}

// A site's name is words, whatever is in it.
func TestNamesAreNotMarkup(t *testing.T) {
	m := Message{Title: "**[点这里](http://evil.example)**", Text: "要求：<@all> <at id=all></at> [x](http://e) # `a`"}
	for name, render := range renderers {
		got := render(cardOf(m, render))
		for _, bad := range []string{"](http", "<@all>", "<at id=all>", "`"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s: %q in %q", name, bad, got)
			}
		}
	}
}

func TestMentions(t *testing.T) {
	m := Message{Title: "预警", Text: instruction, Mention: []string{"13800000000", "ou_a1b2c3", "all", "ou_x></at><at id=all"}}
	w := second(wecom{}.request(m, time.Time{})).(wecomBody)
	if w.Type != "text" || len(w.Text.Mobiles) != 1 {
		t.Errorf("WeCom: %+v", w)
	}
	d := second(dingTalk{}.request(m, time.Time{})).(dingTalkBody)
	if len(d.At.Mobiles) != 1 || d.At.All || !strings.HasSuffix(d.Markdown.Text, "@13800000000") {
		t.Errorf("DingTalk: %+v", d)
	}
	f := second(feishu{}.request(m, time.Time{})).(feishuBody).Card.Elements[0].Content
	if !strings.HasSuffix(f, "\n<at id=ou_a1b2c3></at>") || strings.Contains(f, "13800000000") {
		t.Errorf("Feishu: %s", f)
	}
}

func TestFeishuColours(t *testing.T) {
	for want, c := range map[string]card{"red": {level: "red"}, "grey": {level: "red", exercise: true}, "turquoise": {}} {
		if got := feishuColour(c); got != want {
			t.Errorf("%+v is %s, want %s", c, got, want)
		}
	}
}

func TestRobotRefusals(t *testing.T) {
	for _, c := range []struct {
		name    string
		refused refusals
		status  int
		body    string
		class   Class
		after   time.Duration
	}{
		{"WeCom over its limit", wecomRefusals, 200, `{"errcode":45009,"errmsg":"api freq out of limit"}`, Limit, time.Minute},
		{"WeCom robot removed", wecomRefusals, 200, `{"errcode":93000}`, Never, 0},
		{"WeCom busy", wecomRefusals, 200, `{"errcode":-1}`, Again, 0},
		{"a code nobody knows", wecomRefusals, 200, `{"errcode":99999}`, Again, 10 * time.Second},
		{"DingTalk signature", dingTalkRefusals, 200, `{"errcode":310000}`, Never, 0},
		{"DingTalk blocks for ten minutes", dingTalkRefusals, 200, `{"status":1111,"wait":5,"errcode":130101}`, Limit, 10 * time.Minute},
		{"Feishu signature", feishuRefusals, 200, `{"code":19021,"msg":"sign match fail"}`, Never, 0},
		{"Feishu over its limit", feishuRefusals, 200, `{"code":11232}`, Limit, time.Minute},
		{"Feishu bad request, status 400", feishuRefusals, 400, `{"code":9499,"msg":"Bad Request"}`, Never, 0},
		{"a redirect", wecomRefusals, 302, ``, Never, 0},
		{"not found", wecomRefusals, 404, `<html>`, Never, 0},
		{"nonsense", wecomRefusals, 200, `<html>It works!</html>`, Again, 0},
		{"an answer without a code", wecomRefusals, 200, `{}`, Again, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := robot{dialect: wecom{refusals: c.refused}}.read(c.status, []byte(c.body))
			var f *Failure
			if !errors.As(err, &f) || f.Class != c.class || f.After != c.after {
				t.Fatalf("%#v", err)
			}
			if f.Code == "" || f.Text == "" {
				t.Errorf("says nothing: %+v", f)
			}
		})
	}
	for _, body := range []string{`{"errcode":0,"errmsg":"ok"}`, `{"code":0,"msg":"success"}`, `{"StatusCode":0}`} {
		if err := (robot{dialect: wecom{}}).read(http.StatusOK, []byte(body)); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	}
}
