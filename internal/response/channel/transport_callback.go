package channel

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
)

// heardAfter is how long a call must have lasted for its message to be heard: the
// longest text of the book takes 16 s (operations.md §4.3). The setting
// heard_seconds says otherwise.
const heardAfter = 16 * time.Second

// pushed is what the callbacks of all providers share.
type pushed struct {
	token string
	heard time.Duration
}

func newPushed(w *wants) pushed {
	p := pushed{token: w.secret("callback_token", "自拟一段不少于 24 位的随机字符，作为回调地址的最后一段"), heard: heardAfter}
	if len(p.token) > 0 && len(p.token) < 24 {
		w.lack("secrets.callback_token", "太短", "不少于 24 位随机字符")
	}
	if s := w.account.Settings["heard_seconds"]; s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 120 {
			w.lack("settings.heard_seconds", "不是 1 到 120 之间的整数", "填写语音文本一遍的秒数")
		}
		p.heard = time.Duration(n) * time.Second
	}
	return p
}

// trust checks the secret in the address. Aliyun and Tencent sign nothing that
// they push; an address that nobody else knows is all there is.
func (p pushed) trust(r *http.Request) error {
	given := path.Base(r.URL.Path)
	if subtle.ConstantTimeCompare([]byte(given), []byte(p.token)) != 1 {
		return forged("回调地址不对")
	}
	return nil
}

func forged(text string) error { return errs.New(errs.SignIn, "forged_callback", "%s", text) }

func unreadablePush() error {
	return errs.New(errs.Fix, "unreadable_callback", "回调内容无法读懂")
}

// listOf reads a JSON array, or one object in its place.
func listOf[T any](body []byte) ([]T, error) {
	var list []T
	if json.Unmarshal(body, &list) == nil {
		return list, nil
	}
	var one T
	if json.Unmarshal(body, &one) != nil {
		return nil, unreadablePush()
	}
	return []T{one}, nil
}

// beijing reads the providers' local times; other is for those that say none.
func beijing(s string, other time.Time) time.Time {
	t, err := time.ParseInLocation(time.DateTime, strings.TrimSpace(s), clock.Shanghai)
	if err != nil {
		return other
	}
	return t.UTC()
}

// mainland is a phone number without its country code.
func mainland(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "+")
	if len(s) == 15 {
		s = strings.TrimPrefix(s, "00")
	}
	if len(s) == 13 {
		s = strings.TrimPrefix(s, "86")
	}
	return s
}

func answerJSON(s string) Answer { return Answer{"application/json; charset=utf-8", []byte(s)} }
