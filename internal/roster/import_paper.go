package roster

import (
	"regexp"
	"strings"
)

// paper is a certificate as a cell of a form has it.
type paper struct{ kind, number string }

// paperLabel is the name of a paper before its number: 建造师:, 交安 B 证:.
var paperLabel = regexp.MustCompile(`(\p{Han}{2,10}(?:\s*[A-Ca-c]\s*证)?)\s*[:：]`)

// readPapers reads a cell that lists papers, each as 名称:值, on lines of their own
// or one after another. The identity card is told apart. A name without a value is
// one that was printed and not filled in.
func readPapers(cell string) (id string, papers []paper) {
	at := paperLabel.FindAllStringSubmatchIndex(cell, -1)
	for i, m := range at {
		end := len(cell)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		kind := strings.ToUpper(withoutSpaces(cell[m[2]:m[3]]))
		number := strings.ToUpper(withoutSpaces(strings.Trim(fold(cell[m[1]:end]), " \n\r\t;,、。/-—")))
		switch {
		case number == "":
		case strings.HasPrefix(kind, "身份证"):
			id = number
		default:
			papers = append(papers, paper{kind, number})
		}
	}
	return id, papers
}
