package fake

import (
	"time"

	"muster/internal/response/channel"
)

// Reason is why a message or a call did not arrive, in no provider's words.
type Reason string

// The reasons.
const (
	SwitchedOff Reason = "off"       // 关机
	NoNumber    Reason = "nobody"    // 空号
	NoAnswer    Reason = "no_answer" // 无人接听
	Engaged     Reason = "engaged"   // 占线
)

// Happening is one thing that the provider tells about a message.
type Happening struct {
	Kind    channel.EventKind
	Item    Item
	Phone   string
	Text    string // of a reply
	Digit   string // the key
	Reason  Reason // with Failed
	EventID string
	At      time.Time
	Call    Call // with Key, Heard and Failed of a voice call
}

// Call is the course of a voice call.
type Call struct {
	Dialled, Answered, Pressed, Ended time.Time // zero: did not happen
	HeardAll                          bool
}

// tell queues a happening for the account that the item came from, with the door's
// accidents.
func (c *Carrier) tell(to Box, it *Item, h Happening) {
	if it.customer == nil || it.customer.Callback == "" || it.door.Push == nil {
		return
	}
	now := c.weather.at(it.Door)
	if c.chance.hits(now.ReceiptLoss) {
		return
	}
	c.screens.locked(to, func() { h.Item = *it })
	h.Phone, h.EventID = to.Address, c.nextID()
	list := []Happening{h}
	if c.chance.hits(now.ReceiptTwice) {
		list = append(list, h)
	}
	if c.chance.hits(now.ReceiptUnknown) {
		stray := h
		stray.Item.ID, stray.Item.Key, stray.EventID = c.nextID(), "nobody-sent-this-"+c.nextID(), c.nextID()
		list = append(list, stray)
	}
	if dropped := it.customer.queue(it.door, list); dropped > 0 {
		c.counts.dropped.Add(uint64(dropped))
	}
}
