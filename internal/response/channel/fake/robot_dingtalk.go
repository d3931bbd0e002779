package fake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"

	"muster/internal/response/channel"
)

// dingTalk remembers which robots it has blocked: one message too many in a minute
// costs ten.
type dingTalk struct {
	*Carrier
	door    *Door
	blocked sync.Map // token → time.Time
}

func dingTalkDoor(c *Carrier) {
	t := &dingTalk{Carrier: c, door: &Door{Name: "dingtalk/robot", Label: "钉钉群机器人", Kind: channel.Robot,
		Quotas: []Quota{{Count: 20, Per: time.Minute, Code: "130101"}},
		Refuse: func(w http.ResponseWriter, _ *http.Request) { errcode(w, -1, "系统繁忙") }}}
	c.Handle("POST /robot/send", c.Guard(t.door, func(w http.ResponseWriter, r *http.Request) {
		p, ok := c.robotPost("dingtalk", r.URL.Query().Get("access_token"), r)
		if !ok {
			errcode(w, 300005, "token is not exist")
			return
		}
		code, text := t.take(p)
		errcode(w, code, text)
	}))
}

func (t *dingTalk) take(p robotPost) (int, string) {
	if !dingTalkSigned(p) {
		return 310000, "sign not match"
	}
	if until, ok := t.blocked.Load(p.token); ok && p.now.Before(until.(time.Time)) {
		return 130101, "send too fast, exceed 20 times per minute"
	}
	var m struct {
		Type     string `json:"msgtype"`
		Markdown struct {
			Title string `json:"title"`
			Text  string `json:"text"`
		} `json:"markdown"`
		At struct {
			Mobiles []string `json:"atMobiles"`
		} `json:"at"`
	}
	if json.Unmarshal(p.body, &m) != nil || m.Type != "markdown" || m.Markdown.Title == "" || m.Markdown.Text == "" {
		return 40035, "缺少参数 json"
	}
	it := Item{From: t.door.Label, Title: m.Markdown.Title, Text: m.Markdown.Text, Data: map[string]any{"mention": m.At.Mobiles}}
	if t.Deliver(t.door, p.customer, Box{Group, p.token}, it).Over != nil {
		t.blocked.Store(p.token, p.now.Add(10*time.Minute))
		return 130101, "send too fast, exceed 20 times per minute"
	}
	return 0, "ok"
}

func dingTalkSigned(p robotPost) bool {
	secret, stamp := p.customer.Secrets["secret"], p.query.Get("timestamp")
	ms, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || !withinHour(time.UnixMilli(ms), p.now) {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "\n" + secret))
	got, err := base64.StdEncoding.DecodeString(p.query.Get("sign"))
	return err == nil && hmac.Equal(got, mac.Sum(nil))
}
