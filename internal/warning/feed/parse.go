package feed

import (
	"bytes"
	"regexp"
	"time"
)

// MaxBytes is the largest document that is read at all. Real messages with
// embedded pictures stay below 0.5 MB, feeds below 1 MB.
const MaxBytes = 10 << 20

// Parse reads a document of any known format. at is the moment of receipt; it
// decides only flags such as "sent in the future". Parse never panics and never
// reaches outside: no entity, no link, no resource is followed.
func Parse(raw []byte, at time.Time) Result {
	if len(raw) > MaxBytes {
		return rejected("unknown", &Reason{"too_large", "文件超过10兆字节，未读取"})
	}
	text, reason := decode(raw)
	if reason != nil {
		return rejected("unknown", reason)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return rejected("unknown", &Reason{"empty", "文件为空：这是一次失败的获取，不等于没有预警"})
	}
	if looksLikeXML(text) {
		r := parseXML(text, at)
		if !webPage.Match(text) {
			return r
		}
		return bulletinOr(r, text, at)
	}
	switch format := sniff(text); format {
	case "bulletin", "unknown", "json": // a forwarded text may begin with a bracket
		return bulletinOr(notYet(format, text), text, at)
	default:
		return notYet(format, text)
	}
}

// webPage begins what was copied from a web page with its tags.
var webPage = regexp.MustCompile(`(?i)^\s*<(?:!doctype html|html|body|div|p|span|font|table|section|h[1-6]|strong|b|br|meta)[\s/>]`)

// bulletinOr reads the text as a bulletin; what is none is what it was before.
func bulletinOr(r Result, text []byte, at time.Time) Result {
	if read, _, ok := readBulletin(string(text), at); ok {
		return read
	}
	return r
}

func parseXML(text []byte, at time.Time) Result {
	root, reason := readXML(text)
	if reason != nil {
		return rejected(sniffXML(text), reason)
	}
	switch kindOfRoot(root) {
	case "cap":
		return parseCAP(root, at)
	case "cma":
		return parse12379(root, at)
	case "atom", "rss", "edxl":
		return notYet(kindOfRoot(root), text)
	}
	return rejected("unknown", rootReason(root))
}

func rootReason(root *element) *Reason {
	switch {
	case root.name.Local != "alert":
		return &Reason{"format_unknown", "无法识别的XML文件，根元素为" + clip(root.name.Local, 40)}
	case root.name.Space == "":
		return &Reason{"namespace_missing", "根元素没有命名空间，不是CAP；也没有senderCode，不是国家预警信息格式"}
	}
	return &Reason{"namespace_unknown", "根元素的命名空间不是CAP 1.0、1.1或1.2"}
}
