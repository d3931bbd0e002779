package conform

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// zktecoChecks ask about ZKTeco's attendance push (devices.md §2.3).
var zktecoChecks = []check{
	{"握手返回设备选项", "应以 GET OPTION FROM: 序列号 开头，含 ATTLOGStamp、ErrorDelay、Delay、TransFlag、Realtime", func(ctx context.Context, a *asker) string {
		h := a.iclock(ctx, "GET", "cdata", "options=all&pushver=2.4.1", "")
		right := strings.HasPrefix(h.body, "GET OPTION FROM: "+a.Serial)
		for _, name := range []string{"ATTLOGStamp=", "ErrorDelay=", "Delay=", "TransFlag=", "Realtime="} {
			right = right && strings.Contains(h.body, "\n"+name)
		}
		return h.want(right)
	}},
	{"时区为东八区", "应含 TimeZone=8，否则设备时间差 8 小时", func(ctx context.Context, a *asker) string {
		h := a.iclock(ctx, "GET", "cdata", "options=all&pushver=2.4.1", "")
		return h.want(strings.Contains(h.body, "TimeZone=8\n") || strings.Contains(h.body, "TimeZone=480") || strings.Contains(h.body, "TimeZone=8\r"))
	}},
	{"Date 头是准确的 GMT 时间", "设备用它校时，误差应小于 2 分钟", func(ctx context.Context, a *asker) string {
		h := a.iclock(ctx, "GET", "cdata", "options=all&pushver=2.4.1", "")
		date, err := http.ParseTime(h.head.Get("Date"))
		if err != nil {
			return h.want(false) + "，Date: " + h.head.Get("Date")
		}
		if off := date.Sub(a.Clock.Now()); off.Abs() > 2*time.Minute {
			return fmt.Sprintf("相差 %s", off.Round(time.Second))
		}
		return ""
	}},
	{"考勤按行数确认，重复行和坏行也算", "三行应回 OK:3（坏行留存），否则设备整批重发", func(ctx context.Context, a *asker) string {
		line := Nobody + "\t" + a.wall() + "\t0\t15\t\t0\t0\n"
		h := a.iclock(ctx, "POST", "cdata", "table=ATTLOG&Stamp=9999", line+line+"broken\n")
		return h.want(counted(h, 3))
	}},
	{"5,000 行积压一次收下", "应回 OK:5000", func(ctx context.Context, a *asker) string {
		var b strings.Builder
		for i := range 5000 {
			at := a.Clock.Now().Add(-time.Duration(i) * time.Second).In(time.FixedZone("", 8*3600))
			fmt.Fprintf(&b, "%s\t%s\t0\t15\t\t0\t0\n", Nobody, at.Format(time.DateTime))
		}
		h := a.iclock(ctx, "POST", "cdata", "table=ATTLOG&Stamp=9999", b.String())
		return h.want(counted(h, 5000))
	}},
	{"操作记录按行数确认", "应回 OK:2", func(ctx context.Context, a *asker) string {
		h := a.iclock(ctx, "POST", "cdata", "table=OPERLOG&Stamp=9999", "OPLOG 4\t14\t"+a.wall()+"\t0\t0\t0\t0\nUSER PIN=1\tName=\xb2\xe2\xca\xd4\tPri=0\n")
		return h.want(counted(h, 2))
	}},
	{"照片得到 OK", "应回 OK（可以丢弃照片）", func(ctx context.Context, a *asker) string {
		h := a.iclock(ctx, "POST", "cdata", "table=ATTPHOTO", "PIN=1.jpg\nsize=4\n\x00\xff\xd8\xff\xd9")
		return h.want(h.ok() && strings.HasPrefix(h.body, "OK"))
	}},
	{"没有命令时 getrequest 得到 OK 或命令", "应回 OK，或以 C:编号: 开头的命令行", func(ctx context.Context, a *asker) string {
		h := a.iclock(ctx, "GET", "getrequest", "", "")
		return h.want(h.ok() && (strings.HasPrefix(h.body, "OK") || strings.HasPrefix(h.body, "C:")))
	}},
	{"命令结果得到 OK", "devicecmd 应回 OK", func(ctx context.Context, a *asker) string {
		h := a.iclock(ctx, "POST", "devicecmd", "", "ID=999999999&Return=0&CMD=INFO")
		return h.want(h.ok() && strings.HasPrefix(h.body, "OK"))
	}},
	{"ping 得到 OK", "应回 OK", func(ctx context.Context, a *asker) string {
		h := a.iclock(ctx, "GET", "ping", "", "")
		return h.want(h.ok() && strings.HasPrefix(h.body, "OK"))
	}},
}

func (a *asker) iclock(ctx context.Context, method, page, query, body string) heard {
	address := strings.TrimSuffix(a.URL, "/") + "/iclock/" + page + "?SN=" + url.QueryEscape(a.Serial) + "&" + query
	return a.send(ctx, method, address, "text/plain", body, nil)
}

// counted says whether the answer acknowledges n lines: "OK:n", with a blank or
// without.
func counted(h heard, n int) bool {
	count, said := strings.CutPrefix(strings.TrimSpace(h.body), "OK:")
	return h.ok() && said && strings.TrimSpace(count) == fmt.Sprint(n)
}
