package response

import (
	"fmt"
	"time"

	"muster/internal/clock"
	"muster/internal/errs"
)

// Wall is a time of day in Asia/Shanghai, in minutes after midnight. In JSON it
// is "19:30".
type Wall int

// UnmarshalText reads "19:30".
func (w *Wall) UnmarshalText(text []byte) error {
	t, err := time.Parse("15:04", string(text))
	if err != nil {
		return errs.New(errs.Fix, "time_of_day", "“%s”不是一天中的时刻，应写作19:30", text)
	}
	*w = Wall(t.Hour()*60 + t.Minute())
	return nil
}

// MarshalText writes "19:30".
func (w Wall) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%02d:%02d", int(w)/60, int(w)%60), nil
}

// on is the instant of the time of day on the civil day of t, days later.
func (w Wall) on(t time.Time, days int) time.Time {
	y, m, d := t.In(clock.Shanghai).Date()
	return time.Date(y, m, d+days, 0, int(w), 0, 0, clock.Shanghai)
}

// after is the first such time of day strictly after t.
func (w Wall) after(t time.Time) time.Time {
	if at := w.on(t, 0); at.After(t) {
		return at
	}
	return w.on(t, 1)
}

// wall is the time of day of an instant.
func wall(t time.Time) Wall {
	t = t.In(clock.Shanghai)
	return Wall(t.Hour()*60 + t.Minute())
}

// within says whether t lies in the span from–until, which may hold midnight.
func within(t time.Time, from, until Wall) bool {
	at := wall(t)
	if from <= until {
		return from <= at && at < until
	}
	return at >= from || at < until
}

// beforeDark is the earlier of due and nightfall of that day, if nightfall is
// still ahead (天黑前).
func (d Day) beforeDark(opened, due time.Time) time.Time {
	return earlier(due, d.Dark.after(opened))
}

// nextShift is the first change of shift that leaves somebody time to act.
func (d Day) nextShift(t time.Time) time.Time {
	from := t.Add(minutes(d.Handover))
	next := d.Shifts[0].after(from)
	for _, s := range d.Shifts[1:] {
		next = earlier(next, s.after(from))
	}
	return next
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
