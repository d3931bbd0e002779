package bench

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"muster/internal/geo"
)

// The province that the synthetic sites and areas lie in, roughly Sichuan.
const west, south, east, north = 97.5, 26.5, 108.3, 34.0

// shape is one of the three sizes of area.
type shape string

const (
	small    shape = "circle"   // a circle or convex polygon of 5–30 km
	county   shape = "county"   // ragged, 500–5,000 vertices
	province shape = "province" // half a province, 20,000 vertices, 2 holes, 2 exclaves
)

// area is a warning area that nothing has seen before.
type area struct {
	shape shape
	geom  orb.MultiPolygon
}

// Of 200 areas these many are of each shape.
const smalls, counties, provinces = 120, 75, 5

// newAreas draws the areas of one run.
func newAreas(rng *rand.Rand) ([]area, error) {
	list := make([]area, 0, smalls+counties+provinces)
	for i := range smalls {
		at := somewhere(rng, 0.3)
		radius := 5_000 + 25_000*rng.Float64()
		if i%2 == 0 {
			circle, err := geo.Circle(at, radius)
			if err != nil {
				return nil, err
			}
			list = append(list, area{small, circle})
			continue
		}
		list = append(list, area{small, orb.MultiPolygon{{convex(rng, at, radius/111_000)}}})
	}
	for range counties {
		list = append(list, area{county, orb.MultiPolygon{{
			coast(rng, somewhere(rng, 0.8), 0.3+0.55*rng.Float64(), 500+rng.IntN(4_501)),
		}}})
	}
	for range provinces {
		list = append(list, area{province, halfProvince(rng)})
	}
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list, nil
}

func somewhere(rng *rand.Rand, margin float64) geo.LonLat {
	return geo.LonLat{
		Lon: west + margin + rng.Float64()*(east-west-2*margin),
		Lat: south + margin + rng.Float64()*(north-south-2*margin),
	}
}

// halfProvince has 20,000 vertices: a ragged outline, two holes in it and two
// exclaves beside it.
func halfProvince(rng *rand.Rand) orb.MultiPolygon {
	at := geo.LonLat{Lon: 102 + 2*rng.Float64(), Lat: 29.8 + 0.8*rng.Float64()}
	aside := func(lon, lat float64) geo.LonLat { return geo.LonLat{Lon: at.Lon + lon, Lat: at.Lat + lat} }
	return orb.MultiPolygon{
		{
			coast(rng, at, 3, 16_000),
			coast(rng, aside(-0.5, 0.2), 0.25, 1_000),
			coast(rng, aside(0.5, -0.2), 0.25, 1_000),
		},
		{coast(rng, aside(-4, 3), 0.3, 1_000)},
		{coast(rng, aside(4, 3), 0.3, 1_000)},
	}
}

// convex is a polygon on a circle, size in degrees of latitude.
func convex(rng *rand.Rand, at geo.LonLat, size float64) orb.Ring {
	n := 5 + rng.IntN(60)
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		angle := 2 * math.Pi * (float64(i) + 0.8*rng.Float64()) / float64(n)
		ring = append(ring, around(at, angle, size))
	}
	return append(ring, ring[0])
}

// coast is a ragged ring of exactly n vertices (the closing one counts) at up
// to size degrees of latitude: its distance from the centre is a random line of
// ever finer steps, as boundaries along ridges and rivers look.
func coast(rng *rand.Rand, at geo.LonLat, size float64, n int) orb.Ring {
	distance := make([]float64, 1<<15)
	roughen(rng, distance, 0.25)
	ring := make(orb.Ring, 0, n)
	for i := range n - 1 {
		turn := float64(i) / float64(n-1)
		d := distance[int(turn*float64(len(distance)))]
		ring = append(ring, around(at, 2*math.Pi*turn, size*min(1, max(0.3, 0.65+d))))
	}
	return append(ring, ring[0])
}

// roughen fills a closed line by displacing midpoints, each finer step with
// 0.6 of the swing of the one before.
func roughen(rng *rand.Rand, line []float64, swing float64) {
	n := len(line)
	for step := n / 4; step >= 1; step /= 2 {
		for i := step; i < n; i += 2 * step {
			line[i] = (line[i-step]+line[(i+step)%n])/2 + swing*(2*rng.Float64()-1)
		}
		swing *= 0.6
	}
}

func around(at geo.LonLat, angle, size float64) orb.Point {
	const widen = 1.15 // degrees of longitude are shorter at 30° N
	return orb.Point{at.Lon + widen*size*math.Cos(angle), at.Lat + size*math.Sin(angle)}
}
