package feed

import (
	"regexp"
	"strconv"

	"muster/internal/geo"
	"muster/internal/warning"
)

// countForm is the number of counties that a daily bulletin states: 等7市(州)27个县.
var countForm = regexp.MustCompile(`(\d{1,3})个(?:县|区)`)

// checkCounts compares each stated number of counties with those that were read
// since the one before. Where they differ, something was read wrongly or not at
// all: the regions become possible and a person must look.
func (b *bulletin) checkCounts(list []place) {
	from := b.from
	for _, m := range countForm.FindAllStringSubmatchIndex(b.text.s[b.from:b.to], -1) {
		at := b.from + m[0]
		stated, _ := strconv.Atoi(b.text.s[b.from+m[2] : b.from+m[3]])
		seen := map[geo.Region]bool{}
		for _, p := range list {
			if p.from >= from && p.from < at && p.role == asArea {
				seen[p.code] = p.code.Level() == geo.County
			}
		}
		from = at
		if len(seen) == 0 {
			continue
		}
		fits := len(seen) == stated
		b.mark(at, b.from+m[1], MarkCount, "写明"+strconv.Itoa(stated)+"个，读出"+strconv.Itoa(len(seen))+"个", fits)
		if !fits {
			b.unsure = true
			b.flag(warning.FlagCountMismatch)
			b.hold("count_mismatch", "读出"+strconv.Itoa(len(seen))+"个区县，文中写明"+strconv.Itoa(stated)+"个，请人工核对")
		}
	}
}
