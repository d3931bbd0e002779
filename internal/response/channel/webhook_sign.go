package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"muster/internal/errs"
)

// webhookKey is the shared secret of a webhook: "whsec_" and base64, or, for
// systems that cannot make that, the bytes as they stand.
func webhookKey(secret string) []byte {
	if encoded, ok := strings.CutPrefix(secret, "whsec_"); ok {
		if key, err := base64.StdEncoding.DecodeString(encoded); err == nil {
			return key
		}
	}
	return []byte(secret)
}

// SignWebhook is one signature of the Standard Webhooks scheme:
// v1,base64(HMAC-SHA256(key, id.seconds.body)).
func SignWebhook(secret, id string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, webhookKey(secret))
	mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// webhookSlack is how far the sender's clock may be from ours.
const webhookSlack = 5 * time.Minute

// CheckWebhook verifies the signature of a request by the same scheme and gives its
// id and time. Any one of several signatures will do, so that a secret can be
// changed without a gap. Errors are errs.SignIn.
func CheckWebhook(secret string, h http.Header, body []byte, now time.Time) (id string, at time.Time, err error) {
	id = h.Get("webhook-id")
	seconds, err := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	at = time.Unix(seconds, 0).UTC()
	switch {
	case id == "" || err != nil || h.Get("webhook-signature") == "":
		return "", time.Time{}, errs.New(errs.SignIn, "webhook_unsigned", "缺少签名")
	case at.Sub(now).Abs() > webhookSlack:
		return "", time.Time{}, errs.New(errs.SignIn, "webhook_stale", "签名的时间与本机相差超过 5 分钟")
	}
	want := SignWebhook(secret, id, at, body)
	for _, got := range strings.Fields(h.Get("webhook-signature")) {
		if hmac.Equal([]byte(got), []byte(want)) {
			return id, at, nil
		}
	}
	return "", time.Time{}, errs.New(errs.SignIn, "webhook_forged", "签名不符")
}
