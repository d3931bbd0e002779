package warning

import (
	"regexp"
	"strings"
)

// Identity names a message across its versions and sources: who speaks, and
// under which id. The time of sending is left out, because senders write it
// differently in a reference than in the message.
type Identity struct {
	Status    Status // an exercise never touches what is actual
	Authority string // 14-digit office code of a national id, else the sender
	ID        string // the national id, else the identifier
}

var national = regexp.MustCompile(`^(?:ALERT_CN_)?((\d{14})_\d{14}(?:_\d)?)$`)

// NationalID reads an id of the national release system (12379): 14 digits of
// office, 14 of entry time and perhaps one of sequence; empty for any other id.
func NationalID(id string) string {
	if m := national.FindStringSubmatch(strings.TrimSpace(id)); m != nil {
		return m[1]
	}
	return ""
}

func identify(status Status, sender, id string) Identity {
	if n := NationalID(id); n != "" {
		return Identity{status, n[:14], n}
	}
	return Identity{status, sender, id}
}

// Identity is the message's own.
func (m Message) Identity() Identity { return identify(m.Status, m.Sender, m.ID) }

// Referred is the identity of what a reference of the message names. A bare id
// (CAP 1.0) is taken to be of the same sender.
func (m Message) Referred(r Reference) Identity {
	sender := r.Sender
	if sender == "" {
		sender = m.Sender
	}
	return identify(m.Status, sender, r.ID)
}

// Wanted are the identities whose Known the placing of the message needs: its
// own first, then what it refers to, each once.
func (m Message) Wanted() []Identity {
	out := []Identity{m.Identity()}
	seen := map[Identity]bool{out[0]: true}
	for _, r := range m.References {
		if id := m.Referred(r); !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}
