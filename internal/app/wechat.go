package app

import (
	"net/http"
	"time"

	"muster/internal/errs"
	"muster/internal/httpapi"
	"muster/internal/response/channel/fake"
)

const wechatWait = 8 * time.Second

// readWeChat is the official account of the configuration; nil: none is configured.
func readWeChat(getenv func(string) string) (*httpapi.WeChat, error) {
	id, secret := getenv("MUSTER_WECHAT_APP_ID"), getenv("MUSTER_WECHAT_APP_SECRET")
	if id == "" && secret == "" {
		return nil, nil
	}
	if id == "" || secret == "" {
		return nil, errs.New(errs.Fix, "wechat_config", "微信登录要同时设置 MUSTER_WECHAT_APP_ID 和 MUSTER_WECHAT_APP_SECRET")
	}
	return &httpapi.WeChat{AppID: id, Secret: secret, API: or(getenv("MUSTER_WECHAT_API"), "https://api.weixin.qq.com"),
		Authorize: or(getenv("MUSTER_WECHAT_AUTHORIZE"), "https://open.weixin.qq.com/connect/oauth2/authorize"), Client: wechatClient()}, nil
}

// demoWeChat is the fake carrier's.
func demoWeChat(carrier string) *httpapi.WeChat {
	return &httpapi.WeChat{AppID: fake.SignInAppID, Secret: fake.SignInSecret, API: carrier, Authorize: carrier + "/connect/oauth2/authorize", Client: wechatClient()}
}

// wechatClient follows nothing: a redirect would carry the secret elsewhere.
func wechatClient() *http.Client {
	return &http.Client{Timeout: wechatWait, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}
