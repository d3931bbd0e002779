package flowtest

import (
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
