package feed

import (
	"slices"

	"muster/internal/geo"
	"muster/internal/warning"
)

// claims writes what the bulletin says: one claim for each hazard and level, with
// the regions of that level.
func (b *bulletin) claims(subjects []subject, w window) {
	if b.adviceAt < b.to {
		b.mark(b.adviceAt, b.to, MarkAdvice, "防御措施", true)
	}
	kept, out, doubtful := b.takeOut(b.places())
	levels := b.levelled(kept)
	b.checkCounts(kept)
	b.unknownNames()
	for group, s := range subjects {
		c := warning.Claim{Group: group, Language: "zh-CN", Event: s.event, Hazard: s.hazard, Headline: b.Headline,
			Description: b.text.words(b.from, b.adviceAt), Instruction: b.text.words(b.adviceAt, b.to), Onset: w.onset, Expires: w.expires}
		if c.Hazard == warning.Other {
			b.flag(warning.FlagHazardUnknown)
		}
		b.byLevel(c, s.level, kept, levels, out, doubtful)
	}
	b.holdNames()
	for i := range b.Claims {
		b.Claims[i].Group = i
		b.setExpires(&b.Claims[i], w.expires)
	}
	if first := b.Claims[0]; !b.lifts && (first.ExpiresDefault || first.Expires.IsZero()) {
		b.hold("window_unread", "没有读出起止时间，截止时间按默认时长推定，请人工确认")
	}
}

// byLevel adds a claim for each level that the places have, the head's level for
// those without one of their own.
func (b *bulletin) byLevel(c warning.Claim, headLevel warning.Level, list []place, levels []warning.Level, out, doubtful []geo.Region) {
	at := map[warning.Level][]place{}
	var order []warning.Level
	own := false
	named := slices.ContainsFunc(list, func(p place) bool { return p.role == asArea })
	for i, p := range list {
		l := levels[i]
		if named && p.role != asArea && l == warning.LevelUnknown {
			b.mark(p.from, p.to, MarkRegion, nameOf(p.code)+"，只是提到", false)
			continue
		}
		own = own || l != warning.LevelUnknown
		if l == warning.LevelUnknown {
			l = headLevel
		} else if p.role == asAside {
			p.role = asArea
		}
		if _, seen := at[l]; !seen {
			order = append(order, l)
		}
		at[l] = append(at[l], p)
	}
	if len(order) == 0 {
		order = []warning.Level{headLevel}
		if words := levelWords(b.text.s, b.from, b.adviceAt); headLevel == warning.LevelUnknown && len(words) > 0 {
			order[0] = b.onlyLevel(words)
		}
	}
	if own && headLevel != warning.LevelUnknown && !slices.Contains(order, headLevel) {
		b.hold("level_without_area", "标题的等级为"+headLevel.Label()+"，没有读出对应的区域，请人工确认")
		b.flag(warning.FlagLevelConflict)
	}
	for _, l := range order {
		c.Level, c.LevelSource = l, "text"
		if l == warning.LevelUnknown {
			c.LevelSource = ""
			b.flag(warning.FlagLevelUnknown)
			b.hold("level_unread", "没有读出等级，请人工确定")
		}
		c.Area = b.area(at[l], out, doubtful)
		b.Claims = append(b.Claims, c)
	}
}

// onlyLevel is the level of a bulletin without regions; two different ones are not
// decided between.
func (b *bulletin) onlyLevel(words []levelWord) warning.Level {
	for _, w := range words[1:] {
		if w.level != words[0].level {
			return warning.LevelUnknown
		}
	}
	b.mark(words[0].from, words[0].to, MarkLevel, words[0].level.Label(), true)
	return words[0].level
}

// area joins the places of a claim: named as the warning's area and wholly meant
// they are certain, else possible. Without any, the issuer's own territory is
// possible.
func (b *bulletin) area(list []place, out, doubtful []geo.Region) warning.ClaimArea {
	var sure, maybe []geo.Region
	for _, p := range list {
		certain := p.role == asArea && p.partly == "" && !b.unsure && p.code.Level() != geo.Province && !slices.Contains(doubtful, p.code)
		if certain {
			sure = append(sure, p.code)
		} else {
			maybe = append(maybe, p.code)
		}
		b.mark(p.from, p.to, MarkRegion, nameOf(p.code), certain)
	}
	sure, maybe = without(finest(sure), out), without(finest(maybe), out)
	if len(sure) > 0 && !slices.ContainsFunc(list, func(p place) bool { return p.partly != "" }) {
		maybe = nil // what is only spoken of beside a named area
	}
	a := warning.ClaimArea{Basis: warning.BasisText, Text: b.areaText(list), Regions: codesOf(sure)}
	for _, code := range codesOf(maybe) {
		if !slices.Contains(a.Regions, code) {
			a.Possible = append(a.Possible, code)
		}
	}
	switch {
	case len(a.Regions)+len(a.Possible) == 0 && b.lifts: // the whole of what it ends
	case len(a.Regions)+len(a.Possible) == 0:
		a.Text = b.Headline
		b.fromOffice(&a)
	case len(a.Possible) > 0:
		b.flag(warning.FlagAreaCoarse)
		b.hold("area_uncertain", "有的区域没有写得确切，只作“可能”，请人工确认")
	}
	return a
}

func (b *bulletin) fromOffice(a *warning.ClaimArea) {
	if b.issuer.region == "" {
		b.flag(warning.FlagAreaCoarse)
		b.hold("area_missing", "没有读出预警区域，请人工划定")
		return
	}
	a.Basis, a.Possible = warning.BasisOffice, []string{string(b.issuer.region)}
	b.flag(warning.FlagNoFineArea)
	b.hold("area_office_only", "没有读出预警区域，只能按发布单位的辖区推定，请人工确认")
}

// finest drops a region that holds another of the list: the city before its
// counties, 我县 beside its own name.
func finest(codes []geo.Region) []geo.Region {
	var once, out []geo.Region
	for _, r := range codes {
		if !slices.Contains(once, r) {
			once = append(once, r)
		}
	}
	for _, r := range once {
		if !slices.ContainsFunc(once, func(o geo.Region) bool { return o != r && r.Contains(o) }) {
			out = append(out, r)
		}
	}
	return out
}

func codesOf(list []geo.Region) []string {
	var out []string
	for _, r := range list {
		out = append(out, string(r))
	}
	return out
}

// areaText is the places as the text names them, with what makes them doubtful.
func (b *bulletin) areaText(list []place) string {
	text := ""
	for _, p := range list {
		if p.role != asArea {
			continue
		}
		if text != "" {
			text += "、"
		}
		text += b.text.words(p.from, p.to) + p.partly
	}
	return clip(text, 500)
}
