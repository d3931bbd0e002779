package channel

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"time"
)

// wechatToken keeps the access token of one mini program. It asks the "stable"
// endpoint, which gives several servers the same token where the old one would
// take each other's away.
type wechatToken struct {
	api, appID, secret string
	now                func() time.Time

	turn  sync.Mutex // one renewal at a time; the others wait and use its result
	value string
	until time.Time
}

// spare is how long before its end a token is no longer used. WeChat renews from
// 5 minutes before the end and lets both live for that time.
const spare = 2 * time.Minute

type wechatTokenBody struct {
	Grant  string `json:"grant_type"`
	AppID  string `json:"appid"`
	Secret string `json:"secret"`
	Force  bool   `json:"force_refresh"`
}

type wechatTokenAnswer struct {
	wechatAnswer
	Token   string `json:"access_token"`
	Seconds int    `json:"expires_in"`
}

// get gives a token that is not the dead one. Many callers with the same dead
// token make one renewal.
func (t *wechatToken) get(ctx context.Context, dead string) (string, error) {
	t.turn.Lock()
	defer t.turn.Unlock()
	if t.value != "" && t.value != dead && t.now().Before(t.until) {
		return t.value, nil
	}
	if err := t.renew(ctx, false); err != nil {
		return "", err
	}
	if t.value != dead {
		return t.value, nil
	}
	// The endpoint thinks the token alive that the carrier calls dead: somebody else
	// made a new one by force. Forcing is allowed 20 times a day.
	err := t.renew(ctx, true)
	return t.value, err
}

func (t *wechatToken) renew(ctx context.Context, force bool) error {
	body, err := json.Marshal(wechatTokenBody{"client_credential", t.appID, t.secret, force})
	if err != nil {
		return err
	}
	a, err := wechatPost[wechatTokenAnswer](ctx, t.api+"/cgi-bin/stable_token", body)
	switch {
	case err != nil:
		return sure(err)
	case a.Code != 0:
		return tokenFailure(a.wechatAnswer)
	case a.Token == "" || a.Seconds <= 0:
		return sure(malformed())
	}
	t.value, t.until = a.Token, t.now().Add(time.Duration(a.Seconds)*time.Second-spare)
	return nil
}

// sure marks a failure as one before the hand-over: no message has left.
func sure(err error) error {
	if f, ok := err.(*Failure); ok {
		known := *f
		known.Unsure = false
		return &known
	}
	return err
}

// tokenFailure reads the codes of the token endpoint, where 40001 is the secret.
func tokenFailure(a wechatAnswer) error {
	if a.Code == 40001 {
		return &Failure{Class: Never, Code: strconv.Itoa(a.Code), Text: "AppSecret 不对"}
	}
	return wechatFailure(a)
}
