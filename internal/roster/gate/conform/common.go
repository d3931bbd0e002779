package conform

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
)

// common is asked of every protocol.
var common = []check{
	{"同一批打卡再发一次，照样确认", "重发的记录是重复，不是错误：应与第一次一样确认", sendTwice},
	{"令牌不对时不确认", "未登记的设备应回 401、403 或 404，不能回成功，否则设备会丢弃记录", unknownToken},
	{"宣称 1 GB 的请求被拒绝，不等它发完", "应立即回 413（实名制接口可回 code -1），并说明上限", func(ctx context.Context, a *asker) string {
		h := a.announce(ctx)
		return h.want(h.status == http.StatusRequestEntityTooLarge || a.refused(h))
	}},
}

// sendTwice plays the same device twice: the second has a memory of its own and
// numbers its records alike.
func sendTwice(ctx context.Context, a *asker) string {
	for _, time := range []string{"第一次", "第二次"} {
		if wrong := a.play(ctx, 3); wrong != "" {
			return time + "：" + wrong
		}
	}
	return ""
}

func unknownToken(ctx context.Context, a *asker) string {
	h := a.send(ctx, "POST", a.page(a.guess()), "text/plain", "1\t"+a.wall()+"\t0\t1\n", nil)
	return h.want(!h.ok() || a.refused(h))
}

// refused: the real-name dialect says no with HTTP 200 and a code.
func (a *asker) refused(h heard) bool {
	var said struct{ Code *int }
	return a.Protocol == "realname" && h.json(&said) && said.Code != nil && *said.Code < 0
}

// speak writes a head and reads the answer.
func speak(c net.Conn, head string) heard {
	if _, err := io.WriteString(c, head); err != nil {
		return heard{err: err}
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return heard{err: err}
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	return heard{answer.StatusCode, answer.Header, string(text), err}
}
