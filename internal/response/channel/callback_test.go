package channel_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/internal/errs"
	"muster/internal/response/channel"
)

var noon = time.Date(2026, 7, 21, 4, 0, 0, 0, time.UTC)

// read gives a push to the callback of a door.
func read(t *testing.T, door, address, body string) ([]channel.Event, error) {
	t.Helper()
	c, err := channel.OpenCallback(accounts()[door])
	if err != nil {
		t.Fatal(err)
	}
	events, _, err := c.Read(httptest.NewRequest("POST", address, strings.NewReader(body)), []byte(body), noon)
	return events, err
}

// The bodies are those of the providers' documents with invented numbers.
func TestDocumentedPushes(t *testing.T) {
	at := time.Date(2026, 7, 21, 3, 59, 0, 0, time.UTC) // 11:59 in Beijing
	cases := map[string]struct {
		door, body string
		want       []channel.Event
	}{
		"Aliyun SmsReport": {"aliyun/sms", `[{"phone_number":"13900000001","send_time":"2026-07-21 11:58:00","report_time":"2026-07-21 11:59:00","success":true,
			"err_code":"DELIVERED","err_msg":"用户接收成功","sms_size":"1","biz_id":"12345","out_id":"67890"}]`,
			[]channel.Event{{Kind: channel.Delivered, ProviderID: "12345", Key: "67890", EventID: "12345/report", At: at}}},
		"Aliyun SmsReport of a number that is no more": {"aliyun/sms", `[{"phone_number":"13900000001","report_time":"2026-07-21 11:59:00","success":false,
			"err_code":"MOBILE_NOT_ON_SERVICE","err_msg":"空号13900000001","biz_id":"12345","out_id":"67890"}]`,
			[]channel.Event{{Kind: channel.Failed, ProviderID: "12345", Key: "67890", EventID: "12345/report", At: at,
				Failure: &channel.Failure{Class: channel.Never, Code: "MOBILE_NOT_ON_SERVICE", Text: "空号…", Bad: true}}}},
		"Aliyun SmsUp": {"aliyun/sms", `[{"phone_number":"+8613900000001","send_time":"2026-07-21 11:59:00","content":"204518","sign_name":"模拟预警","dest_code":"1234","sequence_id":1234567890}]`,
			[]channel.Event{{Kind: channel.Reply, EventID: "1234567890", Phone: phone, Text: "204518", At: at}}},
		"Aliyun VoiceReport, heard and pressed": {"aliyun/voice", `[{"call_id":"1^2","start_time":"2026-07-21 11:58:30","end_time":"2026-07-21 11:59:00","duration":"30",
			"status_code":"200000","hangup_direction":"机器","out_id":"x","dtmf":"1"}]`,
			[]channel.Event{{Kind: channel.Key, ProviderID: "1^2", EventID: "1^2/report", Digit: "1", PlayedOut: true, At: at}}},
		"Aliyun VoiceReport, pressed at once": {"aliyun/voice", `[{"call_id":"1^2","start_time":"2026-07-21 11:58:55","end_time":"2026-07-21 11:59:00","duration":5,"status_code":"200000","dtmf":"1"}]`,
			[]channel.Event{{Kind: channel.Key, ProviderID: "1^2", EventID: "1^2/report", Digit: "1", At: at}}},
		"Aliyun VoiceReport, switched off": {"aliyun/voice", `[{"call_id":"1^2","start_time":"","end_time":"2026-07-21 11:59:00","duration":"0","status_code":"200010","status_msg":"关机"}]`,
			[]channel.Event{{Kind: channel.Failed, ProviderID: "1^2", EventID: "1^2/report", At: at,
				Failure: &channel.Failure{Class: channel.Again, Code: "200010", Text: "关机", After: 10 * time.Second}}}},
		"Aliyun VoiceCallReport": {"aliyun/voice", `[{"status_code":"300000","smart_status_code":"ANSWERED","dtmf":"1","status_time":"2026-07-21 11:59:00","out_id":"4","call_id":"1^2"}]`,
			[]channel.Event{{Kind: channel.Key, ProviderID: "1^2", EventID: "1^2/dtmf", Digit: "1", At: at}}},
		"Tencent SMS status": {"tencent/sms", `[{"user_receive_time":"2026-07-21 11:59:00","nationcode":"86","mobile":"13900000001","report_status":"SUCCESS","errmsg":"DELIVRD","description":"用户短信送达成功","sid":"s1"}]`,
			[]channel.Event{{Kind: channel.Delivered, ProviderID: "s1", EventID: "s1/report", At: at}}},
		"Tencent voice key": {"tencent/voice", `{"voicekey_callback":{"call_from":"","callid":"c1","keypress":"2","mobile":"13900000001","nationcode":"86"}}`,
			[]channel.Event{{Kind: channel.Key, ProviderID: "c1", EventID: "c1/key", Digit: "2", At: noon}}},
		"Tencent voice end": {"tencent/voice", `{"voiceprompt_callback":{"result":"0","accept_time":"1784606320","call_from":"","callid":"c1","end_calltime":"1784606340","fee":"1","mobile":"13900000001","nationcode":"86","start_calltime":"1784606310"}}`,
			[]channel.Event{{Kind: channel.Heard, ProviderID: "c1", EventID: "c1/report", PlayedOut: true, At: time.Unix(1784606340, 0).UTC()}}},
		"Tencent voice failure": {"tencent/voice", `{"voice_failure_callback":{"call_from":"075500000000","callid":"c1","failure_code":8,"failure_reason":"空号","mobile":"13900000001","nationcode":"86"}}`,
			[]channel.Event{{Kind: channel.Failed, ProviderID: "c1", EventID: "c1/failure", At: noon,
				Failure: &channel.Failure{Class: channel.Never, Code: "failure_8", Text: "空号", Bad: true}}}},
		"an element of no known kind between two good ones": {"aliyun/sms", `[{"biz_id":"1","success":true},{"weather":"rain"},{"biz_id":"2","success":true}]`,
			[]channel.Event{{Kind: channel.Delivered, ProviderID: "1", EventID: "1/report", At: noon}, {Kind: channel.Delivered, ProviderID: "2", EventID: "2/report", At: noon}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			events, err := read(t, c.door, "/callbacks/x/"+token, c.body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, events); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestATencentReplyIsTheSameWhenPushedAgain(t *testing.T) {
	body := `{"extend":"","mobile":"13900000001","nationcode":"86","sign":"模拟预警","text":"收到","time":1784606340}`
	first, err := read(t, "tencent/sms", "/x/"+token, body)
	if err != nil || len(first) != 1 || first[0].Kind != channel.Reply || first[0].Phone != phone || first[0].EventID == "" {
		t.Fatalf("%+v %v", first, err)
	}
	second, err := read(t, "tencent/sms", "/x/"+token, "["+body+"]")
	if err != nil || cmp.Diff(first, second) != "" {
		t.Errorf("%+v %v", second, err)
	}
}

func TestForgedAndBrokenPushes(t *testing.T) {
	for name, c := range map[string]struct {
		door, address, body string
		want                errs.Kind
	}{
		"Aliyun, a guessed address":  {"aliyun/sms", "/callbacks/aliyun/sms/guess", `[]`, errs.SignIn},
		"Aliyun, the token in query": {"aliyun/sms", "/callbacks/aliyun/sms/?t=" + token, `[]`, errs.SignIn},
		"Aliyun, no JSON":            {"aliyun/sms", "/x/" + token, `<xml/>`, errs.Fix},
		"Tencent, a guessed address": {"tencent/voice", "/callbacks/", `{}`, errs.SignIn},
		"Tencent, half a body":       {"tencent/voice", "/x/" + token, `{"voicekey_callback":{"callid`, errs.Fix},
		"http, unsigned":             {"http/sms", "/x/" + token, `{"events":[]}`, errs.SignIn},
	} {
		if events, err := read(t, c.door, c.address, c.body); !errs.Is(err, c.want) || len(events) != 0 {
			t.Errorf("%s: %v, %+v", name, err, events)
		}
	}
}

func TestHalfEmptyEventsDoNotHurt(t *testing.T) {
	for _, body := range []string{`null`, `[]`, `{}`, `[null]`, `[{"call_id":"1"}]`, `{"voicekey_callback":{}}`, `{"voiceprompt_callback":{"callid":"c","result":null}}`,
		`[{"dtmf":"","call_id":"1","status_time":"x","status_code":300000}]`} {
		for _, door := range []string{"aliyun/voice", "tencent/voice"} {
			if _, err := read(t, door, "/x/"+token, body); err != nil {
				t.Errorf("%s %s: %v", door, body, err)
			}
		}
	}
}

func TestAnAccountSaysAllThatItLacks(t *testing.T) {
	for door, want := range map[string][]string{
		"aliyun/sms":    {"settings.access_key_id", "secrets.access_key_secret", "settings.sign_name"},
		"aliyun/voice":  {"settings.access_key_id", "secrets.access_key_secret"},
		"tencent/sms":   {"settings.secret_id", "secrets.secret_key", "settings.app_id", "settings.sign_name"},
		"tencent/voice": {"settings.secret_id", "secrets.secret_key", "settings.app_id"},
		"http/sms":      {"settings.endpoint", "secrets.secret"},
	} {
		full := accounts()[door]
		_, err := channel.Open(channel.Account{Kind: full.Kind, Provider: full.Provider})
		if diff := cmp.Diff(want, places(t, err)); diff != "" {
			t.Errorf("%s: %s", door, diff)
		}
	}
	menuOnly := channel.Account{Kind: channel.Voice, Provider: "aliyun", Settings: map[string]string{"access_key_id": "x", "menu.1": "TTS_1", "endpoint": "ftp://x"},
		Secrets: map[string]string{"access_key_secret": "x"}}
	_, err := channel.Open(menuOnly)
	if diff := cmp.Diff([]string{"settings.endpoint", "settings.caller"}, places(t, err)); diff != "" {
		t.Error(diff)
	}
	_, err = channel.OpenCallback(channel.Account{Kind: channel.SMS, Provider: "aliyun", Settings: map[string]string{"heard_seconds": "long"}, Secrets: map[string]string{"callback_token": "short"}})
	if diff := cmp.Diff([]string{"secrets.callback_token", "settings.heard_seconds"}, places(t, err)); diff != "" {
		t.Error(diff)
	}
	for _, a := range []channel.Account{{Kind: channel.SMS, Provider: "pigeon"}, {Kind: "smoke", Provider: "aliyun"}} {
		if _, err := channel.Open(a); !errs.Is(err, errs.Fix) {
			t.Errorf("%v: %v", a, err)
		}
		if _, err := channel.OpenCallback(a); !errs.Is(err, errs.Fix) {
			t.Errorf("%v: %v", a, err)
		}
	}
}

// places are the settings that an errs.Fix names, each with how to mend it.
func places(t *testing.T, err error) []string {
	t.Helper()
	var list []string
	if !errs.Is(err, errs.Fix) {
		t.Fatalf("not to be mended: %v", err)
	}
	for _, d := range detailsOf(err) {
		if d.Mend == "" {
			t.Errorf("%s is not told how to mend", d.Where)
		}
		list = append(list, d.Where)
	}
	return list
}

func detailsOf(err error) []errs.Detail {
	e, _ := errors.AsType[*errs.Error](err)
	return e.Details
}
