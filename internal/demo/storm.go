package demo

import (
	"fmt"
	"time"

	"muster/internal/clock"
)

// Document is a warning document of the stormy evening (风雨之夜). Every one says
// that it is invented.
type Document struct {
	Name string
	Body []byte
}

// Storm is how the evening begins: heavy rain over Ya'an as a CAP polygon, and
// a flash-flood warning for the counties Shimian and Hanyuan from the national
// system (12379).
func Storm(at time.Time) []Document {
	rain := bulletin{id: "DEMO-RAIN-" + day(at), sent: at.Add(-6 * time.Minute), onset: at, expires: at.Add(18 * time.Hour),
		category: "Met", event: "暴雨", urgency: "Expected", severity: "Severe", certainty: "Likely",
		sender: "雅安市气象台", headline: "雅安市气象台发布暴雨橙色预警", words: "未来 3 小时降雨量将达 50 毫米以上。", area: "雅安市雨城、名山、天全、荥经一带",
		polygon: "29.62,102.45 29.60,103.05 29.85,103.35 30.25,103.30 30.32,102.80 30.10,102.40 29.62,102.45"}
	return []Document{
		{"rain", rain.cap()},
		{"flood", flood(at, "Alert", "", "Orange", "发布山洪灾害气象风险橙色预警", 0)},
	}
}

// StormUpdate raises the flash-flood warning of the same civil day to red;
// StormLift ends it. Both name the first message, as the national system does.
func StormUpdate(at time.Time) Document {
	return Document{"update", flood(at, "Update", firstID(at), "Red", "将山洪灾害气象风险预警升级为红色预警", 1)}
}

// StormLift is the issuer's lift of the flash-flood warning.
func StormLift(at time.Time) Document {
	return Document{"lift", flood(at, "Cancel", firstID(at), "Red", "解除山洪灾害气象风险红色预警", 2)}
}

// StormQuiet is a warning of little consequence, which the standing authorisation
// of the demonstration covers: it goes out by itself after some minutes.
func StormQuiet(at time.Time) Document {
	return Document{"quiet", bulletin{id: "DEMO-QUIET-" + at.In(clock.Shanghai).Format("20060102150405"), sent: at.Add(-2 * time.Minute), onset: at,
		expires: at.Add(24 * time.Hour), category: "Geo", event: "地质灾害气象风险", urgency: "Future", severity: "Minor", certainty: "Possible",
		sender: "雅安市自然资源局、气象局", headline: "雅安市发布地质灾害气象风险蓝色预警", words: "石棉一带发生地质灾害有一定风险。", area: "石棉县城以北",
		polygon: "29.20,102.25 29.20,102.55 29.40,102.55 29.40,102.25 29.20,102.25"}.cap()}
}

const stormOffice = "51180041600000" // 雅安市气象台

func day(at time.Time) string     { return at.In(clock.Shanghai).Format("20060102") }
func capTime(at time.Time) string { return at.In(clock.Shanghai).Format("2006-01-02T15:04:05-07:00") }

func firstID(at time.Time) string { return stormOffice + "_" + day(at) + "000100" }

func flood(at time.Time, msgType, references, colour, did string, n int) []byte {
	id := firstID(at)
	if n > 0 {
		id = stormOffice + "_" + at.In(clock.Shanghai).Format("20060102150405")
	}
	when := func(t time.Time) string { return t.In(clock.Shanghai).Format("2006-01-02 15:04:05-07:00") }
	return []byte(fmt.Sprintf(flood12379, id, stormOffice, when(at.Add(-2*time.Minute)), msgType, references, colour,
		when(at), when(at), when(at.Add(24*time.Hour)), did))
}

// bulletin is a warning of a local bureau.
type bulletin struct {
	id                                     string
	sent, onset, expires                   time.Time
	category, event, urgency               string // in CAP's words
	severity, certainty                    string
	sender, headline, words, area, polygon string // the polygon is latitude first, as CAP has it
}

func (b bulletin) cap() []byte {
	return []byte(fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>%s</identifier>
  <sender>demo-weather@example.invalid</sender>
  <sent>%s</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>zh-CN</language>
    <category>%s</category>
    <event>%s</event>
    <urgency>%s</urgency>
    <severity>%s</severity>
    <certainty>%s</certainty>
    <onset>%s</onset>
    <expires>%s</expires>
    <senderName>%s（示例）</senderName>
    <headline>%s（示例，非真实预警）</headline>
    <description>演示用的虚构信息：%s</description>
    <area>
      <areaDesc>%s</areaDesc>
      <polygon>%s</polygon>
    </area>
  </info>
</alert>
`, b.id, capTime(b.sent), b.category, b.event, b.urgency, b.severity, b.certainty, capTime(b.onset), capTime(b.expires),
		b.sender, b.headline, b.words, b.area, b.polygon))
}

const flood12379 = `<?xml version="1.0" encoding="UTF-8"?>
<alert>
  <identifier>%[1]s</identifier>
  <sender>雅安市气象台</sender>
  <senderCode>%[2]s</senderCode>
  <sendTime>%[3]s</sendTime>
  <status>Actual</status>
  <msgType>%[4]s</msgType>
  <scope>Public</scope>
  <secClassification>None</secClassification>
  <note>演示用的虚构信息</note>
  <references>%[5]s</references>
  <info>
    <language>zh-CN</language>
    <eventType>11A51</eventType>
    <urgency>Unknown</urgency>
    <severity>%[6]s</severity>
    <certainty>Unknown</certainty>
    <effective>%[7]s</effective>
    <onset>%[8]s</onset>
    <expires>%[9]s</expires>
    <headline>雅安市气象台%[10]s（示例，非真实预警）</headline>
    <description>演示用的虚构信息：石棉、汉源山洪灾害发生可能性大。</description>
    <area>
      <areaDesc>石棉县,汉源县</areaDesc>
      <polygon/>
      <circle/>
      <geocode>511824000000,511823000000</geocode>
    </area>
  </info>
</alert>
`
