package feed

import (
	"cmp"
	"slices"
	"strings"

	"muster/internal/geo"
)

// selves are the places where the bulletin speaks of its issuer's own territory
// (我县, 全市). A report's own title (全省地质灾害气象风险预警) is none.
func (b *bulletin) selves() []place {
	s := b.text.s
	roles := roleAt{turns: shifted(turn.FindAllStringSubmatchIndex(s[b.from:b.adviceAt], -1), b.from), role: asAside}
	var out []place
	for _, m := range selfForm.FindAllStringSubmatchIndex(s[b.from:b.adviceAt], -1) {
		from, to := b.from+m[0], b.from+m[1]
		role := roles.at(from)
		if role == asAside || b.insideName(from) || ofReport.MatchString(s[to:b.to]) {
			continue
		}
		code, ok := selfOf(s[b.from+m[2]:to], b.issuer.region)
		if !ok {
			b.unread(from, to, "发布单位的辖区没有读出，不知指哪里")
			b.hold("self_unread", "文中以“我县”“全市”等代指区域，没有对应上，请人工确认")
			continue
		}
		out = append(out, place{from: from, to: to, code: code, role: role})
	}
	return out
}

// insideName says whether a place is in the middle of a region's name: the 全县 of
// 天全县.
func (b *bulletin) insideName(at int) bool {
	i, _ := slices.BinarySearchFunc(b.mentions, at, func(m geo.RegionMention, at int) int { return cmp.Compare(m.To, at+1) })
	return i < len(b.mentions) && b.mentions[i].From < at
}

// selfOf is what 我省, 我市, 我州, 我县 or 我区 means to an issuer; false where the word is
// not the issuer's own kind: 全市 in the mouth of a county.
func selfOf(word string, issuer geo.Region) (geo.Region, bool) {
	info, ok := geo.LookupRegion(issuer)
	if !ok || issuer == "" {
		return "", false
	}
	switch word {
	case "省":
		return info.Code, info.Level == geo.Province
	case "县":
		return info.Code, info.Level == geo.County && strings.HasSuffix(info.Name, "县")
	}
	return info.Code, info.Level != geo.Province && strings.HasSuffix(info.Name, word)
}
