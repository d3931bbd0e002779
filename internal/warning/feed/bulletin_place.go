package feed

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"muster/internal/geo"
)

// place is a region that a bulletin names, with what it is named for.
type place struct {
	from, to int
	code     geo.Region
	role     placeRole
	partly   string // why not the whole of it: a part, single townships
}

// placeRole is what a region is named for.
type placeRole int

const (
	asArea     placeRole = iota // where the warning holds
	asObserved                  // where it rained already
	asAside                     // neither is said
)

// turn are the words that say what the regions after them are named for, until
// the sentence ends; a semicolon goes on in the same list.
var turn = regexp.MustCompile(`([。!])|(过去|截至|目前|前期|实况|监测到|已出现|已达)|(预计|未来|预警区域|预警范围|影响区域|影响范围|涉及|预警:|等级:)`)

// roleAt walks through the turns of a text in step with the places in it.
type roleAt struct {
	turns [][]int
	next  int
	role  placeRole
}

func (r *roleAt) at(pos int) placeRole {
	for r.next < len(r.turns) && r.turns[r.next][0] < pos {
		t := r.turns[r.next]
		switch {
		case t[2] >= 0:
			r.role = asAside
		case t[4] >= 0:
			r.role = asObserved
		default:
			r.role = asArea
		}
		r.next++
	}
	return r.role
}

var (
	adviceForm = regexp.MustCompile(`防御指南|防范指南|防御措施|防范措施|防御建议|防范建议|工作建议|请(?:注意|有关|相关|各|加强|做好|密切|广大|及时|立即)|建议|提醒`)
	partForm   = regexp.MustCompile(`^(?:境内)?(?:的)?(?:大部|部分|局部|局地|个别|东北部|西北部|东南部|西南部|北部|南部|东部|西部|中部|沿江|沿河|沿岸|山区|高海拔|以[东南西北]|一带)`)
	townForm   = regexp.MustCompile(`^(?:境内)?的?[(:]?(\p{Han}{1,6}?(?:镇|乡|街道)(?:[、,和及]\p{Han}{1,6}?(?:镇|乡|街道))*)`)
	townName   = regexp.MustCompile(`\p{Han}{1,6}?(?:镇|乡|街道)`)
	noTown     = regexp.MustCompile(`可能|出现|将|未来|发生|预|降|城镇|乡镇|集镇|各|部分|的|为|受|有|对`)
	riverForm  = regexp.MustCompile(`^(?:江|河|流域|站|水库|湖|高速|大桥|隧道|水文)`)
	acts       = regexp.MustCompile(`^(?:联合|继续)?(?:发布|解除|更新|变更)`)
	selfForm   = regexp.MustCompile(`[我全本](省|市|州|县|区)`)
	ofReport   = regexp.MustCompile(`^(?:地质灾害|山洪|气象|预警|防汛|各级)`)
)

// places finds the regions that the bulletin names, apart from the names of
// offices and what stands in its advice.
func (b *bulletin) places() []place {
	s := b.text.s
	roles := roleAt{turns: shifted(turn.FindAllStringSubmatchIndex(s[b.from:b.adviceAt], -1), b.from), role: asAside}
	var out []place
	for _, m := range b.mentions {
		if m.From < b.from || m.From >= b.adviceAt || m.Leads || b.ofOffice(m) || b.ofNothing(m) {
			continue
		}
		region, ok := b.only(m)
		if !ok {
			continue
		}
		p := place{m.From, m.To, region, roles.at(m.From), ""}
		if p.role == asAside && region.Level() == geo.Province {
			continue // 结合四川省地质环境条件
		}
		out = append(out, p)
	}
	out = append(out, b.selves()...)
	slices.SortStableFunc(out, func(a, b place) int { return a.from - b.from })
	for i, p := range out {
		out[i].partly = b.part(p.to)
		if out[i].partly == "" && b.bare(p) {
			out[i].partly = "(简称)"
		}
		if acts.MatchString(b.text.s[p.to:b.to]) {
			out[i].partly = "(发布地)" // 筠连县发布…: who speaks, perhaps also where
		}
	}
	return out
}

// bare says whether a place is only a name without 县 or 区 and stands alone: in a
// list it is a region, alone it may be anything.
func (b *bulletin) bare(p place) bool {
	return !hasKind(b.text.s[p.from:p.to]) && !strings.HasSuffix(b.text.s[b.from:p.from], "、") && !strings.HasPrefix(b.text.s[p.to:b.to], "、")
}

func hasKind(name string) bool {
	for _, kind := range []string{"省", "市", "州", "县", "区"} {
		if strings.HasSuffix(name, kind) {
			return true
		}
	}
	return false
}

func shifted(list [][]int, by int) [][]int {
	for _, m := range list {
		for i := range m {
			if m[i] >= 0 {
				m[i] += by
			}
		}
	}
	return list
}

func (b *bulletin) ofOffice(m geo.RegionMention) bool {
	i := sort.Search(len(b.offices), func(i int) bool { return b.offices[i].to > m.From })
	return i < len(b.offices) && m.From >= b.offices[i].from
}

// ofNothing says whether a name without 县 or 区 is a part of another word: the
// 嘉陵 of 嘉陵江, the 南部 of 石棉县南部.
func (b *bulletin) ofNothing(m geo.RegionMention) bool {
	name := b.text.s[m.From:m.To]
	if hasKind(name) {
		return false
	}
	before := b.text.s[max(b.from, m.From-3):m.From]
	side := name == "南部" && (before == "县" || before == "区" || before == "市" || before == "州" || before == "省")
	return side || riverForm.MatchString(b.text.s[m.To:b.to])
}

// only gives the one region that is meant. A name that several share is settled by
// who issues; else nobody guesses.
func (b *bulletin) only(m geo.RegionMention) (geo.Region, bool) {
	var fit []geo.RegionInfo
	for _, r := range m.Regions {
		if len(m.Regions) == 1 || b.issuer.region != "" && (b.issuer.region.Contains(r.Code) || b.issuer.region == r.Code ||
			b.issuer.region.Level() == geo.County && b.issuer.region.Parent().Contains(r.Code)) {
			fit = append(fit, r)
		}
	}
	if len(fit) == 1 {
		return fit[0].Code, true
	}
	var names []string
	for _, r := range m.Regions {
		city, _ := geo.LookupRegion(r.Parent)
		names = append(names, city.Name+r.Name)
	}
	b.unread(m.From, m.To, "同名："+strings.Join(names, "、"))
	b.hold("region_ambiguous", "有同名的区划，没有选定，请人工确认")
	return "", false
}

// part says why the warning is not about the whole of a region: what follows its
// name takes a part, or single townships, for which there are no codes here.
func (b *bulletin) part(after int) string {
	rest := b.text.s[after:b.to]
	if m := partForm.FindString(rest); m != "" {
		b.mark(after, after+len(m), MarkUnread, "只是其中一部分，请人工划定", false)
		return m
	}
	m := townForm.FindStringSubmatchIndex(rest)
	if m == nil || noTown.MatchString(rest[m[2]:m[3]]) {
		return ""
	}
	for _, t := range townName.FindAllStringIndex(rest[m[2]:m[3]], -1) {
		b.unread(after+m[2]+t[0], after+m[2]+t[1], "乡镇没有对应到区划，所在县只作“可能”，请人工确认")
	}
	return rest[m[2]:m[3]]
}
