package feed

import (
	"strconv"
	"strings"
)

// decimal reads a plain decimal number: sign, digits, one point. Go's own
// reader also takes NaN, Inf, hexadecimal and underscores, which no warning
// means.
func decimal(s string) (float64, bool) {
	body := strings.TrimLeft(s, "+-")
	if len(s)-len(body) > 1 || len(body) == 0 || len(body) > 30 {
		return 0, false
	}
	digits, points := 0, 0
	for _, r := range body {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '.':
			points++
		default:
			return 0, false
		}
	}
	if digits == 0 || points > 1 {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
