package channel

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"
)

const (
	hornAcks = "muster/horn/+/ack"
	// hornSession is how long the broker keeps what horns say while we reconnect.
	hornSession = uint32(300) // seconds
)

// hornAck is what a loudspeaker says after a call.
type hornAck struct {
	Key   string `json:"key"`
	State string `json:"state"` // played, failed
	Code  string `json:"code"`  // with failed: why
}

// Listen implements Listener: the acknowledgements of all horns of the broker. A
// refused subscription ends it with an error.
func (h *horn) Listen(ctx context.Context, emit func(Event)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	config := h.config(hornSession)
	config.OnPublishReceived = []func(paho.PublishReceived) (bool, error){
		func(p paho.PublishReceived) (bool, error) {
			if e, ok := readHornAck(p.Packet.Topic, p.Packet.Payload, h.now()); ok {
				emit(e)
			}
			return true, nil
		},
	}
	config.OnConnectionUp = func(line *autopaho.ConnectionManager, _ *paho.Connack) {
		if err := subscribe(ctx, line); err != nil {
			cancel(err)
		}
	}
	line, err := autopaho.NewConnection(ctx, config)
	if err != nil {
		return err
	}
	<-line.Done()
	var refused *Failure
	if errors.As(context.Cause(ctx), &refused) {
		return refused
	}
	return nil
}

// subscribe asks for the acknowledgements. Its only error is a refusal; a broker that
// does not answer is asked again, and after a lost connection the next one asks.
func subscribe(ctx context.Context, line *autopaho.ConnectionManager) error {
	for ctx.Err() == nil {
		answer, err := line.Subscribe(ctx, &paho.Subscribe{Subscriptions: []paho.SubscribeOptions{{Topic: hornAcks, QoS: atLeast}}})
		switch {
		case err != nil && answer != nil:
			return &Failure{Class: Never, Code: "subscribe", Text: "广播服务器不允许收取回执"}
		case !errors.Is(err, context.DeadlineExceeded):
			return nil
		}
	}
	return nil
}

// readHornAck reads one acknowledgement; the time is ours, because the clocks of
// loudspeakers are not kept.
func readHornAck(topic string, payload []byte, at time.Time) (Event, bool) {
	var ack hornAck
	name := strings.TrimSuffix(strings.TrimPrefix(topic, "muster/horn/"), "/ack")
	if len(payload) > maxAnswer || json.Unmarshal(payload, &ack) != nil || ack.Key == "" {
		return Event{}, false
	}
	e := Event{Key: ack.Key, EventID: name + "/" + ack.Key + "/" + ack.State, At: at}
	switch ack.State {
	case "played":
		e.Kind = Delivered
	case "failed":
		e.Kind, e.Failure = Failed, &Failure{Class: Again, Code: ack.Code, Text: "喇叭没有播出"}
	default:
		return Event{}, false
	}
	return e, true
}
