package channel

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// tencentCallback reads Tencent Cloud's pushes: SMS status (an array), SMS reply
// (an object, in older documents an array), and the three of voice. None of them
// carries the SessionContext: they are found by the carrier's id alone.
type tencentCallback struct{ pushed }

func newTencentCallback(a Account) (Callback, error) {
	w := wants{account: a}
	c := tencentCallback{newPushed(&w)}
	return c, w.err()
}

type tencentPush struct {
	Mobile       string    `json:"mobile"`
	ReportStatus string    `json:"report_status"` // SUCCESS, FAIL
	ErrMsg       string    `json:"errmsg"`
	Description  string    `json:"description"`
	SID          string    `json:"sid"`
	ReceiveTime  string    `json:"user_receive_time"`
	Text         *string   `json:"text"` // of a reply
	Time         looseText `json:"time"`

	Prompt  *tencentCall `json:"voiceprompt_callback"`
	Key     *tencentCall `json:"voicekey_callback"`
	Failure *tencentCall `json:"voice_failure_callback"`
}

type tencentCall struct {
	CallID   string    `json:"callid"`
	Result   looseText `json:"result"` // 0 接听, 1 未接听, 2 呼叫异常
	Accepted looseText `json:"accept_time"`
	Ended    looseText `json:"end_calltime"`
	Keypress looseText `json:"keypress"`
	Code     looseText `json:"failure_code"`
	Reason   string    `json:"failure_reason"`
}

// Read implements Callback.
func (c tencentCallback) Read(r *http.Request, body []byte, at time.Time) ([]Event, Answer, error) {
	if err := c.trust(r); err != nil {
		return nil, Answer{}, err
	}
	list, err := listOf[tencentPush](body)
	if err != nil {
		return nil, Answer{}, err
	}
	var events []Event
	for _, p := range list {
		events = append(events, c.events(p, at)...)
	}
	return events, answerJSON(`{"result":0,"errmsg":"OK"}`), nil
}

func (c tencentCallback) events(p tencentPush, at time.Time) []Event {
	switch {
	case p.SID != "" && p.ReportStatus != "":
		return []Event{p.report(at)}
	case p.Text != nil && p.Mobile != "":
		sent := unix(p.Time, at)
		// A reply has no id; the same words of the same second are the same reply.
		id := hexHash(p.Mobile + "\n" + string(p.Time) + "\n" + *p.Text)[:32]
		return []Event{{Kind: Reply, EventID: id, Phone: mainland(p.Mobile), Text: *p.Text, At: sent}}
	case p.Key != nil && p.Key.CallID != "" && p.Key.Keypress != "":
		return []Event{{Kind: Key, ProviderID: p.Key.CallID, EventID: p.Key.CallID + "/key", Digit: p.Key.Keypress.first(), At: at}}
	case p.Prompt != nil && p.Prompt.CallID != "":
		return []Event{p.Prompt.end(c.heard, at)}
	case p.Failure != nil && p.Failure.CallID != "":
		return []Event{{Kind: Failed, ProviderID: p.Failure.CallID, EventID: p.Failure.CallID + "/failure", At: at, Failure: p.Failure.failure()}}
	}
	return nil
}

func (p tencentPush) report(at time.Time) Event {
	e := Event{Kind: Delivered, ProviderID: p.SID, EventID: p.SID + "/report", At: beijing(p.ReceiveTime, at)}
	if p.ReportStatus != "SUCCESS" {
		e.Kind, e.Failure = Failed, byWords(p.ErrMsg, p.Description)
	}
	return e
}

// end is the report after a call.
func (c tencentCall) end(heard time.Duration, at time.Time) Event {
	e := Event{ProviderID: c.CallID, EventID: c.CallID + "/report", At: unix(c.Ended, at)}
	if c.Result != "0" {
		e.Kind, e.Failure = Failed, &Failure{Class: Again, Code: "result_" + string(c.Result), Text: "未接听", After: rather}
		return e
	}
	accepted := unix(c.Accepted, time.Time{})
	e.Kind, e.PlayedOut = Heard, !accepted.IsZero() && e.At.Sub(accepted) >= heard
	return e
}

func (c tencentCall) failure() *Failure { return byWords("failure_"+string(c.Code), c.Reason) }

// byWords classes a failure by what it says: the codes of receipts come from three
// networks and are not listed completely anywhere.
func byWords(code, text string) *Failure {
	f := &Failure{Class: Again, Code: scrub(code), Text: scrub(text), After: rather}
	for _, word := range []string{"空号", "停机", "号码不存在", "号码异常"} {
		if strings.Contains(text, word) {
			f.Class, f.After, f.Bad = Never, 0, true
		}
	}
	return f
}

func unix(s looseText, other time.Time) time.Time {
	n, err := strconv.ParseInt(strings.TrimSpace(string(s)), 10, 64)
	if err != nil || n <= 0 {
		return other
	}
	return time.Unix(n, 0).UTC()
}
