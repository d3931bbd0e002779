package roster

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var mobile = regexp.MustCompile(`^1[3-9][0-9]{9}$`)

// middleDots are the ways keyboards write the dot inside a name.
var middleDots = strings.NewReplacer("•", "·", "‧", "·", "・", "·", "・", "·", "∙", "·", "⋅", "·")

// ParseName reads a person's name: 1–50 characters, full-width letters folded,
// the dot of names such as 阿依·吾守尔 kept as "·". Digits and other signs are
// refused (errs.Fix).
func ParseName(text string) (string, error) {
	name := strings.Join(strings.Fields(fold(middleDots.Replace(text))), " ")
	name = middleDots.Replace(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", fix("name_empty", "没有填姓名", "请填写证件上的姓名")
	case n > 50:
		return "", fix("name_long", "姓名超过 50 个字", "请填写证件上的姓名")
	case strings.ContainsFunc(name, unicode.IsDigit):
		return "", fix("name_digit", "姓名里有数字", "请只填姓名，编号另列一栏")
	case strings.ContainsFunc(name, notInNames) || !strings.ContainsFunc(name, unicode.IsLetter):
		return "", fix("name_sign", "姓名里有不该有的符号", "姓名里只能有文字和间隔号“·”")
	}
	return name, nil
}

func notInNames(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune("· -'.〇", r)
}

// ParsePhone reads a mobile number of China: 11 digits, blanks, hyphens and the
// prefixes +86 and 0086 taken off. errs.Fix otherwise; the error never carries
// the number.
func ParsePhone(text string) (string, error) {
	digits := strings.NewReplacer("-", "", "(", "", ")", "").Replace(withoutSpaces(text))
	if scientific.MatchString(digits) {
		return "", fix("phone_scientific", "号码被表格软件改成了科学计数", "请把该列设为文本后重新填写")
	}
	for _, prefix := range []string{"+86", "0086", "86"} {
		if rest, cut := strings.CutPrefix(digits, prefix); cut && len(rest) == 11 {
			digits = rest
		}
	}
	if !mobile.MatchString(digits) {
		return "", fix("phone_form", "不是手机号码", "应为 1 开头的 11 位手机号码")
	}
	return digits, nil
}

// MaskName keeps the first character: 王**.
func MaskName(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(first) + strings.Repeat("*", max(1, utf8.RuneCountInString(name[size:])))
}

// MaskPhone keeps the first three and last four digits: 138****5678. Anything
// shorter than that is hidden entirely.
func MaskPhone(phone string) string { return maskMiddle(phone, 3, 4) }

// MaskID keeps the region's first three digits and nothing of birth and sequence.
func MaskID(id string) string { return maskMiddle(id, 3, 0) }

func maskMiddle(s string, head, tail int) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) < head+tail+3 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}

// NumberTail is what of a certificate's number people may tell two apart by: the
// last four characters of a long one, nothing of a short one.
func NumberTail(number string) string {
	if r := []rune(number); len(r) >= 8 {
		return string(r[len(r)-4:])
	}
	return ""
}
