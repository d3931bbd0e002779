package channel

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// dialect is how one provider of group robots wants a card and what its refusals
// mean.
type dialect interface {
	// request gives the address (signed, where the provider signs there) and the
	// JSON body of a message.
	request(m Message, at time.Time) (url string, body any)
	// refusal is the failure of a code that is not 0; nil for one that is not
	// documented.
	refusal(code int) *Failure
}

// robot posts cards to one group (群机器人). One account is one robot is one
// group; who counts its messages per minute is the ledger.
type robot struct {
	dialect
	now func() time.Time
}

// Send implements Gateway. Robots give no id of what they posted.
func (r robot) Send(ctx context.Context, m Message) (string, error) {
	url, body := r.request(m, r.now())
	raw, err := json.Marshal(body)
	if err != nil {
		return "", err
	}
	status, answer, err := post(ctx, url, "application/json; charset=utf-8", raw, nil)
	if err != nil {
		return "", err
	}
	return "", r.read(status, answer)
}

// robotAnswer is the answer of all three: WeCom and DingTalk name the code
// errcode, Feishu code, its older servers StatusCode.
type robotAnswer struct {
	ErrCode    *int `json:"errcode"`
	Code       *int `json:"code"`
	StatusCode *int `json:"StatusCode"`
}

// read says what an answer means: robots refuse inside a 200.
func (r robot) read(status int, body []byte) error {
	var a robotAnswer
	err := json.Unmarshal(body, &a)
	for _, code := range []*int{a.ErrCode, a.Code, a.StatusCode} {
		if err == nil && code != nil {
			return r.refused(*code)
		}
	}
	if status != http.StatusOK {
		return &Failure{Class: Never, Code: "http_" + strconv.Itoa(status), Text: "机器人地址不接受消息"}
	}
	return malformed()
}

func (r robot) refused(code int) error {
	if code == 0 {
		return nil
	}
	f := r.refusal(code)
	if f == nil { // nothing was posted, and a warning is worth another try
		f = &Failure{Class: Again, Text: "机器人返回未知错误", After: 10 * time.Second}
	}
	f.Code = strconv.Itoa(code)
	return f
}

// refusals are documented codes of a provider.
type refusals map[int]Failure

func (r refusals) refusal(code int) *Failure {
	f, ok := r[code]
	if !ok {
		return nil
	}
	return &f
}

// secretURL is an address that is a secret itself, because who knows it may post.
func (w *wants) secretURL(mend string) string {
	value := w.secret("url", mend)
	if value != "" {
		w.address("secrets.url", value)
	}
	return value
}

const robotPage = "群机器人详情页的 Webhook 地址"
