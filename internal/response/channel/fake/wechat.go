package fake

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"muster/internal/response/channel"
)

// wechat is the mini-program side of WeChat: one live token per app, subscribe
// messages to users by openid. A user scripted as Nobody has a wrong openid, one as
// Off has taken his acceptance back.
type wechat struct {
	*Carrier
	door *Door

	mu     sync.Mutex
	tokens map[string]wechatToken // by AppID
}

type wechatToken struct {
	value string
	until time.Time
}

const tokenLife = 2 * time.Hour

func openWeChat(c *Carrier) {
	w := &wechat{Carrier: c, tokens: map[string]wechatToken{},
		door: &Door{Name: "wechat/wechat", Label: "微信订阅消息", Kind: channel.WeChat,
			Refuse: func(w http.ResponseWriter, _ *http.Request) { errcode(w, -1, "system error") }}}
	c.Handle("POST /cgi-bin/stable_token", c.Guard(w.door, w.giveToken))
	c.Handle("POST /cgi-bin/message/subscribe/send", c.Guard(w.door, w.send))
}

func (w *wechat) giveToken(out http.ResponseWriter, r *http.Request) {
	var ask struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
		Force  bool   `json:"force_refresh"`
	}
	_ = json.NewDecoder(io.LimitReader(r.Body, maxBody)).Decode(&ask)
	owner := w.customerWhere(channel.WeChat, "wechat", func(a channel.Account) bool { return a.Settings["app_id"] == ask.AppID })
	switch {
	case ask.Grant != "client_credential":
		errcode(out, 40002, "invalid grant_type")
	case owner == nil:
		errcode(out, 40013, "invalid appid")
	case owner.Secrets["app_secret"] != ask.Secret:
		errcode(out, 40125, "invalid appsecret")
	default:
		token := w.token(ask.AppID, ask.Force)
		writeJSON(out, http.StatusOK, map[string]any{"access_token": token.value, "expires_in": int(token.until.Sub(w.Now()).Seconds())})
	}
}

// token gives the app's live token, or a new one when it is over or forced.
func (w *wechat) token(app string, force bool) wechatToken {
	w.mu.Lock()
	defer w.mu.Unlock()
	if t, ok := w.tokens[app]; ok && !force && t.until.After(w.Now().Add(5*time.Minute)) {
		return t
	}
	t := wechatToken{"token-" + w.nextID(), w.Now().Add(tokenLife)}
	w.tokens[app] = t
	return t
}

// owner is whose token it is; code is not 0 where it is nobody's or over.
func (w *wechat) owner(token string) (owner *customer, code int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for app, t := range w.tokens {
		if t.value != token {
			continue
		}
		if !t.until.After(w.Now()) {
			return nil, 42001
		}
		return w.customerWhere(channel.WeChat, "wechat", func(a channel.Account) bool { return a.Settings["app_id"] == app }), 0
	}
	return nil, 40001
}

type wechatPost struct {
	To       string                            `json:"touser"`
	Template string                            `json:"template_id"`
	Page     string                            `json:"page"`
	Data     map[string]struct{ Value string } `json:"data"`
}

func (w *wechat) send(out http.ResponseWriter, r *http.Request) {
	owner, code := w.owner(r.URL.Query().Get("access_token"))
	if code != 0 {
		errcode(out, code, "access_token invalid or expired")
		return
	}
	var m wechatPost
	if json.NewDecoder(io.LimitReader(r.Body, maxBody)).Decode(&m) != nil {
		errcode(out, 47001, "data format error")
		return
	}
	if code, text := w.refuses(owner, m); code != 0 {
		errcode(out, code, text)
		return
	}
	var lines []string
	for _, field := range slices.Sorted(maps.Keys(m.Data)) {
		lines = append(lines, m.Data[field].Value)
	}
	got := w.Deliver(w.door, owner, Box{Chat, m.To}, Item{From: w.door.Label, Template: m.Template, Title: lines[0],
		Text: strings.Join(lines, "\n"), Link: m.Page})
	writeJSON(out, http.StatusOK, map[string]any{"errcode": 0, "errmsg": "ok", "msgid": json.RawMessage(got.ID)})
}

func (w *wechat) refuses(owner *customer, m wechatPost) (int, string) {
	person, scripted := w.persons.Load(m.To)
	switch {
	case m.To == "" || scripted && person.(Person).Text == Nobody:
		return 40003, "invalid openid"
	case scripted && person.(Person).Text == Off:
		return 43101, "user refuse to accept the msg"
	case !slices.Contains(slices.Collect(maps.Values(owner.Settings)), m.Template):
		return 40037, "invalid template_id"
	case len(m.Data) == 0:
		return 47003, "argument invalid! data is empty"
	}
	for _, field := range slices.Sorted(maps.Keys(m.Data)) {
		if !wechatFits(strings.TrimRight(field, "0123456789"), m.Data[field].Value) {
			return 47003, "argument invalid! hint: [fake] data." + field + ".value invalid"
		}
	}
	return 0, ""
}

var wechatForms = map[string]*regexp.Regexp{
	"thing":            regexp.MustCompile(`^.{1,20}$`),
	"phrase":           regexp.MustCompile(`^\p{Han}{1,5}$`),
	"number":           regexp.MustCompile(`^[\d.+-]{1,32}$`),
	"character_string": regexp.MustCompile(`^[!-~]{1,32}$`),
	"time":             regexp.MustCompile(`\d{1,2}:\d{2}`),
	"date":             regexp.MustCompile(`\d{4}.\d{1,2}.\d{1,2}`),
}

func wechatFits(kind, value string) bool {
	form, ok := wechatForms[kind]
	return utf8.ValidString(value) && value != "" && (!ok || form.MatchString(value))
}
