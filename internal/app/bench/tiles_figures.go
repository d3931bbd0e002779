package bench

import "fmt"

// what a tile may take and weigh
const (
	sumGoal   = 5.0  // ms below zoom 12
	pointGoal = 20.0 // ms at zoom 12
	sizeGoal  = 100  // kB below zoom 12
)

func timeGoal(z int) float64 {
	switch {
	case z < pointsFrom:
		return sumGoal
	case z == pointsFrom:
		return pointGoal
	}
	return 0
}

// densest is the figure of the tile with the most sites.
func (b *tilesBench) densest(z int, has tally, ours *samples, peers []*samples) {
	b.add(beside(fmt.Sprintf("z%d densest tile, %d sites, median", z, has.Sites), ours, peers, 0.5, timeGoal(z)))
	f := Figure{Name: fmt.Sprintf("z%d densest tile", z), Value: float64(ours.bytes) / 1000, Unit: "kB", Holds: true,
		Peer: fmt.Sprintf("%s %.4g", rawPeers[0].name, float64(peers[0].bytes)/1000), Ratio: float64(peers[0].bytes) / float64(ours.bytes)}
	if z < pointsFrom {
		f.Goal, f.Holds = fmt.Sprintf("<= %d", sizeGoal), f.Value <= sizeGoal
	}
	b.add(f)
}

// spread is the figures of all tiles of a zoom.
func (b *tilesBench) spread(z, n int, ours *samples, peers []*samples) {
	b.add(beside(fmt.Sprintf("z%d, %d tiles, median", z, n), ours, peers, 0.5, timeGoal(z)))
	b.add(beside(fmt.Sprintf("z%d, %d tiles, p95", z, n), ours, peers, 0.95, 0))
	if z < pointsFrom {
		b.add(Figure{Name: fmt.Sprintf("z%d, largest of %d tiles", z, n), Value: float64(ours.bytes) / 1000, Unit: "kB",
			Goal: fmt.Sprintf("<= %d", sizeGoal), Holds: ours.bytes <= sizeGoal*1000})
	}
}

// beside sets a quantile beside that of the best peer.
func beside(name string, ours *samples, peers []*samples, q, goal float64) Figure {
	best := 0
	for i := range peers {
		if peers[i].quantile(q) < peers[best].quantile(q) {
			best = i
		}
	}
	f := Figure{Name: name, Value: ours.quantile(q), Unit: "ms", Holds: true}
	f.Peer, f.Ratio = fmt.Sprintf("%s %.4g", rawPeers[best].name, peers[best].quantile(q)), peers[best].quantile(q)/f.Value
	if goal > 0 {
		f.Goal, f.Holds = fmt.Sprintf("<= %g", goal), f.Value <= goal
	}
	return f
}
