package channel

import (
	"encoding/json"
	"net/http"
	"time"

	"muster/internal/errs"
)

// webhookCallback reads what the other system tells of our notices, signed by the
// same scheme and, unless callback_secret is set, the same secret.
type webhookCallback struct{ secret string }

func newWebhookCallback(a Account) (Callback, error) {
	w := wants{account: a}
	secret := a.Secrets["callback_secret"]
	if secret == "" {
		secret = w.secret("secret", "与对方约定的签名密钥，whsec_ 开头")
	}
	return webhookCallback{secret}, w.err()
}

// webhookAck is one thing that the other system tells.
type webhookAck struct {
	Type string `json:"type"` // notice.delivered, notice.seen, notice.acknowledged, notice.failed
	Data struct {
		Key  string `json:"key"`  // of the notice
		Text string `json:"text"` // with acknowledged: what the person answered; empty: 收到
		Code string `json:"code"` // with failed: why
	} `json:"data"`
}

var webhookKinds = map[string]EventKind{
	"notice.delivered": Delivered, "notice.seen": Seen, "notice.acknowledged": Reply, "notice.failed": Failed,
}

// Read implements Callback. Types that are not known are answered well and mean
// nothing: the other system may tell more than we asked for.
func (c webhookCallback) Read(r *http.Request, body []byte, at time.Time) ([]Event, Answer, error) {
	id, told, err := CheckWebhook(c.secret, r.Header, body, at)
	if err != nil {
		return nil, Answer{}, err
	}
	var ack webhookAck
	if err := json.Unmarshal(body, &ack); err != nil {
		return nil, Answer{}, errs.New(errs.Fix, "webhook_unreadable", "内容不是规定的 JSON")
	}
	return ack.events(id, told), Answer{"application/json", []byte(`{"ok":true}`)}, nil
}

func (a webhookAck) events(id string, at time.Time) []Event {
	kind, ok := webhookKinds[a.Type]
	if !ok || a.Data.Key == "" {
		return nil
	}
	e := Event{Kind: kind, Key: a.Data.Key, EventID: id, At: at}
	switch kind {
	case Reply:
		e.Text = a.Data.Text
		if e.Text == "" {
			e.Text = "收到"
		}
	case Failed:
		e.Failure = &Failure{Class: Again, Code: a.Data.Code, Text: "对方系统没有送到"}
	}
	return []Event{e}
}
