package feed

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"muster/internal/clock"
	"muster/internal/reftest"
	"muster/internal/warning"
)

// The quoted bulletins of the corpus give the counties that were counted by hand.
func TestCorpusBulletins(t *testing.T) {
	dir, ok := reftest.Find(t, "corpus")
	if !ok {
		return
	}
	var want map[string]map[warning.Level][]string
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "bulletin-expected.json")), &want); err != nil {
		t.Fatal(err)
	}
	if len(want) == 0 {
		t.Fatal("no bulletins are expected")
	}
	at := time.Date(2024, 7, 3, 18, 0, 0, 0, clock.Shanghai)
	for file, levels := range want {
		r := Parse(readFile(t, filepath.Join(dir, "public", file)), at)
		if r.Format != "bulletin" || len(r.Messages) != 1 {
			t.Errorf("%s: %+v", file, r)
			continue
		}
		got := map[warning.Level][]string{}
		for _, c := range r.Messages[0].Claims {
			got[c.Level] = append(got[c.Level], adcodes(c.Area.Regions)...)
			if c.Hazard != warning.Geohazard || len(c.Area.Possible) > 0 || c.Expires.Sub(c.Onset) != 24*time.Hour || c.Onset.In(clock.Shanghai).Hour() != 20 {
				t.Errorf("%s: %+v", file, c)
			}
		}
		for level, codes := range levels {
			if !slices.Equal(sortedCopy(got[level]), sortedCopy(codes)) {
				t.Errorf("%s %s: %v, want %v", file, level, got[level], codes)
			}
		}
		if len(got) != len(levels) {
			t.Errorf("%s: %d levels", file, len(got))
		}
		if needs := codesOfReasons(r); needs != "issued_unread issuer_unread" {
			t.Errorf("%s: %s", file, needs)
		}
	}
}

// The words that come with the messages of other feeds are bulletins too.
func TestCorpusDescriptions(t *testing.T) {
	dir, ok := reftest.Find(t, "corpus/public")
	if !ok {
		return
	}
	var yibin []struct{ Description, Severity, Sender string }
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "cngjzwfw__yibin_alert.json")), &yibin); err != nil {
		t.Fatal(err)
	}
	var qweather struct {
		Alerts []struct {
			Description, SenderName string
			Color                   struct{ Code string }
		}
	}
	if err := json.Unmarshal(readFile(t, filepath.Join(dir, "qweather__getWeatherAlertCurrent-zh.json")), &qweather); err != nil {
		t.Fatal(err)
	}
	type expected struct{ text, sender, level string }
	var list []expected
	for _, a := range yibin {
		list = append(list, expected{a.Description, a.Sender, a.Severity})
	}
	for _, a := range qweather.Alerts {
		list = append(list, expected{a.Description, a.SenderName, a.Color.Code})
	}
	if len(list) < 2 {
		t.Fatal("too few descriptions")
	}
	for _, want := range list {
		r := Parse([]byte(want.text), pastedAt)
		if len(r.Messages) != 1 {
			t.Errorf("%s: %+v", want.text, r)
			continue
		}
		m := r.Messages[0]
		if m.Issuer() != want.sender || string(m.Level()) != want.level || m.Sent.IsZero() || len(m.Claims[0].Area.Regions) > 0 {
			t.Errorf("%s: %+v", want.text, m)
		}
	}
}

func sortedCopy(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
