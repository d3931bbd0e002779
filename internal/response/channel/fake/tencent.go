package fake

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"muster/internal/response/channel"
)

var tencentSMSQuotas = []Quota{
	{Count: 1, Per: 30 * time.Second, Code: "LimitExceeded.PhoneNumberThirtySecondLimit", Group: func(it Item) string { return it.Text }},
	{Count: 50, Per: 24 * time.Hour, Code: "LimitExceeded.PhoneNumberDailyLimit"},
}

// tencentVoiceQuotas: the documents leave the figures to the contract; these are
// Aliyun's.
var tencentVoiceQuotas = []Quota{
	{Count: 1, Per: time.Minute, Code: "LimitExceeded.DeliveryFrequencyLimit"},
	{Count: 5, Per: time.Hour, Code: "LimitExceeded.DeliveryFrequencyLimit"},
	{Count: 20, Per: 24 * time.Hour, Code: "LimitExceeded.DeliveryFrequencyLimit"},
}

// tencentServer is the server side of sms 2021-01-11 and vms 2020-09-02 at
// /tencent/.
type tencentServer struct {
	carrier    *Carrier
	sms, voice *Door
}

func openTencent(c *Carrier) {
	s := &tencentServer{
		carrier: c,
		sms:     &Door{Name: "tencent/sms", Label: "腾讯云短信", Kind: channel.SMS, Quotas: tencentSMSQuotas, Refuse: tencentBusy, Push: tencentPushSMS},
		voice:   &Door{Name: "tencent/voice", Label: "腾讯云语音", Kind: channel.Voice, Quotas: tencentVoiceQuotas, Refuse: tencentBusy, Push: tencentPushVoice},
	}
	sms := c.Guard(s.sms, s.sendSMS)
	voice := c.Guard(s.voice, s.call)
	c.Handle("POST /tencent/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("X-TC-Action") + " " + r.Header.Get("X-TC-Version") {
		case "SendSms 2021-01-11":
			sms.ServeHTTP(w, r)
		case "SendTtsVoice 2020-09-02":
			voice.ServeHTTP(w, r)
		default:
			tencentRefuse(w, "InvalidAction", "接口不存在")
		}
	}))
}

func (s *tencentServer) sendSMS(w http.ResponseWriter, r *http.Request) {
	var q struct {
		PhoneNumberSet   []string
		SmsSdkAppID      string `json:"SmsSdkAppId"`
		SignName         string
		TemplateID       string `json:"TemplateId"`
		TemplateParamSet []string
		SessionContext   string
	}
	from := s.enter(w, r, s.sms, "sms", &q)
	if from == nil {
		return
	}
	if q.SmsSdkAppID != from.Settings["app_id"] {
		tencentRefuse(w, "UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId 校验失败")
		return
	}
	status := map[string]any{"SerialNo": "", "Fee": 0, "SessionContext": q.SessionContext, "Code": "Ok", "Message": "send success"}
	refuse := func(code, text string) { status["Code"], status["Message"] = code, text }
	phone, ok := fromE164(q.PhoneNumberSet)
	switch {
	case !ok:
		refuse("InvalidParameterValue.IncorrectPhoneNumber", "incorrect phone number")
	case q.SignName != from.Settings["sign_name"]:
		refuse("FailedOperation.SignatureIncorrectOrUnapproved", "签名未审批或格式错误")
	case !from.hasTemplate(q.TemplateID):
		refuse("FailedOperation.TemplateIncorrectOrUnapproved", "模板未审批或内容不匹配")
	default:
		got := s.carrier.Deliver(s.sms, from, Box{Phone, phone}, Item{Key: q.SessionContext, From: "【" + q.SignName + "】",
			Template: from.templateName(q.TemplateID), Text: from.inOrder(q.TemplateID, q.TemplateParamSet)})
		status["SerialNo"], status["Fee"] = got.ID, 1
		if got.Over != nil {
			refuse(got.Over.Code, "the number of SMS messages sent from a single mobile number exceeds the limit")
		}
	}
	tencentAnswer(w, map[string]any{"SendStatusSet": []any{status}})
}

func (s *tencentServer) call(w http.ResponseWriter, r *http.Request) {
	var q struct {
		CalledNumber, VoiceSdkAppid string
		TemplateID                  string `json:"TemplateId"`
		TemplateParamSet            []string
		PlayTimes                   int
		SessionContext              string
	}
	from := s.enter(w, r, s.voice, "vms", &q)
	if from == nil {
		return
	}
	it := Item{Key: q.SessionContext, From: "云呼叫", Keys: true}
	phone, ok := fromE164([]string{q.CalledNumber})
	switch {
	case q.VoiceSdkAppid != from.Settings["app_id"]:
		tencentRefuse(w, "UnauthorizedOperation.VoiceSdkAppidVerifyFail", "VoiceSdkAppid 校验失败")
		return
	case !ok:
		tencentRefuse(w, "InvalidParameterValue.CalledNumberVerifyFail", "被叫手机号码格式校验失败")
		return
	case from.isClip(q.TemplateID):
		it.Clip = from.clipName(q.TemplateID)
		it.Text = "（录音 " + it.Clip + "）"
	case from.hasTemplate(q.TemplateID):
		it.Template, it.Text = from.templateName(q.TemplateID), from.inOrder(q.TemplateID, q.TemplateParamSet)
	default:
		tencentRefuse(w, "FailedOperation.TemplateIncorrectOrUnapproved", "模版未审核或内容不匹配")
		return
	}
	got := s.carrier.Deliver(s.voice, from, Box{Phone, phone}, it)
	if got.Over != nil {
		tencentRefuse(w, got.Over.Code, "命中频率限制策略")
		return
	}
	tencentAnswer(w, map[string]any{"SendStatus": map[string]string{"CallId": got.ID, "SessionContext": q.SessionContext}})
}

// enter finds the customer by the signature and reads the body; nil: refused.
func (s *tencentServer) enter(w http.ResponseWriter, r *http.Request, d *Door, service string, into any) *customer {
	body, ok := readBody(w, r)
	if !ok {
		return nil
	}
	id, scope, given := tc3Parts(r.Header.Get("Authorization"))
	from := s.carrier.customerWhere(d.Kind, "tencent", func(a channel.Account) bool { return a.Settings["secret_id"] == id })
	seconds, err := strconv.ParseInt(r.Header.Get("X-TC-Timestamp"), 10, 64)
	at := time.Unix(seconds, 0).UTC()
	switch {
	case from == nil:
		tencentRefuse(w, "AuthFailure.SecretIdNotFound", "The SecretId is not found")
	case err != nil || s.carrier.Now().Sub(at).Abs() > 5*time.Minute:
		tencentRefuse(w, "AuthFailure.SignatureExpire", "The signature has expired")
	case scope != at.Format(time.DateOnly)+"/"+service+"/tc3_request",
		subtle.ConstantTimeCompare([]byte(given), []byte(channel.TC3Signature(r, body, scope, from.Secrets["secret_key"]))) != 1:
		tencentRefuse(w, "AuthFailure.SignatureFailure", "The provided credentials could not be validated")
	case json.Unmarshal(body, into) != nil:
		tencentRefuse(w, "FailedOperation.JsonParseFail", "解析请求包体时候失败")
	default:
		return from
	}
	return nil
}

func tc3Parts(authorization string) (id, scope, signature string) {
	rest, _ := strings.CutPrefix(authorization, "TC3-HMAC-SHA256 ")
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			id, scope, _ = strings.Cut(value, "/")
		case "Signature":
			signature = value
		}
	}
	return id, scope, signature
}

// fromE164 takes the one mainland number of a request.
func fromE164(set []string) (string, bool) {
	if len(set) != 1 {
		return "", false
	}
	phone, ok := strings.CutPrefix(set[0], "+86")
	return phone, ok && isMobile(phone)
}

func tencentAnswer(w http.ResponseWriter, response map[string]any) {
	response["RequestId"] = "0"
	writeJSON(w, http.StatusOK, map[string]any{"Response": response})
}

func tencentRefuse(w http.ResponseWriter, code, message string) {
	tencentAnswer(w, map[string]any{"Error": map[string]string{"Code": code, "Message": message}})
}

func tencentBusy(w http.ResponseWriter, _ *http.Request) {
	tencentRefuse(w, "InternalError", "内部错误")
}
