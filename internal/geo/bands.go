package geo

import "github.com/paulmach/orb"

// bands finds the edges at a latitude: the edges of an area by horizontal bands.
// It answers exactly whether a point is inside, in the time it takes to look
// through one band.
type bands struct {
	edges       []segment
	south, rate float64 // where band 0 begins, bands per degree
	start       []int32 // band i holds numbers[start[i]:start[i+1]]
	numbers     []int32
}

func newBands(edges []segment) *bands {
	if len(edges) == 0 {
		return nil
	}
	south, north, height := edges[0].a[1], edges[0].a[1], 0.0
	for _, e := range edges {
		b := e.box()
		south, north = min(south, b.minY), max(north, b.maxY)
		height += b.maxY - b.minY
	}
	// So many that a band holds few edges, so few that edges are in few bands.
	count := float64(len(edges))/2 + 1
	if height > 0 {
		count = min(count, 4*float64(len(edges))*(north-south)/height+1)
	}
	t := &bands{edges: edges, south: south, start: make([]int32, int(count)+2)}
	if north > south {
		t.rate = float64(int(count)) / (north - south)
	}
	t.fill()
	return t
}

func (t *bands) fill() {
	last := len(t.start) - 2
	span := func(e segment) (int, int) {
		b := e.box()
		return min(t.band(b.minY), last), min(t.band(b.maxY), last)
	}
	for _, e := range t.edges {
		lo, hi := span(e)
		for i := lo; i <= hi; i++ {
			t.start[i+1]++
		}
	}
	for i := range t.start[1:] {
		t.start[i+1] += t.start[i]
	}
	t.numbers = make([]int32, t.start[len(t.start)-1])
	at := append([]int32(nil), t.start...)
	for n, e := range t.edges {
		lo, hi := span(e)
		for i := lo; i <= hi; i++ {
			t.numbers[at[i]] = int32(n)
			at[i]++
		}
	}
}

// band never decreases from south to north, rounding included, so an edge that
// reaches a latitude is in that latitude's band.
func (t *bands) band(lat float64) int { return int((lat - t.south) * t.rate) }

// locate says where a point lies: inside means an odd number of rings around.
func (t *bands) locate(p orb.Point) place {
	if p[1] < t.south {
		return outside
	}
	i := t.band(p[1])
	if i >= len(t.start)-1 {
		return outside
	}
	crossed := false
	for _, n := range t.numbers[t.start[i]:t.start[i+1]] {
		e := t.edges[n]
		if e.a[0] < p[0] && e.b[0] < p[0] {
			continue // to the west
		}
		hit, on := rayMeets(e.a, e.b, p)
		if on {
			return border
		}
		crossed = crossed != hit
	}
	if crossed {
		return inside
	}
	return outside
}
