package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// feishu is the custom robot of a Feishu group (飞书自定义机器人): signed in the
// body, seconds, the server takes an hour of difference.
type feishu struct {
	url, secret string
	refusals
}

func newFeishu(a Account) (Gateway, error) {
	w := wants{account: a}
	d := feishu{w.secretURL(robotPage), w.secret("secret", "机器人安全设置选“签名校验”，填写密钥"), feishuRefusals}
	return robot{d, a.Now}, w.err()
}

var feishuRefusals = refusals{
	9499:  {Class: Never, Text: "请求格式不被接受"},
	11232: {Class: Limit, Text: "超过每分钟 100 条或每秒 5 条", After: time.Minute},
	19001: {Class: Never, Text: "机器人地址无效"},
	19021: {Class: Never, Text: "签名不符，或本机时钟相差超过一小时"},
	19022: {Class: Never, Text: "来源地址不在白名单"},
	19024: {Class: Never, Text: "不含规定的关键词"},
	19036: {Class: Never, Text: "内容超过长度"},
}

// feishuSign is base64(HMAC-SHA256(key = s+"\n"+secret, "")): the text is the key
// and nothing is signed.
func feishuSign(secret string, at time.Time) (seconds, sign string) {
	seconds = strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(seconds+"\n"+secret))
	return seconds, base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

type feishuBody struct {
	Timestamp string     `json:"timestamp"`
	Sign      string     `json:"sign"`
	Type      string     `json:"msg_type"`
	Card      feishuCard `json:"card"`
}

type feishuCard struct {
	Header   feishuHeader    `json:"header"`
	Elements []feishuElement `json:"elements"`
}

type feishuHeader struct {
	Title    feishuText `json:"title"`
	Template string     `json:"template"` // colour
}

type feishuText struct {
	Tag     string `json:"tag"`
	Content string `json:"content"`
}

type feishuElement struct {
	Tag     string         `json:"tag"`
	Content string         `json:"content,omitempty"`
	Actions []feishuButton `json:"actions,omitempty"`
}

type feishuButton struct {
	Tag  string     `json:"tag"`
	Text feishuText `json:"text"`
	URL  string     `json:"url"`
	Type string     `json:"type"`
}

func (f feishu) request(m Message, at time.Time) (string, any) {
	c := cardOf(m, func(c card) string { return c.title + feishuMarked(c) + c.link })
	seconds, sign := feishuSign(f.secret, at)
	elements := []feishuElement{{Tag: "markdown", Content: feishuMarked(c)}}
	if c.link != "" {
		elements = append(elements, feishuElement{Tag: "action",
			Actions: []feishuButton{{Tag: "button", Text: feishuText{"plain_text", openPage}, URL: c.link, Type: "primary"}}})
	}
	return f.url, feishuBody{seconds, sign, "interactive", feishuCard{
		Header:   feishuHeader{Title: feishuText{"plain_text", c.title}, Template: feishuColour(c)},
		Elements: elements,
	}}
}

// feishuMarked mentions those who are given by open id; the provider knows nobody
// by phone number.
func feishuMarked(c card) string {
	parts := c.lines
	for _, who := range c.mention {
		if strings.HasPrefix(who, "ou_") && inert(who[3:]) == who[3:] {
			parts = append(parts[:len(parts):len(parts)], "<at id="+who+"></at>")
		}
	}
	return strings.Join(parts, "\n")
}

// feishuColour is grey for a drill, so that nobody takes it for the real one.
func feishuColour(c card) string {
	switch {
	case c.exercise:
		return "grey"
	case c.level == "red", c.level == "orange", c.level == "yellow", c.level == "blue":
		return c.level
	}
	return "turquoise"
}
