package bench

import (
	"fmt"
	"slices"
	"time"
)

// goal is what a figure should reach at a million sites.
type goal struct {
	atMost  float64 // in the figure's unit; 0 for none
	atLeast float64 // × the best peer
}

func (m *matchBench) figures(sites int) []Figure {
	goals := map[shape]goal{county: {atMost: 8, atLeast: 2}, province: {atMost: 140, atLeast: 3}}
	var list []Figure
	for _, s := range []shape{small, county, province} {
		n := len(m.times[s][0])
		name := fmt.Sprintf("%s, %d sites in %d areas", s, m.matched[s], n)
		list = append(list, m.figure(name+", median", m.quantiles(s, 0.5), goals[s]))
		list = append(list, m.figure(name+", p99", m.quantiles(s, 0.99), goal{}))
	}
	storms := make([]float64, len(engines))
	for e, d := range m.storms {
		storms[e] = milliseconds(d)
	}
	list = append(list, m.figure("storm of 200 areas", storms, goal{atMost: 1500}))
	list = append(list, Figure{Name: "sites", Value: float64(sites), Holds: true})
	return list
}

// figure sets ours beside the best of the peers.
func (m *matchBench) figure(name string, values []float64, g goal) Figure {
	best := 1
	for e := range values[1:] {
		if values[e+1] < values[best] {
			best = e + 1
		}
	}
	f := Figure{
		Name: name, Value: values[0], Unit: "ms",
		Peer: fmt.Sprintf("%s %.4g", engines[best].name, values[best]), Ratio: values[best] / values[0], Holds: true,
	}
	if g.atMost > 0 {
		f.Goal = fmt.Sprintf("<= %g", g.atMost)
		f.Holds = f.Value <= g.atMost
	}
	if g.atLeast > 0 {
		f.Goal += fmt.Sprintf(" and >= %g ×", g.atLeast)
		f.Holds = f.Holds && f.Ratio >= g.atLeast
	}
	return f
}

// quantiles is one quantile of a shape, by engine, in milliseconds.
func (m *matchBench) quantiles(s shape, q float64) []float64 {
	values := make([]float64, len(engines))
	for e, times := range m.times[s] {
		sorted := slices.Sorted(slices.Values(times))
		values[e] = milliseconds(sorted[int(q*float64(len(sorted)-1)+0.5)])
	}
	return values
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
