package demo

import (
	"iter"
	"math/rand/v2"
	"strconv"
	"time"

	"muster/internal/roster"
)

// Passes are yesterday's and today's up to the instant of the demonstration, a
// person's passes together and in order: out of the residence in the morning,
// into the work site, back in the evening; night shifts the other way round.
// Some exits are forgotten, some directions not known. They are generated anew,
// and the same, at every call.
func (d Data) Passes() iter.Seq[roster.Pass] {
	return func(yield func(roster.Pass) bool) {
		for _, w := range d.workers {
			if !d.passesOf(w, yield) {
				return
			}
		}
	}
}

// leg is one way through a gate, in hours from the midnight that begins today.
type leg struct {
	site int
	hour float64
	way  roster.Direction
}

// legs are the ways of one day. Whoever has no work today stays at home and
// goes out in the evening for a while.
func (w worker) legs(day float64, rests bool) []leg {
	switch {
	case rests || w.work < 0:
		return []leg{{w.home, day + 17, roster.Out}, {w.home, day + 19.5, roster.In}}
	case w.night:
		return []leg{{w.work, day + 7.1, roster.Out}, {w.home, day + 7.5, roster.In},
			{w.home, day + 18.4, roster.Out}, {w.work, day + 18.8, roster.In}}
	default:
		return []leg{{w.home, day + 6.4, roster.Out}, {w.work, day + 6.8, roster.In},
			{w.work, day + 19.1, roster.Out}, {w.home, day + 19.5, roster.In}}
	}
}

func (d Data) passesOf(w worker, yield func(roster.Pass) bool) bool {
	draw := rand.New(rand.NewPCG(d.seed, uint64(w.person)))
	number, today := 0, midnight(d.At)
	for _, day := range []float64{-24, 0} {
		for _, l := range w.legs(day, draw.Float64() < 0.12) {
			late, forgets, unknown := draw.Float64()*0.5, draw.Float64() < 0.03, draw.Float64() < 0.04
			delay := time.Duration(draw.IntN(40)) * time.Second
			at := today.Add(time.Duration((l.hour + late) * float64(time.Hour))).Truncate(time.Second)
			if l.site < 0 || d.gates[l.site] == [16]byte{} || at.After(d.At) || forgets && l.way == roster.Out {
				continue
			}
			number++
			p := roster.Pass{
				DeviceID: d.gates[l.site], DeviceTime: at, EventKey: strconv.Itoa(w.person) + "-" + strconv.Itoa(number),
				PersonID: d.People[w.person].ID, SiteID: d.Sites[l.site].ID, Direction: l.way, ReceivedAt: at.Add(delay),
			}
			if unknown {
				p.Direction = roster.Unknown
			}
			if !yield(p) {
				return false
			}
		}
	}
	return true
}
