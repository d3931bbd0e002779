package channel

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// aliyun is an account of Aliyun's RPC interfaces (dysmsapi, dyvmsapi, both
// 2017-05-25).
type aliyun struct {
	account  Account
	endpoint string
	id       string
	secret   string
}

const aliyunVersion = "2017-05-25"

func newAliyun(w *wants, fallback string) aliyun {
	return aliyun{
		account:  w.account,
		endpoint: w.endpoint(fallback),
		id:       w.setting("access_key_id", "阿里云控制台 RAM 访问控制中的 AccessKey ID"),
		secret:   w.secret("access_key_secret", "与 AccessKey ID 配对的 AccessKey Secret"),
	}
}

// aliyunAnswer is the answer of the actions that Muster uses.
type aliyunAnswer struct {
	Code    string
	Message string
	BizID   string `json:"BizId"`
	CallID  string `json:"CallId"`
}

// call runs an action. Parameters go where the documents put them, into the query;
// no error of ours shows it.
func (a aliyun) call(ctx context.Context, action string, params url.Values) (aliyunAnswer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.endpoint, nil)
	if err != nil {
		return aliyunAnswer{}, err
	}
	if req.URL.Path == "" {
		req.URL.Path = "/"
	}
	req.URL.RawQuery = acs3Query(params)
	SignACS3(req, action, aliyunVersion, rand.Text(), a.id, a.secret, a.account.Now())
	status, body, err := exchange(req)
	if err != nil {
		return aliyunAnswer{}, plainer(err, body)
	}
	var answer aliyunAnswer
	if json.Unmarshal(body, &answer) != nil || answer.Code == "" {
		return aliyunAnswer{}, unreadable(status)
	}
	if answer.Code != "OK" {
		return aliyunAnswer{}, aliyunRefusal(answer.Code, answer.Message)
	}
	return answer, nil
}

// plainer prefers what the body says over the status: Aliyun throttles with 429 or
// 503 and a code.
func plainer(err error, body []byte) error {
	var answer aliyunAnswer
	if len(body) == 0 || json.Unmarshal(body, &answer) != nil || answer.Code == "" || answer.Code == "OK" {
		return err
	}
	return aliyunRefusal(answer.Code, answer.Message)
}

// unreadable is an answer without sense: with a status of 4xx nothing was taken.
func unreadable(status int) error {
	if status >= 400 && status < 500 {
		return &Failure{Class: Never, Code: "http_" + strconv.Itoa(status), Text: "通道拒绝了请求"}
	}
	return malformed()
}

// template is the carrier's own code of a template of ours.
func (a Account) template(name string) (string, error) {
	if code := strings.TrimSpace(a.Settings["template."+name]); code != "" {
		return code, nil
	}
	return "", &Failure{Class: Never, Code: "no_template", Text: "通道账户没有登记模板 " + name}
}

// clip is the carrier's own code of a recording of ours.
func (a Account) clip(name string) (string, error) {
	if code := strings.TrimSpace(a.Settings["clip."+name]); code != "" {
		return code, nil
	}
	return "", &Failure{Class: Never, Code: "no_clip", Text: "通道账户没有登记录音 " + name}
}

// named is the JSON object of a template's variables.
func named(vars []Var) string {
	values := make(map[string]string, len(vars))
	for _, v := range vars {
		values[v.Name] = v.Value
	}
	b, _ := json.Marshal(values) // a map of strings cannot fail
	return string(b)
}

// VoiceOutID is the idempotency key as Aliyun's voice interfaces carry it: their
// OutId has room for 15 bytes only.
func VoiceOutID(key string) string {
	if len(key) <= 15 {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:9]))
}
