package fake

import (
	"time"

	"muster/internal/errs"
	"muster/internal/response/channel"
)

// HandAct is something that whoever looks at the page does for a phone's owner.
type HandAct struct {
	Box   Box    `json:"box"`
	ID    string `json:"id"`    // of the item
	Do    string `json:"do"`    // reply, press, hang_up
	Text  string `json:"text"`  // of a reply
	Digit string `json:"digit"` // of a key
	Heard bool   `json:"heard"` // the message was heard to its end before the key
}

// Act does by hand what a phone's owner might do. Errors are errs.Fix, NotFound and
// Gone.
func (c *Carrier) Act(a HandAct) error {
	var it *Item
	c.screens.with(a.Box, false, func(s *screen) { it = s.find(a.ID) })
	if it == nil || a.Box.Kind != Phone {
		return errs.New(errs.NotFound, "no_item", "这部手机上没有这条消息")
	}
	switch a.Do {
	case "reply":
		if it.Kind != channel.SMS || a.Text == "" || len(a.Text) > 500 {
			return errs.New(errs.Fix, "bad_reply", "只能回复短信，内容不能为空或过长")
		}
		c.answer(a.Box, it, a.Text, c.Now())
		return nil
	case "press", "hang_up":
		return c.take(a, it)
	}
	return errs.New(errs.Fix, "bad_act", "没有这种操作：%s", a.Do)
}

// take answers a call by hand and ends it.
func (c *Carrier) take(a HandAct, it *Item) error {
	switch {
	case it.Kind != channel.Voice:
		return errs.New(errs.Fix, "not_a_call", "这不是电话")
	case c.isOver(a.Box, it):
		return errs.New(errs.Gone, "call_over", "这通电话已经结束")
	case a.Do == "hang_up":
		a.Digit = ""
	case !it.Keys:
		return errs.New(errs.Fix, "no_keys", "这种呼叫不接收按键")
	case len(a.Digit) != 1 || a.Digit < "0" || a.Digit > "9":
		return errs.New(errs.Fix, "bad_key", "按键应是一位数字")
	}
	now := c.Now()
	listened := 3 * time.Second
	if a.Heard {
		listened = max(spoken(it.Text), onePlay) + time.Second
	}
	c.endCall(a.Box, it, Call{Dialled: it.At, Answered: now.Add(-listened), HeardAll: a.Heard}, a.Digit, now)
	return nil
}
