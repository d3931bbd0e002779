package fake

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"muster/internal/response/channel"
)

const (
	ringing   = 45 * time.Second // until a call rings out
	dialling  = 3 * time.Second  // until the phone rings
	afterKey  = 2 * time.Second  // the goodbye
	perMinute = 270              // characters spoken in a minute (operations.md §4.3: 4.5 a second)
	onePlay   = 16 * time.Second // the longest text of the book; who listens hears at least that
)

// begin plans what a phone's owner does about a new item. It is called while the
// item is not yet known to anybody else.
func (c *Carrier) begin(to Box, it *Item, now time.Time) {
	person := c.personOf(to.Address)
	if it.Kind == channel.Voice {
		it.State = "响铃"
		c.ring(to, it, person, now)
		return
	}
	c.plan(now.Add(c.chance.within(c.weather.at(it.Door).Receipt)), func(at time.Time) {
		switch person.Text {
		case Off:
			c.undelivered(to, it, SwitchedOff, at)
		case Nobody:
			c.undelivered(to, it, NoNumber, at)
		default:
			c.tell(to, it, Happening{Kind: channel.Delivered, At: at})
		}
	})
	if text := reply(person.Text, it.Text); text != "" {
		c.plan(now.Add(c.chance.within(person.After)), func(at time.Time) { c.answer(to, it, text, at) })
	}
}

func (c *Carrier) plan(at time.Time, do func(now time.Time)) {
	if !c.agenda.add(at, do) {
		c.counts.dropped.Add(1)
	}
}

func (c *Carrier) undelivered(to Box, it *Item, why Reason, at time.Time) {
	c.change(to, it, Act{At: at, Text: reasonWords[why]}, func() { it.State = "未送达" })
	c.tell(to, it, Happening{Kind: channel.Failed, Reason: why, At: at})
}

// answer is an SMS sent back.
func (c *Carrier) answer(to Box, it *Item, text string, at time.Time) {
	c.change(to, it, Act{At: at, Text: "回复：" + text}, func() { it.State = "已回复" })
	c.tell(to, it, Happening{Kind: channel.Reply, Text: text, At: at})
}

var code = regexp.MustCompile(`(?:回复|code=|^)\D*(\d{6})(?:\D|$)`)

// reply is what somebody of a manner sends back to a text; empty: nothing.
func reply(m Manner, text string) string {
	if m == Received {
		return "收到"
	}
	found := code.FindStringSubmatch(text)
	if found == nil || m != Code && m != Wrong {
		return ""
	}
	if m == Code {
		return found[1]
	}
	return string('0'+(found[1][0]-'0'+1)%10) + found[1][1:]
}

// ring plans a call: it rings after a moment, and is answered or rings out.
func (c *Carrier) ring(to Box, it *Item, person Person, now time.Time) {
	call := Call{Dialled: now}
	fail := func(after time.Duration, why Reason) {
		c.plan(now.Add(after), func(at time.Time) { c.unanswered(to, it, call, why, at) })
	}
	switch person.Call {
	case Off:
		fail(dialling, SwitchedOff)
	case Nobody:
		fail(dialling, NoNumber)
	case InCall:
		fail(dialling, Engaged)
	case Ignore:
		fail(dialling+ringing, NoAnswer)
	default:
		if wait := c.chance.within(person.After); wait < ringing {
			c.plan(now.Add(dialling+wait), func(at time.Time) { c.pickUp(to, it, call, person.Call, at) })
			return
		}
		fail(dialling+ringing, NoAnswer)
	}
}

// pickUp answers a call and plans how it ends.
func (c *Carrier) pickUp(to Box, it *Item, call Call, how Manner, at time.Time) {
	if c.isOver(to, it) {
		return
	}
	call.Answered = at
	c.change(to, it, Act{At: at, Text: "接听"}, func() { it.State = "通话中" })
	heard := max(spoken(it.Text), onePlay)
	digit, listens := map[Manner]string{Confirm: "1", Support: "2", Not: "3", Hasty: "1"}[how], heard+time.Second
	switch how {
	case Hasty:
		listens = min(heard/2, 4*time.Second)
	case HangUp:
		listens = min(heard/2, 3*time.Second)
	}
	c.plan(at.Add(listens), func(at time.Time) {
		call.HeardAll = listens > heard
		c.endCall(to, it, call, digit, at)
	})
}

// endCall ends an answered call, with a key or without.
func (c *Carrier) endCall(to Box, it *Item, call Call, digit string, at time.Time) {
	if !it.Keys {
		digit = "" // the provider's plain call takes none
	}
	h := Happening{Kind: channel.Heard, Digit: digit, At: at, Call: call}
	h.Call.Ended = at
	act := "听完挂断"
	if !call.HeardAll {
		act = "没听完就挂断"
	}
	if digit != "" {
		act = "听完按" + digit
		if !call.HeardAll {
			act = "没听完就按" + digit
		}
		h.Kind, h.Call.Pressed, h.Call.Ended = channel.Key, at, at.Add(afterKey)
	}
	if c.close(to, it, Act{At: at, Text: act}, act) {
		c.tell(to, it, h)
	}
}

// unanswered ends a call that nobody took.
func (c *Carrier) unanswered(to Box, it *Item, call Call, why Reason, at time.Time) {
	call.Ended = at
	if c.close(to, it, Act{At: at, Text: reasonWords[why]}, reasonWords[why]) {
		c.tell(to, it, Happening{Kind: channel.Failed, Reason: why, At: at, Call: call})
	}
}

var reasonWords = map[Reason]string{SwitchedOff: "关机", NoNumber: "空号", NoAnswer: "无人接听", Engaged: "占线"}

// spoken is how long a text takes to say.
func spoken(text string) time.Duration {
	n := utf8.RuneCountInString(strings.TrimSpace(text))
	return time.Duration(n) * time.Minute / perMinute
}

// change writes into an item what somebody did about it.
func (c *Carrier) change(to Box, it *Item, act Act, do func()) {
	c.screens.locked(to, func() {
		if len(it.Acts) < 20 {
			it.Acts = append(it.Acts, act)
		}
		do()
	})
}

// close ends a call once; false: it had ended before.
func (c *Carrier) close(to Box, it *Item, act Act, state string) (ended bool) {
	c.change(to, it, act, func() {
		if ended = !it.Over; ended {
			it.Over, it.State = true, state
		}
	})
	return ended
}

func (c *Carrier) isOver(to Box, it *Item) (over bool) {
	c.screens.locked(to, func() { over = it.Over })
	return over
}
