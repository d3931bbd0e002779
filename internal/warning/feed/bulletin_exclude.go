package feed

import (
	"regexp"
	"slices"

	"muster/internal/geo"
)

// exceptForm is what a bulletin takes out: 除石棉县外, 不含汉源县, (甘洛县除外).
var exceptForm = regexp.MustCompile(`(?:^|[^解消清排扫])(除了?(\p{Han}[^。;!]{0,150}?)(?:以外|之外|外))|(不含|不包括)([^。;!)]{1,150})|[(,、]([^(),、。;]{1,60})除外`)

// except is a stretch of text whose regions are taken out.
type except struct{ from, to int }

func (b *bulletin) excepts() []except {
	var out []except
	for _, m := range exceptForm.FindAllStringSubmatchIndex(b.text.s[b.from:b.to], -1) {
		for _, g := range []int{2, 4, 5} {
			if m[2*g] >= 0 {
				out = append(out, except{b.from + m[2*g], b.from + m[2*g+1]})
			}
		}
	}
	return out
}

// takeOut parts the places into those that are meant and the codes that are taken
// out. A part of a county that is taken out leaves the county as possible, which
// the caller sees by its name among the doubtful.
func (b *bulletin) takeOut(list []place) (kept []place, out, doubtful []geo.Region) {
	cuts := b.excepts()
	for _, p := range list {
		if !slices.ContainsFunc(cuts, func(e except) bool { return p.from >= e.from && p.from < e.to }) {
			kept = append(kept, p)
			continue
		}
		if p.partly != "" {
			doubtful = append(doubtful, p.code)
			continue
		}
		out = append(out, p.code)
		b.mark(p.from, p.to, MarkExcluded, "不含 "+nameOf(p.code), true)
	}
	for _, e := range cuts {
		if !slices.ContainsFunc(list, func(p place) bool { return p.from >= e.from && p.from < e.to }) {
			b.mark(e.from, e.to, MarkUnread, "排除的地方没有读出", false)
			b.hold("excluded_unread", "文中排除了一些地方，没有读出，请人工确认")
			b.unsure = true
		}
	}
	return kept, out, doubtful
}

// without takes regions out of others; a city of which one county is taken out
// becomes its other counties.
func without(codes, out []geo.Region) []geo.Region {
	var left []geo.Region
	for _, c := range codes {
		cut := slices.ContainsFunc(out, func(o geo.Region) bool { return o == c || o.Contains(c) })
		holds := slices.ContainsFunc(out, func(o geo.Region) bool { return c != o && c.Contains(o) })
		switch {
		case cut:
		case holds:
			left = append(left, without(childrenOf(c), out)...)
		default:
			left = append(left, c)
		}
	}
	return left
}

func childrenOf(r geo.Region) []geo.Region {
	var list []geo.Region
	for _, info := range geo.BuiltinRegions() {
		if info.Parent == r {
			list = append(list, info.Code)
		}
	}
	return list
}

func nameOf(r geo.Region) string {
	info, _ := geo.LookupRegion(r)
	return info.Name + " " + r.Adcode()
}
