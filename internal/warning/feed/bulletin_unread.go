package feed

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"muster/internal/geo"
)

// nameForm is what looks like the name of a region or township in a list; notName
// and notArea are words that only end like one.
var (
	nameForm = regexp.MustCompile(`[:,、;和及]((\p{Han}{1,7}?)(镇|乡|街道|自治县|县|区|市|州))`)
	notName  = regexp.MustCompile(`可能|出现|将|未来|发生|预|降|各|部分|的|为|受|有|对|等|个|我|全|本|该|相关|城市|沿江|旅游|^[城乡集]$`)
	notArea  = regexp.MustCompile(`(?:地|山|城|景|灾|社|库|辖|园|市|县|矿|林|牧|河谷|高寒|大部|周边|其他|易发|隐患|危险|防范|低洼|风险|施工|作业)$`)
)

// unknownNames marks what stands in a list like a region and is none that we know:
// a township, a county of another province, a misspelling.
func (b *bulletin) unknownNames() {
	from := max(b.from, b.head.to)
	if from >= b.adviceAt {
		return
	}
	for _, m := range nameForm.FindAllStringSubmatchIndex(b.text.s[from:b.adviceAt], -1) {
		at, to := from+m[2], from+m[3]
		stem, town := b.text.s[from+m[4]:from+m[5]], strings.HasSuffix(b.text.s[at:to], "镇") || strings.HasSuffix(b.text.s[at:to], "乡")
		if notName.MatchString(stem) || !town && notArea.MatchString(stem) || b.knows(at, to) {
			continue
		}
		b.unread(at, to, "没有对应到区划，请人工确认")
	}
}

// unread notes a name whose place is not known: a person must draw it or say that it
// is not meant.
func (b *bulletin) unread(from, to int, means string) {
	b.mark(from, to, MarkUnread, means, false)
	if name := b.text.words(from, to); !slices.Contains(b.Unread, name) {
		b.Unread = append(b.Unread, name)
	}
}

// holdNames says which names could not be read.
func (b *bulletin) holdNames() {
	if len(b.Unread) > 0 {
		b.hold("name_unread", "未能识别的地名："+strings.Join(b.Unread, "、")+"；请在地图上补画，或确认不涉及")
	}
}

// knows says whether a stretch touches a region or an office that was read.
func (b *bulletin) knows(from, to int) bool {
	i := sort.Search(len(b.mentions), func(i int) bool { return b.mentions[i].To > from })
	if i < len(b.mentions) && b.mentions[i].From < to {
		return true
	}
	return b.ofOffice(geo.RegionMention{From: from, To: to})
}
