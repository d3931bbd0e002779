package feed

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/internal/warning"
)

func TestTimes(t *testing.T) {
	want := time.Date(2026, 7, 10, 10, 5, 0, 0, time.UTC)
	for text, flag := range map[string]warning.Flag{
		"2026-07-10T18:05:00+08:00": "",
		"2026-07-10T10:05:00-00:00": "",
		"2026-07-10T10:05:00Z":      warning.FlagUTCZ,
		"2026-07-10 18:05:00+08:00": "",
		"2026-07-10T18:05+08:00":    "",
		"2026/07/10 18:05":          warning.FlagTimeZoneAssumed,
		"2026-07-10 18:05:00.0":     warning.FlagTimeZoneAssumed,
		"2026-07-10T18:05:00":       warning.FlagTimeZoneAssumed,
		" 2026-07-10 18:05:00 ":     warning.FlagTimeZoneAssumed,
		"1783677900":                "",
		"1783677900000":             "",
	} {
		got, flags, ok := parseTime(text)
		if !ok || !got.Equal(want) {
			t.Errorf("%q: %s, %v", text, got, ok)
		}
		if (flag == "") != (len(flags) == 0) || flag != "" && flags[0] != flag {
			t.Errorf("%q: flags %v", text, flags)
		}
	}
	for _, text := range []string{"", "soon", "date:now +1 hour", "2026-13-40T00:00:00Z", "0001-01-01T00:00:00Z", "17836779", "-1783677900"} {
		if got, _, ok := parseTime(text); ok {
			t.Errorf("%q was read as %s", text, got)
		}
	}
}

func TestAnyInstantSurvivesCAPTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(946684800, 4102444799).Draw(t, "unix"), 0)
		zone := time.FixedZone("", 60*rapid.IntRange(-840, 840).Draw(t, "minutes"))
		got, _, ok := parseTime(at.In(zone).Format("2006-01-02T15:04:05-07:00"))
		if !ok || !got.Equal(at) {
			t.Fatalf("%s became %s", at, got)
		}
	})
}

func TestDecimalIsStrict(t *testing.T) {
	for _, bad := range []string{"", "+", "-", ".", "+-1", "1e3", "NaN", "Inf", "0x1p3", "1_0", "1.2.3", " 1", "１"} {
		if v, ok := decimal(bad); ok {
			t.Errorf("%q was read as %g", bad, v)
		}
	}
	for _, good := range []string{"0", "-0.5", "+41.12", "103.", ".5"} {
		if _, ok := decimal(good); !ok {
			t.Errorf("%q was refused", good)
		}
	}
}
