package fake

import (
	"hash/fnv"
	"slices"

	"muster/internal/errs"
)

// Manner is what a person does with a message or a call.
type Manner string

// The manners. The first group is for calls, the second for texts; Ignore, Off and
// Nobody are for both.
const (
	Ignore Manner = "ignore" // 不理会; a call rings out
	Off    Manner = "off"    // 关机
	Nobody Manner = "nobody" // 空号

	Confirm Manner = "press1"  // 听完按1
	Support Manner = "press2"  // 听完按2
	Not     Manner = "press3"  // 听完按3
	Hasty   Manner = "early1"  // 没听完就按1
	HangUp  Manner = "hang_up" // 接起就挂断
	InCall  Manner = "busy"    // 占线

	Code     Manner = "code"     // 回复签收码
	Received Manner = "received" // 回复"收到"
	Wrong    Manner = "wrong"    // 回复错误的码
)

// Person is how the owner of a phone behaves.
type Person struct {
	Text  Manner `json:"text"`  // with an SMS
	Call  Manner `json:"call"`  // with a voice call
	After Span   `json:"after"` // until he replies or answers the call, ms
}

var (
	textManners = []Manner{Ignore, Off, Nobody, Code, Received, Wrong}
	callManners = []Manner{Ignore, Off, Nobody, Confirm, Support, Not, Hasty, HangUp, InCall}
)

func (p Person) check() error {
	if !slices.Contains(textManners, p.Text) || !slices.Contains(callManners, p.Call) {
		return errs.New(errs.Fix, "bad_person", "没有这种举动：短信 %s，电话 %s", p.Text, p.Call)
	}
	return nil
}

// SetPerson scripts the owner of a phone number; the crowd's rule no longer holds
// for him.
func (c *Carrier) SetPerson(phone string, p Person) error {
	if err := p.check(); err != nil {
		return err
	}
	c.persons.Store(phone, p)
	return nil
}

func (c *Carrier) personOf(phone string) Person {
	if p, ok := c.persons.Load(phone); ok {
		return p.(Person)
	}
	return c.crowd.person(phone)
}

// Share is a part of the crowd that behaves alike.
type Share struct {
	Weight int
	Person
}

// DefaultCrowd is the demonstration's people: most answer within two minutes, some
// only the phone, some nothing.
func DefaultCrowd() []Share {
	prompt, slow := Span{15_000, 120_000}, Span{60_000, 420_000}
	return []Share{
		{58, Person{Code, Confirm, prompt}},
		{10, Person{Ignore, Confirm, Span{4_000, 25_000}}},
		{8, Person{Received, Hasty, prompt}},
		{8, Person{Code, Ignore, slow}},
		{6, Person{Ignore, Ignore, slow}},
		{3, Person{Ignore, HangUp, prompt}},
		{2, Person{Wrong, Confirm, slow}},
		{2, Person{Code, Support, prompt}},
		{2, Person{Ignore, Not, prompt}},
		{1, Person{Off, Off, Span{}}},
	}
}

// Bystanders is a crowd that never answers: texts are delivered, calls ring out.
func Bystanders() []Share { return []Share{{1, Person{Ignore, Ignore, Span{}}}} }

// crowd gives each number one of the shares, always the same.
type crowd struct {
	shares []Share
	total  int
}

func newCrowd(shares []Share) crowd {
	c := crowd{shares: shares}
	for _, s := range shares {
		c.total += s.Weight
	}
	return c
}

func (c crowd) person(phone string) Person {
	if c.total <= 0 {
		return Person{Text: Ignore, Call: Ignore}
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(phone))
	at := int(h.Sum32() % uint32(c.total)) //nolint:gosec // total is small and positive
	for _, s := range c.shares {
		if at -= s.Weight; at < 0 {
			return s.Person
		}
	}
	return c.shares[len(c.shares)-1].Person
}
