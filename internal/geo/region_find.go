package geo

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// FindRegion finds the regions that a Chinese text names, inside one region
// ("" for anywhere), in the order of the text and each once. It knows full
// names, the usual short ones (北川县, 凉山州, 金堂) and former ones (会理县).
//
// A city that only leads to its counties (阿坝州汶川县, 成都市：邛崃市、大邑县)
// is not among the results; one that stands for itself is. A name that two
// counties share (市中区) is resolved by the city named before it, else both
// are returned: the caller asks a person. A bare 广安 or 阿坝 is the city,
// unless the text or within is already in that city.
func FindRegion(text string, within Region) []RegionInfo {
	return scanRegions(text, within).found
}

// RegionMention is a place in a text that names a region.
type RegionMention struct {
	From, To int          // bytes of the text
	Regions  []RegionInfo // more than one for a name that several share
	Leads    bool         // only leads to the one after it: the 雅安市 of 雅安市石棉县
}

// RegionMentions are the places behind FindRegion, each time that a region is
// named, in the order of the text.
func RegionMentions(text string, within Region) []RegionMention {
	return scanRegions(text, within).mentions
}

func scanRegions(text string, within Region) regionScan {
	s := regionScan{within: within, city: within}
	for s.at < len(text) {
		s.at += s.next(text[s.at:])
	}
	return s
}

// regionScan walks once through a text.
type regionScan struct {
	within   Region
	at       int // bytes dealt with
	mentions []RegionMention
	city     Region // the last city named: the context for what follows
	found    []RegionInfo
	lead     bool // the last result is a region that may only lead to the next
	inside   bool // in the middle of a word that is no name
}

// next looks at the start of rest and returns how many bytes it has dealt with.
func (s *regionScan) next(rest string) int {
	for _, name := range candidates(rest) {
		hits := s.resolve(name)
		if len(hits) == 0 || s.inside && utf8.RuneCountInString(name.text) == 2 {
			continue // 西区 in 山西区域 is not the district
		}
		n := len(name.text)
		// 内江市中区 is short for 内江市市中区: give the 市 back.
		if strings.HasSuffix(name.text, "市") && strings.HasPrefix(rest[n:], "中区") {
			n -= len("市")
		}
		s.add(hits)
		s.mentions = append(s.mentions, RegionMention{From: s.at, To: s.at + n, Regions: hits})
		return n
	}
	r, n := utf8.DecodeRuneInString(rest)
	letter := unicode.IsLetter(r)
	s.inside = letter && r != '和' && r != '及' && r != '与'
	if letter || r == '、' || r == '，' || r == '；' || r == '。' || r == ',' {
		s.lead = false
	}
	return n
}

// resolve picks what a name means here.
func (s *regionScan) resolve(name regionName) []RegionInfo {
	var inCity, anywhere, cities []RegionInfo
	for _, code := range name.codes {
		info := builtin().byCode[code]
		switch {
		case s.within != "" && !s.within.Contains(code):
		case info.Level != County:
			cities = append(cities, info)
		case s.city != "" && s.city.Level() == City && s.city.Contains(code):
			inCity = append(inCity, info)
		default:
			anywhere = append(anywhere, info)
		}
	}
	switch {
	case len(inCity) > 0:
		return inCity
	case len(cities) > 0:
		return cities
	default:
		return anywhere
	}
}

func (s *regionScan) add(hits []RegionInfo) {
	if last := len(s.found) - 1; s.lead && s.found[last].Code.Contains(hits[0].Code) {
		s.found = s.found[:last]
		s.mentions[len(s.mentions)-1].Leads = true
	}
	s.lead, s.inside = false, false
	for _, hit := range hits {
		if hit.Level == City {
			s.city = hit.Code
		}
		if !slices.Contains(s.found, hit) {
			s.found = append(s.found, hit)
			s.lead = hit.Level != County
		}
	}
}

// regionName is one way to write a region, and the regions it may mean.
type regionName struct {
	text  string
	codes []Region
}

// candidates are the names that text begins with, longest first.
func candidates(text string) []regionName {
	first, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return nil
	}
	var hits []regionName
	for _, name := range regionNames()[first] {
		if strings.HasPrefix(text, name.text) {
			hits = append(hits, name)
		}
	}
	return hits
}

// regionNames is every way to write a region of the table, by its first
// character, longest first.
var regionNames = sync.OnceValue(func() map[rune][]regionName {
	codes := map[string][]Region{}
	put := func(text string, code Region) {
		if utf8.RuneCountInString(text) > 1 && !slices.Contains(codes[text], code) {
			codes[text] = append(codes[text], code)
		}
	}
	for _, info := range builtin().regions {
		for _, text := range spellings(info.Name) {
			put(text, info.Code)
		}
	}
	for _, former := range builtin().former {
		put(former.name, former.now)
	}
	names := map[rune][]regionName{}
	for text, list := range codes {
		first, _ := utf8.DecodeRuneInString(text)
		slices.Sort(list)
		names[first] = append(names[first], regionName{text, list})
	}
	for _, list := range names {
		slices.SortFunc(list, func(a, b regionName) int { return len(b.text) - len(a.text) })
	}
	return names
})

// spellings are the full name, the name without the peoples of an autonomous
// region, and the bare one: 北川羌族自治县, 北川县, 北川.
func spellings(full string) []string {
	stem, kind := full, ""
	for _, suffix := range []string{"自治州", "自治县", "省", "市", "区", "县"} {
		if s, ok := strings.CutSuffix(full, suffix); ok {
			stem, kind = s, suffix
			break
		}
	}
	if short, ok := strings.CutPrefix(kind, "自治"); ok {
		kind = short
		for _, people := range []string{"藏族羌族", "藏族", "羌族", "彝族"} {
			stem = strings.TrimSuffix(stem, people)
		}
	}
	if stem == "市中" { // a bare 市中 means the middle of any town
		return []string{full}
	}
	return []string{full, stem + kind, stem}
}
