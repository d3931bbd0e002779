package response

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// edge is a step as docs/states.md writes it; machines without events have none.
type edge struct{ from, event, to string }

func documented(t *testing.T, machine string) (table, picture []edge) {
	t.Helper()
	raw, err := os.ReadFile("../../docs/states.md")
	if err != nil {
		t.Fatal(err)
	}
	before, after, ok := strings.Cut(string(raw), "<!-- transitions: "+machine+" -->\n")
	if !ok {
		t.Fatalf("docs/states.md has no transitions of a %s", machine)
	}
	return tableEdges(after), pictureEdges(before[strings.LastIndex(before, "```mermaid"):])
}

var code = regexp.MustCompile("`(\\w+)`")

func tableEdges(text string) []edge {
	var list []edge
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		events := []string{""}
		if len(cells) == 3 {
			events = codes(cells[1])
		}
		for _, from := range codes(cells[0]) {
			for _, event := range events {
				for _, to := range codes(cells[len(cells)-1]) {
					list = append(list, edge{from, event, to})
				}
			}
		}
	}
	return list
}

func codes(cell string) []string {
	var list []string
	for _, m := range code.FindAllStringSubmatch(cell, -1) {
		list = append(list, m[1])
	}
	return list
}

var arrow = regexp.MustCompile(`(?m)^ +(\w+) --> (\w+)(?:: (\w+))?$`)

func pictureEdges(text string) []edge {
	var list []edge
	for _, m := range arrow.FindAllStringSubmatch(text, -1) {
		list = append(list, edge{m[1], m[3], m[2]})
	}
	return list
}

func TestTheDocumentedMachinesAreTheRealOnes(t *testing.T) {
	var target, notice, duty []edge
	for _, s := range Transitions() {
		target = append(target, edge{string(s.From), string(s.Event), string(s.To)})
	}
	for _, s := range NoticeSteps() {
		notice = append(notice, edge{string(s.From), "", string(s.To)})
	}
	for _, s := range DutySteps() {
		duty = append(duty, edge{string(s[0]), "", string(s[1])})
	}
	for machine, real := range map[string][]edge{"response": target, "notice": notice, "duty": duty} {
		t.Run(machine, func(t *testing.T) {
			table, picture := documented(t, machine)
			for _, e := range real {
				if n := times(table, e); n != 1 {
					t.Errorf("%v is %d times in the table", e, n)
				}
			}
			for _, e := range append(table, picture...) {
				if !slices.Contains(real, e) {
					t.Errorf("%v does not exist", e)
				}
			}
			if len(picture) < 2 {
				t.Errorf("the picture has %d arrows", len(picture))
			}
		})
	}
}

func times(list []edge, e edge) int {
	n := 0
	for _, other := range list {
		if other == e {
			n++
		}
	}
	return n
}
