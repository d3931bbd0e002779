package channel

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// plainCallback reads the pushes of the http protocol, signed like the hand-overs.
type plainCallback struct{ secret string }

func newPlainCallback(a Account) (Callback, error) {
	w := wants{account: a}
	c := plainCallback{w.secret("secret", "双方约定的签名密钥，不少于 24 位")}
	return c, w.err()
}

// PlainPush is the body of a push.
type PlainPush struct {
	Events []PlainEvent `json:"events"`
}

// PlainEvent is one thing that the platform tells.
type PlainEvent struct {
	Kind      EventKind    `json:"kind"`
	EventID   string       `json:"event_id,omitempty"`
	ID        string       `json:"id,omitempty"`  // the platform's id of the message
	Key       string       `json:"key,omitempty"` // our key of it
	Phone     string       `json:"phone,omitempty"`
	Text      string       `json:"text,omitempty"`
	Digit     string       `json:"digit,omitempty"`
	PlayedOut bool         `json:"played_out,omitempty"`
	At        time.Time    `json:"at"`
	Failure   *PlainAnswer `json:"failure,omitempty"`
}

// Read implements Callback. Events of unknown kinds are skipped.
func (c plainCallback) Read(r *http.Request, body []byte, at time.Time) ([]Event, Answer, error) {
	if err := CheckPlain(r.Header, body, c.secret, at); err != nil {
		return nil, Answer{}, err
	}
	var push PlainPush
	if json.Unmarshal(body, &push) != nil {
		return nil, Answer{}, unreadablePush()
	}
	var events []Event
	for _, p := range push.Events {
		if slices.Contains([]EventKind{Delivered, Seen, Heard, Key, Reply, Failed}, p.Kind) {
			events = append(events, p.event(at))
		}
	}
	return events, answerJSON(`{"ok":true}`), nil
}

func (p PlainEvent) event(at time.Time) Event {
	e := Event{Kind: p.Kind, ProviderID: p.ID, Key: p.Key, EventID: p.EventID, Phone: mainland(p.Phone), Text: p.Text,
		Digit: looseText(p.Digit).first(), PlayedOut: p.PlayedOut, At: p.At}
	if e.At.IsZero() {
		e.At = at
	}
	if p.Kind == Failed {
		e.Failure = &Failure{Class: Again, Code: "unknown", Text: "没有说明原因", After: rather}
		if p.Failure != nil {
			e.Failure = p.Failure.failure(0)
		}
	}
	return e
}
