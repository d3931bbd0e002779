package demo

import (
	"fmt"
	"strconv"
	"strings"
)

var surnames = []string{"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "罗", "高", "林"}

var chineseDigits = strings.NewReplacer("0", "〇", "1", "一", "2", "二", "3", "三", "4", "四",
	"5", "五", "6", "六", "7", "七", "8", "八", "9", "九")

// personName is 示例·王一二: a surname and a number, so that nobody is meant.
func personName(n int) string {
	return "示例·" + surnames[n%len(surnames)] + chineseDigits.Replace(strconv.Itoa(n/len(surnames)+1))
}

// phone is a number of the segment 142: segments 14x are for data cards and
// machines, and this one is not given out.
func phone(n int) string { return fmt.Sprintf("142%08d", n) }

// shortName takes the kind of region off: 石棉县 → 石棉, 阿坝藏族羌族自治州 → 阿坝.
func shortName(region string) string {
	for _, tail := range []string{"藏族羌族自治州", "藏族自治州", "彝族自治州", "羌族自治县", "彝族自治县", "藏族自治县"} {
		if s, cut := strings.CutSuffix(region, tail); cut {
			return s
		}
	}
	r := []rune(region)
	if len(r) > 2 {
		return string(r[:len(r)-1])
	}
	return region
}

// chineseNumber writes 1–99 as 一, 十二, 三十; larger ones digit by digit.
func chineseNumber(n int) string {
	digit := func(d int) string { return chineseDigits.Replace(strconv.Itoa(d)) }
	switch {
	case n < 10 || n > 99:
		return digit(n)
	case n == 10:
		return "十"
	case n < 20:
		return "十" + digit(n%10)
	case n%10 == 0:
		return digit(n/10) + "十"
	default:
		return digit(n/10) + "十" + digit(n%10)
	}
}
