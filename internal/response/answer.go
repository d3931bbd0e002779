package response

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Codes are the rules of the six digits that are sent by SMS and sent back.
type Codes struct {
	AfterEnd int `json:"after_end"` // minutes a code lives after the lift
	Tries    int `json:"tries"`     // wrong tries that lock it
}

// Dead is when a code of a thread that ended stops opening anything.
func (c Codes) Dead(ended time.Time) time.Time { return ended.Add(minutes(c.AfterEnd)) }

// Locked says whether so many wrong tries have locked a code.
func (c Codes) Locked(wrongTries int) bool { return wrongTries >= c.Tries }

// OpenThread is one thing that a phone was asked and may be answering.
type OpenThread struct {
	ID         string
	Code       string    // six digits
	Ended      time.Time // lifted, released; zero while it is asked
	WrongTries int
}

// Reading is what an answer means.
type Reading struct {
	Outcome     Outcome
	Thread      string  // which of the open threads; "" when none, or when it is about the phone
	Events      []Event // for the targets behind the thread
	Support     bool    // 需要支援: the county is rung at once
	Unable      bool    // 无法到场: the next person now
	WrongPerson bool    // 不是本人: the contact is suspended, the next person now
}

// Outcome is what becomes of an answer.
type Outcome string

// The outcomes. Everything but OutcomeTaken is stored and shown, and changes no
// state.
const (
	OutcomeTaken     Outcome = "taken"
	OutcomeLate      Outcome = "late"           // 已解除后才回复
	OutcomeWrongCode Outcome = "wrong_code"     // counts as a wrong try on every open code of the phone
	OutcomeLocked    Outcome = "locked"         // too many wrong tries: the desk
	OutcomeAmbiguous Outcome = "ambiguous"      // several threads are open: the desk
	OutcomeStranger  Outcome = "unknown_number" // nothing was asked of this phone
	OutcomeUnclear   Outcome = "not_understood"
)

var outcomeLabels = map[Outcome]string{
	OutcomeTaken: "已采纳", OutcomeLate: "预警已解除，仅存档", OutcomeWrongCode: "签收码不正确", OutcomeLocked: "签收码已锁定，转值班台",
	OutcomeAmbiguous: "有多条待签收，转值班台", OutcomeStranger: "没有向该号码发送过通知", OutcomeUnclear: "看不懂的回复",
}

// Label says it in words.
func (o Outcome) Label() string { return outcomeLabels[o] }

// meaning is what the words of a reply say, besides a code.
type meaning int

const (
	saysNothing meaning = iota
	saysYes
	saysHelp
	saysWrongPerson
)

var sayings = map[meaning][]string{
	saysYes:         {"收到", "已收到", "1", "好的", "好", "签收", "已签收", "明白", "知道了", "是", "是的", "ok", "收到谢谢", "收到了"},
	saysHelp:        {"2", "需要支援", "支援", "请求支援", "求助", "救援", "需要帮助"},
	saysWrongPerson: {"3", "不是本人", "非本人", "打错了", "发错了"},
}

// ReadReply reads a reply by SMS, or a code typed into the fixed page, from a
// phone that was asked the given threads. A reply carries nothing that says what
// it answers, so the code does; without one, words are taken only when exactly
// one thread is open.
func (r *Rules) ReadReply(text string, open []OpenThread, at time.Time) Reading {
	if len(open) == 0 {
		return Reading{Outcome: OutcomeStranger}
	}
	codes, words := readWords(text)
	if len(codes) > 0 {
		return r.readCode(codes, words, open, at)
	}
	if words == saysNothing {
		return Reading{Outcome: OutcomeUnclear}
	}
	if words == saysWrongPerson {
		return Reading{Outcome: OutcomeTaken, WrongPerson: true}
	}
	asked := slices.DeleteFunc(slices.Clone(open), func(t OpenThread) bool { return t.over(at) })
	switch len(asked) {
	case 0:
		return Reading{Outcome: OutcomeLate, Support: words == saysHelp}
	case 1:
		return answered(asked[0], words)
	}
	return Reading{Outcome: OutcomeAmbiguous, Support: words == saysHelp}
}

// readCode: the first code that fits any thread counts. A call for help is heard
// even with a wrong code, and after the end.
func (r *Rules) readCode(codes []string, words meaning, open []OpenThread, at time.Time) Reading {
	for _, t := range open {
		if !slices.Contains(codes, t.Code) {
			continue
		}
		switch {
		case t.over(at):
			return Reading{Outcome: OutcomeLate, Thread: t.ID, Support: words == saysHelp}
		case r.Codes.Locked(t.WrongTries):
			return Reading{Outcome: OutcomeLocked, Thread: t.ID, Support: words == saysHelp}
		}
		return answered(t, words)
	}
	return Reading{Outcome: OutcomeWrongCode, Support: words == saysHelp}
}

func answered(t OpenThread, words meaning) Reading {
	reading := Reading{Outcome: OutcomeTaken, Thread: t.ID}
	if words == saysWrongPerson {
		reading.WrongPerson = true
		return reading
	}
	reading.Events, reading.Support = []Event{Acknowledge}, words == saysHelp
	return reading
}

func (t OpenThread) over(at time.Time) bool { return !t.Ended.IsZero() && !at.Before(t.Ended) }

// readWords finds the six-digit codes in a reply and what is said beside them.
func readWords(text string) (codes []string, said meaning) {
	text = strings.ToLower(strings.Map(fold, text))
	var rest []string
	for _, word := range strings.FieldsFunc(text, separates) {
		for _, part := range digitsApart(word) {
			if len(part) == 6 && allDigits(part) {
				codes = append(codes, part)
			} else {
				rest = append(rest, part)
			}
		}
	}
	whole := strings.Join(rest, "")
	for m, list := range sayings {
		if slices.Contains(list, whole) {
			return codes, m
		}
	}
	for _, m := range []meaning{saysWrongPerson, saysHelp} { // "482915 需要支援，有人受伤"
		for _, s := range sayings[m] {
			if !allDigits(s) && strings.Contains(whole, s) && !strings.Contains(whole, "不"+s) && !strings.Contains(whole, "无需") {
				return codes, m
			}
		}
	}
	return codes, saysNothing
}

// digitsApart parts "收到482915" into 收到 and 482915.
func digitsApart(word string) []string {
	var parts []string
	start, chars := 0, []rune(word)
	for i := 1; i <= len(chars); i++ {
		if i == len(chars) || unicode.IsDigit(chars[i]) != unicode.IsDigit(chars[i-1]) {
			parts = append(parts, string(chars[start:i]))
			start = i
		}
	}
	return parts
}

// fold makes full-width signs narrow: ４８２ → 482.
func fold(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == 0x3000:
		return ' '
	}
	return r
}

func separates(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// ReadKey reads a key pressed during a call about something (按键). Only a message
// that was heard to its end can be acknowledged; a call for help and "not me"
// count at any time. "" is a call that was taken without a key.
func ReadKey(k NoticeKind, digit string, playedOut bool) Reading {
	heard := Reading{Outcome: OutcomeTaken, Events: []Event{Open}}
	switch {
	case digit == "1" && playedOut:
		heard.Events = []Event{Acknowledge}
	case digit == "2" && unableByKey(k):
		heard.Unable = true
	case digit == "2":
		heard.Support = true
		if playedOut {
			heard.Events = []Event{Acknowledge}
		}
	case digit == "3":
		return Reading{Outcome: OutcomeTaken, WrongPerson: true}
	}
	return heard
}

// unableByKey: in the calls to those who take over, 2 is "无法到场".
func unableByKey(k NoticeKind) bool {
	return slices.Contains([]NoticeKind{NoticeTakeover, NoticeSupport, NoticeStarted, NoticeConfirm}, k)
}
