package conform

import (
	"context"
	"fmt"
	"time"
)

// hikvisionChecks ask about ISAPI's HTTP listening (devices.md §2.1). The
// terminal looks at the HTTP status and nothing else.
var hikvisionChecks = []check{
	{"心跳得到 2xx", "应回 2xx", func(ctx context.Context, a *asker) string {
		h := a.send(ctx, "POST", a.URL, "application/json", `{"dateTime":"`+a.iso()+`","eventType":"heartBeat"}`, nil)
		return h.want(h.ok())
	}},
	{"JSON、包装的 JSON、XML、带图片的 multipart 都得到 2xx", "应按内容识别，不依赖部分名和 Content-Type", func(ctx context.Context, a *asker) string {
		return a.play(ctx, 8)
	}},
	{"读不懂的事件也要确认", "应留存并回 2xx，否则终端永远重发同一条", func(ctx context.Context, a *asker) string {
		h := a.send(ctx, "POST", a.URL, "application/json", `{"AccessControllerEvent":{"majorEventType":`, nil)
		return h.want(h.ok())
	}},
	{"出厂时间 1970 的事件也要确认", "应留存并回 2xx", func(ctx context.Context, a *asker) string {
		h := a.send(ctx, "POST", a.URL, "application/json", fmt.Sprintf(`{"dateTime":"1970-01-01T08:03:11+08:00","eventType":"AccessControllerEvent","AccessControllerEvent":{"majorEventType":5,"subEventType":75,"employeeNoString":%q,"serialNo":12}}`, Nobody), nil)
		return h.want(h.ok())
	}},
}

func (a *asker) iso() string {
	return a.Clock.Now().In(time.FixedZone("", 8*3600)).Format(time.RFC3339)
}
