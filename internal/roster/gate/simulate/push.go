package simulate

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// pusher speaks Muster's own push API (docs/gates.md).
type pusher struct {
	Config
	memory
}

type pushPass struct {
	EventKey  string            `json:"event_key"`
	Time      string            `json:"time"`
	External  map[string]string `json:"external"`
	Direction string            `json:"direction"`
}

// Send implements Device.
func (p *pusher) Send(ctx context.Context) error {
	beat := fmt.Appendf(nil, `{"time":%q,"serial":%q,"backlog":%d}`, p.Clock.Now().Format(time.RFC3339), p.Serial, p.Waiting())
	if _, err := p.post(ctx, "/beat", beat); err != nil {
		return err
	}
	return p.send(p.Batch, func(batch []seen) error {
		list := make([]pushPass, len(batch))
		for i, s := range batch {
			list[i] = pushPass{strconv.Itoa(s.n), s.At.Format(time.RFC3339), map[string]string{"code": s.Who}, way(s.Out, "in", "out")}
		}
		body, err := json.Marshal(map[string]any{"passes": list})
		if err != nil {
			return err
		}
		answer, err := p.post(ctx, "/passes", body)
		if err != nil {
			return err
		}
		var done struct {
			Accepted, Repeated int
			Quarantined        []struct{}
		}
		if err := json.Unmarshal(answer, &done); err != nil || done.Accepted+done.Repeated+len(done.Quarantined) != len(batch) {
			return refused(200, answer)
		}
		return nil
	})
}

// post signs anew each time it sends: a nonce is used once.
func (p *pusher) post(ctx context.Context, path string, body []byte) ([]byte, error) {
	headers := map[string]string{}
	if p.Secret != "" {
		u, err := url.Parse(p.URL + path)
		if err != nil {
			return nil, err
		}
		headers = PushHeaders(p.Config, u.Path, rand.Text(), body)
	}
	answer, text, err := exchange(ctx, p.HTTP, "POST", p.URL+path, "application/json", body, headers)
	if err == nil && answer.StatusCode != 200 {
		err = refused(answer.StatusCode, text)
	}
	return text, err
}

// PushHeaders signs a request to the push API.
func PushHeaders(c Config, path, nonce string, body []byte) map[string]string {
	unix := strconv.FormatInt(c.Clock.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(c.Secret))
	fmt.Fprintf(mac, "%s\n%s\nPOST %s\n%s", unix, nonce, path, body)
	return map[string]string{"Muster-Key": c.Key, "Muster-Time": unix, "Muster-Nonce": nonce, "Muster-Signature": "v1=" + hex.EncodeToString(mac.Sum(nil))}
}

func way(out bool, in, exit string) string {
	if out {
		return exit
	}
	return in
}
