package gate

import (
	"bytes"
	"mime"
	"net/url"
	"strings"
)

// Strip drops faces and templates from a request's body (devices.md §0 point 11)
// and says how many bytes went: parts of a multipart body that are no text, values
// under the names of pictures and templates, long runs of base64, rows of numbers
// that are features, and everything from the first byte that no text has. What is
// left is as it came, byte for byte. It looks at the bytes and does not trust the
// content type; a body that is cut or broken is stripped as far as it goes.
func Strip(contentType string, body []byte) (clean []byte, dropped int) {
	clean = strip(contentType, body)
	return clean, max(0, len(body)-len(clean))
}

func strip(contentType string, body []byte) []byte {
	if boundary := boundaryOf(contentType, body); boundary != "" {
		return stripMultipart(boundary, body)
	}
	return stripText(contentType, body)
}

// stripText strips what is not multipart. Parts of a multipart body and values of
// a form are stripped by it, so that nothing nests.
func stripText(contentType string, body []byte) []byte {
	kind, _, _ := mime.ParseMediaType(contentType)
	body = textOnly(body)
	switch trimmed := bytes.TrimSpace(body); {
	case len(trimmed) == 0:
		return body
	case bytes.ContainsAny(trimmed[:1], "{["):
		return stripJSON(body)
	case kind == "application/x-www-form-urlencoded":
		return stripForm(body)
	}
	return stripRuns(stripBraces(body))
}

// stripBraces treats what follows the first brace of a text as JSON: Dahua's
// Code=…;data={…}.
func stripBraces(text []byte) []byte {
	if i := bytes.IndexByte(text, '{'); i >= 0 {
		return append(bytes.Clone(text[:i]), stripJSON(text[i:])...)
	}
	return text
}

var magics = [][]byte{{0}, {0xff}, []byte("\x89PNG\r\n\x1a\n")}

// textOnly cuts a body before the first byte that neither UTF-8 nor GB 18030
// has: pictures that follow a header (ZKTeco ATTPHOTO), templates.
func textOnly(b []byte) []byte {
	for _, m := range magics {
		if i := bytes.Index(b, m); i >= 0 {
			b = b[:i]
		}
	}
	return b
}

// longestRun is how many characters of base64 in a row may be something else:
// keys, digests and sealed numbers are shorter, templates are longer.
const longestRun = 159

// stripRuns drops long runs of base64, also when they are broken into lines or
// escaped for JSON or a form.
func stripRuns(b []byte) []byte {
	var out []byte
	kept := 0
	for i := 0; i < len(b); {
		end, letters := runEnd(b, i)
		if letters > longestRun {
			out = append(out, b[kept:i]...)
			kept = end
		}
		i = max(end, i+1)
	}
	return append(out, b[kept:]...)
}

// runEnd is where the run that starts at i ends, and how many characters of
// base64 it has.
func runEnd(b []byte, i int) (end, letters int) {
	line := 0
	for i < len(b) {
		switch c := b[i]; {
		case isBase64(c):
			line, letters = line+1, letters+1
			i++
		case c == '%' && len(b) > i+2 && bytes.Contains([]byte("2B2F3D2b2f3d"), b[i+1:i+3]):
			letters, i = letters+1, i+3
		case c == '\\' && len(b) > i+1 && (b[i+1] == '/' || line >= 60 && (b[i+1] == 'n' || b[i+1] == 'r')):
			i += 2
		case (c == '\n' || c == '\r') && line >= 60:
			i++
			if c == '\n' {
				line = 0
			}
		default:
			return i, letters
		}
	}
	return i, letters
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '=' || c == '-' || c == '_'
}

// stripForm strips each value of a form; a value that loses nothing stays as it
// was written.
func stripForm(body []byte) []byte {
	pairs := strings.Split(string(body), "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		key, errKey := url.QueryUnescape(name)
		plain, errValue := url.QueryUnescape(value)
		if errKey != nil || errValue != nil {
			pairs[i] = string(stripRuns([]byte(pair)))
			continue
		}
		left := string(stripText("", []byte(plain)))
		if pictureKey(key) {
			left = ""
		}
		if left != plain {
			pairs[i] = name + "=" + url.QueryEscape(left)
		}
	}
	return []byte(strings.Join(pairs, "&"))
}

// pictureWords are in the names of fields that hold pictures or templates.
var pictureWords = []string{
	"picture", "photo", "image", "img", "jpeg", "base64", "template", "modeldata", "feature", "embedding",
	"facedata", "fingerdata", "fingerprintdata", "biodata", "voucher", "attachment", "irisdata", "palmdata",
}

// pictureKey says whether a field of this name holds a picture or template.
func pictureKey(name string) bool {
	name = strings.ToLower(name)
	for _, w := range pictureWords {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}
