package channel

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// aliyunCallback reads Aliyun's HTTP pushes: SmsReport, SmsUp, VoiceReport and the
// keys of VoiceCallReport, all JSON arrays.
type aliyunCallback struct{ pushed }

func newAliyunCallback(a Account) (Callback, error) {
	w := wants{account: a}
	c := aliyunCallback{newPushed(&w)}
	return c, w.err()
}

// aliyunPush is one element; each kind of push fills other fields.
type aliyunPush struct {
	PhoneNumber string    `json:"phone_number"`
	OutID       string    `json:"out_id"`
	Success     *bool     `json:"success"` // SmsReport
	BizID       string    `json:"biz_id"`
	ErrCode     string    `json:"err_code"`
	ErrMsg      string    `json:"err_msg"`
	ReportTime  string    `json:"report_time"`
	Content     *string   `json:"content"` // SmsUp
	SendTime    string    `json:"send_time"`
	SequenceID  looseText `json:"sequence_id"`
	CallID      string    `json:"call_id"` // VoiceReport, VoiceCallReport
	StatusCode  looseText `json:"status_code"`
	StatusMsg   string    `json:"status_msg"`
	StatusTime  string    `json:"status_time"`
	StartTime   string    `json:"start_time"`
	EndTime     string    `json:"end_time"`
	Duration    looseText `json:"duration"`
	Digits      looseText `json:"dtmf"`
}

// Read implements Callback. Elements that are none of the four kinds are skipped.
func (c aliyunCallback) Read(r *http.Request, body []byte, at time.Time) ([]Event, Answer, error) {
	if err := c.trust(r); err != nil {
		return nil, Answer{}, err
	}
	list, err := listOf[aliyunPush](body)
	if err != nil {
		return nil, Answer{}, err
	}
	var events []Event
	for _, p := range list {
		if e, ok := c.event(p, at); ok {
			events = append(events, e)
		}
	}
	return events, answerJSON(`{"code":0,"msg":"成功"}`), nil
}

func (c aliyunCallback) event(p aliyunPush, at time.Time) (Event, bool) {
	switch {
	case p.Success != nil && p.BizID != "":
		return p.report(at), true
	case p.Content != nil && p.PhoneNumber != "":
		return Event{Kind: Reply, EventID: string(p.SequenceID), Phone: mainland(p.PhoneNumber), Text: *p.Content, At: beijing(p.SendTime, at)}, true
	case p.CallID != "" && p.StatusTime != "":
		return p.inCall(at)
	case p.CallID != "":
		return c.call(p, at), true
	}
	return Event{}, false
}

// report is an SmsReport.
func (p aliyunPush) report(at time.Time) Event {
	e := Event{Kind: Delivered, ProviderID: p.BizID, Key: p.OutID, EventID: p.BizID + "/report", At: beijing(p.ReportTime, at)}
	if !*p.Success {
		e.Kind, e.Failure = Failed, aliyunReportCodes.failure(p.ErrCode, p.ErrMsg)
	}
	return e
}

// inCall is a VoiceCallReport: a key while the call goes on. Whether the message
// was heard to its end only the report after the call tells.
func (p aliyunPush) inCall(at time.Time) (Event, bool) {
	if p.StatusCode != "300000" || p.Digits == "" {
		return Event{}, false
	}
	return Event{Kind: Key, ProviderID: p.CallID, EventID: p.CallID + "/dtmf", Digit: p.Digits.first(), At: beijing(p.StatusTime, at)}, true
}

// call is a VoiceReport. Status 200000 is «用户听完语音»; the time is checked too,
// because an interactive call also ends well when the key came early.
func (c aliyunCallback) call(p aliyunPush, at time.Time) Event {
	e := Event{Kind: Heard, ProviderID: p.CallID, EventID: p.CallID + "/report", At: beijing(p.EndTime, at)}
	seconds, _ := strconv.Atoi(string(p.Duration))
	e.PlayedOut = p.StatusCode == "200000" && time.Duration(seconds)*time.Second >= c.heard
	switch {
	case p.Digits != "":
		e.Kind, e.Digit = Key, p.Digits.first()
	case p.StartTime == "" && seconds == 0:
		e.Kind, e.Failure = Failed, aliyunCallCodes.failure(string(p.StatusCode), p.StatusMsg)
	}
	return e
}

// looseText is a value that some documents write as text and some as a number.
type looseText string

// UnmarshalJSON implements json.Unmarshaler.
func (t *looseText) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	if string(b) != "null" {
		*t = looseText(b)
	}
	return nil
}

// first is the first character: a menu acts on the first key.
func (t looseText) first() string {
	for _, r := range string(t) {
		return string(r)
	}
	return ""
}
