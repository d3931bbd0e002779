package bench

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"muster/internal/geo"
)

// site is a synthetic site with the keys the matcher reads.
type site struct {
	id      uuid.UUID
	project uuid.UUID
	geom    orb.Geometry
	h3      [3]int64 // the cells of its first position at resolutions 5, 7, 9
	cells   []int64  // all cells at resolution 7 of a line or polygon
}

const (
	sitesPerProject = 50
	clusters        = 300
)

// newSites makes n sites of n/50 projects, 85 % points, 12 % lines, 3 %
// polygons, in the order of H3. Most projects are in 300 clusters (towns), a
// third are roads along which the sites stand.
func newSites(seed uint64, n int) ([]site, error) {
	rng := rand.New(rand.NewPCG(seed, 1))
	towns := make([]geo.LonLat, clusters)
	for i := range towns {
		towns[i] = somewhere(rng, 0.2)
	}
	sites := make([]site, n)
	var p project
	for i := range sites {
		if i%sitesPerProject == 0 {
			p = newProject(rng, towns)
		}
		at := p.place(rng)
		sites[i] = site{id: randomID(rng), project: p.id, geom: newGeometry(rng, at)}
	}
	if err := index(sites); err != nil {
		return nil, err
	}
	slices.SortFunc(sites, func(a, b site) int {
		return cmp.Or(cmp.Compare(a.h3[1], b.h3[1]), cmp.Compare(a.h3[2], b.h3[2]))
	})
	return sites, nil
}

// index computes the cells of all sites, on all processors.
func index(sites []site) error {
	const batch = 10_000
	var group sync.WaitGroup
	failed := make(chan error, len(sites)/batch+1)
	for part := range slices.Chunk(sites, batch) {
		group.Go(func() {
			for i := range part {
				if err := part[i].index(); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	group.Wait()
	close(failed)
	return <-failed
}

func (s *site) index() (err error) {
	first := orb.Point{}
	switch g := s.geom.(type) {
	case orb.Point:
		first = g
	case orb.LineString:
		first = g[0]
		s.cells, err = geo.CellsOfGeometry(g, 7)
	case orb.Polygon:
		first = g[0][0]
		s.cells, err = geo.CellsOfGeometry(g, 7)
	}
	for i, res := range []int{5, 7, 9} {
		s.h3[i] = geo.CellAt(geo.FromPoint(first), res)
	}
	return err
}

// project is where its sites stand: around a place or along a road.
type project struct {
	id       uuid.UUID
	from, to geo.LonLat
	spread   float64 // degrees
}

func newProject(rng *rand.Rand, towns []geo.LonLat) project {
	at := somewhere(rng, 0.2)
	if rng.Float64() < 0.7 {
		town := towns[rng.IntN(len(towns))]
		at = inProvince(geo.LonLat{Lon: town.Lon + 0.15*rng.NormFloat64(), Lat: town.Lat + 0.15*rng.NormFloat64()})
	}
	p := project{id: randomID(rng), from: at, to: at, spread: 0.01}
	if rng.Float64() < 0.3 {
		p.to = inProvince(geo.LonLat{Lon: at.Lon + 0.2*rng.NormFloat64(), Lat: at.Lat + 0.2*rng.NormFloat64()})
		p.spread = 0.002
	}
	return p
}

func (p project) place(rng *rand.Rand) geo.LonLat {
	t := rng.Float64()
	return inProvince(geo.LonLat{
		Lon: p.from.Lon + t*(p.to.Lon-p.from.Lon) + p.spread*rng.NormFloat64(),
		Lat: p.from.Lat + t*(p.to.Lat-p.from.Lat) + p.spread*rng.NormFloat64(),
	})
}

func inProvince(p geo.LonLat) geo.LonLat {
	return geo.LonLat{Lon: min(east, max(west, p.Lon)), Lat: min(north, max(south, p.Lat))}
}

func newGeometry(rng *rand.Rand, at geo.LonLat) orb.Geometry {
	switch kind := rng.Float64(); {
	case kind < 0.85:
		return at.Point()
	case kind < 0.97:
		return newRoad(rng, at)
	default:
		size := (50 + 950*rng.Float64()) / 111_000
		return orb.Polygon{convex(rng, at, size)}
	}
}

// newRoad is a line of 2–10 vertices and up to 8 km that turns little.
func newRoad(rng *rand.Rand, at geo.LonLat) orb.LineString {
	n := 2 + rng.IntN(9)
	step := (0.5 + 7.5*rng.Float64()) / 111 / float64(n-1)
	angle := 2 * math.Pi * rng.Float64()
	road := orb.LineString{at.Point()}
	for range n - 1 {
		angle += 0.4 * rng.NormFloat64()
		last := geo.FromPoint(road[len(road)-1])
		road = append(road, around(last, angle, step))
	}
	return road
}

func randomID(rng *rand.Rand) uuid.UUID {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(rng.Uint32())
	}
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}
