package httpapi

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"muster/internal/errs"
)

// WeChat is the official account (公众号) by which phones sign in inside WeChat: web
// page authorisation, scope snsapi_base, which asks the user nothing and gives no
// more than his openid.
type WeChat struct {
	AppID     string
	Secret    string
	API       string       // https://api.weixin.qq.com
	Authorize string       // https://open.weixin.qq.com/connect/oauth2/authorize
	Client    *http.Client // with a timeout
}

// goTo is the address that brings a browser back with a code. WeChat wants the
// parameters in this order and the fragment at the end.
func (w *WeChat) goTo(back, state string) string {
	return w.Authorize + "?appid=" + url.QueryEscape(w.AppID) + "&redirect_uri=" + url.QueryEscape(back) +
		"&response_type=code&scope=snsapi_base&state=" + url.QueryEscape(state) + "#wechat_redirect"
}

type wechatAnswer struct {
	Code     int    `json:"errcode"`
	OpenID   string `json:"openid"`
	Snapshot int    `json:"is_snapshotuser"`
}

const maxWeChatAnswer = 16 << 10

// openID exchanges a code, which is good once and for five minutes. Errors say
// nothing of the address, which holds the secret, nor of the openid.
func (w *WeChat) openID(ctx context.Context, code string) (string, error) {
	address := strings.TrimSuffix(w.API, "/") + "/sns/oauth2/access_token?" + url.Values{"appid": {w.AppID}, "secret": {w.Secret},
		"code": {code}, "grant_type": {"authorization_code"}}.Encode()
	away := errs.New(errs.Down, "wechat_away", "微信没有回答，请用短信验证码登录")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", away
	}
	resp, err := w.Client.Do(req)
	if err != nil {
		return "", away
	}
	defer func() { _ = resp.Body.Close() }()
	var a wechatAnswer
	if json.NewDecoder(io.LimitReader(resp.Body, maxWeChatAnswer)).Decode(&a) != nil {
		return "", away
	}
	return a.OpenID, a.refusal()
}

// refusal reads what WeChat says; nil when it gave an openid that is the user's own.
func (a wechatAnswer) refusal() error {
	switch {
	case a.Code == 40029 || a.Code == 40163 || a.Code == 41008: // invalid, used, missing
		return errs.New(errs.SignIn, "wechat_code", "微信登录已失效，请再点一次")
	case a.Code != 0 || a.OpenID == "":
		return errs.New(errs.Down, "wechat_refused", "微信拒绝了登录（%d），请用短信验证码登录", a.Code)
	case a.Snapshot != 0: // 快照页模式: an openid that is nobody's
		return errs.New(errs.SignIn, "wechat_snapshot", "请在微信里点“使用完整服务”后再登录")
	}
	return nil
}
