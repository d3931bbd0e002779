package geo

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"muster/internal/errs"
)

func TestRegionCodes(t *testing.T) {
	for _, c := range []struct {
		code   string
		want   Region
		level  Level
		parent Region
		lo, hi string
	}{
		{"510000", "510000000000", Province, "", "510000000000", "520000000000"},
		{"513400", "513400000000", City, "510000000000", "513400000000", "513500000000"},
		{"156513401", "513401000000", County, "513400000000", "513401000000", "513402000000"},
		{"513401", "513401000000", County, "513400000000", "513401000000", "513402000000"},
		{"513401101", "513401101000", Township, "513401000000", "513401101000", "513401102000"},
		{"513401101201", "513401101201", Village, "513401101000", "513401101201", "513401101202"},
		{"429004", "429004000000", County, "420000000000", "429004000000", "429005000000"},
		{"441900003", "441900003000", Township, "441900000000", "441900003000", "441900004000"},
		{"519999", "519999000000", County, "519900000000", "519999000000", "520000000000"},
	} {
		r, err := ParseRegion(c.code)
		if err != nil || r != c.want || r.Level() != c.level || r.Parent() != c.parent {
			t.Errorf("%s: %q %s parent %q, %v", c.code, r, r.Level(), r.Parent(), err)
		}
		if lo, hi := r.Range(); lo != c.lo || hi != c.hi {
			t.Errorf("%s: range %s–%s, want %s–%s", c.code, lo, hi, c.lo, c.hi)
		}
	}
}

func TestRegionCodesThatAreNone(t *testing.T) {
	for _, code := range []string{"", "51", "51340", "5134011", "51340a", "５１３４０１", "010000", "910000", "510004", "510000000001", "513401000001", "-51340"} {
		if r, err := ParseRegion(code); !errs.Is(err, errs.Fix) {
			t.Errorf("%q was read as %q, %v", code, r, err)
		}
	}
}

func TestARegionContainsWhatItIsTheAncestorOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := BuiltinRegions()
		a, b := rapid.SampledFrom(all).Draw(t, "a"), rapid.SampledFrom(all).Draw(t, "b")
		ancestor := false
		for r := b.Code; r != ""; r = r.Parent() {
			ancestor = ancestor || r == a.Code
		}
		if a.Code.Contains(b.Code) != ancestor {
			t.Errorf("%s contains %s: %v, ancestor: %v", a.Name, b.Name, !ancestor, ancestor)
		}
	})
}

func TestTheBuiltinTable(t *testing.T) {
	count := map[Level]int{}
	for _, r := range BuiltinRegions() {
		count[r.Level]++
		if r.Level != r.Code.Level() || r.Parent != r.Code.Parent() {
			t.Errorf("%s %s: level %s, parent %s", r.Code, r.Name, r.Level, r.Parent)
		}
		if err := r.Position.Valid(); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
	if count[Province] != 1 || count[City] != 21 || count[County] != 183 {
		t.Errorf("%v", count)
	}
	for _, row := range embedded(aliasesCSV) {
		if _, ok := LookupRegion(mustRegion(row[1])); !ok {
			t.Errorf("the alias %v leads nowhere", row)
		}
	}
}

func TestFindRegion(t *testing.T) {
	for _, c := range []struct {
		name, text string
		within     Region
		want       []string
	}{
		{"a county", "石棉县气象台发布暴雨橙色预警", "", []string{"511824"}},
		{"a county after its city", "雅安市石棉县", "", []string{"511824"}},
		{"a list after its city", "凉山州西昌市、会理市、木里县、盐源县等", "", []string{"513401", "513402", "513422", "513423"}},
		{"a list after a colon", "成都市：邛崃市、崇州市\n阿坝州：汶川县", "", []string{"510183", "510184", "513221"}},
		{"cities for themselves", "成都、甘孜州、阿坝和凉山", "", []string{"510100", "513300", "513200", "513400"}},
		{"a city and another's county", "凉山州、雅安市石棉县", "", []string{"513400", "511824"}},
		{"the province", "四川省气象台", "", []string{"510000"}},
		{"the province before its city", "四川省泸州市泸县", "", []string{"510521"}},
		{"the same name twice", "市中区", "", []string{"511002", "511102"}},
		{"by its city", "乐山市市中区", "", []string{"511102"}},
		{"by its city, shortened", "内江市中区", "", []string{"511002"}},
		{"by where we are", "市中区、东兴区", "511000000000", []string{"511002", "511011"}},
		{"a county that begins as its city", "广安市广安区", "", []string{"511602"}},
		{"without 县 and 区", "阿坝州阿坝、金堂", "", []string{"513231", "510121"}},
		{"an autonomous county in full and short", "北川羌族自治县、峨边县、马边", "", []string{"510726", "511132", "511133"}},
		{"former names", "会理县、宜宾县、安县", "", []string{"513402", "511504", "510705"}},
		{"outside of where we are", "石棉县、汶川县", "513200000000", []string{"513221"}},
		{"no district in the middle of a word", "山西区域、华东区", "", nil},
		{"a zone without a code", "东部新区", "", nil},
		{"twice the same", "泸定县、泸定县", "", []string{"513322"}},
		{"nothing", "", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, r := range FindRegion(c.text, c.within) {
				got = append(got, r.Code.Adcode())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q: %v, want %v", c.text, got, c.want)
			}
		})
	}
}

func TestAbolishedCodesLeadToTheirSuccessors(t *testing.T) {
	info, ok := LookupRegion("513425000000")
	if !ok || info.Name != "会理市" {
		t.Errorf("%+v", info)
	}
	if r := Region("511824000000"); r.Current() != r {
		t.Error("a code in use was changed")
	}
}
