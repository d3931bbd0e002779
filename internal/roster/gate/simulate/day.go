package simulate

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"time"
)

// Day is a working day at one gate: who goes in and out, and when the line is down.
type Day struct {
	Passes []Pass // by time
	Step   time.Duration
	Down   []Outage
}

// Outage is a stretch of time in which nothing leaves the site.
type Outage struct{ From, Until time.Time }

// over says whether the line is down at an instant.
func (o Outage) over(at time.Time) bool { return !at.Before(o.From) && at.Before(o.Until) }

// the hours at which people go through a gate, counted from six in the morning,
// and which way: in, out to eat, in again, out.
var hours = []struct {
	from, spread time.Duration
	out          bool
}{{30 * time.Minute, 90 * time.Minute, false}, {6 * time.Hour, 30 * time.Minute, true},
	{7*time.Hour + 30*time.Minute, 30 * time.Minute, false}, {12 * time.Hour, 2 * time.Hour, true}}

// NewDay invents the day that ends at an instant: everybody goes in, eats, comes
// back and leaves, each at a time of their own. The same seed is the same day.
func NewDay(who []string, ends time.Time, seed uint64) Day {
	random := rand.New(rand.NewPCG(seed, 0))
	began := ends.Add(-14 * time.Hour).Truncate(time.Second)
	d := Day{Step: 10 * time.Minute}
	for _, w := range who {
		for _, h := range hours {
			at := began.Add(h.from + time.Duration(random.Int64N(int64(h.spread/time.Second)))*time.Second)
			d.Passes = append(d.Passes, Pass{At: at, Who: w, Out: h.out})
		}
	}
	slices.SortStableFunc(d.Passes, func(a, b Pass) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Who, b.Who)) })
	return d
}

// Progress is how far a day has come.
type Progress struct {
	At      time.Time // of the day
	Seen    int       // passes so far
	Waiting int       // not acknowledged
	Down    bool      // the line is
	Err     error     // why the last sending stopped; nil: all was acknowledged
}

// Play lets a device live through a day, step by step: it sees who passes and
// sends what it has, except while the line is down; what waits then is the backlog
// that comes afterwards. tell hears of every step. The line may fail in between:
// after the day the device tries at most tries times to get rid of what is left,
// and the last failure is returned.
func (d Day) Play(ctx context.Context, device Device, tries int, tell func(Progress)) error {
	if len(d.Passes) == 0 {
		return nil
	}
	p := Progress{}
	for at := d.Passes[0].At.Truncate(d.Step); p.Seen < len(d.Passes); {
		at = at.Add(d.Step)
		for p.Seen < len(d.Passes) && d.Passes[p.Seen].At.Before(at) {
			device.See(d.Passes[p.Seen])
			p.Seen++
		}
		p.At, p.Down = at, d.down(at)
		d.send(ctx, device, &p)
		tell(p)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	p.Down = false
	for n := 0; n < tries && (p.Err != nil || p.Waiting > 0); n++ {
		d.send(ctx, device, &p)
		tell(p)
	}
	return p.Err
}

func (d Day) send(ctx context.Context, device Device, p *Progress) {
	if !p.Down {
		p.Err = device.Send(ctx)
	}
	p.Waiting = device.Waiting()
}

func (d Day) down(at time.Time) bool {
	return slices.ContainsFunc(d.Down, func(o Outage) bool { return o.over(at) })
}
