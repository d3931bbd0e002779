package fake

import (
	"encoding/json"
	"net/http"
	"time"

	"muster/internal/response/channel"
)

func wecomDoor(c *Carrier) {
	d := &Door{Name: "wecom/robot", Label: "企业微信群机器人", Kind: channel.Robot,
		Quotas: []Quota{{Count: 20, Per: time.Minute, Code: "45009"}},
		Refuse: func(w http.ResponseWriter, _ *http.Request) { errcode(w, -1, "system busy") }}
	c.Handle("POST /cgi-bin/webhook/send", c.Guard(d, func(w http.ResponseWriter, r *http.Request) {
		p, ok := c.robotPost("wecom", r.URL.Query().Get("key"), r)
		if !ok {
			errcode(w, 93000, "invalid webhook url")
			return
		}
		errcode(w, c.wecom(d, p), "")
	}))
}

func (c *Carrier) wecom(d *Door, p robotPost) int {
	var m struct {
		Type     string `json:"msgtype"`
		Markdown struct {
			Content string `json:"content"`
		} `json:"markdown"`
		Text struct {
			Content string   `json:"content"`
			Mobiles []string `json:"mentioned_mobile_list"`
		} `json:"text"`
	}
	if json.Unmarshal(p.body, &m) != nil {
		return 40058
	}
	content, most := m.Markdown.Content, 4096
	switch m.Type {
	case "markdown":
	case "text":
		content, most = m.Text.Content, 2048
	default:
		return 40008
	}
	switch {
	case content == "":
		return 44004
	case len(content) > most:
		return 45002
	}
	it := Item{From: d.Label, Title: headline(content), Text: content, Data: map[string]any{"mention": m.Text.Mobiles}}
	if c.Deliver(d, p.customer, Box{Group, p.token}, it).Over != nil {
		return 45009
	}
	return 0
}
