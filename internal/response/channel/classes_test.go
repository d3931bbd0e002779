package channel

import (
	"strings"
	"testing"
	"time"
)

func TestClassesOfRefusals(t *testing.T) {
	type row struct {
		code  string
		class Class
		bad   bool
	}
	tables := map[string]struct {
		table verdicts
		rows  []row
	}{
		"Aliyun": {aliyunCodes, []row{
			{"isv.BUSINESS_LIMIT_CONTROL", Limit, false}, {"isv.DAY_LIMIT_CONTROL", Limit, false}, {"isv.MONTH_LIMIT_CONTROL", Limit, false},
			{"isv.MOBILE_NUMBER_ILLEGAL", Never, true}, {"isv.SMS_TEMPLATE_ILLEGAL", Never, false}, {"isv.SMS_SIGNATURE_ILLEGAL", Never, false},
			{"isv.TTS_TEMPLATE_ILLEGAL", Never, false}, {"isv.DISPLAY_NUMBER_ILLEGAL", Never, false}, {"isv.TEMPLATE_MISSING_PARAMETERS", Never, false},
			{"isv.PARAM_NOT_SUPPORT_URL", Never, false}, {"isv.PARAM_LENGTH_LIMIT", Never, false}, {"isv.AMOUNT_NOT_ENOUGH", Never, false},
			{"isv.OUT_OF_SERVICE", Never, false}, {"isv.ACCOUNT_ABNORMAL", Never, false}, {"isv.A_CODE_OF_NEXT_YEAR", Never, false},
			{"isp.SYSTEM_ERROR", Again, false}, {"isp.GATEWAY_ERROR", Again, false}, {"isp.RAM_PERMISSION_DENY", Never, false},
			{"Throttling.User", Limit, false}, {"Throttling.New", Limit, false}, {"ServiceUnavailable", Again, false}, {"InternalError", Again, false},
			{"SignatureDoesNotMatch", Never, false}, {"SignatureNonceUsed", Again, false}, {"InvalidAccessKeyId.NotFound", Never, false},
			{"InvalidTimeStamp.Expired", Never, false}, {"SomethingElse", Again, false},
		}},
		"Tencent": {tencentCodes, []row{
			{"InvalidParameterValue.IncorrectPhoneNumber", Never, true}, {"InvalidParameterValue.CalledNumberVerifyFail", Never, true},
			{"InvalidParameterValue.TemplateParameterLengthLimit", Never, false}, {"FailedOperation.TemplateIncorrectOrUnapproved", Never, false},
			{"FailedOperation.ContainSensitiveWord", Never, false}, {"FailedOperation.InsufficientBalanceInSmsPackage", Never, false},
			{"FailedOperation.PhoneNumberInBlacklist", Never, false}, {"FailedOperation.ParametersOtherError", Again, false},
			{"LimitExceeded.PhoneNumberThirtySecondLimit", Limit, false}, {"LimitExceeded.PhoneNumberDailyLimit", Limit, false},
			{"LimitExceeded.DeliveryFrequencyLimit", Limit, false}, {"LimitExceeded.PhoneNumberCountLimit", Never, false}, {"LimitExceeded.New", Limit, false},
			{"RequestLimitExceeded", Limit, false}, {"RequestLimitExceeded.IPLimitExceeded", Limit, false},
			{"InternalError.Timeout", Again, false}, {"InternalError.SigVerificationFail", Never, false}, {"InternalError", Again, false},
			{"UnauthorizedOperation.SmsSdkAppIdVerifyFail", Never, false}, {"AuthFailure.SignatureFailure", Never, false}, {"ResourceUnavailable", Again, false},
			{"SomethingElse", Again, false},
		}},
		"Aliyun receipts": {aliyunReportCodes, []row{{"MOBILE_NOT_ON_SERVICE", Never, true}, {"IS_CLOSED", Again, false}, {"MOBILE_IN_BLACK", Never, false},
			{"MOBILE_SEND_LIMIT", Limit, false}, {"MK:0001", Again, false}}},
		"Aliyun calls": {aliyunCallCodes, []row{{"200002", Again, false}, {"200003", Again, false}, {"200004", Never, true}, {"200010", Again, false},
			{"200011", Never, true}, {"200121", Limit, false}, {"299999", Again, false}}},
	}
	for name, c := range tables {
		for _, r := range c.rows {
			f := c.table.failure(r.code, "text")
			if f.Class != r.class || f.Bad != r.bad || f.Code != r.code {
				t.Errorf("%s %s: %+v", name, r.code, f)
			}
			if (f.After > 0) != (f.Class != Never) {
				t.Errorf("%s %s: pause %s", name, r.code, f.After)
			}
		}
	}
}

func TestAliyunsLimitsHaveTheirOwnPauses(t *testing.T) {
	for text, want := range map[string]time.Duration{"触发分钟级流控Permits:1": time.Minute, "触发小时级流控Permits:5": 10 * time.Minute,
		"触发天级流控Permits:40": time.Hour, "": time.Minute} {
		if f := aliyunRefusal("isv.BUSINESS_LIMIT_CONTROL", text); f.After != want {
			t.Errorf("%q: %s", text, f.After)
		}
	}
}

func TestWhatACarrierSaysIsKeptWithoutNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"13900000001invalid mobile number": "…invalid mobile number",
		"+8613900000001,  028-85550000":    "…,  028-…",
		"  触发分钟级流控Permits:1 ":              "触发分钟级流控Permits:1",
		"bad \xff bytes":                   "bad  bytes",
	} {
		if got := scrub(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	if got := []rune(scrub(strings.Repeat("长", 500))); len(got) != 121 {
		t.Errorf("%d characters", len(got))
	}
}

func TestMainlandNumbers(t *testing.T) {
	for given, want := range map[string]string{"13900000001": "13900000001", "+8613900000001": "13900000001", "8613900000001": "13900000001",
		"008613900000001": "13900000001", "85200000000": "85200000000", "": ""} {
		if got := mainland(given); got != want {
			t.Errorf("%s: %s", given, got)
		}
	}
}
