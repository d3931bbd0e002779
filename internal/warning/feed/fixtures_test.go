package feed

import (
	"fmt"
	"strings"
	"testing"

	"muster/internal/warning"
)

// A square over Yucheng (雨城), latitude first as CAP writes it.
const square = "30.00,102.90 30.00,103.10 30.15,103.10 30.15,102.90 30.00,102.90"

// capDoc is a plain CAP 1.2 alert; pairs of old and new text make the variants.
func capDoc(edits ...string) []byte {
	doc := `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>A-1</identifier><sender>cap@example.invalid</sender><sent>2026-07-10T18:05:00+08:00</sent>
<status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Expected</urgency>
<severity>Severe</severity><certainty>Likely</certainty><expires>2026-07-11T18:05:00+08:00</expires>
<headline>雅安市气象台发布暴雨橙色预警</headline><description>示例</description>
<area><areaDesc>雅安市雨城区</areaDesc><polygon>` + square + `</polygon></area></info></alert>`
	return edited(doc, edits)
}

// cnDoc is a plain 12379 message.
func cnDoc(edits ...string) []byte {
	doc := `<?xml version="1.0" encoding="UTF-8"?>
<alert><identifier>51180041600000_20260710180500</identifier><sender>雅安市气象局</sender><senderCode>51180041600000</senderCode>
<sendTime>2026-07-10 18:05:00+08:00</sendTime><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>
<code><method><methodName>SMS</methodName><message/><audienceGrp/><audenceprt>00000000000</audenceprt></method></code>
<secClassification>None</secClassification><note/><references/>
<info><language>zh-CN</language><eventType>11B03</eventType><urgency>Unknown</urgency><severity>Orange</severity><certainty>Unknown</certainty>
<effective>2026-07-10 18:05:00+08:00</effective><onset/><expires/><senderName>签发人</senderName>
<headline>雅安市气象局发布暴雨橙色预警[II级/严重]</headline><description>示例</description><instruction/>
<area><areaDesc>雨城区,名山区</areaDesc><polygon/><circle/><geocode>511802000000,511803000000</geocode></area></info></alert>`
	return edited(doc, edits)
}

func edited(doc string, edits []string) []byte {
	for i := 0; i+1 < len(edits); i += 2 {
		if !strings.Contains(doc, edits[i]) {
			panic(fmt.Sprintf("the fixture holds no %q", edits[i]))
		}
		doc = strings.Replace(doc, edits[i], edits[i+1], 1)
	}
	return []byte(doc)
}

// one parses a document that must hold one message.
func one(t *testing.T, raw []byte) (warning.Message, Result) {
	t.Helper()
	r := Parse(raw, receivedAt)
	if len(r.Messages) != 1 {
		t.Fatalf("want one message, got %+v", r)
	}
	return r.Messages[0], r
}

func wantFlag(t *testing.T, m warning.Message, f warning.Flag) {
	t.Helper()
	if !m.HasFlag(f) {
		t.Errorf("flags %v lack %s", m.Flags, f)
	}
}
