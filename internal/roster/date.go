package roster

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"muster/internal/clock"
)

var (
	dayForm  = regexp.MustCompile(`^(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?$`)
	hourForm = regexp.MustCompile(`^(\d{1,2})[:时点](\d{2})?(?::\d{2}|分)?$`)
	dayShare = regexp.MustCompile(`^0?\.\d+$`)
	serial   = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
)

// excelEpoch is day 0 of spreadsheet serial dates, for dates after February 1900.
var excelEpoch = time.Date(1899, 12, 30, 0, 0, 0, 0, clock.Shanghai)

// ParseDate reads a civil day in Shanghai and returns its midnight: 2018年5月20日,
// 2018.5.20, 2018-05-20, 2018/5/20, 20180520, or a spreadsheet's serial number
// (43240). A time of day behind it is ignored. errs.Fix otherwise.
func ParseDate(text string) (time.Time, error) {
	s := fold(text)
	if day, _, found := strings.Cut(strings.ReplaceAll(s, "T", " "), " "); found && strings.Contains(s, ":") {
		s = day
	}
	s = withoutSpaces(s)
	if serial.MatchString(s) {
		days, _ := strconv.Atoi(s[:5])
		return excelEpoch.AddDate(0, 0, days), nil
	}
	if len(s) == 8 && strings.Trim(s, "0123456789") == "" {
		s = s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	if m := dayForm.FindStringSubmatch(s); m != nil {
		y, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		d, _ := strconv.Atoi(m[3])
		if t := time.Date(y, time.Month(month), d, 0, 0, 0, 0, clock.Shanghai); t.Day() == d && int(t.Month()) == month {
			return t, nil
		}
		return time.Time{}, fix("date_unreal", "没有这一天", "请核对年月日")
	}
	return time.Time{}, fix("date_form", "不是日期", "可写成 2018年5月20日、2018.5.20 或 2018-05-20")
}

// parseHour reads a time of day as what has passed since midnight; 24:00 is the
// end of the day. A spreadsheet's own form is a share of the day (0.8125).
func parseHour(text string) (time.Duration, error) {
	if share := withoutSpaces(text); dayShare.MatchString(share) {
		of, _ := strconv.ParseFloat(share, 64)
		return time.Duration(of * float64(24*time.Hour)).Round(time.Minute), nil
	}
	m := hourForm.FindStringSubmatch(withoutSpaces(text))
	if m == nil {
		return 0, fix("hour_form", "不是时刻", "可写成 08:00")
	}
	h, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	d := time.Duration(h)*time.Hour + time.Duration(minute)*time.Minute
	if minute > 59 || d > 24*time.Hour {
		return 0, fix("hour_form", "没有这个时刻", "时刻应在 00:00 至 24:00 之间")
	}
	return d, nil
}

// IsMidnight says whether an instant is the beginning of a civil day (Asia/Shanghai).
func IsMidnight(t time.Time) bool {
	h, m, sec := t.In(clock.Shanghai).Clock()
	return h+m+sec == 0 && t.Nanosecond() == 0
}
