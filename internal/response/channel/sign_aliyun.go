package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// acs3Headers are signed, in this order; the document asks for host, content-type
// where there is one, and everything that begins with x-acs-.
var acs3Headers = []string{"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"}

// emptyHash is the SHA-256 of no bytes.
const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// SignACS3 signs a request without a body by Aliyun's V3 mechanism,
// ACS3-HMAC-SHA256 (help.aliyun.com «V3版本请求体&签名机制»). The nonce must never
// have been used before.
func SignACS3(r *http.Request, action, version, nonce, id, secret string, at time.Time) {
	r.Header.Set("x-acs-action", action)
	r.Header.Set("x-acs-version", version)
	r.Header.Set("x-acs-date", at.UTC().Format("2006-01-02T15:04:05Z"))
	r.Header.Set("x-acs-signature-nonce", nonce)
	r.Header.Set("x-acs-content-sha256", emptyHash)
	r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential="+id+",SignedHeaders="+strings.Join(acs3Headers, ";")+
		",Signature="+ACS3Signature(r, acs3Headers, secret))
}

// ACS3Signature is the signature that belongs to a request, over the headers named.
func ACS3Signature(r *http.Request, signed []string, secret string) string {
	var b strings.Builder
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	b.WriteString(r.Method + "\n" + path + "\n" + acs3Query(r.URL.Query()) + "\n")
	for _, name := range signed {
		b.WriteString(name + ":" + headerValue(r, name) + "\n")
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n" + r.Header.Get("x-acs-content-sha256"))
	return hexHMAC([]byte(secret), "ACS3-HMAC-SHA256\n"+hexHash(b.String()))
}

// headerValue reads a header as it is signed; Go keeps Host beside the headers.
func headerValue(r *http.Request, name string) string {
	if name != "host" {
		return strings.TrimSpace(r.Header.Get(name))
	}
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

// acs3Query is the query in the order of its names, percent-encoded by RFC 3986.
func acs3Query(values url.Values) string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		for _, value := range values[name] {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			b.WriteString(rfc3986(name) + "=" + rfc3986(value))
		}
	}
	return b.String()
}

// rfc3986 is url.QueryEscape with a space as %20; the tilde stays in both.
func rfc3986(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func hexHash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func hexHMAC(key []byte, s string) string { return hex.EncodeToString(rawHMAC(key, s)) }

func rawHMAC(key []byte, s string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(s))
	return mac.Sum(nil)
}
