package feed

import (
	"strconv"
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/warning"
)

// withZone and withoutZone are the layouts that sources use. CAP writes UTC as
// -00:00; 12379 puts a blank for the T; QWeather leaves out the seconds.
var (
	withZone = []string{
		"2006-01-02T15:04:05Z07:00",
		"2006-01-02 15:04:05Z07:00",
		"2006-01-02T15:04Z07:00",
		"2006-01-02 15:04Z07:00",
		"2006-01-02T15:04:05Z0700",
	}
	withoutZone = []string{
		"2006-01-02T15:04:05",
		"2006-01-02 15:04:05",
		"2006/01/02 15:04:05",
		"2006/01/02 15:04",
		"2006-01-02 15:04",
		"2006-01-02T15:04",
	}
)

// parseTime reads a time of any known layout. A time without a zone is taken as
// Asia/Shanghai and said so by a flag; a Z, which CAP 1.2 forbids, is flagged.
func parseTime(s string) (t time.Time, flags []warning.Flag, ok bool) {
	s = strings.TrimSpace(s)
	for _, layout := range withZone {
		if t, err := time.Parse(layout, s); err == nil && plausible(t) {
			if strings.HasSuffix(s, "Z") {
				flags = append(flags, warning.FlagUTCZ)
			}
			return t, flags, true
		}
	}
	for _, layout := range withoutZone {
		if t, err := time.ParseInLocation(layout, s, clock.Shanghai); err == nil && plausible(t) {
			return t, []warning.Flag{warning.FlagTimeZoneAssumed}, true
		}
	}
	return unixTime(s)
}

// unixTime reads seconds (10 digits) or milliseconds (13 digits) since 1970.
func unixTime(s string) (time.Time, []warning.Flag, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || !allDigits(s) {
		return time.Time{}, nil, false
	}
	switch len(s) {
	case 10:
		return time.Unix(n, 0).UTC(), nil, true
	case 13:
		return time.UnixMilli(n).UTC(), nil, true
	}
	return time.Time{}, nil, false
}

func plausible(t time.Time) bool { return t.Year() >= 1990 && t.Year() <= 2100 }

// clockSlack is by how much a sender's clock may be ahead of ours unremarked.
const clockSlack = 5 * time.Minute

// readSent fills the time of sending; without one the message needs a person.
func (d *draft) readSent(s string, at time.Time) {
	t, flags, ok := parseTime(s)
	if !ok {
		d.flag(warning.FlagTimeUnreadable)
		d.hold("sent_unreadable", "发布时间缺失或无法识别")
		return
	}
	d.Sent = t
	for _, f := range flags {
		d.flag(f)
	}
	if t.After(at.Add(clockSlack)) {
		d.flag(warning.FlagSentFuture)
	}
}

// optionalTime reads a time that may be left out.
func (d *draft) optionalTime(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, flags, ok := parseTime(s)
	if !ok {
		d.flag(warning.FlagTimeUnreadable)
		return time.Time{}
	}
	for _, f := range flags {
		d.flag(f)
	}
	return t
}

// validity is how long a claim without an end is taken to hold: a day for
// weather signals, until the next daily bulletin for the 20-to-20 windows,
// shorter for what passes quickly. These figures are ours.
var validity = map[warning.Hazard]time.Duration{
	warning.Lightning:  6 * time.Hour,
	warning.Fog:        12 * time.Hour,
	warning.Geohazard:  27 * time.Hour,
	warning.FlashFlood: 27 * time.Hour,
}

// setExpires fills the end of a claim: as given, else the default validity of
// its hazard from onset, else from sending.
func (d *draft) setExpires(c *warning.Claim, given time.Time) {
	if !given.IsZero() {
		c.Expires = given
		if given.Before(d.Sent) {
			d.flag(warning.FlagExpiresBeforeSent)
		}
		return
	}
	from := d.Sent
	if c.Onset.After(from) {
		from = c.Onset
	}
	if from.IsZero() {
		return
	}
	span, ok := validity[c.Hazard]
	if !ok {
		span = 24 * time.Hour
	}
	c.Expires, c.ExpiresDefault = from.Add(span), true
}
