package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"muster/internal/response/channel"
)

func feishuDoor(c *Carrier) {
	d := &Door{Name: "feishu/robot", Label: "飞书群机器人", Kind: channel.Robot,
		Quotas: []Quota{{Count: 5, Per: time.Second, Code: "11232"}, {Count: 100, Per: time.Minute, Code: "11232"}}}
	c.Handle("POST /open-apis/bot/v2/hook/{token}", c.Guard(d, func(w http.ResponseWriter, r *http.Request) {
		p, ok := c.robotPost("feishu", r.PathValue("token"), r)
		if !ok {
			feishuCode(w, 19001)
			return
		}
		feishuCode(w, c.feishu(d, p))
	}))
}

var feishuWords = map[int]string{0: "success", 9499: "Bad Request", 11232: "frequency limited",
	19001: "param invalid: incoming webhook access token invalid",
	19021: "sign match fail or timestamp is not within one hour from current time"}

func feishuCode(w http.ResponseWriter, code int) {
	writeJSON(w, http.StatusOK, map[string]any{"code": code, "msg": feishuWords[code], "data": map[string]any{}})
}

type feishuPost struct {
	Timestamp string `json:"timestamp"`
	Sign      string `json:"sign"`
	Type      string `json:"msg_type"`
	Card      struct {
		Header struct {
			Title struct {
				Content string `json:"content"`
			} `json:"title"`
			Template string `json:"template"`
		} `json:"header"`
		Elements []struct {
			Tag     string `json:"tag"`
			Content string `json:"content"`
			Actions []struct {
				URL string `json:"url"`
			} `json:"actions"`
		} `json:"elements"`
	} `json:"card"`
}

func (c *Carrier) feishu(d *Door, p robotPost) int {
	var m feishuPost
	switch {
	case len(p.body) > 20<<10, json.Unmarshal(p.body, &m) != nil, m.Type != "interactive", len(m.Card.Elements) == 0:
		return 9499
	case !m.signed(p.customer.Secrets["secret"], p.now):
		return 19021
	}
	it := Item{From: d.Label, Title: m.Card.Header.Title.Content, Data: map[string]any{"colour": m.Card.Header.Template}}
	var parts []string
	for _, e := range m.Card.Elements {
		parts = append(parts, e.Content)
		for _, a := range e.Actions {
			it.Link = a.URL
		}
	}
	it.Text = strings.TrimSpace(strings.Join(parts, "\n"))
	if c.Deliver(d, p.customer, Box{Group, p.token}, it).Over != nil {
		return 11232
	}
	return 0
}

func (m feishuPost) signed(secret string, now time.Time) bool {
	seconds, err := strconv.ParseInt(m.Timestamp, 10, 64)
	if err != nil || !withinHour(time.Unix(seconds, 0), now) {
		return false
	}
	mac := hmac.New(sha256.New, []byte(m.Timestamp+"\n"+secret))
	got, err := base64.StdEncoding.DecodeString(m.Sign)
	return err == nil && hmac.Equal(got, mac.Sum(nil))
}
