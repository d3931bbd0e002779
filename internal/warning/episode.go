package warning

import (
	"slices"
	"time"
)

// EpisodeState is where an episode (预警过程) stands: the latest message by its
// time of sending decides, whatever order they arrived in.
type EpisodeState struct {
	Decided time.Time // when the deciding message was sent; zero before any
	Ended   bool      // that message was a cancel or an all-clear
}

// Then folds a message, or another episode, into the state. At the same instant
// an end wins: both were sent together and the end is about the other.
func (s EpisodeState) Then(o EpisodeState) EpisodeState {
	switch {
	case o.Decided.After(s.Decided):
		return o
	case o.Decided.Equal(s.Decided):
		s.Ended = s.Ended || o.Ended
	}
	return s
}

// Known is what is stored under an identity: a message, or the tombstone of one
// that was only referred to.
type Known struct {
	Identity  Identity
	Tombstone bool
	Refers    []Identity // what the stored message refers to
	Episode   string
	State     EpisodeState // of the episode
}

// Placement says where a message belongs.
type Placement struct {
	Episode    string       // the episode it joins; empty for a new one
	New        bool         // a new episode has to be opened
	Merge      []string     // other episodes that turn out to be the same
	State      EpisodeState // of the episode with the message in it
	Tombstones []Identity   // referred to and not stored: to be kept in the episode
	Ends       bool         // the message ends an episode that was open
	Born       bool         // born cancelled: it arrived after its end
	Repeat     bool         // a message of this identity is stored already
	Held       []Hold       // why a person must look; empty when nobody must
	Flags      []Flag
}

// Hold is a reason why a person must look: a word and a Chinese sentence.
type Hold struct{ Code, Text string }

// Place puts a message into an episode. known is what is stored under
// m.Wanted(); trusted are senders that may speak for others (aggregators).
//
// Messages of one episode hang together by references: CAP's Update and Cancel
// name the messages that they replace, 12379 always names the first message of
// the event, so its chain is a star. A reference to somebody else's message
// joins nothing and ends nothing. Acknowledgements and errors are not placed.
func Place(m Message, known []Known, trusted ...string) Placement {
	if m.MsgType == MsgAck || m.MsgType == MsgError {
		return Placement{}
	}
	p := placing{m: m, known: known, own: m.Identity()}
	p.references(slices.Contains(trusted, m.Sender))
	p.join()
	p.judge()
	return p.out
}

type placing struct {
	m       Message
	known   []Known
	own     Identity
	targets []Identity // what is referred to and may be: own messages
	out     Placement
}

// references sorts out what the message refers to.
func (p *placing) references(trusted bool) {
	for _, id := range p.m.Wanted()[1:] {
		if id.Authority != p.own.Authority && !trusted {
			p.flag(FlagForeignReference)
			p.hold("foreign_reference", "引用了其他单位的信息，不能更新或解除，请人工确认")
			continue
		}
		p.targets = append(p.targets, id)
	}
	for _, r := range p.m.References {
		if p.m.Referred(r) == p.own {
			p.flag(FlagSelfReference)
		}
	}
	if p.cyclic() {
		p.flag(FlagReferenceCycle)
	}
}

// cyclic says whether what the message refers to refers back to it.
func (p *placing) cyclic() bool {
	seen := map[Identity]bool{}
	queue := slices.Clone(p.targets)
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if id == p.own {
			return true
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		for _, k := range p.known {
			if k.Identity == id {
				queue = append(queue, k.Refers...)
			}
		}
	}
	return false
}

// join finds the episodes that the message touches. The smallest id stays,
// because ids grow with time.
func (p *placing) join() {
	var episodes []string
	stored := map[Identity]bool{}
	for _, k := range p.known {
		if k.Identity != p.own && !slices.Contains(p.targets, k.Identity) {
			continue
		}
		stored[k.Identity] = true
		p.out.Repeat = p.out.Repeat || k.Identity == p.own && !k.Tombstone
		if !slices.Contains(episodes, k.Episode) {
			episodes = append(episodes, k.Episode)
			p.out.State = p.out.State.Then(k.State)
		}
	}
	for _, id := range p.targets {
		if !stored[id] {
			p.out.Tombstones = append(p.out.Tombstones, id)
		}
	}
	slices.Sort(episodes)
	if p.out.New = len(episodes) == 0; !p.out.New {
		p.out.Episode, p.out.Merge = episodes[0], episodes[1:]
	}
}

// judge decides what the message does to its episode.
func (p *placing) judge() {
	before := p.out.State
	p.out.State = before.Then(EpisodeState{Decided: p.m.Sent, Ended: p.m.Ends()})
	p.out.Ends = !p.out.New && !before.Ended && p.out.State.Ended
	p.out.Born = !p.m.Ends() && p.out.State.Ended
	if p.out.Born {
		p.flag(FlagBornCancelled)
	}
	if len(p.out.Tombstones) > 0 {
		p.flag(FlagReferenceUnknown)
	}
	if p.m.Ends() && len(p.targets) == 0 && p.out.New {
		p.flag(FlagNoReferences)
		p.hold("ends_nothing", "解除信息没有指明解除哪一条预警，请人工确认")
	}
	if p.m.Ends() && len(p.out.Tombstones) > 0 {
		p.hold("reference_unknown", "解除的预警未曾收到，请人工确认")
	}
}

func (p *placing) flag(f Flag) {
	if !slices.Contains(p.out.Flags, f) {
		p.out.Flags = append(p.out.Flags, f)
	}
}

func (p *placing) hold(code, text string) {
	h := Hold{code, text}
	if !slices.Contains(p.out.Held, h) {
		p.out.Held = append(p.out.Held, h)
	}
}
