package feed

import (
	"strings"
	"time"

	"muster/internal/geo"
)

// bulletinsOf parts a text into its bulletins: at each office that acts anew. A
// title that the next line says again in full is the same bulletin.
func bulletinsOf(p plain, at time.Time) []bulletin {
	if !strings.Contains(p.s, "预警") {
		return nil
	}
	mentions := geo.RegionMentions(p.s, "")
	all := offices(p.s, mentions)
	list := headsApart(p, heads(p, all))
	if len(list) == 0 {
		list = []head{{}}
	}
	var out []bulletin
	for i, h := range list {
		b := bulletin{text: p, head: h, at: at, offices: all, mentions: mentions, to: len(p.s)}
		if i > 0 {
			b.from = cutBefore(p, h.begins)
			out[i-1].to = b.from
		}
		out = append(out, b)
	}
	for i := range out {
		out[i].settle()
	}
	return out
}

// maxHeads is how many bulletins one text is parted into; what is beyond stays in
// the last.
const maxHeads = 50

// headsApart drops the heads that say again what the one before said: a title and
// its text.
func headsApart(p plain, list []head) []head {
	var out []head
	for _, h := range list {
		switch last := len(out) - 1; {
		case last >= 0 && sameHead(p, out[last], h):
			h.begins = out[last].begins
			out[last] = h
		case len(out) < maxHeads:
			out = append(out, h)
		}
	}
	return out
}

// sameHead says whether two heads are of one bulletin: the same office, the same
// hazard and level, and not two different times.
func sameHead(p plain, a, b head) bool {
	if (a.issuer == nil) != (b.issuer == nil) || a.issuer != nil && p.s[a.issuer.from:a.issuer.to] != p.s[b.issuer.from:b.issuer.to] {
		return false
	}
	first, second := signalsIn(p.s, a.from, a.to), signalsIn(p.s, b.from, b.to)
	if len(first) == 0 || len(second) == 0 {
		return true
	}
	if first[0].hazard != second[0].hazard || first[0].level != second[0].level || lifting(p.s[a.from:a.to]) != lifting(p.s[b.from:b.to]) {
		return false
	}
	one, other := momentForm.FindString(p.s[a.from:a.to]), momentForm.FindString(p.s[b.from:b.to])
	return one == "" || other == "" || one == other
}

func lifting(s string) bool { return regexpLift.MatchString(s) }

// cutBefore is where the bulletin of a head begins: with the title in brackets
// before it, else where its line begins, else at the head itself.
func cutBefore(p plain, at int) int {
	from := at
	if start := p.lineStart(at); at-start <= 60 && !strings.ContainsAny(p.s[start:at], "。!") {
		from = start
	}
	if strings.HasSuffix(p.s[:from], "】") {
		if open := strings.LastIndex(p.s[:from], "【"); open >= 0 && from-open <= 120 {
			from = open
		}
	}
	return from
}

// settle finds where the advice begins and who issues.
func (b *bulletin) settle() {
	b.head.to = min(b.head.to, b.to)
	b.adviceAt = b.to
	body := max(b.from, b.head.to)
	if m := adviceForm.FindStringIndex(b.text.s[body:b.to]); m != nil {
		b.adviceAt = body + m[0]
	}
	if b.head.issuer != nil {
		b.issuer = *b.head.issuer
		return
	}
	for _, o := range b.offices {
		if o.from >= b.from && o.to <= b.to && !byName.MatchString(b.text.s[max(0, o.from-9):o.from]) {
			b.issuer = o
		}
	}
}
