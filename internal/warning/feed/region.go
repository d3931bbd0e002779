package feed

import (
	"slices"
	"strings"

	"muster/internal/geo"
	"muster/internal/warning"
)

// provinces are the first two digits that GB/T 2260 gives out.
const provinces = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82"

// knownRegion reads a Chinese region code of 6, 9 or 12 digits. In the
// provinces whose counties we have in our table the county must be there;
// elsewhere the province must exist. Abolished codes give their successor.
func knownRegion(s string) (geo.Region, bool) {
	r, err := geo.ParseRegion(s)
	if err != nil || !strings.Contains(provinces, string(r[:2])) {
		return "", false
	}
	if r.Level() == geo.Province {
		return r, true
	}
	if _, ours := geo.LookupRegion(r[:2] + "0000000000"); !ours {
		return r, true
	}
	if r.Level() == geo.Township || r.Level() == geo.Village {
		_, ok := geo.LookupRegion(r[:6] + "000000")
		return r, ok
	}
	info, ok := geo.LookupRegion(r)
	return info.Code, ok
}

// splitFinest parts a list of codes: those that hold another of the list are
// coarse (only possible), the others are meant. Senders put their own region
// before the chosen townships, so the coarse code is often not the target
// (扩大陷阱).
func splitFinest(codes []geo.Region) (fine, coarse []string) {
	for _, r := range codes {
		holds := slices.ContainsFunc(codes, func(o geo.Region) bool { return o != r && r.Contains(o) })
		switch {
		case holds && !slices.Contains(coarse, string(r)):
			coarse = append(coarse, string(r))
		case !holds && !slices.Contains(fine, string(r)):
			fine = append(fine, string(r))
		}
	}
	return fine, coarse
}

// fromText fills an area that has neither drawing nor codes: the regions that
// its words name are possible, else the office's own territory is. A person
// must look either way.
func (d *draft) fromText(a *warning.ClaimArea, office string) {
	for _, info := range geo.FindRegion(a.Text, "") {
		a.Possible = append(a.Possible, string(info.Code))
	}
	a.Basis = warning.BasisText
	if len(a.Possible) > 0 {
		d.flag(warning.FlagAreaCoarse)
		d.hold("area_text_only", "预警区域只有文字，已按地名推定为可能范围，请人工确认")
		return
	}
	if r, ok := knownRegion(office); ok {
		a.Basis, a.Possible = warning.BasisOffice, []string{string(r)}
		d.flag(warning.FlagNoFineArea)
		d.hold("area_office_only", "没有可用的预警区域，只能按发布单位的辖区推定，请人工确认")
		return
	}
	d.flag(warning.FlagAreaCoarse)
	d.hold("area_missing", "没有可用的预警区域，请人工划定")
}
