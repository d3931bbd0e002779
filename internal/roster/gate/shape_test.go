package gate_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"muster/internal/roster/gate"
)

func TestTheShapeOfARecord(t *testing.T) {
	for record, want := range map[string]string{
		`{"idCardNumber":"34052419800101001X","name":"张三","date":"1970-01-01 08:00:00","n":7,"ok":true}`: `{"date":"1970-01-01 08:00:00","idCardNumber":"99999999999999999x","n":"9","name":"某某","ok":true}`,
		"10023\t2026-03-14 07:04:03\t0\t15": "99999\t2026-03-14 07:04:03\t9\t99",
		`"1980-01-01"`:                      `"9999-99-99"`,
		`{"34052419800101001X":1}`:          `{"99999999999999999x":"9"}`,
		"\xff\x00":                          "··",
	} {
		if got := gate.Shape([]byte(record)); got != want {
			t.Errorf("%q: %q, want %q", record, got, want)
		}
	}
}

// No digit of a number gets out but in an instant, whatever the record is.
func TestNoNumberGetsOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[1-8]{11,18}`).Draw(t, "number")
		before, after := rapid.String().Draw(t, "before"), rapid.String().Draw(t, "after")
		shape := gate.Shape([]byte(before + number + after))
		if strings.Contains(shape, number) || !utf8.ValidString(shape) {
			t.Fatal(shape)
		}
	})
}
