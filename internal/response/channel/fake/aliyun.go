package fake

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"muster/internal/response/channel"
)

// aliyunVoiceQuotas are the documented limits per called number; Aliyun counts when
// the call is submitted.
var aliyunVoiceQuotas = []Quota{
	{Count: 1, Per: time.Minute, Code: "触发分钟级流控Permits:1"},
	{Count: 5, Per: time.Hour, Code: "触发小时级流控Permits:5"},
	{Count: 20, Per: 24 * time.Hour, Code: "触发天级流控Permits:20"},
}

// aliyunSMSQuotas are those of notices: 50 a day for one template and number.
var aliyunSMSQuotas = []Quota{
	{Count: 50, Per: 24 * time.Hour, Code: "触发天级流控Permits:50", Group: func(it Item) string { return it.Template }},
}

// aliyunServer is the server side of dysmsapi and dyvmsapi at /aliyun/.
type aliyunServer struct {
	carrier    *Carrier
	sms, voice *Door
}

func openAliyun(c *Carrier) {
	s := &aliyunServer{
		carrier: c,
		sms:     &Door{Name: "aliyun/sms", Label: "阿里云短信", Kind: channel.SMS, Quotas: aliyunSMSQuotas, Refuse: aliyunBusy, Push: aliyunPush},
		voice:   &Door{Name: "aliyun/voice", Label: "阿里云语音", Kind: channel.Voice, Quotas: aliyunVoiceQuotas, Refuse: aliyunBusy, Push: aliyunPush},
	}
	sms := c.Guard(s.sms, s.sendSMS)
	voice := c.Guard(s.voice, s.call)
	c.Handle("POST /aliyun/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch action := r.Header.Get("x-acs-action"); action {
		case "SendSms":
			sms.ServeHTTP(w, r)
		case "SingleCallByTts", "SingleCallByVoice", "IvrCall":
			voice.ServeHTTP(w, r)
		default:
			aliyunRefuse(w, http.StatusNotFound, "InvalidAction.NotFound", "Specified api is not found")
		}
	}))
}

func (s *aliyunServer) sendSMS(w http.ResponseWriter, r *http.Request) {
	from, q := s.enter(w, r, s.sms)
	if from == nil {
		return
	}
	switch {
	case q.Get("SignName") != from.Settings["sign_name"]:
		aliyunRefuse(w, http.StatusOK, "isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名")
	case !from.hasTemplate(q.Get("TemplateCode")):
		aliyunRefuse(w, http.StatusOK, "isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板")
	case !isMobile(q.Get("PhoneNumbers")):
		aliyunRefuse(w, http.StatusOK, "isv.MOBILE_NUMBER_ILLEGAL", q.Get("PhoneNumbers")+"invalid mobile number")
	default:
		code := q.Get("TemplateCode")
		got := s.carrier.Deliver(s.sms, from, Box{Phone, q.Get("PhoneNumbers")}, Item{
			Key: q.Get("OutId"), From: "【" + q.Get("SignName") + "】", Template: from.templateName(code),
			Text: from.words(code, aliyunVars(q.Get("TemplateParam"))),
		})
		aliyunTaken(w, got, "BizId", "^0")
	}
}

func (s *aliyunServer) call(w http.ResponseWriter, r *http.Request) {
	from, q := s.enter(w, r, s.voice)
	if from == nil {
		return
	}
	code, params := q.Get("TtsCode")+q.Get("StartCode"), q.Get("TtsParam")+q.Get("StartTtsParams")
	it := Item{Key: q.Get("OutId"), From: q.Get("CalledShowNumber"), Keys: q.Get("MenuKeyMap.1.Key") != ""}
	switch action := r.Header.Get("x-acs-action"); {
	case action == "IvrCall" && it.From == "":
		aliyunRefuse(w, http.StatusOK, "isv.DISPLAY_NUMBER_ILLEGAL", "号显不合法")
		return
	case action == "SingleCallByVoice", from.isClip(code):
		it.Clip = from.clipName(q.Get("VoiceCode") + code)
		it.Text = "（录音 " + it.Clip + "）"
	case !from.hasTemplate(code):
		aliyunRefuse(w, http.StatusOK, "isv.TTS_TEMPLATE_ILLEGAL", "未找到审核通过的文本转语音模板")
		return
	default:
		it.Template, it.Text = from.templateName(code), from.words(code, aliyunVars(params))
	}
	if !isMobile(q.Get("CalledNumber")) {
		aliyunRefuse(w, http.StatusOK, "isv.MOBILE_NUMBER_ILLEGAL", "号码格式非法")
		return
	}
	aliyunTaken(w, s.carrier.Deliver(s.voice, from, Box{Phone, q.Get("CalledNumber")}, it), "CallId", "^1")
}

// enter finds the customer by the signature; nil: refused already.
func (s *aliyunServer) enter(w http.ResponseWriter, r *http.Request, d *Door) (*customer, url.Values) {
	id, signed, given := acs3Parts(r.Header.Get("Authorization"))
	from := s.carrier.customerWhere(d.Kind, "aliyun", func(a channel.Account) bool { return a.Settings["access_key_id"] == id })
	if from == nil {
		aliyunRefuse(w, http.StatusNotFound, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
		return nil, nil
	}
	want := channel.ACS3Signature(r, signed, from.Secrets["access_key_secret"])
	if len(signed) < 5 || subtle.ConstantTimeCompare([]byte(want), []byte(given)) != 1 {
		aliyunRefuse(w, http.StatusBadRequest, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
		return nil, nil
	}
	at, err := time.Parse("2006-01-02T15:04:05Z", r.Header.Get("x-acs-date"))
	if err != nil || s.carrier.Now().Sub(at).Abs() > 15*time.Minute {
		aliyunRefuse(w, http.StatusBadRequest, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
		return nil, nil
	}
	return from, r.URL.Query()
}

// acs3Parts takes the Authorization header apart.
func acs3Parts(authorization string) (id string, signed []string, signature string) {
	rest, ok := strings.CutPrefix(authorization, "ACS3-HMAC-SHA256 ")
	if !ok {
		return "", nil, ""
	}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			id = value
		case "SignedHeaders":
			signed = strings.Split(value, ";")
		case "Signature":
			signature = value
		}
	}
	return id, signed, signature
}

func aliyunTaken(w http.ResponseWriter, got Receipt, name, suffix string) {
	if got.Over != nil {
		aliyunRefuse(w, http.StatusOK, "isv.BUSINESS_LIMIT_CONTROL", got.Over.Code)
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"Code": "OK", "Message": "OK", "RequestId": got.ID, name: got.ID + suffix})
}

func aliyunRefuse(w http.ResponseWriter, status int, code, message string) {
	writeJSON(w, status, map[string]string{"Code": code, "Message": message, "RequestId": "0"})
}

func aliyunBusy(w http.ResponseWriter, _ *http.Request) {
	aliyunRefuse(w, http.StatusOK, "isp.SYSTEM_ERROR", "系统错误")
}

func aliyunVars(raw string) map[string]string {
	var vars map[string]string
	_ = json.Unmarshal([]byte(raw), &vars)
	return vars
}
