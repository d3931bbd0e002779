package gate

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"muster/internal/errs"
)

// Headers of a signed request (docs/gates.md).
const (
	HeaderKey       = "Muster-Key"
	HeaderTime      = "Muster-Time"  // Unix seconds
	HeaderNonce     = "Muster-Nonce" // 8–64 characters, used once
	HeaderSignature = "Muster-Signature"
)

// signatureSlack is how far the time of a signature may be from ours.
const signatureSlack = 5 * time.Minute

// Sign makes the signature of a request to the push API: lower hex of HMAC-SHA256
// over time, nonce, method and path, each on a line, and the body's bytes.
func Sign(secret []byte, unix, nonce, method, path string, body []byte) string {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte(unix + "\n" + nonce + "\n" + method + " " + path + "\n"))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// signed checks the signature of a request, then its time, then that the nonce
// is new. A request under a token of the path needs none, unless it brings one.
func (v *visit) signed() error {
	head := v.r.Header
	got := strings.ToLower(strings.TrimPrefix(head.Get(HeaderSignature), "v1="))
	if got == "" && head.Get(HeaderKey) == "" && v.r.PathValue("token") != "" {
		return nil
	}
	unix, nonce := head.Get(HeaderTime), head.Get(HeaderNonce)
	sent, err := strconv.ParseInt(unix, 10, 64)
	switch {
	case got == "" || nonce == "" || err != nil:
		return errs.New(errs.SignIn, "signature_missing", "签名请求要带 %s、%s（Unix 秒）、%s 和 %s", HeaderKey, HeaderTime, HeaderNonce, HeaderSignature)
	case len(nonce) < 8 || len(nonce) > 64:
		return errs.New(errs.SignIn, "nonce_length", "%s 要 8 到 64 个字符", HeaderNonce)
	case len(v.device.Secret) == 0:
		return errs.New(errs.SignIn, "no_secret", "这台设备没有登记签名密钥，请改用带令牌的地址")
	}
	if err := v.signature(got, unix, nonce); err != nil {
		return err
	}
	if off := time.Unix(sent, 0).Sub(v.at); off.Abs() > signatureSlack {
		return errs.New(errs.SignIn, "signature_time", "%s 与服务器相差 %s，超过 5 分钟；%s", HeaderTime, off.Abs().Round(time.Second), clockHint(off))
	}
	fresh, err := v.h.Once(v.ctx(), v.device, nonce, time.Unix(sent, 0).Add(signatureSlack))
	if err == nil && !fresh {
		err = errs.New(errs.SignIn, "nonce_replayed", "%s 已经用过；每次发送（包括重发）都要换新的随机数并重新签名", HeaderNonce)
	}
	return err
}

func clockHint(off time.Duration) string {
	if text := ClockText(off); text != "" {
		return text
	}
	return "请校时"
}

func (v *visit) signature(got, unix, nonce string) error {
	sign := func(path string, body []byte) bool {
		return hmac.Equal([]byte(got), []byte(Sign(v.device.Secret, unix, nonce, v.r.Method, path, body)))
	}
	path := v.r.URL.Path
	if sign(path, v.body) {
		return nil
	}
	return errs.New(errs.SignIn, "signature", "签名不对").With(errs.Detail{Where: HeaderSignature, Text: mistake(sign, path, v.r.URL.RequestURI(), v.body)})
}

// mistake names what a wrong signature was made over, where that can be told.
// Nobody learns anything from it who does not have the secret.
func mistake(sign func(path string, body []byte) bool, path, uri string, body []byte) string {
	for _, other := range reencoded(body) {
		if sign(path, other) {
			return "签名是对重新编码后的内容算的；要对实际发送的字节签名，一个空格也不能改"
		}
	}
	switch {
	case sign(path, nil):
		return "签名没有包含请求正文"
	case sign(uri, body) && uri != path:
		return "签名包含了查询串；只用路径"
	case sign(strings.TrimSuffix(path, "/"), body), sign(path+"/", body):
		return "路径末尾的斜杠与实际发送的不同"
	case sign("/passes", body), sign("", body):
		return "签名里的路径不完整；要从 /gate 开始"
	}
	return "对照 docs/gates.md：时间、随机数、方法与路径各占一行，然后是正文的原始字节；密钥按原样使用，不要先解码"
}

// reencoded are the forms that libraries give to the same JSON.
func reencoded(body []byte) [][]byte {
	list := [][]byte{bytes.TrimSpace(body)}
	var compact bytes.Buffer
	if json.Compact(&compact, body) == nil {
		list = append(list, compact.Bytes())
	}
	var value any
	if json.Unmarshal(body, &value) != nil {
		return list
	}
	for _, indent := range []string{"", "  ", "    ", "\t"} {
		for _, html := range []bool{true, false} {
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(html)
			e.SetIndent("", indent)
			_ = e.Encode(value)
			list = append(list, bytes.TrimSpace(b.Bytes()))
		}
	}
	return append(list, spaced(list[1]))
}

// spaced writes compact JSON with a blank after each comma and colon, as
// Python's json.dumps does.
func spaced(compact []byte) []byte {
	var out []byte
	inside := false
	for i, c := range compact {
		if c == '"' && (i == 0 || compact[i-1] != '\\') {
			inside = !inside
		}
		out = append(out, c)
		if !inside && (c == ',' || c == ':') {
			out = append(out, ' ')
		}
	}
	return out
}
