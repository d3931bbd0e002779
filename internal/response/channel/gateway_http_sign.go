package channel

import (
	"crypto/hmac"
	"net/http"
	"strconv"
	"time"
)

// The headers of the http protocol, both ways.
const (
	PlainTime      = "X-Muster-Timestamp"
	PlainSignature = "X-Muster-Signature"
)

// plainWindow is how far the clocks of both sides may differ.
const plainWindow = 5 * time.Minute

// SignPlain signs a body: v1= and the hexadecimal HMAC-SHA256 of timestamp.body.
func SignPlain(h http.Header, body []byte, secret string, at time.Time) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	h.Set(PlainTime, stamp)
	h.Set(PlainSignature, plainSignature(stamp, body, secret))
}

func plainSignature(stamp string, body []byte, secret string) string {
	return "v1=" + hexHMAC([]byte(secret), stamp+"."+string(body))
}

// CheckPlain says whether a body was signed with the secret, not more than five
// minutes away from now. Errors are errs.SignIn.
func CheckPlain(h http.Header, body []byte, secret string, now time.Time) error {
	stamp := h.Get(PlainTime)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return forged("没有时间戳")
	}
	if !hmac.Equal([]byte(h.Get(PlainSignature)), []byte(plainSignature(stamp, body, secret))) {
		return forged("签名不对")
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > plainWindow {
		return forged("时间戳相差超过 5 分钟")
	}
	return nil
}
