package channel

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// webhook calls another system, signed by the Standard Webhooks scheme. The address
// is set by the administrator of the installation, so private networks are allowed;
// redirects are not followed.
type webhook struct {
	url, secret string
	now         func() time.Time
}

func newWebhook(a Account) (Gateway, error) {
	w := wants{account: a}
	return &webhook{w.secretURL("对方系统的接收地址"), w.secret("secret", "与对方约定的签名密钥，whsec_ 开头"), a.Now}, w.err()
}

// webhookNotice is what another system gets. It carries no phone numbers: neither
// the receiver's nor those to be mentioned.
type webhookNotice struct {
	Type string      `json:"type"` // notice
	At   time.Time   `json:"timestamp"`
	Data webhookData `json:"data"`
}

type webhookData struct {
	Key      string            `json:"key"`
	Template string            `json:"template,omitempty"`
	Vars     map[string]string `json:"vars,omitempty"`
	Title    string            `json:"title,omitempty"`
	Text     string            `json:"text"`
	Link     string            `json:"link,omitempty"`
	Language string            `json:"language,omitempty"`
	Exercise bool              `json:"exercise"`
	Level    string            `json:"level,omitempty"`
	Measure  string            `json:"measure,omitempty"`
}

// Send implements Gateway.
func (w *webhook) Send(ctx context.Context, m Message) (string, error) {
	now := w.now()
	body, err := json.Marshal(webhookNotice{"notice", now.Truncate(time.Second), webhookData{
		Key: m.Key, Template: m.Template, Vars: varMap(m.Vars), Title: m.Title, Text: m.Text, Link: m.Link,
		Language: m.Language, Exercise: m.Exercise, Level: m.Level, Measure: m.Measure,
	}})
	if err != nil {
		return "", err
	}
	head := http.Header{}
	head.Set("webhook-id", m.Key)
	head.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	head.Set("webhook-signature", SignWebhook(w.secret, m.Key, now, body))
	status, _, err := post(ctx, w.url, "application/json", body, head)
	if err != nil {
		return "", err
	}
	return "", webhookFailure(status)
}

func varMap(vars []Var) map[string]string {
	all := make(map[string]string, len(vars))
	for _, v := range vars {
		all[v.Name] = v.Value
	}
	return all
}

// webhookFailure reads a status below 500 that is not 429. 408 and 425 ask for
// another try by their own words.
func webhookFailure(status int) error {
	code := "http_" + strconv.Itoa(status)
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return &Failure{Class: Again, Code: code, Text: "对方系统要求重试"}
	case status >= 300 && status < 400:
		return &Failure{Class: Never, Code: code, Text: "对方系统要求跳转，已拒绝"}
	case status == http.StatusGone:
		return &Failure{Class: Never, Code: code, Text: "对方系统已停止接收"}
	}
	return &Failure{Class: Never, Code: code, Text: "对方系统拒收"}
}
