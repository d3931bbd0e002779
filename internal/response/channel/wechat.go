package channel

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// wechat sends subscribe messages of a mini program (微信订阅消息,
// message/subscribe/send). One acceptance of the user pays for one message, which
// the carrier counts: 43101 is both "refused" and "used up".
type wechat struct {
	api     string
	account Account // template.*, field.*, page, state
	token   *wechatToken
}

const wechatAPI = "https://api.weixin.qq.com"

func newWeChat(a Account) (Gateway, error) {
	w := wants{account: a}
	api := strings.TrimSuffix(w.endpoint(wechatAPI), "/")
	token := &wechatToken{api: api, now: a.Now,
		appID:  w.setting("app_id", "小程序管理后台“开发设置”的 AppID"),
		secret: w.secret("app_secret", "小程序管理后台“开发设置”的 AppSecret")}
	return &wechat{api, a, token}, w.err()
}

type wechatBody struct {
	To       string                 `json:"touser"`
	Template string                 `json:"template_id"`
	Page     string                 `json:"page,omitempty"`
	State    string                 `json:"miniprogram_state"`
	Language string                 `json:"lang"`
	Data     map[string]wechatValue `json:"data"`
}

type wechatValue struct {
	Value string `json:"value"`
}

type wechatAnswer struct {
	Code int             `json:"errcode"`
	Text string          `json:"errmsg"`
	ID   json.RawMessage `json:"msgid"` // a number or a string, by age of the server
}

// Send implements Gateway. m.To is the openid. A token that has died is renewed
// once.
func (w *wechat) Send(ctx context.Context, m Message) (string, error) {
	body, err := w.compose(m)
	if err != nil {
		return "", err
	}
	token, err := w.token.get(ctx, "")
	if err != nil {
		return "", err
	}
	a, err := w.hand(ctx, token, body)
	if err == nil && deadToken(a.Code) {
		if token, err = w.token.get(ctx, token); err != nil {
			return "", err
		}
		a, err = w.hand(ctx, token, body)
	}
	if err != nil {
		return "", err
	}
	return strings.Trim(string(a.ID), `"`), wechatFailure(a)
}

func deadToken(code int) bool { return code == 40001 || code == 40014 || code == 42001 }

// compose writes the request, or says what of the message or the account does not
// fit.
func (w *wechat) compose(m Message) ([]byte, error) {
	template := w.account.Settings["template."+m.Template]
	if template == "" {
		return nil, &Failure{Class: Never, Code: "no_template", Text: "账户没有配置模板 " + m.Template}
	}
	if m.To == "" {
		return nil, &Failure{Class: Never, Code: "no_openid", Text: "没有绑定微信", Bad: true}
	}
	data, err := wechatFields(w.account.Settings, m)
	if err != nil {
		return nil, err
	}
	state := w.account.Settings["state"]
	if state == "" {
		state = "formal"
	}
	return json.Marshal(wechatBody{m.To, template, w.page(m.Link), state, "zh_CN", data})
}

// page is where a tap leads: the page of the mini program, told the answer page.
func (w *wechat) page(link string) string {
	page := w.account.Settings["page"]
	if page == "" || link == "" {
		return page
	}
	return page + "?link=" + url.QueryEscape(link)
}

func (w *wechat) hand(ctx context.Context, token string, body []byte) (a wechatAnswer, err error) {
	address := w.api + "/cgi-bin/message/subscribe/send?" + url.Values{"access_token": {token}}.Encode()
	return wechatPost[wechatAnswer](ctx, address, body)
}

func wechatPost[T any](ctx context.Context, address string, body []byte) (answer T, err error) {
	_, raw, err := post(ctx, address, "application/json; charset=utf-8", body, nil)
	if err != nil {
		return answer, err
	}
	if json.Unmarshal(raw, &answer) != nil || len(raw) == 0 {
		return answer, malformed()
	}
	return answer, nil
}

var wechatRefusals = map[int]Failure{
	-1:    {Class: Again, Text: "微信繁忙"},
	40001: {Class: Again, Text: "凭据刚换过又失效"},
	40014: {Class: Again, Text: "凭据刚换过又失效"},
	42001: {Class: Again, Text: "凭据刚换过又失效"},
	40003: {Class: Never, Text: "openid 不对", Bad: true},
	40013: {Class: Never, Text: "AppID 不对"},
	40037: {Class: Never, Text: "模板号不对或不属于此小程序"},
	40125: {Class: Never, Text: "AppSecret 不对"},
	40164: {Class: Never, Text: "本机地址不在小程序的 IP 白名单"},
	41030: {Class: Never, Text: "跳转页面不存在"},
	43101: {Class: Never, Text: "用户没有接受或已用完订阅"},
	43107: {Class: Never, Text: "订阅消息能力被封"},
	43108: {Class: Never, Text: "此用户不能再接收"},
	45009: {Class: Limit, Text: "当日调用次数用完", After: time.Hour},
	45011: {Class: Limit, Text: "调用过快", After: time.Minute},
	45168: {Class: Never, Text: "内容违规，被拦截"},
	47003: {Class: Never, Text: "模板参数不合规定"},
}

// badField is the only part of the carrier's text that is kept: the field's name.
var badField = regexp.MustCompile(`data\.([a-z_]+\d*)\.value`)

func wechatFailure(a wechatAnswer) error {
	if a.Code == 0 {
		return nil
	}
	f, ok := wechatRefusals[a.Code]
	if !ok {
		f = Failure{Class: Again, Text: "微信返回未知错误", After: 10 * time.Second}
	}
	f.Code = strconv.Itoa(a.Code)
	if field := badField.FindStringSubmatch(a.Text); field != nil {
		f.Text += "：" + field[1]
	}
	return &f
}
