package feed

import (
	"strings"

	"muster/internal/warning"
)

// capReferences reads the references of a CAP message: triples
// sender,identifier,sent split by any blanks; in CAP 1.0 plain identifiers.
func (d *draft) capReferences(root *element) {
	for _, word := range strings.Fields(root.value("references")) {
		d.addReference(d.capReference(word))
	}
	d.needReferences()
}

func (d *draft) capReference(word string) warning.Reference {
	parts := strings.Split(word, ",")
	if len(parts) == 1 {
		return warning.Reference{ID: word}
	}
	if len(parts) != 3 || parts[1] == "" {
		d.flag(warning.FlagReferenceBad)
		return warning.Reference{ID: word}
	}
	sent, _, ok := parseTime(parts[2])
	if !ok {
		d.flag(warning.FlagReferenceBad)
	}
	return warning.Reference{Sender: parts[0], ID: parts[1], Sent: sent}
}

// addReference keeps a reference and flags one that cannot lie in the past of
// the message: to itself, or to something not earlier.
func (d *draft) addReference(r warning.Reference) {
	switch {
	case r.ID == d.ID && (r.Sender == "" || r.Sender == d.Sender):
		d.flag(warning.FlagSelfReference)
	case !r.Sent.IsZero() && !d.Sent.IsZero() && !r.Sent.Before(d.Sent):
		d.flag(warning.FlagReferenceLater)
	}
	if r.Sender != "" && r.Sender != d.Sender {
		d.flag(warning.FlagForeignReference)
	}
	d.References = append(d.References, r)
}

// needReferences flags an Update or Cancel that refers to nothing.
func (d *draft) needReferences() {
	follows := d.MsgType == warning.MsgUpdate || d.MsgType == warning.MsgCancel
	if follows && len(d.References) == 0 {
		d.flag(warning.FlagNoReferences)
	}
}
