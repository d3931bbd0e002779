package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// dingTalk is the custom robot of a DingTalk group (钉钉自定义机器人): signed in
// the query, milliseconds, the server takes an hour of difference.
type dingTalk struct {
	url, secret string
	refusals
}

func newDingTalk(a Account) (Gateway, error) {
	w := wants{account: a}
	d := dingTalk{w.secretURL(robotPage), w.secret("secret", "机器人安全设置选“加签”，填写以 SEC 开头的密钥"), dingTalkRefusals}
	return robot{d, a.Now}, w.err()
}

var dingTalkRefusals = refusals{
	-1:     {Class: Again, Text: "钉钉繁忙"},
	40035:  {Class: Never, Text: "缺少参数"},
	130101: {Class: Limit, Text: "超过每分钟 20 条，机器人被限 10 分钟", After: 10 * time.Minute},
	300001: {Class: Never, Text: "机器人地址无效"},
	300005: {Class: Never, Text: "机器人地址无效"},
	310000: {Class: Never, Text: "签名、关键词或来源地址不符，也可能是本机时钟不准"},
	400013: {Class: Never, Text: "群已解散"},
	400101: {Class: Never, Text: "机器人地址无效"},
	400102: {Class: Never, Text: "机器人已停用"},
	400105: {Class: Never, Text: "消息类型不被接受"},
	400106: {Class: Never, Text: "机器人不存在"},
	410100: {Class: Limit, Text: "发送过快，机器人被限", After: 10 * time.Minute},
	430101: {Class: Never, Text: "含有不安全的链接"},
	430102: {Class: Never, Text: "含有不合适的文字"},
	430104: {Class: Never, Text: "含有不合适的内容"},
}

// dingTalkSign is base64(HMAC-SHA256(secret, ms+"\n"+secret)), before the escaping
// of the query.
func dingTalkSign(secret string, at time.Time) (ms, sign string) {
	ms = strconv.FormatInt(at.UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(ms + "\n" + secret))
	return ms, base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

type dingTalkBody struct {
	Type     string           `json:"msgtype"`
	Markdown dingTalkMarkdown `json:"markdown"`
	At       dingTalkAt       `json:"at"`
}

type dingTalkMarkdown struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

type dingTalkAt struct {
	Mobiles []string `json:"atMobiles"`
	All     bool     `json:"isAtAll"`
}

func (d dingTalk) request(m Message, at time.Time) (string, any) {
	c := cardOf(m, dingTalkMarked)
	ms, sign := dingTalkSign(d.secret, at)
	return withQuery(d.url, url.Values{"timestamp": {ms}, "sign": {sign}}), dingTalkBody{Type: "markdown",
		Markdown: dingTalkMarkdown{Title: c.title, Text: dingTalkMarked(c)},
		At:       dingTalkAt{Mobiles: mobiles(c.mention)}}
}

// dingTalkMarked names the mentioned by number in the text, as the provider asks;
// it shows members by name and masks the numbers of everybody else.
func dingTalkMarked(c card) string {
	parts := append([]string{"### " + c.title}, c.lines...)
	if c.link != "" {
		parts = append(parts, "["+openPage+"]("+c.link+")")
	}
	if phones := mobiles(c.mention); len(phones) > 0 {
		parts = append(parts, "@"+strings.Join(phones, " @"))
	}
	return strings.Join(parts, "\n\n")
}

// withQuery adds values to an address that may have a query already.
func withQuery(address string, v url.Values) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	for name := range v {
		q.Set(name, v.Get(name))
	}
	u.RawQuery = q.Encode()
	return u.String()
}
