package gate

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// loose is a text that vendors send as a string, a number or a bool. Anything
// else reads as "".
type loose string

// UnmarshalJSON implements json.Unmarshaler.
func (l *loose) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	switch {
	case len(b) == 0 || bytes.Equal(b, []byte("null")) || b[0] == '{' || b[0] == '[':
		*l = ""
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*l = loose(s)
	default:
		*l = loose(b)
	}
	return nil
}

// int is the number that the text is, 0 when it is none.
func (l loose) int() int64 {
	n, err := strconv.ParseInt(string(l), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// rows splits an array into its elements without reading them; nil when it is none.
func rows(b json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(b, &list) != nil {
		return nil
	}
	return list
}
