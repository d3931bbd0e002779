// Package channel hands notices to the carriers that bring them to people: one
// gateway per file, each by its provider's documented protocol, with its limits,
// its classes of failure and its signatures.
//
// A gateway knows nothing of warnings. It is given a message that is already in
// words, says what became of handing it over, and reads what the carrier sends
// back (receipts, replies, keys pressed).
package channel

import (
	"context"
	"net/http"
	"time"

	"muster/internal/clock"
	"muster/internal/response"
)

// Kind is a way to reach somebody (通道); App and Hand have no gateway.
type Kind = response.Channel

// The ways that have a gateway.
const (
	Voice   = response.Voice   // 语音电话
	SMS     = response.SMS     // 短信
	Robot   = response.Robot   // 群机器人: WeCom, DingTalk, Feishu
	WeChat  = response.WeChat  // 微信订阅消息
	Email   = response.Email   // 电子邮件
	Webhook = response.Webhook // signed HTTP call to another system
	Horn    = response.Horn    // 现场广播 over MQTT
)

// Message is one notice to one receiver, in words.
type Message struct {
	Key      string // idempotency key: the same notice handed over again has the same
	To       string // phone number, openid, e-mail address or horn topic; empty where the account is the receiver
	Template string // of the rule book: E70, V2_evacuate …; accounts map it to the carrier's own code
	Vars     []Var  // in the template's order
	Title    string // headline, where the channel has one
	Text     string // the whole text in words, prefix and suffix included, without the carrier's signature 【】
	Link     string // signed link to the answer page; carriers of SMS and voice never get it
	Mention  []string
	Language string // BCP 47: zh, ii (Yi), bo (Tibetan)
	Clip     string // key of a recording to play instead of speaking Text; empty: none
	Exercise bool   // 演练
	Level    string // red … of the warning, for channels with a colour or a tone
	Measure  string // evacuate …
}

// Var is a named value of a template.
type Var struct{ Name, Value string }

// Gateway hands messages to one carrier account. It is safe for use by many
// goroutines at once.
type Gateway interface {
	// Send hands one message over. The returned id is the carrier's own, by which
	// receipts find the notice; it may be empty where the carrier gives none. An
	// error that is not a *Failure is an internal one and is tried again.
	Send(ctx context.Context, m Message) (providerID string, err error)
}

// Class says what to do about a failure.
type Class string

// The classes.
const (
	Again Class = "again" // 稍后重试: the carrier is away, slow or out of order
	Never Class = "never" // 不再重试: wrong number, refused content, unknown template, bad account
	Limit Class = "limit" // 超出限额: the carrier's or the receiver's limit
)

// Failure is a message that was not handed over, or perhaps not.
type Failure struct {
	Class  Class
	Code   string        // the carrier's own, or transport, timeout, malformed
	Text   string        // what the carrier said, without personal data
	After  time.Duration // with Limit and Again: earliest next try, when the carrier says or the documents do
	Unsure bool          // it may have been handed over all the same (timeout after writing)
	Bad    bool          // with Never: it is the receiver's address that is wrong, not ours
}

func (f *Failure) Error() string { return string(f.Class) + ": " + f.Code + ": " + f.Text }

// EventKind is what a carrier tells about a message after it took it.
type EventKind string

// The kinds of event. Heard is a call that was answered; only Key with the
// message played to its end is an answer of a person (operations.md §2.3).
const (
	Delivered EventKind = "delivered" // 已送达
	Seen      EventKind = "seen"      // 已阅: opened, read
	Heard     EventKind = "heard"     // answered, not confirmed (接听未确认)
	Key       EventKind = "key"       // a key was pressed
	Reply     EventKind = "reply"     // 上行短信
	Failed    EventKind = "failed"    // it did not arrive after all
)

// Event is one thing a carrier told.
type Event struct {
	Kind       EventKind
	ProviderID string // the carrier's id of the message; empty for replies (they carry no id of what they answer)
	Key        string // our idempotency key, when the carrier echoes it
	EventID    string // the carrier's id of this event, when it has one
	Phone      string // mainland number without +86, for replies
	Text       string // of a reply
	Digit      string // the key pressed
	PlayedOut  bool   // with Key: the whole message was heard before the key; with Heard: the call lasted as long as the message
	At         time.Time
	Failure    *Failure // with Failed
}

// Callback reads what one provider pushes to us.
type Callback interface {
	// Read checks the request (signature, where the provider has one) and gives its
	// events in order. body was read already. reply is what the provider must be
	// answered with, also when an event makes no sense to us; an error means a
	// forged or unreadable request.
	Read(r *http.Request, body []byte, at time.Time) (events []Event, reply Answer, err error)
}

// Answer is what a provider expects to read as our answer to its push.
type Answer struct {
	ContentType string
	Body        []byte
}

// Account is a contract with a carrier: where, who, and its secrets.
type Account struct {
	Kind     Kind
	Provider string // aliyun, tencent, http, wecom, dingtalk, feishu, wechat, smtp, webhook, mqtt
	// Settings that are no secret: endpoint, sign_name, app_id, caller, template
	// codes as template.E70=SMS_123 …
	Settings map[string]string
	Secrets  map[string]string // access_key_secret, token, webhook URL …
	// Clock gives the time that signatures carry; nil is the machine's.
	Clock clock.Clock
}

// Now is the present moment by the account's clock.
func (a Account) Now() time.Time {
	if a.Clock == nil {
		return clock.System{}.Now()
	}
	return a.Clock.Now()
}
