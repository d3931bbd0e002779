package conform

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"muster/internal/roster/gate/simulate"
)

// realNameChecks ask about the national real-name dialect (devices.md §1).
var realNameChecks = []check{
	{"签名正确的请求返回 code 0", "应验证 SHA-256 签名（全部小写，appsecret 在最后）", func(ctx context.Context, a *asker) string {
		h, code := a.call(ctx, "CheckSign.Query", rand.Text(), `{}`, `{}`)
		return h.want(code == 0)
	}},
	{"班组、人员、进场、考勤依次上报并能查到结果", "写入应返回 requestSerialCode，AsyncHandleResult.Query 应给出 status 20 或 10", func(ctx context.Context, a *asker) string {
		return a.play(ctx, 2)
	}},
	{"签名错误返回 -2", "sign 不符应返回 code -2", func(ctx context.Context, a *asker) string {
		c := *a
		c.Secret = strings.Repeat("0", 32)
		h, code := c.call(ctx, "CheckSign.Query", rand.Text(), `{}`, `{}`)
		return h.want(code == -2)
	}},
	{"对重新编码后的 data 签名返回 -2", "应对收到的 data 原文验证，不能先解析再编码", func(ctx context.Context, a *asker) string {
		h, code := a.call(ctx, "CheckSign.Query", rand.Text(), `{"a": 1}`, `{"a":1}`)
		return h.want(code == -2)
	}},
	{"重放的 nonce 返回 -2", "同一 nonce 第二次应拒绝", func(ctx context.Context, a *asker) string {
		nonce := rand.Text()
		if h, code := a.call(ctx, "CheckSign.Query", nonce, `{}`, `{}`); code != 0 {
			return h.String()
		}
		h, code := a.call(ctx, "CheckSign.Query", nonce, `{}`, `{}`)
		return h.want(code == -2)
	}},
	{"21 条考勤返回 -1", "WorkerAttendance.Add 一次最多 20 条", func(ctx context.Context, a *asker) string {
		data := `{"projectCode":"` + Nobody + `","teamSysNo":1,"dataList":[` + strings.TrimSuffix(strings.Repeat(`{},`, 21), ",") + `]}`
		h, code := a.call(ctx, "WorkerAttendance.Add", rand.Text(), data, data)
		return h.want(code == -1)
	}},
	{"一条坏考勤不影响其余", "应返回 code 0 和流水号；坏的那条在结果里写明", func(ctx context.Context, a *asker) string {
		data := fmt.Sprintf(`{"projectCode":%q,"teamSysNo":1,"dataList":[{"date":"gestern"},{"idCardType":"01","idCardNumber":%q,"date":%q,"direction":"01"}]}`, Nobody, nobodysCard, a.wall())
		h, code := a.call(ctx, "WorkerAttendance.Add", rand.Text(), data, data)
		return h.want(code == 0 && strings.Contains(h.body, "requestSerialCode"))
	}},
	{"不存在的流水号返回 -1", "AsyncHandleResult.Query 查不到时应返回 -1", func(ctx context.Context, a *asker) string {
		h, code := a.call(ctx, "AsyncHandleResult.Query", rand.Text(), `{"requestSerialCode":"none"}`, `{"requestSerialCode":"none"}`)
		return h.want(code == -1)
	}},
}

// call sends one method; code is 1 when the answer has none.
func (a *asker) call(ctx context.Context, method, nonce, data, signed string) (heard, int) {
	form := simulate.RealNameForm(a.Config, method, nonce, data, signed)
	h := a.send(ctx, "POST", a.URL, "application/x-www-form-urlencoded", form.Encode(), nil)
	var said struct{ Code *int }
	if !h.json(&said) || said.Code == nil {
		return h, 1
	}
	return h, *said.Code
}
