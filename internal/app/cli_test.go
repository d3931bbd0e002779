package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The documents of these tests. The first is in force for a day from now, so
// that it may be dispatched.
const (
	squallCAP = `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>SQUALL-7</identifier><sender>office@example.invalid</sender><sent>%s</sent>
  <status>Actual</status><msgType>Update</msgType><scope>Public</scope>
  <references>office@example.invalid,SQUALL-6,2026-11-01T08:00:00+08:00</references>
  <info><language>zh-CN</language><category>Met</category><event>大风</event><urgency>Expected</urgency>
    <severity>Moderate</severity><certainty>Likely</certainty><expires>%s</expires>
    <headline>示例气象台发布大风黄色预警</headline>
    <area><areaDesc>示例河谷</areaDesc><polygon>30,102 30,103 31,103 30,102</polygon></area></info>
</alert>`
	floodNational = `<?xml version="1.0" encoding="UTF-8"?>
<alert><identifier>51180041600000_20260901080000</identifier><sender>示例气象台</sender><senderCode>51180041600000</senderCode>
<sendTime>2026-09-01 08:00:00+08:00</sendTime><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><references/>
<info><language>zh-CN</language><eventType>11A51</eventType><severity>Red</severity>
<effective>2026-09-01 08:00:00+08:00</effective><expires>2026-09-02 08:00:00+08:00</expires><headline>示例气象台发布山洪灾害气象风险红色预警</headline>
<area><areaDesc>石棉县</areaDesc><geocode>511824000000</geocode></area></info></alert>`
	rehearsal = `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>DRILL-1</identifier><sender>office@example.invalid</sender>
<sent>2026-09-01T08:00:00+08:00</sent><status>Exercise</status><msgType>Alert</msgType><scope>Public</scope>
<info><event>暴雨</event><urgency>Expected</urgency><severity>Severe</severity><certainty>Likely</certainty><area><areaDesc>示例</areaDesc></area></info></alert>`
	newsletter = `<rss version="2.0"><channel><title>示例</title><item><title>雨</title></item></channel></rss>`
	entities   = `<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/hostname">]><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&x;</identifier></alert>`
)

// run runs a command line that has no environment and returns what it wrote.
func run(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, said bytes.Buffer
	code = Run(t.Context(), args, func(string) string { return "" }, strings.NewReader(stdin), &out, &said)
	return code, out.String(), said.String()
}

// written puts a document into a file and returns its name.
func written(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, []byte(body), 0o600))
	return path
}

func TestDryRunSaysWhatADocumentSays(t *testing.T) {
	sent := time.Now().Add(-time.Hour).Truncate(time.Second).UTC()
	expires := sent.Add(24 * time.Hour)
	file := written(t, "squall.xml", fmt.Sprintf(squallCAP, offset(sent), offset(expires)))

	code, out, said := run(t, "", "ingest", "--dry-run", "--json", file)
	if code != ExitOK || said != "" {
		t.Fatalf("exit %d, said %q", code, said)
	}
	var got any
	must(t, json.Unmarshal([]byte(out), &got))
	var want any
	must(t, json.Unmarshal([]byte(fmt.Sprintf(`{
		"file": %q, "format": "cap", "outcome": "accepted", "reasons": [],
		"messages": [{
			"id": "SQUALL-7", "national_id": "", "sender": "office@example.invalid", "sent": %q, "status": "actual", "msg_type": "update", "all_clear": false,
			"references": [{"sender": "office@example.invalid", "id": "SQUALL-6", "sent": "2026-11-01T08:00:00+08:00"}],
			"headline": "示例气象台发布大风黄色预警", "flags": [], "dispatchable": true,
			"claims": [{
				"language": "zh-CN", "group": 0, "hazard": "wind", "event": "大风", "event_code": "", "level": "yellow", "level_source": "field",
				"onset": null, "expires": %q, "expires_default": false,
				"area": {"basis": "polygon", "text": "示例河谷", "regions": [], "possible": [],
					"geometry": {"type": "MultiPolygon", "coordinates": [[[[102,30],[103,30],[103,31],[102,30]]]]}}
			}]
		}]
	}`, file, offset(sent), offset(expires))), &want))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("not as design says (-want +got):\n%s", diff)
	}
}

// offset writes a time as CAP has it.
func offset(at time.Time) string {
	return at.In(time.FixedZone("", 8*3600)).Format("2006-01-02T15:04:05-07:00")
}

func TestDryRunOutcomes(t *testing.T) {
	for _, c := range []struct {
		name, body, format, outcome string
		messages, exit              int
	}{
		{"a national warning", floodNational, "cma", "accepted", 1, ExitOK},
		{"an exercise is understood and not dispatched", rehearsal, "cap", "ignored", 1, ExitOK},
		{"a newsletter is kept for a person", newsletter, "rss", "held", 0, ExitOK},
		{"a document that reaches for files", entities, "cap", "rejected", 0, ExitFailed},
		{"nothing", "", "unknown", "rejected", 0, ExitFailed},
		{"words that are no document", "今天有雨", "unknown", "rejected", 0, ExitFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, _ := run(t, c.body, "ingest", "--dry-run", "--json", "-")
			var got struct {
				File, Format, Outcome string
				Reasons               []struct{ Code, Text string }
				Messages              []struct{ Dispatchable bool }
			}
			must(t, json.Unmarshal([]byte(out), &got))
			if got.Format != c.format || got.Outcome != c.outcome || len(got.Messages) != c.messages || code != c.exit || got.File != "-" {
				t.Errorf("exit %d: %s", code, out)
			}
			if c.outcome != "accepted" && (len(got.Reasons) == 0 || got.Reasons[0].Code == "" || got.Reasons[0].Text == "") {
				t.Errorf("no reason in words: %s", out)
			}
			for _, m := range got.Messages {
				if m.Dispatchable {
					t.Error("what is over or not meant is not dispatched")
				}
			}
		})
	}
}

func TestDryRunOfSeveralFiles(t *testing.T) {
	good, bad := written(t, "good.xml", floodNational), written(t, "bad.xml", entities)
	code, out, _ := run(t, "", "ingest", "--dry-run", "--json", good, bad, good)
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if code != ExitFailed || len(lines) != 3 {
		t.Fatalf("exit %d, %d lines; want one line per file, and 1 for the rejected one", code, len(lines))
	}
	if !strings.Contains(lines[1], `"rejected"`) || lines[0] != lines[2] {
		t.Errorf("not in the order asked: %v", lines)
	}
	if code, out, _ := run(t, "", "ingest", "--dry-run", good); code != ExitOK || strings.HasPrefix(out, "{") {
		t.Errorf("without --json it is for people; exit %d: %s", code, out)
	}
}

func TestUsage(t *testing.T) {
	there := written(t, "good.xml", floodNational)
	for _, c := range []struct {
		name string
		args []string
		exit int
	}{
		{"help", []string{"--help"}, ExitOK},
		{"help of a command", []string{"ingest", "--help"}, ExitOK},
		{"no command", nil, ExitUsage},
		{"a command that is none", []string{"guess"}, ExitUsage},
		{"a flag that is none", []string{"ingest", "--hurry", there}, ExitUsage},
		{"no file", []string{"ingest", "--dry-run"}, ExitUsage},
		{"a file that is not there", []string{"ingest", "--dry-run", filepath.Join(t.TempDir(), "none.xml")}, ExitUsage},
		{"a directory", []string{"ingest", "--dry-run", t.TempDir()}, ExitUsage},
		{"one file there, one not: nothing is read", []string{"ingest", "--dry-run", "--json", there, there + ".no"}, ExitUsage},
		{"serve without its settings", []string{"serve"}, ExitFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, said := run(t, "", c.args...)
			if code != c.exit {
				t.Errorf("exit %d, want %d: %s", code, c.exit, said)
			}
			if c.exit == ExitOK && !strings.Contains(out, "--help") {
				t.Errorf("help does not help: %q", out)
			}
			if c.exit != ExitOK && (said == "" || out != "" && !strings.Contains(out, "Usage")) {
				t.Errorf("said %q, wrote %q", said, out)
			}
		})
	}
}
