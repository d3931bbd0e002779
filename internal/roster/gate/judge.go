package gate

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"muster/internal/errs"
	"muster/internal/roster"
)

// take hands records on: each gets the direction that is registered, is judged
// by its time, and carries a digest of what the device said. The verdicts are
// those of the records, in order; when there are none the door is not troubled.
func (v *visit) take(seen []Seen) ([]Verdict, error) {
	if len(seen) == 0 {
		return nil, nil
	}
	for i := range seen {
		s := &seen[i]
		s.Time = s.Time.UTC().Truncate(time.Microsecond)
		if !s.storable() {
			*s = Seen{Time: s.Time, Why: Unreadable, Body: s.Body}
		}
		s.Person = s.Person.named()
		s.Content = v.h.content(*s)
		s.Direction = v.device.direction(s.Reader, s.Direction)
		if s.Why == "" {
			s.Why = judge(v.device, *s, v.at)
		}
		if s.Why == "" && v.twin {
			s.Why = OtherSerial
		}
	}
	verdicts, err := v.h.Passes(v.ctx(), v.device, v.raw, v.at, seen)
	if err == nil && len(verdicts) != len(seen) {
		err = errs.New(errs.Internal, "verdicts", "%d 条记录有 %d 个结论", len(seen), len(verdicts))
	}
	return verdicts, err
}

// named takes a device's own number for what it is where sites use the number of
// the identity card as such.
func (p Person) named() Person {
	if len(p.Code) != 18 || p.IDNumber != "" || p.System != "" {
		return p
	}
	if number, err := roster.ParseCitizenID(p.Code); err == nil {
		p.IDNumber, p.Code = number, ""
	}
	return p
}

// storable says whether the texts of a record can be kept as such: no database
// takes a zero byte.
func (s Seen) storable() bool {
	for _, text := range []string{s.Key, s.Person.IDNumber, s.Person.System, s.Person.Code, s.Person.Card, s.Reader, s.Project} {
		if len(text) > 200 || strings.ContainsRune(text, 0) || !utf8.ValidString(text) {
			return false
		}
	}
	return true
}

// judge says why a record cannot be taken, "" when it can.
func judge(d Device, s Seen, at time.Time) roster.Reason {
	if s.Time.IsZero() {
		return Unreadable
	}
	if r := roster.Judge(s.Time, at); r != "" {
		return r
	}
	if isZone(d.Offset) && at.Sub(s.Time).Abs() > zoneSlack {
		return roster.ZoneError
	}
	if s.Person.IsZero() {
		return Nobody
	}
	return ""
}

// zoneSlack is how far from whole hours a zone error may be.
const zoneSlack = 5 * time.Minute

// isZone says whether a clock is off by what a zone error makes: 8 hours (UTC
// instead of Beijing, or the other way round), give or take one.
func isZone(offset time.Duration) bool {
	hours := offset.Round(time.Hour)
	return (offset-hours).Abs() <= zoneSlack && hours.Abs() >= 7*time.Hour && hours.Abs() <= 9*time.Hour
}

// ClockText says in Chinese how a device's clock stands, for who has to set it;
// "" when it is good.
func ClockText(ahead time.Duration) string {
	way := "快"
	if ahead < 0 {
		way = "慢"
	}
	off := ahead.Abs()
	switch {
	case off <= time.Minute:
		return ""
	case isZone(ahead):
		return fmt.Sprintf("设备时钟%s约 %d 小时，像是时区设置错误，请设为东八区（GMT+08:00）", way, int(off.Round(time.Hour).Hours()))
	case off > 365*24*time.Hour:
		return "设备时钟没有设置，请校时或打开 NTP"
	case off >= 2*time.Hour:
		return fmt.Sprintf("设备时钟%s %d 小时，请校时", way, int(off.Round(time.Hour).Hours()))
	}
	return fmt.Sprintf("设备时钟%s %d 分钟，请校时", way, int(off.Round(time.Minute).Minutes()))
}

// direction is which way a pass went: as the reader is mounted, else as the
// device is, else as the payload says (devices.md §0 point 7).
func (d Device) direction(reader string, said roster.Direction) roster.Direction {
	for _, dir := range []roster.Direction{d.Readers[reader], d.Direction, said} {
		if dir == roster.In || dir == roster.Out {
			return dir
		}
	}
	return roster.Unknown
}

// content digests what the device said about a record, before anything that is
// registered about the device came to it.
func (h *handler) content(s Seen) string {
	if s.Why != "" {
		return h.Mask("content\x00" + string(s.Body))
	}
	p := s.Person
	return h.Mask(strings.Join([]string{"content", p.ID.String(), p.IDNumber, p.System, p.Code, p.Card, string(s.Direction), s.Reader}, "\x00"))
}

// localTime reads a time without a zone as the device's clock shows it; zero
// when it is none.
func (d Device) localTime(text string) time.Time {
	text = strings.TrimSpace(text)
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006/01/02 15:04:05", "2006-01-02 15:04", "20060102150405"} {
		if t, err := time.ParseInLocation(layout, text, d.zone()); err == nil {
			return t
		}
	}
	return time.Time{}
}

// anyTime reads a time that may carry its offset.
func (d Device) anyTime(text string) time.Time {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
			return t
		}
	}
	return d.localTime(text)
}
