package geo

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// RegionInfo is a region of the built-in table.
type RegionInfo struct {
	Code     Region
	Name     string // full Chinese name
	Level    Level
	Parent   Region // "" for the province
	Position LonLat // a representative point inside
}

// regionsCSV is the province, its 21 cities and 183 counties: codes and names
// of 统计用区划代码 2023.
//
//go:embed regions.csv
var regionsCSV string

// aliasesCSV is what some of them were called before, with the code they had
// and the month until which that was right. Feeds lag by years.
//
//go:embed aliases.csv
var aliasesCSV string

// BuiltinRegions is the table of regions that comes with Muster, in the order
// of codes. The caller may change the slice.
func BuiltinRegions() []RegionInfo { return slices.Clone(builtin().regions) }

// LookupRegion finds a region of the built-in table by its code, also by one
// that was abolished: 513425 (会理县) finds 513402 (会理市).
func LookupRegion(r Region) (RegionInfo, bool) {
	info, ok := builtin().byCode[r.Current()]
	return info, ok
}

// Current is the code that replaced an abolished one, else the code itself.
func (r Region) Current() Region {
	if now, ok := builtin().successors[r]; ok {
		return now
	}
	return r
}

// table is the built-in table with its indexes.
type table struct {
	regions    []RegionInfo
	byCode     map[Region]RegionInfo
	successors map[Region]Region
	former     []formerName
}

// formerName is what a region was once called.
type formerName struct {
	name string
	now  Region
}

var builtin = sync.OnceValue(func() *table {
	t := &table{byCode: map[Region]RegionInfo{}, successors: map[Region]Region{}}
	for _, row := range embedded(regionsCSV) {
		info := RegionInfo{
			Code: mustRegion(row[0]), Name: row[1], Level: Level(row[2]),
			Position: LonLat{Lon: mustFloat(row[4]), Lat: mustFloat(row[5])},
		}
		if info.Level != Province {
			info.Parent = mustRegion(row[3])
		}
		t.regions = append(t.regions, info)
		t.byCode[info.Code] = info
	}
	for _, row := range embedded(aliasesCSV) {
		was, now := mustRegion(row[1]), mustRegion(row[2])
		if was != now {
			t.successors[was] = now
		}
		t.former = append(t.former, formerName{name: row[0], now: now})
	}
	return t
})

// embedded reads an embedded table without its heading. What is embedded was
// tested, so a fault in it is a fault of the program.
func embedded(text string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("geo: embedded table: %v", err))
	}
	return rows[1:]
}

func mustRegion(code string) Region {
	r, err := ParseRegion(code)
	if err != nil {
		panic(fmt.Sprintf("geo: embedded table: %v", err))
	}
	return r
}

func mustFloat(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(fmt.Sprintf("geo: embedded table: %v", err))
	}
	return f
}
