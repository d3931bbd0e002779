package channel

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// tencent is an account of Tencent Cloud's API 3.0.
type tencent struct {
	account  Account
	endpoint string
	service  string // sms, vms
	version  string
	region   string
	id       string
	secret   string
	app      string
}

func newTencent(w *wants, service, version string) tencent {
	region := w.account.Settings["region"]
	if region == "" {
		region = "ap-guangzhou"
	}
	return tencent{
		account: w.account, service: service, version: version, region: region,
		endpoint: w.endpoint("https://" + service + ".tencentcloudapi.com/"),
		id:       w.setting("secret_id", "腾讯云控制台 访问密钥中的 SecretId"),
		secret:   w.secret("secret_key", "与 SecretId 配对的 SecretKey"),
		app:      w.setting("app_id", "应用管理中的 SdkAppId，以 14 开头的数字"),
	}
}

type tencentError struct{ Code, Message string }

// call runs an action; answer is filled from the Response object.
func (t tencent) call(ctx context.Context, action string, params, answer any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header["X-TC-Action"] = []string{action}
	req.Header["X-TC-Version"] = []string{t.version}
	req.Header["X-TC-Region"] = []string{t.region}
	SignTC3(req, body, t.service, t.id, t.secret, t.account.Now())
	status, raw, err := exchange(req)
	if err != nil {
		return err
	}
	var whole struct{ Response json.RawMessage }
	var refused struct{ Error *tencentError }
	if json.Unmarshal(raw, &whole) != nil || json.Unmarshal(whole.Response, &refused) != nil {
		return unreadable(status)
	}
	if refused.Error != nil {
		return tencentCodes.failure(refused.Error.Code, refused.Error.Message)
	}
	if json.Unmarshal(whole.Response, answer) != nil {
		return malformed()
	}
	return nil
}

// inOrder is a template's values by position.
func inOrder(vars []Var) []string {
	values := make([]string, len(vars))
	for i, v := range vars {
		values[i] = v.Value
	}
	return values
}

// e164 is a mainland number as Tencent wants it.
func e164(phone string) string { return "+86" + phone }

// tencentCodes class the refusals of sms 2021-01-11 and vms 2020-09-02.
var tencentCodes = verdicts{
	exact: map[string]verdict{
		"InvalidParameterValue.IncorrectPhoneNumber":     badNum,
		"InvalidParameterValue.CalledNumberVerifyFail":   badNum,
		"FailedOperation.PhoneNumberInBlacklist":         never,
		"FailedOperation.ParametersOtherError":           again, // 未知错误
		"LimitExceeded.PhoneNumberThirtySecondLimit":     {class: Limit, after: 30 * time.Second},
		"LimitExceeded.PhoneNumberOneHourLimit":          {class: Limit, after: nextHour},
		"LimitExceeded.PhoneNumberDailyLimit":            {class: Limit, after: nextHour},
		"LimitExceeded.PhoneNumberSameContentDailyLimit": {class: Limit, after: nextHour},
		"LimitExceeded.AppDailyLimit":                    {class: Limit, after: nextHour},
		"LimitExceeded.DeliveryFrequencyLimit":           {class: Limit, after: shortly},
		"LimitExceeded.PhoneNumberCountLimit":            never,
		"RequestLimitExceeded":                           {class: Limit, after: time.Second},
		"InternalError.RestApiInterfaceNotExist":         never,
		"InternalError.SigVerificationFail":              never,
		"InternalError.SigFieldMissing":                  never,
		"ResourceUnavailable":                            again,
	},
	prefix: []prefixVerdict{
		{"LimitExceeded", verdict{class: Limit, after: shortly}},
		{"RequestLimitExceeded", verdict{class: Limit, after: time.Second}},
		{"InternalError", again},
		{"FailedOperation", never}, {"InvalidParameter", never}, {"MissingParameter", never},
		{"UnauthorizedOperation", never}, {"UnsupportedOperation", never}, {"AuthFailure", never},
		{"InvalidAction", never}, {"NoSuchVersion", never}, {"UnknownParameter", never},
	},
	other: again,
}
