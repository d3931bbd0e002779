package gate

import (
	"bytes"
)

// stripJSON replaces the values of pictures and templates by "" and leaves every
// other byte as it is. It walks over strings and brackets only, so that text that
// is no longer JSON (cut off, two documents glued) is stripped as well.
func stripJSON(b []byte) []byte {
	w := jsonWalk{in: b}
	for w.at < len(w.in) {
		w.step()
	}
	return append(w.out, w.in[w.kept:]...)
}

// jsonWalk goes over a document; what lies before kept is in out.
type jsonWalk struct {
	in, out  []byte
	kept, at int
	key      string // the latest name of a field, while its value is awaited
}

func (w *jsonWalk) step() {
	switch c := w.in[w.at]; {
	case c == '"':
		w.text()
	case c == '[' && (pictureKey(w.key) || isFeature(w.in[w.at:])), c == '{' && pictureKey(w.key):
		w.drop(balanced(w.in, w.at))
	case c == ',' || c == '{' || c == '}' || c == ']':
		w.key = ""
		w.at++
	default:
		w.bare()
	}
}

// text is a name or a value.
func (w *jsonWalk) text() {
	end := stringEnd(w.in, w.at)
	rest := bytes.TrimLeft(w.in[end:], " \t\r\n")
	inner := bytes.TrimSuffix(w.in[w.at+1:end], []byte{'"'})
	switch {
	case bytes.HasPrefix(rest, []byte{':'}) && len(inner) <= longestRun:
		w.key, w.at = string(inner), end
	case pictureKey(w.key) && len(inner) > 0, hasRun(inner):
		w.drop(end)
	default:
		w.at = end
	}
}

// bare is everything between strings; base64 without quotes is dropped too.
func (w *jsonWalk) bare() {
	end, letters := runEnd(w.in, w.at)
	if letters > longestRun {
		w.drop(end)
		return
	}
	w.at = max(end, w.at+1)
}

// drop replaces what lies between here and end.
func (w *jsonWalk) drop(end int) {
	w.out = append(append(w.out, w.in[w.kept:w.at]...), `""`...)
	w.at, w.kept, w.key = end, end, ""
}

// stringEnd is behind the closing quote of the string that starts at i.
func stringEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(b)
}

// balanced is behind the bracket that closes the one at i.
func balanced(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = stringEnd(b, i)
			continue
		case '[', '{':
			depth++
		case ']', '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(b)
}

// shortestFeature is how many numbers in a row are taken for a face's features.
const shortestFeature = 32

// isFeature says whether an array holds nothing but many numbers.
func isFeature(b []byte) bool {
	end := 1
	for end < len(b) && bytes.IndexByte([]byte("0123456789+-.eE, \t\r\n"), b[end]) >= 0 {
		end++
	}
	return bytes.Count(b[:end], []byte{','}) >= shortestFeature-1
}

// hasRun says whether a text holds a run of base64 that is too long.
func hasRun(b []byte) bool {
	for i := 0; i < len(b); {
		end, letters := runEnd(b, i)
		if letters > longestRun {
			return true
		}
		i = max(end, i+1)
	}
	return false
}
