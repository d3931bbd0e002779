package feed

import (
	"strings"
	"time"

	"muster/internal/clock"
	"muster/internal/warning"
)

// momentAt is a point in time at a place of the text.
type momentAt struct {
	point
	refers bool // the time of an earlier warning: 18时发布的
}

// spanAt is a stretch of time at a place of the text.
type spanAt struct {
	from, to int
	a, b     point
}

func (b *bulletin) spans() []spanAt {
	var out []spanAt
	body := b.text.s[b.from:b.to]
	for _, m := range spanForm.FindAllStringSubmatchIndex(body, -1) {
		x, okA := readPoint(body, m, 0)
		y, okB := readPoint(body, m[2*pointGroups:], 0)
		if okA && okB {
			out = append(out, spanAt{b.from + m[0], b.from + m[1], x, y})
		}
	}
	return out
}

// moments are the points in time outside of any span.
func (b *bulletin) moments(spans []spanAt) []momentAt {
	var out []momentAt
	body := b.text.s[b.from:b.to]
	for _, m := range momentForm.FindAllStringSubmatchIndex(body, -1) {
		p, ok := readPoint(body, m, 0)
		p.from, p.to = b.from+m[0], b.from+m[1]
		if !ok || inSpan(spans, p.from) {
			continue
		}
		rest := b.text.s[p.to:b.to]
		refers := strings.HasPrefix(rest, "发布的") || strings.HasPrefix(rest, "发出的") || strings.HasPrefix(rest, "签发的")
		out = append(out, momentAt{p, refers})
	}
	return out
}

func inSpan(spans []spanAt, at int) bool {
	for _, s := range spans {
		if at >= s.from && at < s.to {
			return true
		}
	}
	return false
}

// readIssued finds when the bulletin was issued: in the sentence that acts, else
// beside the signature at its end. A time without a day or a year is taken nearest
// to the day of receipt.
func (b *bulletin) readIssued(list []momentAt) {
	for _, p := range list {
		if !p.refers && (p.to <= b.head.to && p.from >= b.head.from || b.signs(p)) {
			b.issuedAt(p.point)
			break
		}
	}
	if b.Sent.IsZero() {
		b.flag(warning.FlagTimeUnreadable)
		b.hold("issued_unread", "没有读出发布时间，请人工填写")
	}
}

// signs says whether a time stands beside an office, or ends the text.
func (b *bulletin) signs(p momentAt) bool {
	if b.to-p.to <= len("分发布)") {
		return true
	}
	for _, o := range b.offices {
		if near := p.from - o.to; near >= 0 && near <= len("于,") && o.from >= b.from && !byName.MatchString(b.text.s[max(0, o.from-9):o.from]) {
			return true
		}
	}
	return false
}

func (b *bulletin) issuedAt(p point) {
	t, ok := p.on(b.at)
	if !ok || p.day == 0 && p.relative == "" && p.from > b.head.to {
		b.mark(p.from, p.to, MarkUnread, "这个时间读不出", false)
		return
	}
	if p.day == 0 && t.After(b.at.Add(clockSlack)) {
		t = t.AddDate(0, 0, -1) // 23时 read at one in the morning was yesterday's
	}
	b.Sent = t
	whole := p.year > 0
	if t.After(b.at.Add(clockSlack)) {
		b.flag(warning.FlagSentFuture)
		b.hold("issued_future", "文中的发布时间晚于现在，请核对")
	}
	b.mark(p.from, p.to, MarkIssued, "发布时间 "+t.In(clock.Shanghai).Format("2006-01-02 15:04"), whole)
}

// window is when a bulletin holds.
type window struct{ onset, expires time.Time }

// readWindow finds from when until when the bulletin holds: a span that is not
// over at the time of issue, else 未来6小时, else 有效期至. What names no hours
// (今晚到明天白天) is left to a person.
func (b *bulletin) readWindow(spans []spanAt) (w window) {
	near := b.Sent
	if near.IsZero() {
		near = b.at
	}
	for _, s := range spans {
		onset, okA := s.a.on(near)
		expires, okB := s.b.after(onset)
		if !okA || !okB || !expires.After(b.Sent) || expires.Sub(onset) > longestWindow {
			continue
		}
		b.mark(s.from, s.to, MarkWindow, "时段 "+hoursOf(onset, expires), true)
		return window{onset, expires}
	}
	if w = b.hoursAhead(); !w.expires.IsZero() {
		return w
	}
	return b.until(near)
}

// longestWindow is beyond what a bulletin announces; a longer span is about
// something else.
const longestWindow = 7 * 24 * time.Hour

func hoursOf(a, b time.Time) string {
	return a.In(clock.Shanghai).Format("01-02 15:04") + " 至 " + b.In(clock.Shanghai).Format("01-02 15:04")
}

// after is the instant of the end of a span that begins at onset.
func (p point) after(onset time.Time) (time.Time, bool) {
	t, ok := p.on(onset)
	for range 2 {
		if ok && p.day == 0 && p.relative == "" && !t.After(onset) {
			t = t.AddDate(0, 0, 1)
		}
	}
	return t, ok && t.After(onset)
}

func (b *bulletin) hoursAhead() (w window) {
	body := b.text.s[b.from:b.to]
	for _, m := range aheadForm.FindAllStringSubmatchIndex(body, -1) {
		hours := hoursOfWord(body[m[4]:m[5]])
		if hours < 1 || hours > int(longestWindow.Hours()) {
			continue
		}
		if b.Sent.IsZero() {
			b.mark(b.from+m[0], b.from+m[1], MarkUnread, "发布时间没有读出，不知从何时算起", false)
			return w
		}
		w = window{b.Sent, b.Sent.Add(time.Duration(hours) * time.Hour)}
		b.mark(b.from+m[0], b.from+m[1], MarkWindow, "时段 "+hoursOf(w.onset, w.expires), m[2] < 0)
		return w
	}
	return w
}

func (b *bulletin) until(near time.Time) (w window) {
	for _, u := range untilForm.FindAllStringIndex(b.text.s[b.from:b.to], -1) {
		from := b.from + u[1]
		m := momentForm.FindStringSubmatchIndex(b.text.s[from:b.to])
		if m == nil || m[0] != 0 {
			continue
		}
		p, ok := readPoint(b.text.s, m, from)
		if t, okT := p.after(near); ok && okT && t.Sub(near) <= longestWindow {
			b.mark(b.from+u[0], from+m[1], MarkWindow, "有效至 "+t.In(clock.Shanghai).Format("01-02 15:04"), true)
			return window{expires: t}
		}
	}
	for _, m := range vagueForm.FindAllStringIndex(b.text.s[b.from:b.to], -1) {
		b.mark(b.from+m[0], b.from+m[1], MarkUnread, "没有写明钟点，起止时间请人工填写", false)
	}
	return w
}
