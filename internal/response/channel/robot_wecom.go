package channel

import (
	"strings"
	"time"
)

// wecom is the robot of a WeCom group (企业微信群机器人, document/path/91770):
// the key in the address is all its secret.
type wecom struct {
	url string
	refusals
}

func newWecom(a Account) (Gateway, error) {
	w := wants{account: a}
	d := wecom{url: w.secretURL(robotPage), refusals: wecomRefusals}
	return robot{d, a.Now}, w.err()
}

var wecomRefusals = refusals{
	-1:    {Class: Again, Text: "企业微信繁忙"},
	40008: {Class: Never, Text: "消息类型不被接受"},
	40058: {Class: Never, Text: "参数不合规定"},
	44004: {Class: Never, Text: "内容为空"},
	45002: {Class: Never, Text: "内容超过长度"},
	45009: {Class: Limit, Text: "超过每分钟 20 条", After: time.Minute},
	93000: {Class: Never, Text: "机器人地址无效或机器人已被移除"},
	93008: {Class: Never, Text: "机器人不在群里"},
}

type wecomBody struct {
	Type     string         `json:"msgtype"`
	Markdown *wecomMarkdown `json:"markdown,omitempty"`
	Text     *wecomText     `json:"text,omitempty"`
}

type wecomMarkdown struct {
	Content string `json:"content"`
}

type wecomText struct {
	Content string   `json:"content"`
	Mobiles []string `json:"mentioned_mobile_list"`
}

// request writes markdown; only text can call somebody by mobile number, so a
// card that mentions is plain text.
func (w wecom) request(m Message, _ time.Time) (string, any) {
	if phones := mobiles(m.Mention); len(phones) > 0 {
		return w.url, wecomBody{Type: "text", Text: &wecomText{Content: wecomPlain(cardOf(m, wecomPlain)), Mobiles: phones}}
	}
	return w.url, wecomBody{Type: "markdown", Markdown: &wecomMarkdown{Content: wecomMarked(cardOf(m, wecomMarked))}}
}

func wecomMarked(c card) string {
	parts := append([]string{"**" + c.title + "**"}, c.lines...)
	if c.link != "" {
		parts = append(parts, "["+openPage+"]("+c.link+")")
	}
	return strings.Join(parts, "\n")
}

func wecomPlain(c card) string {
	parts := append([]string{c.title}, c.lines...)
	if c.link != "" {
		parts = append(parts, openPage+"："+c.link)
	}
	return strings.Join(parts, "\n")
}
