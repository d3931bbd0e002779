package gate

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// RealNameSign makes the sign of a request of the national real-name dialect:
// lower hex of SHA-256 over the fields in alphabetical order and the secret as the
// last of them, all of it in lower case (devices.md §1.1). Values are as they are
// read from the form: not URL-encoded, and data byte for byte.
func RealNameSign(fields map[string]string, secret string) string {
	sum := sha256.Sum256([]byte(stringToSign(fields, secret)))
	return hex.EncodeToString(sum[:])
}

func stringToSign(fields map[string]string, secret string) string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		if name != "sign" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		b.WriteString(name + "=" + fields[name] + "&")
	}
	return strings.ToLower(b.String() + "appsecret=" + secret)
}

func sameSign(a, b string) bool { return hmac.Equal([]byte(strings.ToLower(a)), []byte(b)) }

// realNameMistake names what a wrong sign was made over, where that can be told.
func realNameMistake(fields map[string]string, secret string) string {
	got := fields["sign"]
	plain := stringToSign(fields, secret)
	if sum := md5.Sum([]byte(plain)); sameSign(got, hex.EncodeToString(sum[:])) {
		return "sign 用了 MD5（云筑的写法）；本平台用 SHA-256"
	}
	if sameSign(got, digest(strings.ReplaceAll(plain, strings.ToLower(fields["data"]), fields["data"]))) || sameSign(got, digest(unlowered(fields, secret))) {
		return "签名前要把整个字符串转成小写，包括 data 和 appsecret"
	}
	for _, data := range reencoded([]byte(fields["data"])) {
		if sameSign(got, RealNameSign(with(fields, "data", string(data)), secret)) {
			return "sign 是对重新编码后的 data 算的；要对实际发送的 data 签名，一个字节也不能改"
		}
	}
	for _, encode := range []func(string) string{url.QueryEscape, url.PathEscape} {
		if sameSign(got, RealNameSign(with(fields, "data", encode(fields["data"])), secret)) {
			return "sign 是对 URL 编码后的值算的；先签名，发送时才编码"
		}
	}
	if sameSign(got, RealNameSign(with(fields, "appsecret", secret), "")) || sameSign(got, digest(sortedIn(fields, secret))) {
		return "appsecret 不参加排序，要放在最后"
	}
	return "请核对 appsecret、参数名排序（appsecret 放最后）、全部转小写、SHA-256"
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// unlowered is the string to sign before it is made lower case.
func unlowered(fields map[string]string, secret string) string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		if name != "sign" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for i, name := range names {
		names[i] = name + "=" + fields[name]
	}
	return strings.Join(names, "&") + "&appsecret=" + secret
}

// sortedIn is the string to sign with the secret in its alphabetical place.
func sortedIn(fields map[string]string, secret string) string {
	all := stringToSign(with(fields, "appsecret", secret), "")
	return strings.TrimSuffix(all, "&appsecret=")
}

func with(fields map[string]string, name, value string) map[string]string {
	other := make(map[string]string, len(fields)+1)
	for k, v := range fields {
		other[k] = v
	}
	other[name] = value
	return other
}

// formFields reads a form leniently: the first of each name, and what cannot be
// decoded as it is.
func formFields(body []byte) map[string]string {
	fields := map[string]string{}
	for _, pair := range strings.Split(strings.TrimRight(string(body), "\r\n"), "&") {
		name, value, found := strings.Cut(pair, "=")
		if _, twice := fields[name]; !found || twice {
			continue
		}
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		fields[name] = value
	}
	return fields
}

// isJSON says whether a text is a JSON object.
func isJSON(text string) bool {
	var o map[string]json.RawMessage
	return json.Unmarshal([]byte(text), &o) == nil
}
