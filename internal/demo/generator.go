package demo

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"muster/internal/clock"
	"muster/internal/geo"
	"muster/internal/roster"
)

// generator draws everything from one stream of numbers, so that the same seed
// gives the same province.
type generator struct {
	Data
	opt      Options
	rand     *rand.Rand
	ids      uint64
	born     time.Time // when most things came to be: 200 days ago
	cities   []geo.RegionInfo
	counties []geo.RegionInfo
	lines    [][]geo.LonLat // by project
	stops    [][]geo.RegionInfo
	tracks   []tracks // by section
}

func newGenerator(opt Options) *generator {
	g := &generator{opt: opt, rand: rand.New(rand.NewPCG(opt.Seed, 0x6d7573746572)), born: midnight(opt.At).AddDate(0, 0, -200)}
	g.At, g.seed = opt.At, opt.Seed
	for _, r := range geo.BuiltinRegions() {
		switch r.Level {
		case geo.City:
			g.cities = append(g.cities, r)
		case geo.County:
			g.counties = append(g.counties, r)
		}
	}
	return g
}

// id makes the next UUID: the layout of version 7 (RFC 9562 §5.7), its time that
// of the demonstration, then a counter and random bits, so that it sorts by the
// order of making.
func (g *generator) id() uuid.UUID {
	var id uuid.UUID
	g.ids++
	ms := uint64(g.born.UnixMilli()) + g.ids>>12
	binary.BigEndian.PutUint64(id[:8], ms<<16|0x7000|g.ids&0xfff)
	binary.BigEndian.PutUint64(id[8:], g.rand.Uint64())
	id[8] = id[8]&0x3f | 0x80
	return id
}

// chance is true with probability p.
func (g *generator) chance(p float64) bool { return g.rand.Float64() < p }

// between is a number in [lo, hi).
func (g *generator) between(lo, hi float64) float64 { return lo + (hi-lo)*g.rand.Float64() }

// either picks one of a list.
func either[T any](g *generator, list ...T) T { return list[g.rand.IntN(len(list))] }

// midnight is the beginning of the civil day in Shanghai.
func midnight(t time.Time) time.Time {
	y, m, d := t.In(clock.Shanghai).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, clock.Shanghai)
}

// km is the distance in kilometres on a plane that is good enough for choosing.
func km(a, b geo.LonLat) float64 {
	east := (a.Lon - b.Lon) * 111.32 * math.Cos(a.Lat*math.Pi/180)
	return math.Hypot(east, (a.Lat-b.Lat)*110.9)
}

// move shifts a position by metres.
func move(p geo.LonLat, east, north float64) geo.LonLat {
	return geo.LonLat{
		Lon: p.Lon + east/(111_320*math.Cos(p.Lat*math.Pi/180)),
		Lat: p.Lat + north/110_900,
	}
}

// nearestCounty is the county whose representative point is nearest.
func (g *generator) nearestCounty(p geo.LonLat) geo.RegionInfo {
	best, at := math.Inf(1), 0
	for i, c := range g.counties {
		if d := km(p, c.Position); d < best {
			best, at = d, i
		}
	}
	return g.counties[at]
}

// person adds a person with an invented name and a phone.
func (g *generator) person(language string) uuid.UUID {
	n := len(g.People)
	p := roster.Person{ID: g.id(), Name: personName(n), Language: language, Phone: phone(n)}
	g.People = append(g.People, p)
	return p.ID
}

// post gives a person a role in a unit.
func (g *generator) post(person uuid.UUID, kind roster.UnitKind, unit uuid.UUID, role roster.Role, seat roster.Seat) {
	g.Posts = append(g.Posts, roster.Post{
		ID: g.id(), PersonID: person, UnitKind: kind, UnitID: unit, Role: role, Seat: seat, From: g.born,
	})
}
