package feed

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"

	"muster/internal/warning"
)

// capInfos reads the info blocks. Blocks of one language are a sequence of
// different things; blocks of different languages say the same thing, so the
// n-th of each language form one group.
func (d *draft) capInfos(infos []*element) {
	seen := map[string]int{}
	clear := 0
	for _, info := range infos {
		c := d.capInfo(info)
		language := strings.ToLower(c.Language)
		c.Group = seen[language]
		seen[language]++
		if d.Headline == "" || strings.HasPrefix(language, "zh") {
			d.Headline = c.Headline
		}
		if name := info.value("senderName"); name != "" && (d.SenderName == "" || strings.HasPrefix(language, "zh")) {
			d.SenderName = name
		}
		if clearInfo(info, c.Headline) {
			clear++
		}
		d.Claims = append(d.Claims, c)
	}
	d.AllClear = len(infos) > 0 && clear == len(infos) && d.MsgType != warning.MsgCancel
	if len(infos) == 0 && (d.MsgType == warning.MsgAlert || d.MsgType == warning.MsgUpdate) {
		d.flag(warning.FlagFieldMissing)
		d.hold("info_missing", "没有预警内容（info）")
	}
}

// clearInfo says whether a block ends the warning: responseType AllClear (CAP
// 1.2), or the headline lifts it in Chinese.
func clearInfo(info *element, headline string) bool {
	for _, r := range info.all("responseType") {
		if strings.EqualFold(strings.TrimSpace(r.text), "AllClear") {
			return true
		}
	}
	return saysLifted(headline)
}

func (d *draft) capInfo(info *element) warning.Claim {
	c := warning.Claim{
		Language:    info.value("language"),
		Event:       info.value("event"),
		EventCode:   eventCode(info),
		Headline:    info.value("headline"),
		Description: info.value("description"),
		Instruction: info.value("instruction"),
	}
	if c.Language == "" {
		c.Language = "en-US" // CAP 1.2, 3.2.2
	}
	d.single(info, "event", "severity", "expires", "onset", "headline")
	c.Hazard = warning.HazardOf(c.EventCode, c.Headline, c.Event)
	if c.Hazard == warning.Other {
		d.flag(warning.FlagHazardUnknown)
	}
	d.setLevel(&c, d.severity(info.value("severity")), parameterLevel(info), levelOfHeadline(c.Headline))
	c.Onset = d.optionalTime(info.value("onset"))
	d.setExpires(&c, d.optionalTime(info.value("expires")))
	d.resources(info)
	c.Area = d.capArea(info.all("area"))
	return c
}

// severity reads CAP's word; a colour in its place is taken and flagged.
func (d *draft) severity(s string) warning.Level {
	if l, ok := capSeverity[s]; ok {
		return l
	}
	if s == "Unknown" {
		return warning.LevelUnknown
	}
	for word, l := range capSeverity {
		if strings.EqualFold(word, s) {
			d.flag(warning.FlagEnumCase)
			return l
		}
	}
	d.flag(warning.FlagEnumUnknown)
	return levelOfColour(s)
}

// named reads valueName and value; CAP 1.0 writes NAME=value. A careless writer
// gives one name and several values.
func named(e *element) (name string, values []string) {
	values0 := e.all("value")
	if len(values0) == 0 {
		name, value, ok := strings.Cut(strings.TrimSpace(e.text), "=")
		if !ok {
			return "", nil
		}
		return strings.TrimSpace(name), []string{strings.TrimSpace(value)}
	}
	for _, v := range values0 {
		values = append(values, strings.TrimSpace(v.text))
	}
	return e.value("valueName"), values
}

var nationalEvent = regexp.MustCompile(`^1[1-4][A-Z]\d{2}$`)

// eventCode prefers a national event code (GB/T 35561) over the first code of
// any other system.
func eventCode(info *element) string {
	code := ""
	for _, e := range info.all("eventCode") {
		_, values := named(e)
		for _, v := range values {
			if nationalEvent.MatchString(v) {
				return v
			}
			if code == "" {
				code = v
			}
		}
	}
	return code
}

// parameterLevel reads a colour from a parameter that is about level or colour,
// such as MeteoAlarm's awareness_level "3; orange; Severe".
func parameterLevel(info *element) warning.Level {
	for _, p := range info.all("parameter") {
		name, values := named(p)
		name = strings.ToLower(name)
		about := strings.Contains(name, "colo") || strings.Contains(name, "level") ||
			strings.Contains(name, "颜色") || strings.Contains(name, "等级")
		if !about || len(values) == 0 {
			continue
		}
		if l := levelOfColour(values[0]); l != warning.LevelUnknown {
			return l
		}
	}
	return warning.LevelUnknown
}

// resources are not kept: the raw document is. An embedded one is checked
// against its digest; a linked one is never fetched.
func (d *draft) resources(info *element) {
	for _, r := range info.all("resource") {
		d.flag(warning.FlagResource)
		embedded, digest := r.value("derefUri"), r.value("digest")
		if embedded == "" || digest == "" {
			continue
		}
		content, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(embedded), ""))
		sum := sha1.Sum(content)
		if err != nil || !strings.EqualFold(hex.EncodeToString(sum[:]), digest) {
			d.flag(warning.FlagDigestMismatch)
		}
	}
}
