package response

import (
	"slices"
	"time"
)

// Climb is what a clock asks for at an instant.
type Climb struct {
	Run     []Step    // to do now, in order
	Skipped []Step    // overtaken by a later round of the same; to be recorded, not sent
	Done    int       // how many steps are behind now
	Next    time.Time // when to look again; zero when nothing more comes
}

// Climb gives every step that is due at an instant and was not done: done is the
// Done of the climb before, 0 at first. After a gap (the server was down, the
// clock jumped ahead) only the last round of each rung, party and channel is
// run. A clock that went back runs nothing twice. Missed repetitions of the
// endless last step are passed over; the Round shows how many.
func (p Plan) Climb(done int, opened, at time.Time) Climb {
	end := done
	for end < len(p.Steps) && !p.time(end, opened).After(at) {
		end++
	}
	n := len(p.Steps)
	due := slices.Clone(p.Steps[min(done, n):min(end, n)])
	if last, ok := p.repeated(max(end, done), opened, at); ok {
		due, end = append(due, p.step(last)), last+1
	}
	c := Climb{Done: max(end, done)}
	c.Run, c.Skipped = collapse(due)
	c.Next = p.time(c.Done, opened)
	return c
}

// Skip is a climb after a rung came to nothing: a limit stopped it, or all its
// numbers are dead, which counts as unanswered at once. What is left of the rungs
// up to it is skipped and the next one runs now. A rung that is found dead after a
// higher one was called changes nothing: that one has its time.
func (p Plan) Skip(done, rung int, opened, at time.Time) Climb {
	if p.above(done, rung) {
		return p.Climb(done, opened, at)
	}
	next, n := p.Forward(done, rung), len(p.Steps)
	if next == n {
		after := max(done, n)
		return Climb{Skipped: slices.Clone(p.Steps[min(done, n):]), Done: after, Next: p.time(after, opened)}
	}
	c := p.Climb(next, opened, later(at, p.time(next, opened)))
	c.Skipped = slices.Concat(p.Steps[done:next], c.Skipped)
	return c
}

// above says whether a higher rung is among the steps that are done.
func (p Plan) above(done, rung int) bool {
	return slices.ContainsFunc(p.Steps[:min(done, len(p.Steps))], func(s Step) bool { return s.Rung > rung && len(s.Channels) > 0 })
}

// Forward is the index of the next step of a higher rung than the given one,
// from done on; len(p.Steps) when there is none.
func (p Plan) Forward(done, rung int) int {
	for i := done; i < len(p.Steps); i++ {
		if p.Steps[i].Rung > rung {
			return i
		}
	}
	return len(p.Steps)
}

// Last says whether the climb has come to its end: the last rung had its time
// and nobody answered. Plans that end in nothing (a digest, a reminder) have no
// last rung.
func (p Plan) Last(done int) bool {
	n := len(p.Steps)
	return n > 0 && done >= n && len(p.Steps[n-1].Channels) == 0
}

// repeated is the latest repetition of the last step that is due, when done
// steps are behind.
func (p Plan) repeated(done int, opened, at time.Time) (int, bool) {
	n := len(p.Steps)
	if p.Every == 0 || n == 0 || done < n {
		return 0, false
	}
	since := at.Sub(p.time(n-1, opened))
	latest := n - 1 + int(since/p.Every)
	return latest, since > 0 && latest >= done
}

// step is the step of an index, also past the list.
func (p Plan) step(i int) Step {
	n := len(p.Steps)
	if i < n {
		return p.Steps[i]
	}
	s := p.Steps[n-1]
	s.After += time.Duration(i-n+1) * p.Every
	s.Round += i - n + 1
	return s
}

// time is when a step is due; zero for one that never comes.
func (p Plan) time(i int, opened time.Time) time.Time {
	if n := len(p.Steps); n == 0 || i >= n && p.Every == 0 {
		return time.Time{}
	}
	return opened.Add(p.step(i).After)
}

// collapse keeps the last round of each rung, party and channel.
func collapse(due []Step) (run, skipped []Step) {
	type way struct {
		rung    int
		party   Party
		channel Channel
	}
	last := map[way]int{}
	for i, s := range due {
		for _, c := range s.Channels {
			last[way{s.Rung, s.Party, c}] = i
		}
	}
	for i, s := range due {
		now, before := s, s
		now.Channels, before.Channels = nil, nil
		for _, c := range s.Channels {
			if last[way{s.Rung, s.Party, c}] == i {
				now.Channels = append(now.Channels, c)
			} else {
				before.Channels = append(before.Channels, c)
			}
		}
		if len(now.Channels) > 0 {
			run = append(run, now)
		}
		if len(before.Channels) > 0 {
			skipped = append(skipped, before)
		}
	}
	return run, skipped
}
