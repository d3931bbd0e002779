package channel

import (
	"context"
	"net/url"
	"strconv"
)

// aliyunVoice is dyvmsapi 2017-05-25: IvrCall where the account has a caller
// number and a menu, because only that takes keys; else SingleCallByTts, or
// SingleCallByVoice for a recording.
type aliyunVoice struct {
	aliyun
	caller string
	menu   [][2]string // key and the code of what is played after it
}

const (
	playTimes  = "2"     // operations.md §4.3
	keyTimeout = "10000" // ms to wait for a key
)

func newAliyunVoice(a Account) (Gateway, error) {
	w := wants{account: a}
	g := aliyunVoice{aliyun: newAliyun(&w, "https://dyvmsapi.aliyuncs.com/"), caller: a.Settings["caller"]}
	for _, key := range []string{"1", "2", "3"} {
		if code := a.Settings["menu."+key]; code != "" {
			g.menu = append(g.menu, [2]string{key, code})
		}
	}
	if len(g.menu) > 0 {
		w.setting("caller", "已购买的真实号码；交互式呼叫必须有主叫号码")
	}
	return g, w.err()
}

// Send implements Gateway; the id is the CallId.
func (g aliyunVoice) Send(ctx context.Context, m Message) (string, error) {
	code, err := g.spoken(m)
	if err != nil {
		return "", err
	}
	action, params := g.single(m, code)
	if len(g.menu) > 0 {
		action, params = g.interactive(m, code)
	}
	params.Set("CalledNumber", m.To)
	params.Set("PlayTimes", playTimes)
	params.Set("OutId", VoiceOutID(m.Key))
	if g.caller != "" {
		params.Set("CalledShowNumber", g.caller)
	}
	answer, err := g.call(ctx, action, params)
	return answer.CallID, err
}

func (g aliyunVoice) spoken(m Message) (string, error) {
	if m.Clip != "" {
		return g.account.clip(m.Clip)
	}
	return g.account.template(m.Template)
}

func (g aliyunVoice) single(m Message, code string) (string, url.Values) {
	if m.Clip != "" {
		return "SingleCallByVoice", url.Values{"VoiceCode": {code}}
	}
	return "SingleCallByTts", url.Values{"TtsCode": {code}, "TtsParam": {named(m.Vars)}}
}

func (g aliyunVoice) interactive(m Message, code string) (string, url.Values) {
	params := url.Values{"StartCode": {code}, "Timeout": {keyTimeout}}
	if m.Clip == "" {
		params.Set("StartTtsParams", named(m.Vars))
	}
	for i, item := range g.menu {
		at := "MenuKeyMap." + strconv.Itoa(i+1)
		params.Set(at+".Key", item[0])
		params.Set(at+".Code", item[1])
	}
	return "IvrCall", params
}
