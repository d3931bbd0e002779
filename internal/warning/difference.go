package warning

// Standing is what a warning asks of one site: the part of a target that, when
// it changes, has to be told.
type Standing struct {
	Level      Level
	Measure    Measure
	ClosedArea bool
	Certain    bool
}

// Difference is what a revision changes, by site. An update is told to those it
// concerns only: who is new, who must now do something else, who is let go.
type Difference[K comparable] struct {
	Added    []K
	Stays    []K
	Changed  []K
	Released []K
}

// Diff compares what stands with what shall stand. order fixes the order of the
// lists: first the sites of after, then the released ones, each as given.
func Diff[K comparable](before, after map[K]Standing, order []K) Difference[K] {
	var d Difference[K]
	for _, k := range order {
		was, had := before[k]
		now, has := after[k]
		switch {
		case has && !had:
			d.Added = append(d.Added, k)
		case has && was != now:
			d.Changed = append(d.Changed, k)
		case has:
			d.Stays = append(d.Stays, k)
		case had:
			d.Released = append(d.Released, k)
		}
	}
	return d
}
