package geo

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"muster/internal/errs"
)

// Bounds of an XML document with shapes.
const (
	maxXMLDepth    = 64
	maxXMLElements = 300_000
)

// element is one XML element without its name space.
type element struct {
	name string
	srs  string // srsName of GML
	dim  string // srsDimension of GML
	text strings.Builder
	kids []*element
}

// xml reads KML or GML: no DOCTYPE, no entities, nothing is fetched.
func (r *reader) xml(text []byte, format Format) error {
	root, err := readXML(text)
	if err != nil {
		return err
	}
	if format == GML {
		r.gml(root, "", 0)
		return nil
	}
	r.datum = WGS84Datum // OGC 12-007r2 §6.2: KML has no other
	r.kml(root, "")
	return nil
}

// readXML reads a tree of bounded depth and size.
func readXML(text []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 already
	top := &element{}
	open := []*element{top}
	for n := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return top, nil
		}
		if err != nil {
			line, _ := d.InputPos()
			return nil, errs.New(errs.Fix, "xml_broken", "第 %d 行附近不是合法的 XML", line).
				With(errs.Detail{Where: fmt.Sprintf("第 %d 行", line), Text: "不是合法的 XML", Mend: "请检查文件是否完整"})
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errs.New(errs.Unsafe, "xml_doctype", "文件含有 DOCTYPE 声明，按不安全内容拒收")
		case xml.StartElement:
			if n++; n > maxXMLElements || len(open) > maxXMLDepth {
				return nil, errs.New(errs.Limit, "xml_too_large", "文件的元素太多或嵌套太深")
			}
			e := newElement(t)
			parent := open[len(open)-1]
			parent.kids = append(parent.kids, e)
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			open[len(open)-1].text.Write(t)
		}
	}
}

func newElement(t xml.StartElement) *element {
	e := &element{name: t.Name.Local}
	for _, a := range t.Attr {
		switch a.Name.Local {
		case "srsName":
			e.srs = a.Value
		case "srsDimension":
			e.dim = a.Value
		}
	}
	return e
}

// kid is the first child of a name; nil without one.
func (e *element) kid(name string) *element {
	for _, k := range e.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// words is the text of the first child of a name, in one line.
func (e *element) words(name string) string {
	if k := e.kid(name); k != nil {
		return shortName(k.text.String())
	}
	return ""
}
