package feed

import (
	"bytes"
	"encoding/json"
	"regexp"
)

// capNamespaces are the namespaces of CAP with their version.
var capNamespaces = map[string]string{
	"urn:oasis:names:tc:emergency:cap:1.2": "1.2",
	"urn:oasis:names:tc:emergency:cap:1.1": "1.1",
	"urn:oasis:names:tc:emergency:cap:1.0": "1.0",
	"http://www.incident.com/cap/1.0":      "1.0",
}

func looksLikeXML(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(text), []byte("<"))
}

func kindOfRoot(root *element) string {
	switch root.name.Local {
	case "alert":
		if capNamespaces[root.name.Space] != "" {
			return "cap"
		}
		if root.name.Space == "" && root.first("senderCode") != nil {
			return "cma"
		}
	case "feed":
		return "atom"
	case "rss":
		return "rss"
	case "EDXLDistribution":
		return "edxl"
	}
	return "unknown"
}

var startTag = regexp.MustCompile(`<(?:[A-Za-z_][\w.-]*:)?(alert|feed|rss|EDXLDistribution)[\s>/x]`)

// sniffXML names the format of a document that could not be read, for the
// report only.
func sniffXML(text []byte) string {
	m := startTag.FindSubmatch(text[:min(len(text), 4096)])
	if m == nil {
		return "unknown"
	}
	switch string(m[1]) {
	case "feed":
		return "atom"
	case "EDXLDistribution":
		return "edxl"
	case "rss":
		return "rss"
	}
	if bytes.Contains(text, []byte("<senderCode>")) {
		return "cma"
	}
	return "cap"
}

// marks name a format by a piece of text that only it holds; the first that
// occurs decides.
var marks = []struct {
	format string
	json   bool
	mark   string
}{
	{"weathercn", false, "var alarminfo"},
	{"nmc", true, `"alertid"`},
	{"list12379", true, `"alertData"`},
	{"cmajson", true, `"referencesInfo"`},
	{"qweather", true, `"zeroResult"`},
	{"qweather", true, `"fxLink"`},
	{"caiyun", true, `"alertId"`},
	{"caiyun", true, `"ALERT_CN_`},
	{"nws", true, `api.weather.gov`},
	{"meteoalarm", true, `"EMMA_ID"`},
	{"cmajson", true, `"eventTypeCN"`},
	{"bulletin", false, "地质灾害气象风险"},
	{"bulletin", false, "山洪灾害"},
}

// sniff names the format of a document that is not XML.
func sniff(text []byte) string {
	body := bytes.TrimSpace(text)
	isJSON := len(body) > 0 && (body[0] == '{' || body[0] == '[')
	if isJSON && !json.Valid(body) {
		return "json"
	}
	for _, m := range marks {
		if m.json == isJSON && bytes.Contains(body, []byte(m.mark)) {
			return m.format
		}
	}
	return "unknown"
}

// notYet keeps a document whose format is known by name but not yet read.
func notYet(format string, _ []byte) Result {
	switch format {
	case "json":
		return rejected("unknown", &Reason{"not_json", "不是合法的JSON文件"})
	case "unknown":
		return rejected("unknown", &Reason{"format_unknown", "无法识别的文件格式"})
	}
	return Result{Format: format, Outcome: Held, Reasons: []Reason{
		{"format_not_yet", "已识别为" + format + "格式，系统暂不能解析，原文已保存，请人工查看"}}}
}
