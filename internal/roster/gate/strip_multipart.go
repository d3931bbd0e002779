package gate

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"
)

// part is one piece of a multipart body.
type part struct {
	name, kind string
	body       []byte
}

// boundaryOf finds the boundary of a multipart body; "" when it is none. Some
// terminals send multipart bodies under another content type.
func boundaryOf(contentType string, body []byte) string {
	if kind, params, err := mime.ParseMediaType(contentType); err == nil && strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		return params["boundary"]
	}
	head := bytes.TrimLeft(body, "\r\n")
	line, _, found := bytes.Cut(head, []byte("\n"))
	line = bytes.TrimRight(line, "\r ")
	if found && len(line) > 2 && len(line) <= 72 && bytes.HasPrefix(line, []byte("--")) &&
		bytes.Contains(bytes.ToLower(head[:min(len(head), 512)]), []byte("content-")) {
		return string(line[2:])
	}
	return ""
}

// partsOf reads the parts of a multipart body up to its end or to where it breaks
// off; whole is false when it broke off. The part in which it did is not among them.
func partsOf(boundary string, body []byte) (list []part, whole bool) {
	from := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		p, err := from.NextRawPart()
		if err != nil {
			return list, errors.Is(err, io.EOF)
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return list, false
		}
		list = append(list, part{name: p.FormName(), kind: p.Header.Get("Content-Type"), body: b})
	}
}

// stripMultipart writes a multipart body anew with the parts that are text, each
// stripped, under the same boundary.
func stripMultipart(boundary string, body []byte) []byte {
	list, whole := partsOf(boundary, body)
	changed := !whole
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	if w.SetBoundary(boundary) != nil {
		return stripRuns(textOnly(body))
	}
	for _, p := range list {
		if isPicture(p) {
			changed = true
			continue
		}
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", mime.FormatMediaType("form-data", map[string]string{"name": p.name}))
		if p.kind != "" {
			header.Set("Content-Type", p.kind)
		}
		to, err := w.CreatePart(header)
		if err != nil {
			continue
		}
		clean := stripText(p.kind, p.body)
		changed = changed || len(clean) < len(p.body)
		_, _ = to.Write(clean) // a buffer takes everything
	}
	_ = w.Close()
	if !changed {
		return body
	}
	return out.Bytes()
}

func isPicture(p part) bool {
	kind := strings.ToLower(p.kind)
	return strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "video/") || strings.HasPrefix(kind, "audio/") ||
		len(textOnly(p.body)) < len(p.body) || pictureKey(p.name) && !bytes.HasPrefix(bytes.TrimSpace(p.body), []byte("{"))
}
