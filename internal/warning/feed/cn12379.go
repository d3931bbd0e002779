package feed

import (
	"strings"
	"time"

	"muster/internal/geo"
	"muster/internal/warning"
)

// parse12379 reads a message of the national early-warning release system
// (12379): like CAP but not CAP. It has no namespace, its colours are the
// severity, its references are a bare identifier of the FIRST message of the
// event, its circles are in metres.
//
// The signing officer's name (senderName) and the phone numbers of recipients
// (code/method/audenceprt) are personal data and never read.
func parse12379(root *element, at time.Time) Result {
	d := &draft{Message: warning.Message{
		Format:     "cma",
		ID:         root.value("identifier"),
		Sender:     root.value("sender"),
		SenderCode: root.value("senderCode"),
		Scope:      strings.ToLower(root.value("scope")),
		Inner:      strings.EqualFold(root.value("secClassification"), "Inner"),
		Note:       root.value("note"),
	}}
	d.single(root, "identifier", "sender", "senderCode", "sendTime", "status", "msgType", "references")
	d.identity()
	d.officeOfID()
	d.readSent(root.value("sendTime"), at)
	d.readStatus(root.value("status"))
	d.readMsgType(root.value("msgType"))
	for _, id := range strings.FieldsFunc(root.value("references"), isListBreak) {
		d.addReference(warning.Reference{ID: id})
	}
	d.needReferences()
	if d.Inner {
		d.flag(warning.FlagInner)
	}
	if root.commented() {
		d.flag(warning.FlagCommentInText)
	}
	d.cnInfos(root.all("info"))
	return d.result()
}

// officeOfID compares the office in the identifier with the office that signs.
func (d *draft) officeOfID() {
	if d.NationalID == "" {
		d.flag(warning.FlagIDCharacters)
		return
	}
	if !strings.HasPrefix(d.NationalID, d.SenderCode) {
		d.flag(warning.FlagSenderMismatch)
	}
}

func (d *draft) cnInfos(infos []*element) {
	lifted := 0
	for i, info := range infos {
		c := d.cnInfo(info)
		c.Group = i
		if d.Headline == "" {
			d.Headline = c.Headline
		}
		if saysLifted(c.Headline) {
			lifted++
		}
		d.Claims = append(d.Claims, c)
	}
	d.AllClear = len(infos) > 0 && lifted == len(infos) && d.MsgType != warning.MsgCancel
	if len(infos) == 0 && d.MsgType != warning.MsgCancel {
		d.flag(warning.FlagFieldMissing)
		d.hold("info_missing", "没有预警内容（info）")
	}
}

func (d *draft) cnInfo(info *element) warning.Claim {
	c := warning.Claim{
		Language:    info.value("language"),
		EventCode:   info.value("eventType"),
		Headline:    info.value("headline"),
		Description: info.value("description"),
		Instruction: info.value("instruction"),
	}
	if c.Language == "" {
		c.Language = "zh-CN"
	}
	d.single(info, "eventType", "severity", "expires", "headline")
	c.Event = warning.HazardName(c.EventCode)
	c.Hazard = warning.HazardOf(c.EventCode, c.Headline, "")
	if c.Hazard == warning.Other {
		d.flag(warning.FlagHazardUnknown)
	}
	d.setLevel(&c, d.colour(info.value("severity")), "", levelOfHeadline(c.Headline))
	c.Onset = d.optionalTime(info.value("onset"))
	d.setExpires(&c, d.optionalTime(info.value("expires")))
	c.Area = d.cnArea(info.all("area"))
	return c
}

// colour reads the severity of 12379: Red Orange Yellow Blue Unknown.
func (d *draft) colour(s string) warning.Level {
	l := warning.Level(strings.ToLower(s))
	if !l.Valid() {
		d.flag(warning.FlagEnumUnknown)
		return levelOfColour(s)
	}
	d.enumCase(s)
	return l
}

// metre is the unit of a 12379 circle.
const metre = 1

// cnArea joins the areas of an info block.
func (d *draft) cnArea(areas []*element) warning.ClaimArea {
	a := warning.ClaimArea{}
	var codes []geo.Region
	var texts []string
	for _, area := range areas {
		text := area.value("areaDesc")
		texts = append(texts, text)
		codes = append(codes, d.cnCodes(area.value("geocode"), text)...)
		for _, p := range area.all("polygon") {
			if polygon := d.readPolygon(p.text, eitherWay); polygon != nil {
				a.Geometry, a.Basis = append(a.Geometry, polygon), warning.BasisPolygon
			}
		}
		for _, c := range area.all("circle") {
			if strings.TrimSpace(c.text) == "" {
				continue
			}
			if circle, ok := d.readCircle(c.text, eitherWay, metre); ok {
				a.Geometry = append(a.Geometry, circle...)
				a.Basis = firstBasis(a.Basis, warning.BasisCircle)
			}
		}
	}
	a.Text = strings.Join(texts, "；")
	if a.Regions, a.Possible = splitFinest(codes); len(a.Regions) > 0 {
		a.Basis = firstBasis(a.Basis, warning.BasisGeocode)
	}
	if len(a.Possible) > 0 {
		d.flag(warning.FlagAreaCoarse)
	}
	d.closeArea(&a)
	return a
}

func firstBasis(a, b warning.Basis) warning.Basis {
	if a != "" {
		return a
	}
	return b
}

// cnCodes reads the list of codes, split by half- or full-width commas, and
// compares their number with the names.
func (d *draft) cnCodes(list, names string) []geo.Region {
	words := strings.FieldsFunc(list, isListBreak)
	var codes []geo.Region
	for _, word := range words {
		r, ok := knownRegion(word)
		if !ok {
			d.flag(warning.FlagRegionUnknown)
			d.hold("region_unknown", "行政区划代码"+clip(word, 20)+"不存在或无法识别，请人工确认")
			continue
		}
		codes = append(codes, r)
	}
	if len(words) > 0 && len(words) != len(strings.FieldsFunc(names, isListBreak)) {
		d.flag(warning.FlagCountMismatch)
	}
	return codes
}

func isListBreak(r rune) bool {
	switch r {
	case ',', '，', '、', ';', '；', ' ', '\t', '\r', '\n', '　':
		return true
	}
	return false
}
