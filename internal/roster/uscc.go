package roster

import "strings"

// usccDigits are the 31 characters of GB 32100—2015 (no I, O, S, V, Z); the
// value of a character is its place.
const usccDigits = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ParseUSCC reads a unified social credit code (统一社会信用代码, GB 32100):
// 18 characters of 31, the last one checks the others. errs.Fix otherwise.
func ParseUSCC(text string) (string, error) {
	code := strings.ToUpper(withoutSpaces(text))
	switch {
	case scientific.MatchString(code):
		return "", fix("uscc_scientific", "代码被表格软件改成了科学计数，后几位已丢失", "请把该列设为文本后重新填写")
	case len(strings.ReplaceAll(code, "-", "")) == 9:
		return "", fix("uscc_old", "是 9 位旧组织机构代码", "请填 18 位统一社会信用代码")
	case len(code) != 18:
		return "", fix("uscc_form", "不是 18 位统一社会信用代码", "请与营业执照核对位数")
	}
	if i := strings.IndexFunc(code, func(r rune) bool { return !strings.ContainsRune(usccDigits, r) }); i >= 0 {
		return "", fix("uscc_form", "含有代码里没有的字符", "代码里没有字母 I、O、S、V、Z，请核对是否为数字 1、0、5、2")
	}
	if code[17] != usccCheck(code[:17]) {
		return "", fix("uscc_check", "校验码不对", "请与营业执照逐位核对")
	}
	return code, nil
}

// usccCheck is the 18th character: weights are the powers of 3 modulo 31.
func usccCheck(first17 string) byte {
	sum, weight := 0, 1
	for i := range first17 {
		sum += strings.IndexByte(usccDigits, first17[i]) * weight
		weight = weight * 3 % 31
	}
	return usccDigits[(31-sum%31)%31]
}
