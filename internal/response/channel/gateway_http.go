package channel

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// plain is Muster's own small protocol for a platform that a province runs itself
// (docs/carriers.md «http»): one signed POST per message.
type plain struct {
	account  Account
	endpoint string
	secret   string
}

func newPlain(a Account) (Gateway, error) {
	w := wants{account: a}
	g := plain{account: a, endpoint: w.setting("endpoint", "对方平台接收消息的完整地址"), secret: w.secret("secret", "双方约定的签名密钥，不少于 24 位")}
	if g.endpoint != "" {
		w.address("settings.endpoint", g.endpoint)
	}
	return g, w.err()
}

// PlainMessage is the body of a hand-over by the http protocol.
type PlainMessage struct {
	Key      string       `json:"key"`
	Kind     Kind         `json:"kind"`
	To       string       `json:"to"`
	Template string       `json:"template,omitempty"`
	Vars     []PlainValue `json:"vars,omitempty"`
	Text     string       `json:"text"`
	Clip     string       `json:"clip,omitempty"`
	Language string       `json:"language,omitempty"`
	Exercise bool         `json:"exercise,omitempty"`
}

// PlainValue is a named value of a template.
type PlainValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// PlainAnswer is the platform's answer: an id when it took the message, else what
// to do about the refusal.
type PlainAnswer struct {
	ID         string `json:"id,omitempty"`
	Class      Class  `json:"class,omitempty"`
	Code       string `json:"code,omitempty"`
	Text       string `json:"text,omitempty"`
	RetryAfter int    `json:"retry_after,omitempty"` // seconds
	Bad        bool   `json:"bad,omitempty"`         // the receiver's number is wrong
}

// Send implements Gateway.
func (g plain) Send(ctx context.Context, m Message) (string, error) {
	body, err := json.Marshal(plainMessage(g.account.Kind, m))
	if err != nil {
		return "", err
	}
	head := http.Header{"Idempotency-Key": {m.Key}}
	SignPlain(head, body, g.secret, g.account.Now())
	status, raw, err := post(ctx, g.endpoint, "application/json; charset=utf-8", body, head)
	var answer PlainAnswer
	readable := json.Unmarshal(raw, &answer) == nil && answer != (PlainAnswer{})
	switch {
	case readable && answer.Class != "": // says more than the status
		return "", answer.failure(status)
	case err != nil:
		return "", err
	case !readable:
		return "", unreadable(status)
	case status >= 400:
		return "", answer.failure(status)
	}
	return answer.ID, nil
}

func plainMessage(kind Kind, m Message) PlainMessage {
	p := PlainMessage{Key: m.Key, Kind: kind, To: m.To, Template: m.Template, Text: m.Text, Clip: m.Clip, Language: m.Language, Exercise: m.Exercise}
	for _, v := range m.Vars {
		p.Vars = append(p.Vars, PlainValue(v))
	}
	return p
}

// failure is a refusal. A class that the protocol does not know is never: the
// platform refused and did not say that waiting helps.
func (a PlainAnswer) failure(status int) *Failure {
	f := &Failure{Class: a.Class, Code: scrub(a.Code), Text: scrub(a.Text), After: time.Duration(min(max(a.RetryAfter, 0), 86400)) * time.Second, Bad: a.Bad}
	if f.Code == "" {
		f.Code = "http_" + strconv.Itoa(status)
	}
	if f.Class != Again && f.Class != Limit {
		f.Class, f.After = Never, 0
	}
	f.Bad = f.Bad && f.Class == Never
	return f
}
