package geo

import (
	"regexp"
	"strings"
)

// datumWords are the words by which people and files name a datum.
var datumWords = []struct {
	datum Datum
	words *regexp.Regexp
}{
	{GCJ02Datum, regexp.MustCompile(`(?i)gcj[-_ ]?0?2|火星|高德|腾讯|国测局`)},
	{BD09Datum, regexp.MustCompile(`(?i)bd[-_ ]?09|百度`)},
	{CGCS2000Datum, regexp.MustCompile(`(?i)cgcs[-_ ]?2000|国家\s*2000|2000\s*国家|大地\s*2000|epsg:*4490`)},
	{WGS84Datum, regexp.MustCompile(`(?i)wgs[-_ ]?(19)?84|epsg:*4326|crs:?84|\bgps\b`)},
}

// datumIn is the datum that a text names; "" when it names none, or several.
func datumIn(text string) Datum {
	var found Datum
	for _, w := range datumWords {
		if !w.words.MatchString(text) {
			continue
		}
		if found != "" && !sameDatum(found, w.datum) {
			return ""
		}
		found = w.datum
	}
	return found
}

var lastNumber = regexp.MustCompile(`(\d+)\s*$`)

// reference understands the name of a reference system: EPSG:4490,
// urn:ogc:def:crs:EPSG::4326, http://www.opengis.net/gml/srs/epsg.xml#4326,
// CRS84. Projected systems are noted; their numbers are found out of China.
func (r *reader) reference(where, name string) {
	name = strings.TrimSpace(name)
	if name == "" {
		return
	}
	if d := datumIn(name); d != "" {
		r.datum = d
		return
	}
	m := lastNumber.FindStringSubmatch(name)
	switch {
	case m != nil && m[1] == "4326":
		r.datum = WGS84Datum
	case m != nil && m[1] == "4490":
		r.datum = CGCS2000Datum
	default:
		r.note(where, "不认识的坐标参照系："+shortName(name), "请转换为 WGS 84（EPSG:4326）或 CGCS2000（EPSG:4490）的经纬度")
	}
}
