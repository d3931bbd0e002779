package roster

import (
	"regexp"
	"strings"
	"time"

	"muster/internal/errs"
)

var (
	eighteenDigits = regexp.MustCompile(`^[0-9]{17}[0-9X]$`)
	scientific     = regexp.MustCompile(`^[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}$`)
)

// citizenWeights are the weights of GB 11643—1999 §4, left to right.
var citizenWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// ParseCitizenID reads a citizen identification number (公民身份号码, GB 11643):
// 18 characters, a real date of birth, the check character of ISO 7064 MOD 11-2.
// A small x becomes X. Errors are errs.Fix and never carry the number.
func ParseCitizenID(text string) (string, error) {
	id := strings.ToUpper(withoutSpaces(text))
	switch {
	case scientific.MatchString(id):
		return "", fix("id_scientific", "号码被表格软件改成了科学计数，后几位已丢失", "请把该列设为文本后重新填写")
	case len(id) == 15 && strings.Trim(id, "0123456789") == "":
		return "", fix("id_old", "是 15 位旧号码", "请填 18 位公民身份号码")
	case !eighteenDigits.MatchString(id):
		return "", fix("id_form", "不是 18 位公民身份号码", "应为 17 位数字加 1 位校验码（数字或 X）")
	case !realDate(id[6:14]):
		return "", fix("id_date", "出生日期不存在", "请核对第 7 至 14 位")
	case id[17] != citizenCheck(id[:17]):
		return "", fix("id_check", "校验码不对", "请与证件逐位核对")
	}
	return id, nil
}

// citizenCheck is the 18th character for the first seventeen digits.
func citizenCheck(digits string) byte {
	sum := 0
	for i, w := range citizenWeights {
		sum += int(digits[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

func realDate(yyyymmdd string) bool {
	_, err := time.Parse("20060102", yyyymmdd)
	return err == nil
}

// fix is an error of kind errs.Fix about one value, with how to mend it.
func fix(code, text, mend string) error {
	return errs.New(errs.Fix, code, "%s", text).With(errs.Detail{Text: text, Mend: mend})
}
