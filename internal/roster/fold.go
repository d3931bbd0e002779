package roster

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// fold makes full-width letters, digits and punctuation narrow and trims.
func fold(s string) string { return strings.TrimSpace(width.Fold.String(s)) }

// wordKey is the form in which headings and vocabulary words are compared:
// folded, lower case, without brackets, blanks, line breaks and marks such as ★.
func wordKey(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("()[]{}【】〔〕「」《》★☆*:_-/、,，", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, fold(s))
}

// dropBracketed removes what stands in brackets, as in 手机号码(必填).
func dropBracketed(s string) string {
	depth := 0
	return strings.Map(func(r rune) rune {
		switch r {
		case '(', '[', '【', '〔':
			depth++
			return -1
		case ')', ']', '】', '〕':
			depth = max(0, depth-1)
			return -1
		}
		if depth > 0 {
			return -1
		}
		return r
	}, fold(s))
}

// withoutSpaces folds and removes all blanks, also the invisible ones that
// spreadsheets and chat programs leave in numbers.
func withoutSpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, fold(s))
}
