package conform

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// dahuaChecks ask about EventHttpUpload (devices.md §2.2).
var dahuaChecks = []check{
	{"多条事件、deflate 压缩都得到 200", "应支持一次多条和 Content-Encoding: deflate", func(ctx context.Context, a *asker) string {
		return a.play(ctx, 21)
	}},
	{"读不懂的事件也要确认", "应留存并回 200", func(ctx context.Context, a *asker) string {
		h := a.send(ctx, "POST", a.URL, "application/json", `{"Events":[7,{"Code":"AccessControl"`, nil)
		return h.want(h.ok())
	}},
}

// univiewChecks ask about LAPI (devices.md §2.4).
var univiewChecks = []check{
	{"心跳回答带时间", "应回 Code 0 和 Data.Time（yyyy-MM-dd HH:mm:ss，北京时间），误差小于 2 分钟", func(ctx context.Context, a *asker) string {
		h := a.send(ctx, "POST", strings.TrimSuffix(a.URL, "/")+"/LAPI/V1.0/PACS/Controller/HeartReportInfo", "application/json", fmt.Sprintf(`{"RefId":"R","Time":%q,"DeviceCode":%q}`, a.wall(), a.Serial), nil)
		var said struct {
			Code *int
			Data struct{ Time string }
		}
		h.json(&said)
		at, err := time.ParseInLocation(time.DateTime, said.Data.Time, time.FixedZone("", 8*3600))
		return h.want(said.Code != nil && *said.Code == 0 && err == nil && at.Sub(a.Clock.Now()).Abs() < 2*time.Minute)
	}},
	{"记录的回答带回 Seq", "Response.Data.RecordID 应等于请求的 Seq，StatusCode 为 0", func(ctx context.Context, a *asker) string {
		return a.echoes(ctx, 4711, fmt.Sprintf(`"LibMatInfoList":[{"LibType":3,"MatchStatus":1,"MatchPersonInfo":{"PersonCode":%q}}]}`, Nobody))
	}},
	{"失败的比对也要带回 Seq", "不是打卡的记录同样要确认", func(ctx context.Context, a *asker) string {
		return a.echoes(ctx, 4712, `"LibMatInfoList":[{"LibType":2,"MatchStatus":2}]}`)
	}},
	{"读不懂的记录也要带回 Seq", "应留存并确认，否则终端永远重发", func(ctx context.Context, a *asker) string {
		return a.echoes(ctx, 4713, `"LibMatInfoList":[{`)
	}},
}

func (a *asker) echoes(ctx context.Context, seq int, rest string) string {
	body := fmt.Sprintf(`{"Seq":%d,"DeviceCode":%q,"Timestamp":%d,"NotificationType":0,%s`, seq, a.Serial, a.Clock.Now().Unix(), rest)
	h := a.send(ctx, "POST", a.page(a.URL), "application/json", body, nil)
	var said struct {
		Response struct {
			StatusCode *int
			Data       struct{ RecordID int }
		}
	}
	h.json(&said)
	return h.want(said.Response.StatusCode != nil && *said.Response.StatusCode == 0 && said.Response.Data.RecordID == seq)
}

// ufaceChecks ask about the callbacks of the Uface family (devices.md §2.5).
var ufaceChecks = []check{
	{"心跳和识别回调得到 success", `应回 {"result":1,"success":true}`, func(ctx context.Context, a *asker) string {
		return a.play(ctx, 2)
	}},
	{"补传的记录被接受", "newFindRecords 的返回内容原样发来应回 success", func(ctx context.Context, a *asker) string {
		body := fmt.Sprintf(`{"result":1,"success":true,"data":{"records":[{"id":1,"personId":%q,"time":%d,"type":"face_0"}]}}`, Nobody, a.Clock.Now().UnixMilli())
		h := a.send(ctx, "POST", a.URL, "application/json", body, nil)
		return h.want(h.ok() && strings.Contains(h.body, `"success":true`))
	}},
}
