package geo

import (
	"fmt"
	"strings"

	"muster/internal/errs"
)

// Region is the code of an administrative region (行政区划代码): six digits of
// GB/T 2260 for province, city and county, three of GB/T 10114 for the
// township, three for the village, padded with zeros to twelve digits.
type Region string

// Level is how fine a region is.
type Level string

// The levels, coarse to fine.
const (
	Province Level = "province" // 省级
	City     Level = "city"     // 地级
	County   Level = "county"   // 县级
	Township Level = "township" // 乡级
	Village  Level = "village"  // 村级
)

const regionDigits = 12

// ParseRegion reads a code of 6, 9 or 12 digits, or "156" (China) and 6 digits
// as the national boundary files write it. Nine digits that begin with 156 are
// read so: no province has a code beginning with 156. Whether the region
// exists is not looked up. errs.Fix otherwise.
func ParseRegion(code string) (Region, error) {
	digits := strings.TrimSpace(code)
	if len(digits) == 9 && strings.HasPrefix(digits, "156") {
		digits = digits[3:]
	}
	if err := checkRegion(digits); err != "" {
		return "", errs.New(errs.Fix, "region_invalid", "行政区划代码不正确：%q", code).
			With(errs.Detail{Where: "region", Text: err, Mend: "请填写 6、9 或 12 位行政区划代码"})
	}
	return Region(digits + strings.Repeat("0", regionDigits-len(digits))), nil
}

// checkRegion says what is wrong with a code; "" when nothing is.
func checkRegion(digits string) string {
	if len(digits) != 6 && len(digits) != 9 && len(digits) != regionDigits {
		return fmt.Sprintf("代码有 %d 位", len(digits))
	}
	if strings.Trim(digits, "0123456789") != "" {
		return "代码里有数字以外的字符"
	}
	if digits[0] < '1' || digits[0] > '8' {
		return "没有以此开头的省份"
	}
	// A level that is there under one that is not, as in 510004. Townships may
	// stand directly under a city without counties, as 441900003 in Dongguan.
	gap := false
	for _, w := range widths {
		if w.digits > len(digits) {
			break
		}
		part := digits[w.from:w.digits]
		empty := strings.Trim(part, "0") == ""
		if gap && !empty {
			return "代码中间缺了一级"
		}
		gap = empty && w.level != County
	}
	return ""
}

// widths says which digits belong to which level.
var widths = []struct {
	level        Level
	from, digits int
}{
	{Province, 0, 2}, {City, 2, 4}, {County, 4, 6}, {Township, 6, 9}, {Village, 9, 12},
}

// depth is the index in widths of the finest level the code names.
func (r Region) depth() int {
	for i := len(widths) - 1; i > 0; i-- {
		if w := widths[i]; len(r) >= w.digits && strings.Trim(string(r[w.from:w.digits]), "0") != "" {
			return i
		}
	}
	return 0
}

// Level is how fine the region is. Codes such as 429004 or 469021, counties
// that stand directly under their province, are counties.
func (r Region) Level() Level { return widths[r.depth()].level }

// Parent is the region one level up by the digits; "" for a province. Some
// counties skip the city: those with 90 as the city's digits (429004) stand
// directly under their province. The districts of the four municipalities do
// too, but have a city code (500100) that is no place: there the table of
// regions has the last word.
func (r Region) Parent() Region {
	d := r.depth()
	if d == 0 || len(r) < regionDigits {
		return ""
	}
	if d == 2 && r[2:4] == "90" {
		d--
	}
	return r.cut(widths[d-1].digits)
}

// Range is the half-open range of twelve-digit codes of the region and all
// that is inside it: code >= lo AND code < hi.
func (r Region) Range() (lo, hi string) {
	n := widths[r.depth()].digits
	next := []byte(r[:n])
	for i := n - 1; i >= 0; i-- {
		if next[i]++; next[i] <= '9' {
			break
		}
		next[i] = '0'
	}
	return string(r), string(next) + strings.Repeat("0", regionDigits-n)
}

// Contains says whether other is the region or inside it.
func (r Region) Contains(other Region) bool {
	lo, hi := r.Range()
	return string(other) >= lo && string(other) < hi
}

// Adcode is the first six digits, as feeds and maps write a county.
func (r Region) Adcode() string { return string(r[:min(6, len(r))]) }

// cut keeps the first n digits and pads with zeros.
func (r Region) cut(n int) Region {
	return r[:n] + Region(strings.Repeat("0", regionDigits-n))
}
