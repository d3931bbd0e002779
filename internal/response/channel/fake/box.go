package fake

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"

	"muster/internal/response/channel"
)

// BoxKind is a kind of place where messages arrive.
type BoxKind string

// The kinds of box.
const (
	Phone   BoxKind = "phone"   // 手机
	Group   BoxKind = "group"   // 群
	Mailbox BoxKind = "mailbox" // 邮箱
	HornBox BoxKind = "horn"    // 喇叭
	Chat    BoxKind = "wechat"  // 微信
	System  BoxKind = "system"  // 外部系统
)

// Box is where messages arrive: a phone by its number, a group chat by its robot.
type Box struct {
	Kind    BoxKind `json:"kind"`
	Address string  `json:"address"`
}

// Item is one message on a screen.
type Item struct {
	ID       string       `json:"id"` // the carrier's own
	Key      string       `json:"-"`  // idempotency key as the provider's protocol carries it
	Door     string       `json:"door"`
	Kind     channel.Kind `json:"kind"`
	From     string       `json:"from"` // signature, caller number or robot
	Template string       `json:"template,omitempty"`
	Title    string       `json:"title,omitempty"`
	Text     string       `json:"text"`
	Link     string       `json:"link,omitempty"`
	Clip     string       `json:"clip,omitempty"`
	Keys     bool         `json:"keys,omitempty"` // a call that takes keys
	At       time.Time    `json:"at"`
	State    string       `json:"state"`          // as people read it: 已送达, 响铃 …
	Over     bool         `json:"over,omitempty"` // a call that has ended
	Acts     []Act        `json:"acts,omitempty"` // what the person did about it
	Data     any          `json:"data,omitempty"` // what else the provider's page shows

	door     *Door
	customer *customer
}

// Act is one thing that a person did, by nature or by hand.
type Act struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Screen is what a box shows, newest first.
type Screen struct {
	Box
	Items  []Item    `json:"items"`
	Latest time.Time `json:"latest"`
	Total  int       `json:"total"` // items that ever arrived
	Person *Person   `json:"person,omitempty"`
}

// screens keeps the boxes, in parts with a lock each.
type screens struct {
	seed  maphash.Seed
	size  int
	parts [shards]screenPart
}

type screenPart struct {
	mu    sync.Mutex
	by    map[Box]*screen
	order fifo[Box]
}

type screen struct {
	items  fifo[*Item]
	total  int
	latest time.Time
	sent   ledger
}

func newScreens(seed maphash.Seed, size, boxes int) *screens {
	s := &screens{seed: seed, size: size}
	for i := range s.parts {
		s.parts[i].by = map[Box]*screen{}
		s.parts[i].order.most = max(1, boxes/shards)
	}
	return s
}

func (s *screens) part(b Box) *screenPart {
	return &s.parts[maphash.String(s.seed, b.Address)%shards]
}

// with runs do on a box's screen, which it makes if asked to; false: no such box.
func (s *screens) with(b Box, create bool, do func(*screen)) bool {
	p := s.part(b)
	p.mu.Lock()
	defer p.mu.Unlock()
	view, ok := p.by[b]
	if !ok {
		if !create {
			return false
		}
		view = &screen{items: fifo[*Item]{most: s.size}, sent: ledger{}}
		p.by[b] = view
		if old, full := p.order.push(b); full {
			delete(p.by, old)
		}
	}
	do(view)
	return true
}

// locked runs do while nobody else reads or writes the items of a box, also when the
// box was forgotten meanwhile.
func (s *screens) locked(b Box, do func()) {
	p := s.part(b)
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
}

func (s *screen) newestFirst() []Item {
	list := make([]Item, 0, len(s.items.list))
	for i := range s.items.list {
		it := *s.items.list[(s.items.next+len(s.items.list)-1-i)%len(s.items.list)]
		it.Acts = slices.Clone(it.Acts)
		list = append(list, it)
	}
	return list
}

func (s *screen) find(id string) *Item {
	for _, it := range s.items.list {
		if it.ID == id {
			return it
		}
	}
	return nil
}

// count is the number of boxes of each kind.
func (s *screens) count() map[BoxKind]int {
	n := map[BoxKind]int{}
	for i := range s.parts {
		p := &s.parts[i]
		p.mu.Lock()
		for b := range p.by {
			n[b.Kind]++
		}
		p.mu.Unlock()
	}
	return n
}

// Look gives one box's screen; false: nothing ever arrived there.
func (c *Carrier) Look(b Box) (Screen, bool) {
	view := Screen{Box: b}
	ok := c.screens.with(b, false, func(s *screen) {
		view.Items, view.Latest, view.Total = s.newestFirst(), s.latest, s.total
	})
	if ok && b.Kind == Phone {
		p := c.personOf(b.Address)
		view.Person = &p
	}
	return view, ok
}

// Boxes gives a page of the boxes of a kind, the one with the newest message first,
// with their newest item only; find narrows by address or newest text. The number
// is that of all that fit.
func (c *Carrier) Boxes(kind BoxKind, find string, offset, limit int) ([]Screen, int) {
	var all []Screen
	for i := range c.screens.parts {
		p := &c.screens.parts[i]
		p.mu.Lock()
		for b, s := range p.by {
			if b.Kind == kind && len(s.items.list) > 0 {
				newest := *s.items.list[(s.items.next+len(s.items.list)-1)%len(s.items.list)]
				newest.Acts = slices.Clone(newest.Acts)
				if strings.Contains(b.Address, find) || strings.Contains(newest.Text, find) {
					all = append(all, Screen{Box: b, Items: []Item{newest}, Latest: s.latest, Total: s.total})
				}
			}
		}
		p.mu.Unlock()
	}
	slices.SortFunc(all, func(a, b Screen) int {
		return cmp.Or(b.Latest.Compare(a.Latest), strings.Compare(a.Address, b.Address))
	})
	from := min(max(offset, 0), len(all))
	return all[from:min(from+max(limit, 0), len(all))], len(all)
}
