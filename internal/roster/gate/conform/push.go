package conform

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"time"

	"muster/internal/roster/gate/simulate"
)

// pushChecks ask about Muster's own push API (docs/gates.md).
var pushChecks = []check{
	{"一批打卡逐条有结论", "应回 200 和 accepted、repeated、quarantined，三者之和等于条数", func(ctx context.Context, a *asker) string {
		return a.play(ctx, 5)
	}},
	{"一条坏记录不影响其余", "坏记录应留存并在 quarantined 里写明 index 和原因，其余照收", func(ctx context.Context, a *asker) string {
		h := a.push(ctx, fmt.Sprintf(`{"passes":[{"event_key":"c1","time":"gestern"},{"event_key":"c2","time":%q,"external":{"code":%q}}]}`, a.Clock.Now().Format(time.RFC3339), Nobody), nil)
		return h.want(h.status == 200 && strings.Contains(h.body, `"index":0`))
	}},
	{"1970 年的时间被识别", "应留存，原因 clock_1970", func(ctx context.Context, a *asker) string {
		h := a.push(ctx, fmt.Sprintf(`{"passes":[{"event_key":"c3","time":"1970-01-01T08:00:00+08:00","external":{"code":%q}}]}`, Nobody), nil)
		return h.want(h.status == 200 && strings.Contains(h.body, "clock_1970"))
	}},
	{"快 8 小时的时间被认作时区错误", "应留存，原因 zone_error", func(ctx context.Context, a *asker) string {
		h := a.push(ctx, fmt.Sprintf(`{"passes":[{"event_key":"c4","time":%q,"external":{"code":%q}}]}`, a.Clock.Now().Add(8*time.Hour).Format(time.RFC3339), Nobody), nil)
		return h.want(h.status == 200 && strings.Contains(h.body, "zone_error"))
	}},
	{"1,001 条的一批被拒绝", "应回 422 并说明上限", func(ctx context.Context, a *asker) string {
		h := a.push(ctx, `{"passes":[`+strings.TrimSuffix(strings.Repeat("{},", 1001), ",")+`]}`, nil)
		return h.want(!h.ok())
	}},
	{"不是 JSON 的正文被拒绝", "应回 422，不能回成功", func(ctx context.Context, a *asker) string {
		h := a.push(ctx, `{"passes":[`, nil)
		return h.want(!h.ok())
	}},
	{"重放的随机数被拒绝", "同一 Muster-Nonce 第二次应回 401", signed(func(ctx context.Context, a *asker) string {
		body := []byte(`{"passes":[{}]}`)
		u, err := url.Parse(a.page(a.URL))
		if err != nil {
			return err.Error()
		}
		head := simulate.PushHeaders(a.Config, u.Path, rand.Text(), body)
		first := a.send(ctx, "POST", u.String(), "application/json", string(body), head)
		if !first.ok() {
			return first.String()
		}
		h := a.send(ctx, "POST", u.String(), "application/json", string(body), head)
		return h.want(!h.ok())
	})},
	{"对重新编码后的内容签名被拒绝", "签名应对收到的原始字节验证，不符回 401", signed(func(ctx context.Context, a *asker) string {
		h := a.push(ctx, `{"passes": [{}]}`, []byte(`{"passes":[{}]}`))
		return h.want(!h.ok())
	})},
}

// push posts passes, signed over the body or over something else.
func (a *asker) push(ctx context.Context, body string, signedOver []byte) heard {
	u, err := url.Parse(a.page(a.URL))
	if err != nil {
		return heard{err: err}
	}
	var headers map[string]string
	if a.Secret != "" {
		if signedOver == nil {
			signedOver = []byte(body)
		}
		headers = simulate.PushHeaders(a.Config, u.Path, rand.Text(), signedOver)
	}
	return a.send(ctx, "POST", u.String(), "application/json", body, headers)
}

// signed asks only where there is a key to sign with.
func signed(do func(context.Context, *asker) string) func(context.Context, *asker) string {
	return func(ctx context.Context, a *asker) string {
		if a.Secret == "" {
			return ""
		}
		return do(ctx, a)
	}
}
