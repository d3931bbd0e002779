package fake

import (
	"encoding/json"
	"net/http"

	"muster/internal/response/channel"
)

// plainServer is a province's own platform by Muster's http protocol, at
// /http/sms and /http/voice.
type plainServer struct {
	carrier *Carrier
	door    *Door
}

func openPlain(c *Carrier) {
	for _, d := range []*Door{
		{Name: "http/sms", Label: "自建短信平台", Kind: channel.SMS, Quotas: aliyunSMSQuotas},
		{Name: "http/voice", Label: "自建语音平台", Kind: channel.Voice, Quotas: aliyunVoiceQuotas},
	} {
		s := &plainServer{c, d}
		d.Refuse = func(w http.ResponseWriter, _ *http.Request) {
			plainRefuse(w, http.StatusServiceUnavailable, channel.PlainAnswer{Class: channel.Again, Code: "busy", Text: "系统忙", RetryAfter: 5})
		}
		d.Push = c.plainPush
		c.Handle("POST /"+d.Name, c.Guard(d, s.take))
	}
}

func (s *plainServer) take(w http.ResponseWriter, r *http.Request) {
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	from := s.carrier.customerWhere(s.door.Kind, "http", func(a channel.Account) bool {
		return channel.CheckPlain(r.Header, body, a.Secrets["secret"], s.carrier.Now()) == nil
	})
	if from == nil {
		plainRefuse(w, http.StatusUnauthorized, channel.PlainAnswer{Class: channel.Never, Code: "signature", Text: "签名不对"})
		return
	}
	var m channel.PlainMessage
	if json.Unmarshal(body, &m) != nil || m.Key == "" || m.Key != r.Header.Get("Idempotency-Key") || m.Kind != s.door.Kind {
		plainRefuse(w, http.StatusBadRequest, channel.PlainAnswer{Class: channel.Never, Code: "malformed", Text: "内容无法读懂"})
		return
	}
	if !isMobile(m.To) {
		plainRefuse(w, http.StatusUnprocessableEntity, channel.PlainAnswer{Class: channel.Never, Code: "bad_number", Text: "号码不对", Bad: true})
		return
	}
	got := s.carrier.Deliver(s.door, from, Box{Phone, m.To}, Item{Key: m.Key, From: "自建平台", Template: m.Template, Text: m.Text, Clip: m.Clip, Keys: true})
	if got.Over != nil {
		plainRefuse(w, http.StatusTooManyRequests, channel.PlainAnswer{Class: channel.Limit, Code: "limit", Text: got.Over.Code, RetryAfter: 60})
		return
	}
	writeJSON(w, http.StatusOK, channel.PlainAnswer{ID: got.ID})
}

func plainRefuse(w http.ResponseWriter, status int, a channel.PlainAnswer) { writeJSON(w, status, a) }

// plainPush signs one push of all that happened.
func (c *Carrier) plainPush(to Account, what []Happening) []*http.Request {
	push := channel.PlainPush{}
	for _, h := range what {
		push.Events = append(push.Events, plainEvent(h))
	}
	list := pushJSON(to.Callback, push)
	for _, req := range list {
		if body, err := json.Marshal(push); err == nil {
			channel.SignPlain(req.Header, body, to.Secrets["secret"], c.Now())
		}
	}
	return list
}

func plainEvent(h Happening) channel.PlainEvent {
	e := channel.PlainEvent{Kind: h.Kind, EventID: h.EventID, ID: h.Item.ID, Key: h.Item.Key, Text: h.Text, Digit: h.Digit,
		PlayedOut: h.Call.HeardAll, At: h.At}
	if h.Kind == channel.Reply {
		e.Phone, e.ID, e.Key = h.Phone, "", ""
	}
	if h.Kind == channel.Failed {
		e.Failure = &channel.PlainAnswer{Class: channel.Again, Code: string(h.Reason), Text: reasonWords[h.Reason]}
		if h.Reason == NoNumber {
			e.Failure.Class, e.Failure.Bad = channel.Never, true
		}
	}
	return e
}
