package channel

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"
)

// horn speaks to the loudspeakers of sites (现场广播) through an MQTT 5 broker. It
// publishes to muster/horn/<topic>/say and hears muster/horn/<topic>/ack.
//
// Sending and listening are two connections: each replica sends and all listen.
type horn struct {
	broker         *url.URL
	user, password string
	repeat         int
	now            func() time.Time

	mu   sync.Mutex
	line *autopaho.ConnectionManager // for sending; made by the first Send
	stop context.CancelFunc
}

const (
	hornWait = 5 * time.Second // for a connection and the broker's answer
	// hornExpiry is how long the broker keeps a call for a horn that is away. An
	// evacuation order that sounds hours later does harm.
	hornExpiry = uint32(600) // seconds
	atLeast    = byte(1)     // QoS
)

func newHorn(a Account) (Gateway, error) {
	w := wants{account: a}
	h := &horn{broker: w.broker(), user: a.Settings["user"], password: a.Secrets["password"],
		repeat: w.times(a.Settings["repeat"]), now: a.Now}
	return h, w.err()
}

func (w *wants) broker() *url.URL {
	address := w.setting("url", "MQTT 服务器地址，如 mqtts://mqtt.example.cn:8883")
	u, err := url.Parse(address)
	if address != "" && (err != nil || u.Host == "" || u.Scheme != "mqtt" && u.Scheme != "mqtts") {
		w.lack("settings.url", "不是有效的地址", "以 mqtt:// 或 mqtts:// 开头")
	}
	return u
}

func (w *wants) times(value string) int {
	if value == "" {
		return 3
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 20 {
		w.lack("settings.repeat", "播报遍数不对", "1 到 20")
	}
	return n
}

// hornCall is what a loudspeaker gets. It plays Clip if it has one, else it speaks
// Text, Repeat times; a Key it has played before it only acknowledges again.
type hornCall struct {
	Key      string    `json:"key"`
	Clip     string    `json:"clip,omitempty"`
	Text     string    `json:"text"`
	Repeat   int       `json:"repeat"`
	Exercise bool      `json:"exercise"`
	Level    string    `json:"level,omitempty"`
	Measure  string    `json:"measure,omitempty"`
	At       time.Time `json:"at"`
}

// hornTopic is one level of a topic, without MQTT's own signs.
var hornTopic = regexp.MustCompile(`^[\p{L}\p{N}_.-]{1,64}$`)

// Send implements Gateway. That the broker took the call says nothing of the horn:
// that comes through Listen.
func (h *horn) Send(ctx context.Context, m Message) (string, error) {
	if !hornTopic.MatchString(m.To) {
		return "", &Failure{Class: Never, Code: "topic", Text: "喇叭编号不对", Bad: true}
	}
	payload, err := json.Marshal(hornCall{m.Key, m.Clip, m.Text, h.repeat, m.Exercise, m.Level, m.Measure, h.now()})
	if err != nil {
		return "", err
	}
	line, err := h.connection()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, hornWait)
	defer cancel()
	if err := line.AwaitConnection(ctx); err != nil {
		return "", &Failure{Class: Again, Code: "transport", Text: "连接不上广播服务器"}
	}
	expiry := hornExpiry
	answer, err := line.Publish(ctx, &paho.Publish{Topic: "muster/horn/" + m.To + "/say", QoS: atLeast, Payload: payload,
		Properties: &paho.PublishProperties{ContentType: "application/json", MessageExpiry: &expiry}})
	return "", hornFailure(answer, err)
}

// Reason codes of PUBACK (MQTT 5.0 §3.4.2.1).
const (
	noSubscriber  = 0x10
	notAuthorized = 0x87
	topicInvalid  = 0x90
	quotaExceeded = 0x97
	firstRefusal  = 0x80
)

func hornFailure(answer *paho.PublishResponse, err error) error {
	if answer == nil {
		return hornWayFailure(err)
	}
	code := "mqtt_0x" + strconv.FormatUint(uint64(answer.ReasonCode), 16)
	switch {
	case answer.ReasonCode == noSubscriber:
		return &Failure{Class: Again, Code: code, Text: "喇叭不在线"}
	case answer.ReasonCode == notAuthorized:
		return &Failure{Class: Never, Code: code, Text: "账户无权向此喇叭播报"}
	case answer.ReasonCode == topicInvalid:
		return &Failure{Class: Never, Code: code, Text: "喇叭编号不被接受", Bad: true}
	case answer.ReasonCode == quotaExceeded:
		return &Failure{Class: Limit, Code: code, Text: "超出广播服务器的限额"}
	case answer.ReasonCode >= firstRefusal:
		return &Failure{Class: Again, Code: code, Text: "广播服务器未接受"}
	}
	return err
}

// hornWayFailure is for a call that the broker did not acknowledge: it may have
// taken it, except when the connection was known to be down.
func hornWayFailure(err error) error {
	switch {
	case errors.Is(err, autopaho.ConnectionDownError):
		return &Failure{Class: Again, Code: "transport", Text: "连接不上广播服务器"}
	case errors.Is(err, context.DeadlineExceeded):
		return &Failure{Class: Again, Code: "timeout", Text: "广播服务器没有按时答复", Unsure: true}
	}
	return &Failure{Class: Again, Code: "transport", Text: "与广播服务器的连接中断", Unsure: true}
}

// connection is the line for sending. It keeps itself up until Close.
func (h *horn) connection() (*autopaho.ConnectionManager, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.line != nil {
		return h.line, nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	line, err := autopaho.NewConnection(ctx, h.config(0))
	if err != nil {
		cancel()
		return nil, err
	}
	h.line, h.stop = line, cancel
	return line, nil
}

// Close ends the sending connection; a later Send opens a new one.
func (h *horn) Close() error {
	h.mu.Lock()
	line, stop := h.line, h.stop
	h.line, h.stop = nil, nil
	h.mu.Unlock()
	if line == nil {
		return nil
	}
	stop()
	<-line.Done()
	return nil
}

// config is a connection of its own name whose session the broker keeps for some
// seconds after it drops.
func (h *horn) config(sessionSeconds uint32) autopaho.ClientConfig {
	return autopaho.ClientConfig{
		ServerUrls: []*url.URL{h.broker}, KeepAlive: 20, ConnectTimeout: hornWait,
		CleanStartOnInitialConnection: true, SessionExpiryInterval: sessionSeconds,
		ReconnectBackoff: autopaho.NewExponentialBackoff(100*time.Millisecond, 10*time.Second, 500*time.Millisecond, 2),
		ConnectUsername:  h.user, ConnectPassword: []byte(h.password),
		ClientConfig: paho.ClientConfig{ClientID: "muster-" + rand.Text(), PacketTimeout: hornWait},
	}
}
