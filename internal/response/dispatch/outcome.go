package dispatch

import (
	"errors"
	"time"

	"muster/internal/response"
	"muster/internal/response/channel"
)

// outcome turns the carrier's word into what is written down.
func outcome(n response.Claimed, providerID string, err error, b response.Backoff, at time.Time) response.Done {
	d := response.Done{ID: n.ID, Epoch: n.Epoch, ProviderID: providerID, State: response.Sent, At: at}
	if err == nil {
		return d
	}
	f, known := errors.AsType[*channel.Failure](err)
	if !known {
		f = &channel.Failure{Class: channel.Again, Code: "internal", Text: "内部错误"}
	}
	d.Code, d.Reason = f.Code, f.Text
	switch {
	case f.Class == channel.Never:
		d.State = response.Failed
	case f.Class == channel.Limit && (f.After == 0 || f.After > longestWait):
		d.State = response.NotSent
	case at.Sub(n.CreatedAt) > b.For():
		d.State = response.Failed
	default:
		d.State, d.NextAt = response.FailedNow, at.Add(max(f.After, b.After(n.Epoch)))
	}
	return d
}

// longestWait is how long a carrier's limit is waited for; a longer one stops the
// notice and lets the ladder go on.
const longestWait = 90 * time.Second
