package gate

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// reading is what a request of a device says.
type reading struct {
	seen    []Seen // what may be passes, in the order of the request
	ignored int    // records that are understood and no passes: refused entry, doors
	beat    *Beat  // a sign of life with something in it; nil: none
}

func (r *reading) add(other reading) {
	r.seen = append(r.seen, other.seen...)
	r.ignored += other.ignored
	if other.beat != nil {
		r.beat = other.beat
	}
}

// unreadable is a reading of a body that nobody understands: kept, acknowledged.
func unreadable(body []byte) reading {
	return reading{seen: []Seen{{Why: Unreadable, Body: body}}}
}

// hand keeps a request, reads it and hands on what it says. It answers how many
// records were in it.
func (v *visit) hand(read func(body []byte) reading) (verdicts []Verdict, err error) {
	if err := v.keep(); err != nil {
		return nil, err
	}
	got := read(v.clean)
	if got.beat != nil {
		if err := v.beat(*got.beat); err != nil {
			return nil, err
		}
	}
	return v.take(got.seen)
}

// documents finds what a body holds: the texts of its parts, or itself.
func documents(contentType string, body []byte) [][]byte {
	boundary := boundaryOf(contentType, body)
	if boundary == "" {
		return [][]byte{body}
	}
	var list [][]byte
	parts, _ := partsOf(boundary, body)
	for _, p := range parts {
		if len(bytes.TrimSpace(p.body)) > 0 {
			list = append(list, p.body)
		}
	}
	return list
}

// values splits glued JSON documents; what cannot be read any more is the last.
func values(body []byte) (list []json.RawMessage, rest []byte) {
	d := json.NewDecoder(bytes.NewReader(body))
	for {
		var raw json.RawMessage
		at := d.InputOffset()
		if err := d.Decode(&raw); err != nil {
			return list, bytes.TrimSpace(body[at:])
		}
		list = append(list, raw)
	}
}

// readXML decodes a document in whatever Chinese encoding it names.
func readXML(body []byte, into any) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "gb") {
			return simplifiedchinese.GB18030.NewDecoder().Reader(in), nil
		}
		return in, nil
	}
	return d.Decode(into)
}

// isMAC says whether a text looks like a network address of a device.
func isMAC(text string) bool {
	return len(macDigits(text)) == 12 && len(text) >= 12 && len(text) <= 17
}

func macDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789abcdef", r) {
			return r
		}
		return -1
	}, strings.ToLower(text))
}
