package feed

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of an XML document. Real alerts nest below 12 and hold below 80,000
// elements (a warning for all of Germany in eight languages).
const (
	maxDepth    = 32
	maxElements = 200_000
)

// element is one XML element; attributes are not kept, no format here uses them.
type element struct {
	name    xml.Name
	text    string // character data, joined
	comment bool   // a comment stood inside
	kids    []*element
}

// readXML reads a whole document safely: no DOCTYPE, no entities, bounded depth
// and size, one root, nothing after it.
func readXML(text []byte) (*element, *Reason) {
	r := treeReader{decoder: xml.NewDecoder(bytes.NewReader(text))}
	// The text is UTF-8 already, whatever the declaration says.
	r.decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	for {
		token, err := r.decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, r.explain(err)
		}
		if reason := r.take(token); reason != nil {
			return nil, reason
		}
	}
	if r.root == nil {
		return nil, &Reason{"not_well_formed", "没有根元素"}
	}
	return r.root, nil
}

type treeReader struct {
	decoder  *xml.Decoder
	root     *element
	open     []*element
	texts    [][]byte
	elements int
}

func (r *treeReader) take(token xml.Token) *Reason {
	switch t := token.(type) {
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		last := len(r.open) - 1
		r.open[last].text = string(r.texts[last])
		r.open, r.texts = r.open[:last], r.texts[:last]
	case xml.CharData:
		return r.chars(t)
	case xml.Comment:
		if n := len(r.open); n > 0 {
			r.open[n-1].comment = true
		}
	case xml.Directive:
		return &Reason{"doctype", "含有DOCTYPE声明，按不安全内容拒收"}
	}
	return nil
}

func (r *treeReader) start(t xml.StartElement) *Reason {
	r.elements++
	switch {
	case len(r.open) == 0 && r.root != nil:
		return &Reason{"trailing_content", "根元素之后还有第二个根元素"}
	case len(r.open) >= maxDepth:
		return &Reason{"too_deep", fmt.Sprintf("元素嵌套超过%d层", maxDepth)}
	case r.elements > maxElements:
		return &Reason{"too_many_elements", fmt.Sprintf("元素超过%d个", maxElements)}
	}
	e := &element{name: xml.Name{Space: strings.TrimSpace(t.Name.Space), Local: t.Name.Local}}
	if n := len(r.open); n > 0 {
		r.open[n-1].kids = append(r.open[n-1].kids, e)
	} else {
		r.root = e
	}
	r.open, r.texts = append(r.open, e), append(r.texts, nil)
	return nil
}

func (r *treeReader) chars(t xml.CharData) *Reason {
	if n := len(r.open); n > 0 {
		r.texts[n-1] = append(r.texts[n-1], t...)
		return nil
	}
	if len(bytes.TrimSpace(t)) == 0 {
		return nil
	}
	if r.root == nil {
		return &Reason{"not_well_formed", "根元素之前有多余文字"}
	}
	return &Reason{"trailing_content", "根元素之后有多余内容"}
}

// explain turns an error of the XML reader into words without internals.
func (r *treeReader) explain(err error) *Reason {
	line, _ := r.decoder.InputPos()
	if strings.Contains(err.Error(), "character entity") {
		return &Reason{"entity", fmt.Sprintf("第%d行使用了未定义的实体，按不安全内容拒收", line)}
	}
	return &Reason{"not_well_formed", fmt.Sprintf("第%d行附近不是合法的XML", line)}
}

// all gives the children of a local name in the element's own namespace (or in
// none, which careless writers produce under a prefixed root).
func (e *element) all(local string) []*element {
	var out []*element
	for _, k := range e.kids {
		if k.name.Local == local && (k.name.Space == e.name.Space || k.name.Space == "") {
			out = append(out, k)
		}
	}
	return out
}

// first is the first child of a name; nil without one.
func (e *element) first(local string) *element {
	if found := e.all(local); len(found) > 0 {
		return found[0]
	}
	return nil
}

// value is the trimmed text of the first child of a name; empty without one.
func (e *element) value(local string) string {
	if k := e.first(local); k != nil {
		return strings.TrimSpace(k.text)
	}
	return ""
}

// hasForeign says whether a direct child of this local name exists in another
// namespace, as an XML signature does.
func (e *element) hasForeign(local string) bool {
	for _, k := range e.kids {
		if k.name.Local == local && k.name.Space != e.name.Space {
			return true
		}
	}
	return false
}

// commented says whether a comment stands inside the text of any leaf: text
// around a comment is joined, so CAN<!-- -->CEL reads CANCEL.
func (e *element) commented() bool {
	if e.comment && len(e.kids) == 0 && strings.TrimSpace(e.text) != "" {
		return true
	}
	for _, k := range e.kids {
		if k.commented() {
			return true
		}
	}
	return false
}

func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return s
}
