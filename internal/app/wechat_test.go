package app

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// The browser of WeChat on Android, as it names itself.
const weChatAgent = "Mozilla/5.0 (Linux; Android 14; PJX110 Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 " +
	"Chrome/126.0.6478.188 Mobile Safari/537.36 XWEB/1260183 MMWEBSDK/20240802 MicroMessenger/8.0.53.2740(0x28003537) WeChat/arm64 Language/zh_CN"

// Inside WeChat: the first time the openid is nobody's and the phone is proven by a
// code, which binds it; the next time one press signs in; unbound, it is nobody's
// again. In another browser there is no such button.
func TestWeChatStory(t *testing.T) {
	var carrier string
	p := startProduct(t, func(s *service) {
		var err error
		carrier, err = s.withCarrier(t.Context(), "http://127.0.0.1:9") // nothing listens there: no receipts
		must(t, err)
		s.wechat = demoWeChat(carrier)
	})
	phone := openBrowser(t)
	phone.isPhone(360, 740)
	phone.isWeChat()
	phone.do("open the field page", chromedp.Navigate(p.url+"/f"))
	phone.picture("wechat-first")
	phone.clickLoads(byTest("wechat-enter"))
	phone.sees("what WeChat knows", byTest("wechat-said"))
	phone.reads("这个微信还没有绑定")
	phone.picture("wechat-unbound")
	phone.usable("wechat-unbound")
	phone.provesPhone(carrier, p.phoneOf(t, p.user(t, "site")))
	phone.sees("it is bound now", byTest("wechat-unbind"))
	phone.picture("wechat-bound")

	phone.click(byTest("sign-out"))
	phone.clickLoads(byTest("wechat-enter"))
	phone.sees("one press signs in", `[data-signed-in="site"]`)
	phone.sees("the page is at rest", byTest("site"))
	phone.sees("the line stands", byTest("net")+`[data-phase="live"]`)
	phone.click(byTest("wechat-unbind"))
	phone.sees("what will happen", byTest("wechat-unbind-form"))
	phone.picture("wechat-unbind")
	phone.usable("wechat-unbind")
	phone.click(byTest("wechat-unbind-confirm"))
	phone.reads("已解除微信绑定")

	phone.click(byTest("sign-out"))
	phone.clickLoads(byTest("wechat-enter"))
	phone.sees("what WeChat knows", byTest("wechat-said"))
	phone.reads("这个微信还没有绑定")

	other := phone.another()
	other.do("open the field page elsewhere", chromedp.Navigate(p.url+"/f"))
	other.sees("the way by code", byTest("phone"))
	until[bool](other, "no way by WeChat", `document.querySelector('[data-testid="wechat-enter"]') === null`)
}

// isWeChat makes the browser say that it is WeChat's own.
func (d *desk) isWeChat() {
	d.t.Helper()
	_, err := chromedp.Call(d.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: weChatAgent})
	must(d.t, err)
}
