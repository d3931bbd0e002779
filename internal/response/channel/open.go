package channel

import (
	"net/url"
	"strings"

	"muster/internal/errs"
)

// contract is a kind of channel by a provider.
type contract struct {
	kind     Kind
	provider string
}

// gateways are the carriers that Muster can speak to.
var gateways = map[contract]func(Account) (Gateway, error){
	{SMS, "aliyun"}:      newAliyunSMS,
	{Voice, "aliyun"}:    newAliyunVoice,
	{SMS, "tencent"}:     newTencentSMS,
	{Voice, "tencent"}:   newTencentVoice,
	{SMS, "http"}:        newPlain,
	{Voice, "http"}:      newPlain,
	{Robot, "wecom"}:     newWecom,
	{Robot, "dingtalk"}:  newDingTalk,
	{Robot, "feishu"}:    newFeishu,
	{WeChat, "wechat"}:   newWeChat,
	{Email, "smtp"}:      newEmail,
	{Webhook, "webhook"}: newWebhook,
	{Horn, "mqtt"}:       newHorn,
}

// callbacks are the carriers that push something back.
var callbacks = map[contract]func(Account) (Callback, error){
	{SMS, "aliyun"}:      newAliyunCallback,
	{Voice, "aliyun"}:    newAliyunCallback,
	{SMS, "tencent"}:     newTencentCallback,
	{Voice, "tencent"}:   newTencentCallback,
	{SMS, "http"}:        newPlainCallback,
	{Voice, "http"}:      newPlainCallback,
	{Webhook, "webhook"}: newWebhookCallback,
}

// Open makes the gateway of an account. Errors are errs.Fix with one detail for
// each missing setting.
func Open(a Account) (Gateway, error) {
	open, ok := gateways[contract{a.Kind, a.Provider}]
	if !ok {
		return nil, unknownProvider(a)
	}
	return open(a)
}

// OpenCallback makes the reader of what an account's provider pushes. Providers
// that push nothing give errs.NotFound.
func OpenCallback(a Account) (Callback, error) {
	contract := contract{a.Kind, a.Provider}
	if _, ok := gateways[contract]; !ok {
		return nil, unknownProvider(a)
	}
	open, ok := callbacks[contract]
	if !ok {
		return nil, errs.New(errs.NotFound, "no_callback", "%s 通道的 %s 不回推任何消息", a.Kind, a.Provider)
	}
	return open(a)
}

func unknownProvider(a Account) error {
	return errs.New(errs.Fix, "unknown_provider", "没有这种通道：%s / %s", a.Kind, a.Provider).
		With(errs.Detail{Where: "provider", Text: "不认识", Mend: "可用的见 docs/carriers.md"})
}

// wants collects what an account lacks while its settings are read.
type wants struct {
	account Account
	lacks   []errs.Detail
}

// setting reads a setting that must be there; mend says where it is found.
func (w *wants) setting(name, mend string) string {
	return w.need("settings."+name, w.account.Settings[name], mend)
}

// secret reads a secret that must be there.
func (w *wants) secret(name, mend string) string {
	return w.need("secrets."+name, w.account.Secrets[name], mend)
}

// endpoint reads the http or https address of the provider; fallback is its
// public one.
func (w *wants) endpoint(fallback string) string {
	value := w.account.Settings["endpoint"]
	if value == "" {
		value = fallback
	}
	return w.address("settings.endpoint", value)
}

// address checks that a value is an http or https address.
func (w *wants) address(where, value string) string {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		w.lack(where, "不是有效的网址", "填写以 https:// 开头的完整地址")
	}
	return value
}

func (w *wants) need(where, value, mend string) string {
	value = strings.TrimSpace(value)
	if value == "" {
		w.lack(where, "没有填写", mend)
	}
	return value
}

func (w *wants) lack(where, text, mend string) {
	w.lacks = append(w.lacks, errs.Detail{Where: where, Text: text, Mend: mend})
}

// err is nil when nothing is missing.
func (w *wants) err() error {
	if len(w.lacks) == 0 {
		return nil
	}
	return errs.New(errs.Fix, "account_incomplete", "通道账户 %s / %s 的设置不完整", w.account.Kind, w.account.Provider).With(w.lacks...)
}
