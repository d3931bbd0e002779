package feed

import (
	"strings"

	"muster/internal/geo"
	"muster/internal/warning"
)

// kilometre is the unit of a CAP circle, in metres (CAP 1.2, 3.2.4).
const kilometre = 1000

// capArea joins the areas of an info block: the union of all polygons, circles
// and geocodes (CAP 1.2, 3.2.4).
func (d *draft) capArea(areas []*element) warning.ClaimArea {
	a := warning.ClaimArea{}
	var texts []string
	polygons, circles := 0, 0
	for _, area := range areas {
		if t := area.value("areaDesc"); t != "" {
			texts = append(texts, t)
		}
		for _, p := range area.all("polygon") {
			if polygon := d.readPolygon(p.text, latFirst); polygon != nil {
				a.Geometry = append(a.Geometry, polygon)
				polygons++
			}
		}
		for _, c := range area.all("circle") {
			if strings.TrimSpace(c.text) == "" {
				continue // empty circles are normal
			}
			if circle, ok := d.readCircle(c.text, latFirst, kilometre); ok {
				a.Geometry = append(a.Geometry, circle...)
				circles++
			}
		}
		for _, g := range area.all("geocode") {
			d.capGeocode(g, &a)
		}
	}
	a.Text = strings.Join(texts, "；")
	switch {
	case polygons > 0:
		a.Basis = warning.BasisPolygon
	case circles > 0:
		a.Basis = warning.BasisCircle
	case len(a.Regions) > 0 || d.HasFlag(warning.FlagGeocodeUnknown):
		a.Basis = warning.BasisGeocode
	}
	d.closeArea(&a)
	return a
}

// closeArea falls back to words and checks the whole.
func (d *draft) closeArea(a *warning.ClaimArea) {
	d.checkArea(a)
	if a.Basis == "" {
		d.fromText(a, d.SenderCode[:min(6, len(d.SenderCode))])
	}
}

// foreignCodes are code systems of other countries whose digits could be taken
// for a Chinese region (a German warning cell begins with 8).
var foreignCodes = []string{"SAME", "FIPS", "UGC", "EMMA_ID", "NUTS", "WARNCELLID", "TAIWAN_GEOCODE", "PROFILE:CAP-CP", "ISO"}

// chineseCodes are names under which a Chinese region code is expected.
var chineseCodes = []string{"CN_ADMIN", "ADCODE", "GB2260", "GB/T 2260", "GB/T2260", "CN_", "行政区划"}

// capGeocode reads one geocode: Chinese region codes are matched, an exclusion
// is kept apart, other systems are flagged and match nothing.
func (d *draft) capGeocode(g *element, a *warning.ClaimArea) {
	name, values := named(g)
	upper := strings.ToUpper(name)
	for _, value := range values {
		switch {
		case upper == "EXCLUDE_POLYGON":
			if polygon := d.readPolygon(value, latFirst); polygon != nil {
				a.Excluded = append(a.Excluded, polygon)
				d.flag(warning.FlagExclusion)
			}
		case beginsWithAny(upper, foreignCodes):
			d.flag(warning.FlagGeocodeUnknown)
		default:
			d.chineseGeocode(upper, value, a)
		}
	}
}

func (d *draft) chineseGeocode(name, value string, a *warning.ClaimArea) {
	r, ok := knownRegion(value)
	switch {
	case ok:
		a.Regions = appendNew(a.Regions, r)
	case beginsWithAny(name, chineseCodes):
		d.flag(warning.FlagRegionUnknown)
		d.hold("region_unknown", "行政区划代码"+clip(value, 20)+"不存在或无法识别，请人工确认")
	default:
		d.flag(warning.FlagGeocodeUnknown)
	}
}

func appendNew(codes []string, r geo.Region) []string {
	for _, c := range codes {
		if c == string(r) {
			return codes
		}
	}
	return append(codes, string(r))
}

func beginsWithAny(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
