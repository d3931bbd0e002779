package dispatch

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"muster/internal/response"
	"muster/internal/response/channel"
)

// webhookExit posts alarms as JSON, signed by the Standard Webhooks scheme when
// there is a secret.
type webhookExit struct{ url, secret string }

// alarmCall is what the webhook gets. An alarm keeps its id when it is told again
// and when it ends.
type alarmCall struct {
	Type   string      `json:"type"` // alarm
	At     time.Time   `json:"timestamp"`
	Alarms []alarmBody `json:"alarms"`
}

type alarmBody struct {
	ID       uuid.UUID          `json:"id"`
	Code     response.AlarmCode `json:"code"`
	Label    string             `json:"label"`
	Subject  string             `json:"subject,omitempty"`
	Words    string             `json:"words"`
	State    string             `json:"state"` // open, over
	OpenedAt time.Time          `json:"opened_at"`
	ClosedAt *time.Time         `json:"closed_at,omitempty"`
	Playbook string             `json:"playbook"`
}

func (w *webhookExit) Name() string { return "webhook" }

func (w *webhookExit) Tell(ctx context.Context, list []response.Alarm, at time.Time) error {
	told := alarmCall{Type: "alarm", At: at.Truncate(time.Second)}
	for _, a := range list {
		told.Alarms = append(told.Alarms, alarmBody{a.ID, a.Code, a.Code.Label(), a.Subject, a.Words, stateOf(a), a.OpenedAt, a.ClosedAt, a.Code.Playbook()})
	}
	body, err := json.Marshal(told)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if w.secret != "" {
		id := uuid.NewString()
		req.Header.Set("webhook-id", id)
		req.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
		req.Header.Set("webhook-signature", channel.SignWebhook(w.secret, id, at, body))
	}
	return call(req)
}

func stateOf(a response.Alarm) string {
	if a.Over() {
		return "over"
	}
	return "open"
}
