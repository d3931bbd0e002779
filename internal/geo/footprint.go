package geo

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/paulmach/orb"

	"muster/internal/errs"
)

// maxFootprintBytes bounds a file of boundaries. The counties of all China at
// survey detail have some 100 MB.
const maxFootprintBytes = 256 << 20

// Footprint is the boundary of a region as one source draws it, in WGS 84.
type Footprint struct {
	Code Region
	Name string
	Area orb.MultiPolygon
}

// ParseFootprints reads boundaries from a GeoJSON FeatureCollection in datum d,
// as the national map service publishes them: each feature a polygon with the
// properties "name" and "gb" ("156" and the GB/T 2260 code) or "adcode" (the
// code alone), text or number.
//
// Features that can't be used are left out and reported, each with its place
// in the file and how to mend it; the caller decides whether to take the rest.
// Rings that cross are not looked for here: see [Defects].
func ParseFootprints(r io.Reader, d Datum) ([]Footprint, []errs.Detail) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFootprintBytes+1))
	if err != nil {
		return nil, []errs.Detail{{Where: "file", Text: "读不出来：" + err.Error()}}
	}
	if len(raw) > maxFootprintBytes {
		return nil, []errs.Detail{{Where: "file", Text: fmt.Sprintf("文件超过 %d MB", maxFootprintBytes>>20), Mend: "请分成几个文件"}}
	}
	var file struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}
	if err := json.Unmarshal(raw, &file); err != nil || file.Type != "FeatureCollection" {
		return nil, []errs.Detail{{Where: "type", Text: "不是 GeoJSON 要素集", Mend: "请给出 FeatureCollection"}}
	}
	if len(file.Features) == 0 {
		return nil, []errs.Detail{{Where: "features", Text: "文件里没有要素"}}
	}
	var list []Footprint
	var wrong []errs.Detail
	first := map[Region]int{}
	for i, feature := range file.Features {
		where := fmt.Sprintf("features[%d]", i)
		f, details := parseFootprint(feature, d)
		if at, twice := first[f.Code]; twice && len(details) == 0 {
			details = []errs.Detail{{Text: fmt.Sprintf("%s %s 已在 features[%d] 出现", f.Code.Adcode(), f.Name, at), Mend: "每个区划只保留一个要素"}}
		}
		if len(details) > 0 {
			wrong = append(wrong, placed(details, where)...)
			continue
		}
		first[f.Code] = i
		list = append(list, f)
	}
	return list, wrong
}

// placed puts the place of a feature before the places inside of it.
func placed(details []errs.Detail, where string) []errs.Detail {
	for i := range details {
		details[i].Where = strings.TrimSuffix(where+"."+details[i].Where, ".")
	}
	return details
}

func parseFootprint(feature []byte, d Datum) (Footprint, []errs.Detail) {
	var f struct {
		Properties struct {
			Name   string `json:"name"`
			GB     code   `json:"gb"`
			Adcode code   `json:"adcode"`
		} `json:"properties"`
	}
	if err := json.Unmarshal(feature, &f); err != nil {
		return Footprint{}, []errs.Detail{{Where: "properties", Text: "属性读不出来", Mend: "name 为文字，gb 或 adcode 为文字或数字"}}
	}
	text := f.Properties.GB
	if text == "" {
		text = f.Properties.Adcode
	}
	region, err := ParseRegion(string(text))
	if err != nil {
		return Footprint{}, []errs.Detail{{
			Where: "properties", Text: fmt.Sprintf("%s 的区划代码 %q 不正确", f.Properties.Name, text),
			Mend: "gb 应为 156 加 6 位代码，adcode 应为 6 位代码",
		}}
	}
	area, err := ParseArea(feature)
	if e, ok := errors.AsType[*errs.Error](err); ok {
		return Footprint{}, append([]errs.Detail{{Text: f.Properties.Name + "：" + e.Text}}, e.Details...)
	}
	return Footprint{Code: region, Name: f.Properties.Name, Area: toWGS84(area, d)}, nil
}

func toWGS84(area orb.MultiPolygon, d Datum) orb.MultiPolygon {
	for _, polygon := range area {
		for _, ring := range polygon {
			for i, p := range ring {
				ring[i] = d.ToWGS84(p[0], p[1]).Point()
			}
		}
	}
	return area
}

// code is a region code written as text or as a number.
type code string

func (c *code) UnmarshalJSON(b []byte) error {
	var n json.Number // takes both, but text only when it is a number
	if err := json.Unmarshal(b, &n); err == nil {
		*c = code(n)
		return nil
	}
	return json.Unmarshal(b, (*string)(c))
}
