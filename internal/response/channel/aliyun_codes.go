package channel

import (
	"strings"
	"time"
)

// A code that no document names means nothing reliable about the message. It is
// tried again after a pause, a few times at most by the ledger, except where its
// family says that the content or the account is wrong: those never heal by
// themselves at night.

const (
	shortly  = time.Minute
	nextHour = time.Hour
	rather   = 10 * time.Second
)

var (
	again  = verdict{class: Again, after: rather}
	never  = verdict{class: Never}
	badNum = verdict{class: Never, bad: true}
)

// aliyunCommon are the codes that both interfaces share.
var aliyunCommon = map[string]verdict{
	"isv.BUSINESS_LIMIT_CONTROL":  {class: Limit, after: shortly},
	"isv.DAY_LIMIT_CONTROL":       {class: Limit, after: nextHour},
	"isv.MONTH_LIMIT_CONTROL":     {class: Limit, after: 24 * time.Hour},
	"isv.MOBILE_NUMBER_ILLEGAL":   badNum,
	"isv.BLACK_KEY_CONTROL_LIMIT": never,
	"isp.SYSTEM_ERROR":            again,
	"isp.GATEWAY_ERROR":           again,
	"isp.UNKNOWN":                 again,
	"isp.RAM_PERMISSION_DENY":     never,
	"SignatureDoesNotMatch":       never,
	"SignatureNonceUsed":          again,
	"InvalidTimeStamp.Expired":    never,
	"Throttling":                  {class: Limit, after: time.Second},
	"Throttling.User":             {class: Limit, after: time.Second},
	"Throttling.Api":              {class: Limit, after: time.Second},
	"ServiceUnavailable":          again,
	"InternalError":               again,
}

// aliyunPrefixes: isv. is the caller's fault (content, template, account, money).
var aliyunPrefixes = []prefixVerdict{
	{"isv.", never}, {"isp.", again}, {"Throttling", verdict{class: Limit, after: time.Second}},
	{"InvalidAccessKeyId", never}, {"Forbidden", never}, {"Invalid", never}, {"Missing", never},
}

var aliyunCodes = verdicts{aliyunCommon, aliyunPrefixes, again}

// aliyunRefusal classes a refusal. Which of its rolling limits was hit Aliyun says
// in words only («触发小时级流控Permits:5»); the pause is how long it takes at least
// until it is worth asking again.
func aliyunRefusal(code, text string) *Failure {
	f := aliyunCodes.failure(code, text)
	if code == "isv.BUSINESS_LIMIT_CONTROL" {
		switch {
		case strings.Contains(text, "小时级"):
			f.After = 10 * time.Minute
		case strings.Contains(text, "天级"):
			f.After = nextHour
		}
	}
	return f
}

// aliyunReportCodes are why an SMS did not arrive (err_code of SmsReport).
var aliyunReportCodes = verdicts{
	exact: map[string]verdict{
		"MOBILE_NOT_ON_SERVICE":   badNum, // 停机、空号、暂停服务
		"MOBILE_ACCOUNT_ABNORMAL": badNum,
		"MOBILE_IN_BLACK":         never,
		"CONTENT_KEYWORD":         never,
		"CONTENT_ERROR":           never,
		"REQUEST_SUCCESS":         again,
		"MOBILE_SEND_LIMIT":       {class: Limit, after: nextHour},
		"IS_CLOSED":               again, // 关机
		"MOBILE_TERMINAL_ERROR":   again,
	},
	other: again,
}

// aliyunCallCodes are how a call ended (status_code of VoiceReport).
var aliyunCallCodes = verdicts{
	exact: map[string]verdict{
		"200002": again,  // 占线
		"200003": again,  // 未接听
		"200004": badNum, // 号码不合法
		"200005": again,  // 无法接通
		"200006": never,  // 语音格式有误
		"200007": again,  // 不在服务区
		"200010": again,  // 关机
		"200011": badNum, // 停机
		"200012": badNum, // 空号
		"200105": never,  // 号码受限
		"200118": {class: Limit, after: nextHour},
		"200121": {class: Limit, after: rather},
	},
	other: again,
}
