package flowtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"muster/internal/response/channel"
	"muster/internal/response/channel/fake"
)

// Phone is a phone by its number.
type Phone struct {
	n      *Night
	number string
}

// Phone is the phone with a number.
func (n *Night) Phone(number string) Phone { return Phone{n, number} }

// Heard counts the messages of a kind that the phone got.
func (p Phone) Heard(kind channel.Kind) int {
	count := 0
	for _, i := range p.items() {
		if i.Kind == kind {
			count++
		}
	}
	return count
}

// Hears asserts that the newest message of a kind says something.
func (p Phone) Hears(kind channel.Kind, words ...string) {
	p.n.T.Helper()
	for _, i := range p.items() {
		if i.Kind != kind {
			continue
		}
		for _, w := range words {
			if !strings.Contains(i.Text, w) {
				p.n.T.Errorf("phone …%s: the newest %s says %q, not %q", p.number[len(p.number)-2:], kind, i.Text, w)
			}
		}
		return
	}
	p.n.T.Errorf("phone …%s got no %s", p.number[len(p.number)-2:], kind)
}

// Silent asserts that nothing of a kind reached the phone.
func (p Phone) Silent(kinds ...channel.Kind) {
	p.n.T.Helper()
	for _, kind := range kinds {
		if got := p.Heard(kind); got > 0 {
			p.n.T.Errorf("phone …%s got %d %s, none should have come: %q", p.number[len(p.number)-2:], got, kind, p.Log())
		}
	}
}

// Log is what reached the phone, oldest first: minutes after the night began,
// channel, template; "10 voice V2_takeover".
func (p Phone) Log() []string {
	var lines []string
	for _, i := range slices.Backward(p.items()) {
		lines = append(lines, fmt.Sprintf("%d %s %s", int(i.At.Sub(p.n.Begun).Minutes()), i.Kind, i.Template))
	}
	return lines
}

// Got asserts what reached the phone since it was last asked, oldest first and in
// whatever order within one minute.
func (p Phone) Got(want ...string) {
	p.n.T.Helper()
	log := p.Log()
	got := log[min(p.n.seen[p.number], len(log)):]
	p.n.seen[p.number] = len(log)
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		p.n.T.Errorf("phone …%s got\n%s\nwant\n%s", p.number[len(p.number)-2:], strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Says gives the newest text of a kind.
func (p Phone) Says(kind channel.Kind) string {
	for _, i := range p.items() {
		if i.Kind == kind {
			return i.Text
		}
	}
	return ""
}

// Presses takes the newest call by hand and presses a key, having heard the
// message to its end or not; no key is to hang up.
func (p Phone) Presses(digit string, heard bool) {
	p.n.T.Helper()
	for _, i := range p.items() {
		if i.Kind == channel.Voice {
			do := fake.HandAct{Box: p.box(), ID: i.ID, Do: "press", Digit: digit, Heard: heard}
			if digit == "" {
				do.Do = "hang_up"
			}
			must(p.n.T, p.n.Carrier.Act(do))
			p.n.Settle()
			return
		}
	}
	p.n.T.Fatal("there is no call to take")
}

// Code is the code in the newest SMS that has one.
func (p Phone) Code() string {
	p.n.T.Helper()
	for _, i := range p.items() {
		if found := sixDigits.FindStringSubmatch(i.Text); i.Kind == channel.SMS && found != nil {
			return found[1]
		}
	}
	p.n.T.Fatal("there is no code")
	return ""
}

var sixDigits = regexp.MustCompile(`回复(\d{6})`)

// Will scripts the owner.
func (p Phone) Will(person fake.Person) {
	p.n.T.Helper()
	must(p.n.T, p.n.Carrier.SetPerson(p.number, person))
}

// Sends answers the newest SMS with words of his own.
func (p Phone) Sends(text string) {
	p.n.T.Helper()
	for _, i := range p.items() {
		if i.Kind == channel.SMS {
			must(p.n.T, p.n.Carrier.Act(fake.HandAct{Box: p.box(), ID: i.ID, Do: "reply", Text: text}))
			p.n.Settle()
			return
		}
	}
	p.n.T.Fatal("there is no SMS to answer")
}

func (p Phone) box() fake.Box { return fake.Box{Kind: fake.Phone, Address: p.number} }

// items are what the phone shows, newest first.
func (p Phone) items() []fake.Item {
	screen, _ := p.n.Carrier.Look(p.box())
	return screen.Items
}

// Seen passes over what reached the phone so far, see Got.
func (p Phone) Seen() { p.n.seen[p.number] = len(p.Log()) }
