package channel

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const tc3Type = "application/json; charset=utf-8"

// SignTC3 signs a JSON body by Tencent Cloud's TC3-HMAC-SHA256 (cloud.tencent.com
// «签名方法 v3») over content-type and host, which are the two it must cover. The
// service is the first label of the public host: sms, vms.
func SignTC3(r *http.Request, body []byte, service, id, secret string, at time.Time) {
	r.Header.Set("Content-Type", tc3Type)
	r.Header.Set("X-TC-Timestamp", strconv.FormatInt(at.Unix(), 10))
	scope := at.UTC().Format(time.DateOnly) + "/" + service + "/tc3_request"
	r.Header.Set("Authorization", "TC3-HMAC-SHA256 Credential="+id+"/"+scope+
		", SignedHeaders=content-type;host, Signature="+TC3Signature(r, body, scope, secret))
}

// TC3Signature is the signature that belongs to a request of the scope
// date/service/tc3_request.
func TC3Signature(r *http.Request, body []byte, scope, secret string) string {
	canonical := r.Method + "\n/\n\ncontent-type:" + headerValue(r, "content-type") + "\nhost:" + headerValue(r, "host") +
		"\n\ncontent-type;host\n" + hexHash(string(body))
	toSign := "TC3-HMAC-SHA256\n" + r.Header.Get("X-TC-Timestamp") + "\n" + scope + "\n" + hexHash(canonical)
	key := []byte("TC3" + secret)
	for part := range strings.SplitSeq(scope, "/") {
		key = rawHMAC(key, part)
	}
	return hexHMAC(key, toSign)
}
